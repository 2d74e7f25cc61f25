"""A stack with a dashboard, from the stack file to the resource."""

import json
from pathlib import Path
from typing import Any

import pytest

from alerting.account import Deployment
from alerting.cloudwatch.dashboard_format import alarm_arns, body_problems
from alerting.recording import record
from alerting.stackfile import read_stack

ROOT = Path(__file__).parents[2]
METRIC_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
COMPOSITE = "aws:cloudwatch/compositeAlarm:CompositeAlarm"


def recorded(stack: str = "prod", **config: Any) -> Deployment:
    file = read_stack(stack, ROOT)
    values = {f"{file.project}:{key}": value for key, value in config.items()}
    return record(
        file.program,
        config={**file.config, **values},
        secret_keys=file.secret_keys,
        stack=stack,
    )


def body_of(deployment: Deployment) -> Any:
    return json.loads(deployment.named("dashboard-dashboard").inputs["dashboardBody"])


@pytest.fixture(scope="module")
def prod() -> Deployment:
    """The production stack with a second path, a heartbeat, composites and a second limit."""
    return recorded()


def test_every_alarm_of_the_stack_is_on_it(prod: Deployment):
    made = {alarm.outputs["arn"] for alarm in prod.of_type(METRIC_ALARM, COMPOSITE)}
    assert len(made) > 7
    assert set(alarm_arns(body_of(prod))) == made


def test_cloudwatch_would_take_it(prod: Deployment):
    assert body_problems(body_of(prod)) == []


def test_metric_alarms_have_graphs_and_composites_have_none(prod: Deployment):
    graphs = [w["properties"] for w in body_of(prod)["widgets"] if w["type"] == "metric"]
    drawn = {graph["title"] for graph in graphs}
    assert {"shop-errors", "shop-slow-escalated", "second-path-page-failed"} <= drawn
    assert len(drawn) == len(list(prod.of_type(METRIC_ALARM)))
    assert "shop-down" not in drawn


def test_the_alarms_link_to_it(prod: Deployment):
    link = "https://console.aws.amazon.com/cloudwatch/home?region=us-east-1#dashboards:name="
    said = prod.named("alarms-shop-errors").inputs["alarmDescription"].splitlines()
    assert said[-2:] == [
        "Runbook: https://example.com/runbooks/shop-errors",
        f"Dashboard: {link}prod-alerts",
    ]
    both = prod.named("alarms-shop-down").inputs["alarmDescription"]
    assert both.endswith(f"Dashboard: {link}prod-alerts")


def test_without_one_nothing_is_made_and_nothing_said():
    deployment = recorded("dev")
    assert not list(deployment.of_type("aws:cloudwatch/dashboard:Dashboard"))
    assert "Dashboard" not in deployment.named("alarms-cpu-high").inputs["alarmDescription"]


def test_the_links_of_another_partition_lead_to_its_console():
    file = read_stack("dev", ROOT)
    caller = {"accountId": "123456789012", "arn": "arn:aws-cn:iam::123456789012:user/u"}
    config = {**file.config, "aws:region": "cn-north-1", f"{file.project}:dashboard": {}}
    deployment = record(
        file.program,
        config=config,
        stack="dev",
        lookups={"aws:index/getCallerIdentity:getCallerIdentity": caller},
    )
    said = deployment.named("alarms-cpu-high").inputs["alarmDescription"]
    assert "https://console.amazonaws.cn/cloudwatch/home?region=cn-north-1#" in said
