"""What moto does not do with GetMetricData; a test fails once it does."""

from datetime import UTC, datetime, timedelta

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from alerting.rehearsal.cloud import memory_cloud

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
METRIC = {"Namespace": "Shop", "MetricName": "Orders"}


def ask(client, queries=1, **more):
    stat = {"Metric": METRIC, "Period": 60, "Stat": "Sum"}
    return client.get_metric_data(
        MetricDataQueries=[{"Id": f"m{at}", "MetricStat": stat} for at in range(queries)],
        StartTime=NOW - timedelta(minutes=10),
        EndTime=NOW,
        **more,
    )


def put(client, count=5):
    for minute in range(1, count + 1):
        stamp = NOW - timedelta(minutes=minute)
        client.put_metric_data(
            Namespace="Shop",
            MetricData=[{"MetricName": "Orders", "Timestamp": stamp, "Value": float(minute)}],
        )


@pytest.fixture
def moto():
    with mock_aws():
        yield boto3.client("cloudwatch", region_name="us-east-1")


@pytest.fixture
def filled():
    with memory_cloud() as cloud:
        yield cloud.client("cloudwatch")


def test_moto_takes_any_number_of_queries(moto, filled):
    assert len(ask(moto, 501)["MetricDataResults"]) == 501
    with pytest.raises(ClientError, match="greater than 500"):
        ask(filled, 501)


def test_moto_never_pages(moto, filled):
    for client in (moto, filled):
        put(client)
    assert "NextToken" not in ask(moto, MaxDatapoints=2)
    first = ask(filled, MaxDatapoints=2)
    assert [result["StatusCode"] for result in first["MetricDataResults"]] == ["PartialData"]
    values, token = first["MetricDataResults"][0]["Values"], first["NextToken"]
    while token:
        page = ask(filled, MaxDatapoints=2, NextToken=token)
        values += page["MetricDataResults"][0]["Values"]
        token = page.get("NextToken")
    assert values == [1.0, 2.0, 3.0, 4.0, 5.0], "newest first, as AWS has it"


def test_moto_has_no_bands(moto, filled):
    put(moto)
    stat = {"Metric": METRIC, "Period": 60, "Stat": "Sum"}
    queries = [
        {"Id": "m", "MetricStat": stat, "ReturnData": False},
        {"Id": "band", "Expression": "ANOMALY_DETECTION_BAND(m, 2)"},
    ]
    for client, results in ((moto, 1), (filled, 2)):
        answer = client.get_metric_data(
            MetricDataQueries=queries, StartTime=NOW - timedelta(minutes=10), EndTime=NOW
        )
        assert [one["Id"] for one in answer["MetricDataResults"]] == ["band"] * results


def test_a_token_that_was_not_given_out_is_refused(filled):
    with pytest.raises(ClientError, match="InvalidNextToken"):
        ask(filled, NextToken="mine")


def test_an_expression_it_cannot_work_out_is_refused(filled):
    with pytest.raises(ClientError, match="cannot work out 'm1 / 2'"):
        filled.get_metric_data(
            MetricDataQueries=[{"Id": "e", "Expression": "m1 / 2"}],
            StartTime=NOW - timedelta(minutes=10),
            EndTime=NOW,
        )
