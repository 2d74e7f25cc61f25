"""Alarms on logs of a stack file, down to what AWS would hold."""

from pathlib import Path

import pytest

from alerting.account import Kind, account_of
from alerting.recording import record
from alerting.stackfile import read_stack

STACK = Path(__file__).parents[2] / "examples/scenarios/logs"


@pytest.fixture(scope="module")
def deployment():
    file = read_stack("dev", STACK)
    return record(file.program, config=file.config, stack="dev")


@pytest.fixture(scope="module")
def account(deployment):
    return account_of(deployment)


def test_what_makes_the_metrics_belongs_to_the_alarms(deployment):
    made = [one for one in deployment.resources if one.name.endswith("-logs")]
    assert [one.name for one in sorted(made, key=lambda one: one.name)] == [
        "alarms-errors-logs",
        "alarms-odd-logs",
        "alarms-slow-logs",
    ]
    assert {one.parent for one in made} == {deployment.named("alarms").urn}


def test_each_filter_writes_the_metric_of_its_alarm(account):
    written = {
        (metric["metricNamespace"], metric["metricName"])
        for one in account.of(Kind.METRIC_FILTER)
        for metric in one.get("metricTransformations")
    }
    watched = {
        (alarm.get("Namespace"), alarm.get("MetricName"))
        for alarm in account.alarms
        if alarm.get("Namespace") == "LogAlarms"
    }
    assert written == watched == {("LogAlarms", "dev-errors"), ("LogAlarms", "dev-slow")}


def test_the_detector_has_the_name_its_alarm_asks_for(account):
    [detector] = account.of(Kind.LOG_DETECTOR)
    [alarm] = [one for one in account.alarms if one.label == "odd"]
    asked = {one["Name"]: one["Value"] for one in alarm.get("Dimensions")}
    assert asked["LogAnomalyDetector"] == detector.get("detectorName") == "dev-odd"
    assert detector.get("logGroupArnList") == [
        "arn:aws:logs:us-east-1:123456789012:log-group:/shop/web"
    ]
