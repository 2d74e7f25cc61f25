"""Subscriptions that wait to be confirmed."""

import boto3
import pytest
from botocore.config import Config
from moto import mock_aws

from alerting.rehearsal.cloud import memory_cloud


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


def test_moto_confirms_at_once(moto):
    topic = moto("sns").create_topic(Name="page")["TopicArn"]
    made = moto("sns").subscribe(TopicArn=topic, Protocol="email", Endpoint="a@example.com")
    held = moto("sns").get_subscription_attributes(SubscriptionArn=made["SubscriptionArn"])
    assert held["Attributes"]["PendingConfirmation"] == "false"


def test_one_can_be_left_waiting(cloud):
    sns = cloud.client("sns")
    topic = sns.create_topic(Name="page")["TopicArn"]
    arns = [
        sns.subscribe(TopicArn=topic, Protocol="email", Endpoint=f"{who}@example.com")[
            "SubscriptionArn"
        ]
        for who in "ab"
    ]
    cloud.gaps.subscriptions.pending.add(arns[0])
    listed = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert [one["SubscriptionArn"] for one in listed] == ["PendingConfirmation", arns[1]]
    held = sns.get_subscription_attributes(SubscriptionArn=arns[0])["Attributes"]
    assert held["PendingConfirmation"] == "true"
