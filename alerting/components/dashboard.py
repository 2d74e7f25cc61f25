"""A dashboard of alarms: their states, and a graph of each with its band or threshold."""

from collections.abc import Iterator, Mapping
from typing import Any, TypedDict

import pulumi
from pulumi_aws import cloudwatch

from alerting.cloudwatch.dashboard import dashboard_body, dashboard_name_problems
from alerting.components._args import refuse, shape_problems
from alerting.problems import Problem


class DashboardArgs(TypedDict):
    """What `Dashboard` needs to know."""

    dashboard_name: str
    """Physical name, one for all Regions of the account."""
    region: str
    """The alarms' Region."""
    alarms: Mapping[str, Mapping[str, Any]]
    """What is shown: `Alarms.shapes`, or alarms of your own by title in the shape of
    DescribeAlarms."""


class Dashboard(pulumi.ComponentResource):
    """A CloudWatch dashboard of alarms.

    Raises:
        ValueError: a name CloudWatch would refuse.
    """

    dashboard_arn: pulumi.Output[str]
    """ARN of the dashboard."""

    def __init__(
        self, name: str, args: DashboardArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        refuse(f"Dashboard {name!r}", dashboard_problems(args))
        # The alarms hold outputs of resources, which belong into no state a second time.
        props = {"dashboard_name": args["dashboard_name"], "region": args["region"]}
        super().__init__("alerting:index:Dashboard", name, props, opts)

        made = cloudwatch.Dashboard(
            f"{name}-dashboard",
            dashboard_name=args["dashboard_name"],
            dashboard_body=pulumi.Output.json_dumps(dashboard_body(args["alarms"], args["region"])),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.dashboard_arn = made.dashboard_arn
        self.register_outputs({"dashboard_arn": self.dashboard_arn})


def dashboard_problems(args: DashboardArgs) -> Iterator[Problem]:
    """Everything that can be told about a dashboard from its own plain values."""
    yield from shape_problems(args, DashboardArgs)
    yield from dashboard_name_problems("dashboard_name", args.get("dashboard_name"))
