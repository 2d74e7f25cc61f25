"""Writing alarms of both kinds, and their history."""

import pytest
from botocore.exceptions import ClientError

from alerting.rehearsal.cloud import memory_cloud

ALARM = {
    "Namespace": "AWS/EC2",
    "MetricName": "CPUUtilization",
    "Statistic": "Average",
    "Period": 300,
    "EvaluationPeriods": 1,
    "Threshold": 80,
    "ComparisonOperator": "GreaterThanThreshold",
}
BOTH = ["MetricAlarm", "CompositeAlarm"]


@pytest.fixture
def cloud():
    with memory_cloud() as there:
        yield there


def names(found) -> list[str]:
    return [alarm["AlarmName"] for alarm in (*found["MetricAlarms"], *found["CompositeAlarms"])]


def refused(code: str):
    return pytest.raises(ClientError, match=code)


@pytest.fixture
def cloudwatch(cloud):
    client = cloud.client("cloudwatch")
    client.put_metric_alarm(AlarmName="a", **ALARM)
    client.put_composite_alarm(AlarmName="top", AlarmRule="ALARM(a)")
    return client


def test_an_update_keeps_the_state(cloudwatch):
    cloudwatch.set_alarm_state(AlarmName="a", StateValue="OK", StateReason="x")
    cloudwatch.put_metric_alarm(AlarmName="a", **{**ALARM, "Threshold": 90})
    (alarm,) = cloudwatch.describe_alarms()["MetricAlarms"]
    assert (alarm["StateValue"], alarm["Threshold"]) == ("OK", 90)


def test_a_child_cannot_be_deleted(cloudwatch):
    with refused("ResourceConflict"):
        cloudwatch.delete_alarms(AlarmNames=["a"])
    cloudwatch.delete_alarms(AlarmNames=["a", "top"])
    assert names(cloudwatch.describe_alarms(AlarmTypes=BOTH)) == []


def test_one_composite_is_deleted_at_a_time(cloudwatch):
    cloudwatch.put_composite_alarm(AlarmName="more", AlarmRule="TRUE")
    with refused("ValidationError"):
        cloudwatch.delete_alarms(AlarmNames=["top", "more"])


def test_a_deleted_alarm_starts_anew(cloudwatch):
    cloudwatch.set_alarm_state(AlarmName="top", StateValue="OK", StateReason="x")
    cloudwatch.delete_alarms(AlarmNames=["top"])
    cloudwatch.put_composite_alarm(AlarmName="top", AlarmRule="TRUE")
    (alarm,) = cloudwatch.describe_alarms(AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]
    assert alarm["StateValue"] == "INSUFFICIENT_DATA"


def test_actions_are_switched_off_and_on_for_both_kinds(cloudwatch):
    def enabled():
        found = cloudwatch.describe_alarms(AlarmTypes=BOTH)
        return [a["ActionsEnabled"] for a in (*found["MetricAlarms"], *found["CompositeAlarms"])]

    cloudwatch.disable_alarm_actions(AlarmNames=["a", "top"])
    assert enabled() == [False, False]
    cloudwatch.enable_alarm_actions(AlarmNames=["a", "top"])
    assert enabled() == [True, True]


def test_a_rule_that_is_none_is_refused(cloudwatch):
    with refused("ValidationError"):
        cloudwatch.put_composite_alarm(AlarmName="x", AlarmRule="ALARM(")


def test_the_state_of_an_alarm_that_is_not_there_cannot_be_set(cloudwatch):
    with refused("ResourceNotFound"):
        cloudwatch.set_alarm_state(AlarmName="x", StateValue="OK", StateReason="x")
