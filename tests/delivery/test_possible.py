"""What a metric can be."""

import math
from typing import Any

import pytest

from alerting.account import Unknown
from alerting.delivery.possible import Possible, Watched, watched
from tests.delivery.good_account import NOTIFY, PAGE, band_alarm, metric, threshold_alarm


@pytest.mark.parametrize(
    ("namespace", "name", "statistic", "bounds"),
    [
        ("AWS/EC2", "CPUUtilization", "Average", (0, 100)),
        ("AWS/EC2", "CPUUtilization", "p99", (0, 100)),
        ("AWS/EC2", "CPUUtilization", "TM(2%:98%)", (0, 100)),
        ("AWS/EC2", "CPUUtilization", "Sum", (0, math.inf)),
        ("AWS/EC2", "CPUUtilization", "SampleCount", (0, math.inf)),
        ("AWS/EC2", "CPUUtilization", "PR(:50)", (0, 100)),
        ("AWS/EC2", "StatusCheckFailed", "Maximum", (0, 1)),
        ("AWS/ECS", "CPUUtilization", "Average", (0, math.inf)),
        ("AWS/SQS", "ApproximateNumberOfMessagesVisible", "Maximum", (0, math.inf)),
        ("AWS/RDS", "ReplicaLag", "Maximum", (-math.inf, math.inf)),
        ("Shop", "Balance", "Average", (-math.inf, math.inf)),
        ("Shop", "Balance", "SampleCount", (0, math.inf)),
        ("Shop", "Balance", "PR(0:10)", (0, 100)),
    ],
)
def test_bounds_are_those_of_the_metric_and_its_statistic(
    namespace: str, name: str, statistic: str, bounds: tuple[float, float]
):
    assert Watched(namespace, name, statistic).bounds == bounds


@pytest.mark.parametrize(
    ("operator", "threshold", "crossing"),
    [
        ("GreaterThanThreshold", 100, False),
        ("GreaterThanThreshold", 99, None),
        ("GreaterThanThreshold", -1, True),
        ("GreaterThanThreshold", 0, None),
        ("GreaterThanOrEqualToThreshold", 100, None),
        ("GreaterThanOrEqualToThreshold", 100.5, False),
        ("GreaterThanOrEqualToThreshold", 0, True),
        ("LessThanThreshold", 0, False),
        ("LessThanThreshold", 100, None),
        ("LessThanThreshold", 101, True),
        ("LessThanOrEqualToThreshold", 0, None),
        ("LessThanOrEqualToThreshold", -0.5, False),
        ("LessThanOrEqualToThreshold", 100, True),
        ("GreaterThanThreshold", Unknown(), None),
        ("GreaterThanUpperThreshold", 500, None),
        ("Sideways", 500, None),
    ],
)
def test_a_threshold_is_crossed_never_always_or_sometimes(
    operator: str, threshold: Any, crossing: bool | None
):
    alarm = threshold_alarm("a", NOTIFY, ComparisonOperator=operator, Threshold=threshold)

    assert Possible(alarm.data).crossing is crossing


@pytest.mark.parametrize(
    ("changes", "most"),
    [
        ({"Period": 300, "EvaluationPeriods": 3}, 5),
        ({"Period": 60, "EvaluationPeriods": 3}, 5),
        ({"Period": 10, "EvaluationPeriods": 3}, 2),
        ({**metric("BucketSizeBytes", "AWS/S3"), "Period": 3600, "EvaluationPeriods": 3}, 1),
        ({**metric("BucketSizeBytes", "AWS/S3"), "Period": 86_400, "EvaluationPeriods": 3}, 5),
        ({**metric("Balance", "Shop"), "Period": 10}, None),
        ({"Period": Unknown()}, None),
    ],
)
def test_how_many_datapoints_can_be_in_sight(changes: dict[str, Any], most: int | None):
    alarm = threshold_alarm("a", NOTIFY, **{"DatapointsToAlarm": 1, **changes})

    possible = Possible(alarm.data)
    assert possible.watched
    assert possible.most_points(possible.watched.interval) == most


def test_the_series_a_band_is_around_is_watched():
    assert watched(band_alarm("b", PAGE).data) == Watched("AWS/EC2", "CPUUtilization", "Average")


def test_math_is_not_a_metric():
    queries = [
        {
            "Id": "a",
            "MetricStat": {"Metric": metric(), "Period": 60, "Stat": "Sum"},
            "ReturnData": False,
        },
        {"Id": "b", "Expression": "a * 2", "ReturnData": True},
    ]

    assert watched({"Metrics": queries}) is None
