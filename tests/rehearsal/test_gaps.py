"""What moto lacks, shown to be lacking: a test here fails once moto fills a gap."""

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ParamValidationError

from alerting.rehearsal.cloud import memory_cloud

METRIC = {"Namespace": "AWS/EC2", "MetricName": "CPUUtilization", "Stat": "Average"}
SCHEDULE = {"Expression": "cron(0 22 * * *)", "Duration": "PT8H"}
LACKING = {
    "put_composite_alarm": {"AlarmName": "both", "AlarmRule": "TRUE"},
    "describe_alarm_history": {"AlarmName": "both"},
    "put_anomaly_detector": {"SingleMetricAnomalyDetector": METRIC},
    "describe_anomaly_detectors": {"AnomalyDetectorTypes": ["SINGLE_METRIC"]},
    "delete_anomaly_detector": {"SingleMetricAnomalyDetector": METRIC},
    "put_alarm_mute_rule": {"Name": "night", "Rule": {"Schedule": SCHEDULE}},
    "get_alarm_mute_rule": {"AlarmMuteRuleName": "night"},
    "list_alarm_mute_rules": {},
    "delete_alarm_mute_rule": {"AlarmMuteRuleName": "night"},
}
"""Operations of CloudWatch that moto does not have, in an order in which they can be called."""
ALARM = {
    "Namespace": "AWS/EC2",
    "MetricName": "CPUUtilization",
    "Statistic": "Average",
    "Period": 300,
    "EvaluationPeriods": 1,
    "Threshold": 80,
    "ComparisonOperator": "GreaterThanThreshold",
}


@pytest.fixture(scope="module")
def cloud():
    with memory_cloud() as cloud:
        yield cloud


@pytest.fixture(scope="module")
def moto(cloud):
    """A CloudWatch client of moto as it is; it does not try again."""
    return boto3.client("cloudwatch", config=Config(retries={"total_max_attempts": 1}))


@pytest.fixture
def cloudwatch(cloud):
    """A CloudWatch client whose gaps are filled."""
    return cloud.client("cloudwatch")


@pytest.mark.parametrize("operation", LACKING)
def test_moto_lacks_an_operation(operation, moto):
    with pytest.raises(Exception, match=r"NotImplemented|not been implemented|\(500\)|404|500"):
        getattr(moto, operation)(**LACKING[operation])


def test_the_operations_moto_lacks_are_answered(cloudwatch):
    for operation, params in LACKING.items():
        answer = getattr(cloudwatch, operation)(**params)
        assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200


@pytest.mark.parametrize("operation", [name for name in LACKING if LACKING[name]])
def test_what_is_answered_is_still_validated(operation, cloudwatch):
    with pytest.raises(ParamValidationError):
        getattr(cloudwatch, operation)(**LACKING[operation], Surprise=True)


def test_motos_alarms_start_in_the_wrong_state(moto):
    moto.put_metric_alarm(**ALARM, AlarmName="motos")
    (alarm,) = moto.describe_alarms(AlarmNames=["motos"])["MetricAlarms"]
    assert alarm["StateValue"] == "OK"


def test_ours_start_as_they_should(cloudwatch):
    cloudwatch.put_metric_alarm(**ALARM, AlarmName="ours")
    (alarm,) = cloudwatch.describe_alarms(AlarmNames=["ours"])["MetricAlarms"]
    assert alarm["StateValue"] == "INSUFFICIENT_DATA"


def test_both_kinds_of_alarms_are_described_together(cloudwatch):
    cloudwatch.put_metric_alarm(**ALARM, AlarmName="metric")
    cloudwatch.put_composite_alarm(AlarmName="composite", AlarmRule='ALARM("metric")')
    found = cloudwatch.describe_alarms(
        AlarmTypes=["MetricAlarm", "CompositeAlarm"], AlarmNames=["metric", "composite"]
    )
    assert [alarm["AlarmName"] for alarm in found["MetricAlarms"]] == ["metric"]
    assert [alarm["AlarmName"] for alarm in found["CompositeAlarms"]] == ["composite"]
