"""The policy pack inside `pulumi preview` and `pulumi up`, as the real engine asks it."""

import pytest

from tests.engine.project import ROOT, Project

pytestmark = pytest.mark.engine

_PACK = ("--policy-pack", str(ROOT / "policy"))
_UNHEARD = """
import pulumi_aws as aws

topic = aws.sns.Topic("alerts")
aws.cloudwatch.MetricAlarm(
    "cpu",
    namespace="AWS/EC2",
    metric_name="CPUUtilization",
    statistic="Average",
    period=300,
    evaluation_periods=1,
    threshold=80,
    comparison_operator="GreaterThanThreshold",
    alarm_actions=[topic.arn],
)
"""


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_the_committed_stacks_pass(project: Project, stack: str) -> None:
    project.init(stack)
    ended = project.run("preview", "--stack", stack, *_PACK)
    assert "alert-delivery" in ended.output
    project.up(stack, *_PACK)


@pytest.mark.parametrize("command", [("preview",), ("up", "--yes", "--skip-preview")])
def test_an_alarm_nobody_hears_is_refused(project: Project, command: tuple[str, ...]) -> None:
    (project.work / "__main__.py").write_text(_UNHEARD)
    project.init("dev")
    ended = project.run(*command, "--stack", "dev", *_PACK, check=False)
    assert ended.code != 0
    assert "Nobody is subscribed to alerts" in ended.output
