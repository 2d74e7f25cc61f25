"""What a detector learns, and which alarms are on its band."""

import pytest

from alerting.account.model import Unknown
from alerting.cloudwatch.detector import learned_for, what_it_learns

METRIC = {
    "Namespace": "AWS/EC2",
    "MetricName": "CPUUtilization",
    "Dimensions": [{"Name": "b", "Value": "2"}, {"Name": "a", "Value": "1"}],
}
STAT = {"Metric": METRIC, "Period": 300, "Stat": "Average"}
SINGLE = {**METRIC, "Stat": "Average"}


def alarm(*queries, watched: str = "m1"):
    band = {"Id": "band", "Expression": f"ANOMALY_DETECTION_BAND({watched}, 2.5)"}
    return {"Metrics": [*queries, band], "ThresholdMetricId": "band"}


def test_the_old_form_and_the_new_one_are_the_same():
    assert what_it_learns(SINGLE) == what_it_learns({"SingleMetricAnomalyDetector": SINGLE})


def test_the_order_of_dimensions_means_nothing():
    turned = {**SINGLE, "Dimensions": METRIC["Dimensions"][::-1]}
    assert what_it_learns(turned) == what_it_learns(SINGLE)


@pytest.mark.parametrize(
    "other", [{"Stat": "p99"}, {"MetricName": "NetworkIn"}, {"Dimensions": []}]
)
def test_another_series_is_another_detector(other):
    assert what_it_learns({**SINGLE, **other}) != what_it_learns(SINGLE)


def test_a_band_alarm_is_on_the_detector_of_its_metric():
    one = alarm({"Id": "m1", "MetricStat": STAT, "ReturnData": True})
    assert learned_for(one) == what_it_learns(SINGLE)


def test_a_band_alarm_on_math_is_on_the_detector_of_its_queries():
    """Whatever they are labelled, and in whichever order they come."""
    stat = {"Id": "m1", "MetricStat": STAT, "ReturnData": False}
    math = {"Id": "e1", "Expression": "m1 * 2", "ReturnData": True}
    detector = {"MetricMathAnomalyDetector": {"MetricDataQueries": [stat, math]}}
    one = alarm({**math, "Label": "twice"}, stat, watched="e1")
    assert learned_for(one) == what_it_learns(detector)


@pytest.mark.parametrize(
    "one",
    [
        {},
        {"MetricName": "CPUUtilization", "Threshold": 80},
        {"Metrics": Unknown(), "ThresholdMetricId": "band"},
        {"Metrics": [{"Id": "m1", "MetricStat": STAT}], "ThresholdMetricId": "band"},
        alarm(watched="gone"),
        alarm({"Id": "m1", "MetricStat": {**STAT, "Metric": {**METRIC, "MetricName": Unknown()}}}),
    ],
)
def test_of_an_alarm_on_no_band_or_on_one_not_known_there_is_nothing_to_say(one):
    assert learned_for(one) is None
