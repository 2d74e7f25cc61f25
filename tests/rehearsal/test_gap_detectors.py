"""Anomaly detectors."""

from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from alerting.rehearsal.cloud import memory_cloud


@pytest.fixture
def cloud():
    with memory_cloud() as there:
        yield there


def refused(code: str):
    return pytest.raises(ClientError, match=code)


CPU = {
    "Namespace": "AWS/EC2",
    "MetricName": "CPUUtilization",
    "Dimensions": [{"Name": "B", "Value": "2"}, {"Name": "A", "Value": "1"}],
    "Stat": "Average",
}
MATH = {
    "MetricDataQueries": [
        {"Id": "e", "Expression": "m1 + 1", "ReturnData": True},
    ]
}


@pytest.fixture
def cloudwatch(cloud):
    return cloud.client("cloudwatch")


def test_putting_the_same_series_again_changes_its_settings(cloudwatch):
    first = cloudwatch.put_anomaly_detector(SingleMetricAnomalyDetector=CPU)
    other = {**CPU, "Dimensions": CPU["Dimensions"][::-1]}
    again = cloudwatch.put_anomaly_detector(
        SingleMetricAnomalyDetector=other, Configuration={"MetricTimezone": "Europe/Berlin"}
    )
    assert first["AnomalyDetectorId"] == again["AnomalyDetectorId"]
    (held,) = cloudwatch.describe_anomaly_detectors()["AnomalyDetectors"]
    assert held["Configuration"] == {"MetricTimezone": "Europe/Berlin"}
    assert held["StateValue"] == "PENDING_TRAINING"
    assert held["SingleMetricAnomalyDetector"]["MetricName"] == "CPUUtilization"


def test_they_are_described_by_type_metric_and_id(cloudwatch):
    cloudwatch.put_anomaly_detector(SingleMetricAnomalyDetector=CPU)
    math = cloudwatch.put_anomaly_detector(MetricMathAnomalyDetector=MATH)

    def count(**filters):
        return len(cloudwatch.describe_anomaly_detectors(**filters)["AnomalyDetectors"])

    assert count() == 1
    assert count(AnomalyDetectorTypes=["METRIC_MATH"]) == 1
    assert count(AnomalyDetectorTypes=["SINGLE_METRIC", "METRIC_MATH"]) == 2
    assert count(AnomalyDetectorIds=[math["AnomalyDetectorId"]]) == 1
    assert count(MetricName="CPUUtilization") == 1
    assert count(MetricName="Other") == 0


def test_they_are_deleted_by_series_or_id(cloudwatch):
    cloudwatch.put_anomaly_detector(SingleMetricAnomalyDetector=CPU)
    math = cloudwatch.put_anomaly_detector(MetricMathAnomalyDetector=MATH)
    cloudwatch.delete_anomaly_detector(SingleMetricAnomalyDetector=CPU)
    cloudwatch.delete_anomaly_detector(AnomalyDetectorId=math["AnomalyDetectorId"])
    with refused("ResourceNotFoundException"):
        cloudwatch.delete_anomaly_detector(SingleMetricAnomalyDetector=CPU)


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({}, "MissingParameter"),
        ({"Namespace": "N", "MetricName": "M"}, "MissingParameter"),
        (
            {"SingleMetricAnomalyDetector": CPU, "MetricMathAnomalyDetector": MATH},
            "InvalidParameterCombination",
        ),
        ({**CPU, "SingleMetricAnomalyDetector": CPU}, "InvalidParameterCombination"),
    ],
)
def test_one_form_of_a_series_is_wanted(cloudwatch, params, code):
    with refused(code):
        cloudwatch.put_anomaly_detector(**params)


def test_at_most_ten_ranges_are_excluded(cloudwatch):
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    ranges = [{"StartTime": moment, "EndTime": moment + timedelta(hours=1)}] * 11
    with refused("InvalidParameterValue"):
        cloudwatch.put_anomaly_detector(
            SingleMetricAnomalyDetector=CPU,
            Configuration={"ExcludedTimeRanges": ranges},
        )
