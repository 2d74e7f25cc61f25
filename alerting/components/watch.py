"""The alarms to begin with, for one resource of a program of one's own."""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

import pulumi

from alerting.components._args import refuse, shape_problems
from alerting.components.alarm_args import AlarmArgs, AlarmsArgs
from alerting.components.alarms import Alarms, alarms_problems
from alerting.problems import Problem


class WatchArgs(TypedDict):
    """What `Watch` needs to know."""

    kind: str
    """The service, as `python -m alerting presets` lists them: `rds`."""
    topics: Mapping[str, pulumi.Input[str]]
    """Topic ARNs by severity."""
    region: str
    """The alarms' Region; every topic must be in it."""
    id: NotRequired[pulumi.Input[str]]
    """The resource, where one dimension names it; else `dimensions`."""
    dimensions: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Instead of `id`: the dimensions that name the resource."""
    fleet: NotRequired[Sequence[str]]
    """Alarms over all resources there are instead, told apart by these dimensions, or if empty by
    all that are not among `dimensions`, which narrow it. Default: no fleet."""
    off: NotRequired[Sequence[str]]
    """Presets to leave out, by key. Default: none."""
    alarms: NotRequired[Mapping[str, AlarmArgs]]
    """What alarms say otherwise, by the preset's key; another preset's key adds it."""
    severities: NotRequired[Mapping[str, str]]
    """Which severity hears of presets of weight `high` and of weight `low`. Default: the default
    severity."""
    default_severity: NotRequired[str]
    """Default: the only key of `topics`."""
    prefix: NotRequired[str]
    """Put before the names to make the alarms' physical names. Default: nothing."""
    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of every alarm. Default: none."""


class Watch(pulumi.ComponentResource):
    """The recommended alarms of one resource, called by the component's name and the preset's key.

    Raises:
        ValueError: what the catalogue does not know, and what `Alarms` refuses; all of it at once.
    """

    alarm_ids: pulumi.Output[Mapping[str, str]]
    """Physical names (CloudWatch's ids) by the preset's key."""

    def __init__(
        self, name: str, args: WatchArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        problems = list(shape_problems(args, WatchArgs))
        refuse(f"Watch {name!r}", problems)
        alarms, problems = _alarms_args(name, args)
        refuse(f"Watch {name!r}", [*problems, *alarms_problems(alarms)])
        super().__init__("alerting:index:Watch", name, {**args}, opts)

        made = Alarms(f"{name}-alarms", alarms, pulumi.ResourceOptions(parent=self))
        self.alarm_ids = made.alarm_ids
        self.register_outputs({"alarm_ids": self.alarm_ids})


def _alarms_args(name: str, args: WatchArgs) -> tuple[AlarmsArgs, list[Problem]]:
    # Reading the catalogue takes some milliseconds, which a program without sets need not pay.
    from alerting.catalog import watch_set

    made, problems = watch_set(
        args["kind"],
        id=args.get("id"),
        dimensions=args.get("dimensions"),
        off=args.get("off", ()),
        alarms=args.get("alarms"),
        severities=args.get("severities"),
        fleet=args.get("fleet"),
    )
    severities = list((args.get("severities") or {}).items())
    for weight, severity in severities:
        if weight not in ("high", "low"):
            problems.append(Problem(("severities", weight), "is no weight; there are high and low"))
        elif severity not in args["topics"]:
            problems.append(Problem(("severities", weight), f"there is no topic {severity!r}"))
    alarms = AlarmsArgs(
        alarms={key: AlarmArgs(**alarm) for key, alarm in made.items()},
        topics=args["topics"],
        region=args["region"],
        prefix=f"{args.get('prefix', '')}{name}-",
        tags=args.get("tags", {}),
    )
    if "default_severity" in args:
        alarms["default_severity"] = args["default_severity"]
    return alarms, problems
