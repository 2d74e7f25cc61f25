"""Alarms on what is logged, explained."""

from pathlib import Path

import pytest
from pulumi_aws import cloudwatch

from alerting.explain.explanation import explain, explanation_of
from alerting.explain.sentence import sentence
from alerting.recording import record
from alerting.stackfile import read_stack

STACK = Path(__file__).parents[2] / "examples/scenarios/logs"


@pytest.fixture(scope="module")
def stack():
    return explain(read_stack("dev", STACK))


@pytest.fixture(scope="module")
def said(stack):
    return {one.alarm.label: sentence(one) for one in stack.alarms}


def test_a_filtered_metric_is_called_by_what_it_counts(said):
    what = "the number of log events in /shop/web that match ERROR is above 50"
    assert f"when {what} for 2 of 3 periods of 1 minute" in said["errors-escalated"]


def test_what_a_composite_hangs_on_is_called_so_too(said):
    what = "the number of log events in /shop/web that match ERROR is above 5 for"
    assert f"tells team (email) when {what}" in said["errors"]


def test_a_field_is_called_by_its_statistic(said):
    what = "the p90 of $.latency of log events in /shop/web that match { $.latency = * }"
    assert f"when {what} is above 800" in said["slow"]


def test_anomalies_are_called_by_their_priority_and_log(said):
    what = "the number of log anomalies of high or medium priority in /shop/web"
    assert f"when {what} is above 0" in said["odd"]


def test_filters_have_a_price_and_detectors_none_that_is_known(stack):
    amounts = {line.kind: (line.count, line.amount) for line in stack.bill}
    assert amounts["custom metric"][0] == 2
    assert str(amounts["custom metric"][1]) == "0.60"
    assert amounts["log anomaly detector"] == (1, None)


def test_a_band_on_a_filter_of_somebody_elses_is_called_so_too():
    def program():
        cloudwatch.LogMetricFilter(
            "odd",
            name="odd",
            log_group_name="/jobs",
            pattern="",
            metric_transformation={"namespace": "Jobs", "name": "Lines", "value": "1"},
        )
        metric = {"namespace": "Jobs", "metric_name": "Lines", "stat": "Sum", "period": 300}
        band = {"id": "b", "expression": "ANOMALY_DETECTION_BAND(m, 2)", "return_data": True}
        cloudwatch.MetricAlarm(
            "lines",
            name="lines",
            comparison_operator="LessThanLowerThreshold",
            evaluation_periods=3,
            threshold_metric_id="b",
            metric_queries=[{"id": "m", "metric": metric, "return_data": True}, band],
        )

    (alarm,) = explanation_of(record(program)).alarms
    assert "when the number of log events in /jobs is below its band" in sentence(alarm)


def test_the_alarm_of_a_detector_that_is_not_here_is_called_by_its_metric():
    def program():
        cloudwatch.MetricAlarm(
            "odd",
            name="odd",
            namespace="AWS/Logs",
            metric_name="AnomalyCount",
            dimensions={"LogAnomalyDetector": "theirs", "LogAnomalyPriority": "HIGH"},
            statistic="Sum",
            period=300,
            evaluation_periods=1,
            threshold=0,
            comparison_operator="GreaterThanThreshold",
        )

    (alarm,) = explanation_of(record(program)).alarms
    assert "when the sum of AnomalyCount of theirs / HIGH is above 0" in sentence(alarm)
