"""DescribeAlarms for both kinds of alarm, and what moto loses of them."""

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from moto import mock_aws

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


@pytest.fixture
def moto():
    """Clients of moto as it is."""
    with mock_aws():
        yield lambda service: boto3.client(
            service, config=Config(retries={"total_max_attempts": 1})
        )


def names(found) -> list[str]:
    return [alarm["AlarmName"] for alarm in (*found["MetricAlarms"], *found["CompositeAlarms"])]


def refused(code: str):
    return pytest.raises(ClientError, match=code)


@pytest.fixture
def cloudwatch(cloud):
    client = cloud.client("cloudwatch")
    for name in ("a-1", "a-2", "b-1"):
        client.put_metric_alarm(AlarmName=name, AlarmActions=[f"arn:{name}"], **ALARM)
    client.put_composite_alarm(AlarmName="a-top", AlarmRule='ALARM("a-1") OR ALARM(b-1)')
    return client


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, ["a-1", "a-2", "b-1"]),
        ({"AlarmTypes": ["CompositeAlarm"]}, ["a-top"]),
        ({"AlarmTypes": BOTH}, ["a-1", "a-2", "b-1", "a-top"]),
        ({"AlarmNames": ["b-1", "a-top", "none"], "AlarmTypes": BOTH}, ["b-1", "a-top"]),
        ({"AlarmNamePrefix": "a-", "AlarmTypes": BOTH}, ["a-1", "a-2", "a-top"]),
        ({"StateValue": "OK"}, []),
        ({"ActionPrefix": "arn:a"}, ["a-1", "a-2"]),
        ({"ParentsOfAlarmName": "a-1", "AlarmTypes": ["CompositeAlarm"]}, ["a-top"]),
        ({"ParentsOfAlarmName": "a-2", "AlarmTypes": ["CompositeAlarm"]}, []),
        ({"ChildrenOfAlarmName": "a-top"}, ["a-1", "b-1"]),
    ],
)
def test_filters_hold_for_both_kinds(cloudwatch, filters, expected):
    assert names(cloudwatch.describe_alarms(**filters)) == expected


def test_pages_are_as_long_as_asked_for(cloudwatch):
    pages = cloudwatch.get_paginator("describe_alarms").paginate(
        AlarmTypes=BOTH, PaginationConfig={"PageSize": 3}
    )
    assert [names(page) for page in pages] == [["a-1", "a-2", "a-top"], ["b-1"]]


def test_a_token_that_is_none_is_refused(cloudwatch):
    with refused("InvalidNextToken"):
        cloudwatch.describe_alarms(NextToken="x")


def test_moto_keeps_neither_the_filter_by_type(moto):
    moto("cloudwatch").put_metric_alarm(AlarmName="a", **ALARM)
    assert names(moto("cloudwatch").describe_alarms(AlarmTypes=["CompositeAlarm"])) == ["a"]


def test_what_moto_loses_is_kept(cloud, moto):
    query = {
        "Id": "m",
        "AccountId": "111122223333",
        "MetricStat": {
            "Metric": {"Namespace": "N", "MetricName": "M"},
            "Period": 300,
            "Stat": "Sum",
        },
    }
    given = {
        "AlarmName": "a",
        "Metrics": [query],
        "EvaluationPeriods": 1,
        "Threshold": 1,
        "ComparisonOperator": "GreaterThanThreshold",
        "EvaluationWindow": {"WallClockWindow": {"Timezone": "UTC"}},
    }
    moto("cloudwatch").put_metric_alarm(**given)
    (lost,) = moto("cloudwatch").describe_alarms()["MetricAlarms"]
    assert "EvaluationWindow" not in lost
    assert "AccountId" not in lost["Metrics"][0]
    cloud.client("cloudwatch").put_metric_alarm(**given)
    (kept,) = cloud.client("cloudwatch").describe_alarms()["MetricAlarms"]
    assert kept["EvaluationWindow"] == given["EvaluationWindow"]
    assert kept["Metrics"][0]["AccountId"] == "111122223333"
