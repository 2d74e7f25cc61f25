"""DescribeAlarmHistory."""

from datetime import UTC, datetime, timedelta

import pytest

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


@pytest.fixture
def cloud():
    with memory_cloud() as there:
        yield there


@pytest.fixture
def cloudwatch(cloud):
    client = cloud.client("cloudwatch")
    client.put_metric_alarm(AlarmName="a", **ALARM)
    client.put_composite_alarm(AlarmName="top", AlarmRule="ALARM(a)")
    for state in ("OK", "ALARM", "OK"):
        for name in ("a", "top"):
            client.set_alarm_state(AlarmName=name, StateValue=state, StateReason="x")
    return client


def summaries(client, **filters) -> list[str]:
    found = client.describe_alarm_history(**filters)["AlarmHistoryItems"]
    return [f"{item['AlarmName']}: {item['HistorySummary']}" for item in found]


def test_the_newest_is_first_and_composites_are_asked_for_by_type(cloudwatch):
    assert summaries(cloudwatch) == [
        "a: Alarm updated from ALARM to OK",
        "a: Alarm updated from OK to ALARM",
        "a: Alarm updated from INSUFFICIENT_DATA to OK",
    ]
    assert len(summaries(cloudwatch, AlarmTypes=["CompositeAlarm"])) == 3
    assert summaries(cloudwatch, AlarmName="top") == []


def test_it_can_be_read_from_the_oldest_on(cloudwatch):
    (first, *_) = summaries(cloudwatch, ScanBy="TimestampAscending")
    assert first == "a: Alarm updated from INSUFFICIENT_DATA to OK"


def test_it_is_held_to_a_time_and_a_type(cloudwatch):
    later = datetime.now(UTC) + timedelta(minutes=1)
    assert summaries(cloudwatch, StartDate=later) == []
    assert len(summaries(cloudwatch, EndDate=later)) == 3
    assert summaries(cloudwatch, HistoryItemType="Action") == []
