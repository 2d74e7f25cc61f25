"""Metric filters and detectors of odd log events."""

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from alerting.rehearsal.cloud import memory_cloud

GROUP = "arn:aws:logs:us-east-1:123456789012:log-group:/shop/web"
OTHER = "arn:aws:logs:us-east-1:123456789012:log-group:/shop/jobs"
ERRORS = {"metricName": "Errors", "metricNamespace": "Shop", "metricValue": "1"}


@pytest.fixture
def cloud():
    with memory_cloud() as there:
        yield there


@pytest.fixture
def logs(cloud):
    return cloud.client("logs")


def put(client, pattern):
    client.put_metric_filter(
        logGroupName="/shop/web",
        filterName="errors",
        filterPattern=pattern,
        metricTransformations=[ERRORS],
    )
    return [one["filterPattern"] for one in client.describe_metric_filters()["metricFilters"]]


def test_moto_lacks_the_detectors(cloud):
    moto = boto3.client("logs", config=Config(retries={"total_max_attempts": 1}))
    with pytest.raises(Exception, match=r"NotImplemented|not been implemented|500|404"):
        moto.create_log_anomaly_detector(logGroupArnList=[GROUP])


def test_moto_puts_a_filter_of_the_same_name_beside_the_old_one(cloud):
    moto = boto3.client("logs")
    put(moto, "ERROR")
    assert put(moto, "WARN") == ["ERROR", "WARN"]


def test_a_filter_that_is_put_again_is_changed(logs):
    put(logs, "ERROR")
    assert put(logs, "WARN") == ["WARN"]


def test_a_detector_is_read_back_as_it_was_made(logs):
    arn = logs.create_log_anomaly_detector(
        detectorName="odd", logGroupArnList=[GROUP], evaluationFrequency="FIVE_MIN"
    )["anomalyDetectorArn"]
    found = logs.get_log_anomaly_detector(anomalyDetectorArn=arn)
    assert (found["detectorName"], found["anomalyDetectorStatus"]) == ("odd", "INITIALIZING")


def test_a_detector_can_be_paused_and_go_on(logs):
    arn = logs.create_log_anomaly_detector(logGroupArnList=[GROUP])["anomalyDetectorArn"]
    states = []
    for enabled in (False, True):
        logs.update_log_anomaly_detector(anomalyDetectorArn=arn, enabled=enabled)
        found = logs.get_log_anomaly_detector(anomalyDetectorArn=arn)
        states.append(found["anomalyDetectorStatus"])
    assert states == ["PAUSED", "INITIALIZING"]


def test_detectors_are_listed_by_log_group_a_page_at_a_time(logs):
    for group in (GROUP, GROUP, OTHER):
        logs.create_log_anomaly_detector(logGroupArnList=[group])
    pages = logs.get_paginator("list_log_anomaly_detectors").paginate(
        filterLogGroupArn=GROUP, PaginationConfig={"PageSize": 1}
    )
    assert [len(page["anomalyDetectors"]) for page in pages] == [1, 1]


def test_a_detector_watches_one_log_group(logs):
    with pytest.raises(ClientError, match="one log group"):
        logs.create_log_anomaly_detector(logGroupArnList=[GROUP, OTHER])


def test_a_detector_that_was_deleted_is_gone(logs):
    arn = logs.create_log_anomaly_detector(logGroupArnList=[GROUP])["anomalyDetectorArn"]
    logs.delete_log_anomaly_detector(anomalyDetectorArn=arn)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        logs.get_log_anomaly_detector(anomalyDetectorArn=arn)
