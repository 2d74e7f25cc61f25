"""A dashboard of alarms, as a component."""

import json
from typing import Any

import pulumi
import pytest

from alerting import Alarms, AlarmsArgs, Dashboard
from alerting.account import Kind, account_of
from alerting.cloudwatch.dashboard_format import body_problems
from alerting.recording import record

REGION = "us-east-1"
TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts"


def alarms(**more: Any) -> AlarmsArgs:
    cpu = {"namespace": "AWS/EC2", "name": "CPUUtilization"}
    odd = {**cpu, "dimensions": {"InstanceId": pulumi.Output.from_input("i-1")}}
    declared: Any = {
        "busy": {"metric": cpu, "threshold": {"above": 80}},
        "odd": {"metric": odd, "band": {"width": 2}},
    }
    return AlarmsArgs(
        alarms=declared, topics={"notify": TOPIC}, region=REGION, prefix="dev-", **more
    )


def program():
    made = Alarms("alarms", alarms())
    args: Any = {"dashboard_name": "dev-alerts", "region": REGION, "alarms": made.shapes}
    Dashboard("dashboard", args)


@pytest.fixture(scope="module")
def deployment():
    return record(program)


@pytest.fixture(scope="module")
def body(deployment: Any) -> Any:
    return json.loads(deployment.named("dashboard-dashboard").inputs["dashboardBody"])


def test_it_shows_the_alarms_by_their_real_arns(body: Any):
    arn = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:dev-{}".format
    assert body["widgets"][0]["properties"]["alarms"] == [arn("busy"), arn("odd")]
    assert body["widgets"][1]["properties"]["annotations"] == {"alarms": [arn("busy")]}


def test_a_band_is_drawn_from_what_was_declared_outputs_included(body: Any):
    assert body["widgets"][2]["properties"]["metrics"] == [
        ["AWS/EC2", "CPUUtilization", "InstanceId", "i-1", {"id": "observed", "stat": "Average"}],
        [
            {
                "expression": "ANOMALY_DETECTION_BAND(observed, 2)",
                "id": "expected",
                "label": "expected",
            }
        ],
    ]


def test_cloudwatch_would_take_it(body: Any):
    assert body_problems(body) == []


def test_it_comes_after_the_alarms_it_shows(deployment: Any):
    made = deployment.named("dashboard-dashboard")
    urns = {urn.rsplit("::", 1)[1] for urn in made.dependencies["dashboardBody"]}
    assert urns == {"alarms-busy", "alarms-odd"}


def test_the_account_holds_it(deployment: Any):
    [found] = account_of(deployment).of(Kind.DASHBOARD)
    assert found.arn == "arn:aws:cloudwatch::123456789012:dashboard/dev-alerts"
    assert (found.get("DashboardName"), found.label) == ("dev-alerts", "dashboard")
    assert deployment.named("dashboard").outputs["dashboard_arn"] == found.arn


def test_its_arn_is_known_in_a_preview():
    def unnamed():
        args: Any = {"dashboard_name": "x", "region": REGION, "alarms": {}}
        Dashboard("dashboard", args)

    [found] = account_of(record(unnamed, preview=True)).of(Kind.DASHBOARD)
    assert found.arn == "arn:aws:cloudwatch::123456789012:dashboard/x"


def test_a_name_cloudwatch_would_refuse_is_refused_before_anything_is_registered():
    def named():
        args: Any = {"dashboard_name": "a b", "region": REGION, "alarms": {}}
        Dashboard("dashboard", args)

    with pytest.raises(ValueError, match="Dashboard 'dashboard': dashboard_name: must be 1 to 255"):
        record(named)


def test_the_alarms_link_to_where_they_are_shown():
    link = "https://console.aws.amazon.com/cloudwatch/home?region=us-east-1#dashboards:name=dev"
    deployment = record(lambda: Alarms("alarms", alarms(dashboard_url=link)))
    for name in ("alarms-busy", "alarms-odd"):
        said = deployment.named(name).inputs["alarmDescription"]
        assert said.endswith(f"\nDashboard: {link}")
