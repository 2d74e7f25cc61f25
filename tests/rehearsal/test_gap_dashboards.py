"""Dashboards in memory: what CloudWatch would refuse is refused."""

import json

import boto3
import pytest
from botocore.exceptions import ClientError

from alerting.account import Kind
from alerting.rehearsal.cloud import memory_cloud

GOOD = {"widgets": [{"type": "text", "properties": {"markdown": "Hello"}}]}
WRONG = {"widgets": [{"type": "graph", "properties": {}}]}


@pytest.fixture(scope="module")
def cloud():
    with memory_cloud() as cloud:
        yield cloud


@pytest.fixture
def cloudwatch(cloud):
    return cloud.client("cloudwatch")


def test_moto_takes_any_json_as_a_dashboard(cloud):
    """Fails once moto fills the gap."""
    moto = boto3.client("cloudwatch")
    moto.put_dashboard(DashboardName="wrong", DashboardBody=json.dumps(WRONG))
    moto.delete_dashboards(DashboardNames=["wrong"])


def test_a_body_that_is_no_dashboard_is_refused_with_the_place(cloudwatch):
    with pytest.raises(ClientError, match=r"/widgets/0/type: must be one of metric") as error:
        cloudwatch.put_dashboard(DashboardName="wrong", DashboardBody=json.dumps(WRONG))
    assert error.value.response["Error"]["Code"] == "InvalidParameterInput"


def test_a_name_that_is_none_is_refused(cloudwatch):
    with pytest.raises(ClientError, match="letters, digits, hyphens"):
        cloudwatch.put_dashboard(DashboardName="a b", DashboardBody=json.dumps(GOOD))


def test_a_dashboard_is_held_and_read_back(cloud, cloudwatch):
    cloudwatch.put_dashboard(DashboardName="shop", DashboardBody=json.dumps(GOOD))
    [found] = cloud.read().of(Kind.DASHBOARD)
    assert found.arn == "arn:aws:cloudwatch::123456789012:dashboard/shop"
    assert json.loads(found.get("DashboardBody")) == GOOD
