"""Alarms in words."""

import pytest

from alerting.cloudwatch import words


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 seconds"),
        (1, "1 second"),
        (10, "10 seconds"),
        (60, "1 minute"),
        (90, "1 min 30 s"),
        (300, "5 minutes"),
        (3600, "1 hour"),
        (5400, "1 h 30 min"),
        (86_400, "1 day"),
        (90_061, "1 d 1 h"),
    ],
)
def test_a_span_is_told_as_people_say_it(seconds, text):
    assert words.duration(seconds) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (80.0, "80"),
        (0, "0"),
        (-5.0, "-5"),
        (2.5, "2.5"),
        (0.1 + 0.2, "0.3"),
        (1234567.5, "1234567.5"),
        (10737418240, "10737418240"),
        (1e20, "1e+20"),
        (float("inf"), "inf"),
    ],
)
def test_a_figure_has_all_its_digits_and_no_needless_ones(value, text):
    assert words.number(value) == text


@pytest.mark.parametrize(
    ("statistic", "dimensions", "text"),
    [
        ("Average", {"InstanceId": "i-1"}, "the average CPUUtilization of i-1"),
        ("Sum", {}, "the sum of CPUUtilization"),
        ("p99", {"A": "x", "B": "y"}, "the p99 of CPUUtilization of x / y"),
    ],
)
def test_what_is_looked_at(statistic, dimensions, text):
    assert words.subject(statistic, "CPUUtilization", dimensions) == text


@pytest.mark.parametrize(
    ("operator", "text"),
    [
        ("GreaterThanThreshold", "above 3"),
        ("GreaterThanOrEqualToThreshold", "at least 3"),
        ("LessThanThreshold", "below 3"),
        ("LessThanOrEqualToThreshold", "at most 3"),
        ("GreaterThanUpperThreshold", "above its band (3 standard deviations)"),
        ("LessThanLowerThreshold", "below its band (3 standard deviations)"),
        ("LessThanLowerOrGreaterThanUpperThreshold", "outside its band (3 standard deviations)"),
    ],
)
def test_each_comparison_has_words(operator, text):
    assert words.limit(operator, 3) == text


CPU = {
    "MetricName": "CPUUtilization",
    "Dimensions": [{"Name": "InstanceId", "Value": "i-1"}],
}
LATER = {
    "EvaluationPeriods": 5,
    "DatapointsToAlarm": 3,
}


def test_the_condition_of_a_threshold_alarm():
    alarm = {
        **CPU,
        **LATER,
        "Statistic": "Maximum",
        "Period": 60,
        "Threshold": 80.0,
        "ComparisonOperator": "GreaterThanThreshold",
    }
    assert words.condition(alarm) == (
        "the highest CPUUtilization of i-1 is above 80 for 3 of 5 periods of 1 minute"
    )


def test_the_condition_of_a_band_alarm():
    metric = {"Metric": {"Namespace": "AWS/EC2", **CPU}, "Period": 300, "Stat": "Average"}
    alarm = {
        **LATER,
        "Metrics": [
            {"Id": "m1", "MetricStat": metric, "ReturnData": True},
            {"Id": "b", "Expression": "ANOMALY_DETECTION_BAND(m1, 2.5)", "ReturnData": True},
        ],
        "ThresholdMetricId": "b",
        "ComparisonOperator": "LessThanLowerThreshold",
    }
    assert words.condition(alarm) == (
        "the average CPUUtilization of i-1 is below its band (2.5 standard deviations) "
        "for 3 of 5 periods of 5 minutes"
    )


def test_the_condition_of_an_alarm_on_math():
    metric = {"Metric": {"Namespace": "Shop", "MetricName": "Errors"}, "Period": 60, "Stat": "Sum"}
    alarm = {
        "EvaluationPeriods": 2,
        "Metrics": [
            {"Id": "errors", "MetricStat": metric, "ReturnData": False},
            {"Id": "e1", "Expression": "errors * 100", "ReturnData": True},
        ],
        "Threshold": 5.0,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
    }
    assert words.condition(alarm) == ("errors * 100 is at least 5 for 2 of 2 periods of 1 minute")


def test_the_condition_of_a_composite_alarm_is_its_rule():
    assert words.condition({"AlarmRule": 'ALARM("a")'}) == "a is in ALARM"
    assert words.condition({"AlarmRule": "ALARM("}) == "this holds: ALARM("
