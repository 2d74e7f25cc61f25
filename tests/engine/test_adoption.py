"""Taking over what exists, deploying a part, and what flows from a component to its children."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws
import pytest
from pulumi import automation

from alerting import Alarms, AlertTopic, MetricArgs, Place
from tests.engine.account import Account
from tests.engine.project import Project, Steps
from tests.engine.recovery import PAGE, Operator
from tests.engine.soundness import assert_sound

pytestmark = pytest.mark.engine

PLACE: Place = {"account_id": "123456789012", "region": "us-east-1"}
METRIC: MetricArgs = {"namespace": "AWS/EC2", "name": "CPUUtilization"}


def test_an_existing_topic_and_alarm_are_taken_over_by_the_page(
    project: Project, account: Account
) -> None:
    """Neither is made anew: the topic keeps its subscribers, the alarm its state."""
    account.cloud.client("sns").create_topic(Name="anomaly-detection-topic")
    alarm: dict[str, Any] = {
        "AlarmName": "dev-cpu-high",
        "Namespace": "AWS/EC2",
        "MetricName": "CPUUtilization",
        "Statistic": "Average",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 99,
        "ComparisonOperator": "GreaterThanThreshold",
    }
    account.cloud.client("cloudwatch").put_metric_alarm(**alarm)
    file = project.work / "import.json"
    example = re.search(r"^```json\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    assert example is not None
    file.write_text(example[1])
    project.init("dev")
    Operator(project, account, "dev").follow("Taking over what exists", FILE=str(file))
    made = [e.call.params for e in account.changes() if e.call.operation == "create_topic"]
    assert made == []
    removed = [e.call.operation for e in account.changes() if e.call.operation.startswith("delete")]
    assert removed == []
    assert_sound(project, account, "dev")


def test_target_deploys_that_one_alarm(project: Project, account: Account) -> None:
    project.init("dev")
    project.up("dev")

    def change(config: Any) -> None:
        config["alarms"]["cpu-high"]["threshold"]["above"] = 90
        config["alarms"]["cpu-unusual"]["band"]["width"] = 4

    project.edit(change, "dev")
    (urn,) = (r["urn"] for r in project.resources("dev") if r["urn"].endswith("alarms-cpu-high"))
    assert project.up("dev", "--target", urn).names() == {"alarms-cpu-high": "update"}
    assert project.up("dev").names() == {"alarms-cpu-unusual": "update"}


def test_target_deploys_one_component_with_its_children(project: Project) -> None:
    project.init("dev")
    preview = project.steps("preview", "--stack", "dev")
    (urn,) = (urn for urn in preview.taken if "AlertTopic::notify" in urn)
    made = project.up(
        "dev", "--target", urn, "--target", f"{urn.split('::alerting')[0]}::**notify-*"
    )
    assert set(made.names()) == {"notify-key", "notify-alias", "notify-topic", "notify-policy"}


@pytest.fixture
def inline(project: Project) -> Callable[[Callable[[], None]], automation.Stack]:
    """A stack whose program is a function, on the same account and backend."""

    def make(program: Callable[[], None]) -> automation.Stack:
        return automation.create_or_select_stack(
            "test",
            project_name="inline",
            program=program,
            opts=automation.LocalWorkspaceOptions(
                work_dir=str(_empty(project.folder / "inline")),
                pulumi_home=str(project.home),
                env_vars=project.environment,
                pulumi_command=project.command,
            ),
        )

    return make


def _empty(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder


def _alarms(name: str, opts: pulumi.ResourceOptions | None = None) -> None:
    topic = AlertTopic("notify", {"place": PLACE, "topic_name": "t", "encryption": "none"})
    Alarms(
        name,
        {
            "topics": {"notify": topic.topic_arn},
            "region": "us-east-1",
            "alarms": {"cpu": {"metric": METRIC, "threshold": {"above": 80}}},
        },
        opts,
    )


def test_protection_of_a_component_protects_its_alarms(
    inline: Callable[[Callable[[], None]], automation.Stack], account: Account
) -> None:
    stack = inline(lambda: _alarms("alarms", pulumi.ResourceOptions(protect=True)))
    stack.up()
    with pytest.raises(automation.CommandError, match=r"alarms.*cannot be deleted"):
        stack.destroy()
    alarms = account.cloud.client("cloudwatch").describe_alarms()["MetricAlarms"]
    assert [alarm["AlarmName"] for alarm in alarms] == ["cpu"]
    assert alarms[0]["AlarmActions"] == ["arn:aws:sns:us-east-1:123456789012:t"]


def test_an_alias_of_a_component_keeps_its_alarms(
    inline: Callable[[Callable[[], None]], automation.Stack], account: Account
) -> None:
    inline(lambda: _alarms("alarms")).up()
    before = len(account.changes())
    alias = pulumi.ResourceOptions(aliases=[pulumi.Alias(name="alarms")])
    steps = Steps()
    inline(lambda: _alarms("alerts", alias)).up(on_event=steps)
    assert set(steps.taken.values()) <= {"update"}
    assert [entry.call.operation for entry in account.changes()[before:]] == []


def test_without_the_alias_its_alarms_would_be_made_anew(
    inline: Callable[[Callable[[], None]], automation.Stack],
) -> None:
    inline(lambda: _alarms("alarms")).up()
    steps = Steps()
    inline(lambda: _alarms("alerts")).preview(on_event=steps)
    assert steps.names() == {"alerts-cpu": "create", "alarms-cpu": "delete"}


def test_an_explicit_provider_flows_to_the_children(
    inline: Callable[[Callable[[], None]], automation.Stack], project: Project
) -> None:
    def program() -> None:
        elsewhere = pulumi_aws.Provider("elsewhere", region="us-east-1")
        _alarms("alarms", pulumi.ResourceOptions(provider=elsewhere))

    stack = inline(program)
    stack.up()
    resources = json.loads(json.dumps(stack.export_stack().deployment))["resources"]
    (alarm,) = (r for r in resources if r["type"] == "aws:cloudwatch/metricAlarm:MetricAlarm")
    assert "::elsewhere::" in alarm["provider"]
