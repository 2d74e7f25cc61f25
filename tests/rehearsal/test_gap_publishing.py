"""What an alarm's new state sets off."""

import json

import boto3
import pytest
from botocore.config import Config
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


@pytest.fixture
def topic(cloud):
    """A topic with a queue that may be written to."""
    sns, sqs = cloud.client("sns"), cloud.client("sqs")
    arn = sns.create_topic(Name="page")["TopicArn"]
    queue = "arn:aws:sqs:us-east-1:123456789012:jobs"
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue,
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.create_queue(QueueName="jobs", Attributes={"Policy": policy})
    sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue)
    cloud.client("cloudwatch").put_metric_alarm(AlarmName="a", AlarmActions=[arn], **ALARM)
    return arn


def fire(cloud) -> tuple[list[str], list[str]]:
    """Bodies that arrive, and what the history says of the actions."""
    cloud.client("cloudwatch").set_alarm_state(AlarmName="a", StateValue="ALARM", StateReason="hot")
    sqs = cloud.client("sqs")
    url = sqs.get_queue_url(QueueName="jobs")["QueueUrl"]
    bodies = [m["Body"] for m in sqs.receive_message(QueueUrl=url).get("Messages", [])]
    history = cloud.client("cloudwatch").describe_alarm_history(
        AlarmName="a", HistoryItemType="Action"
    )
    return bodies, [item["HistorySummary"] for item in history["AlarmHistoryItems"]]


def test_moto_publishes_nothing(moto):
    topic = moto("sns").create_topic(Name="page")["TopicArn"]
    url = moto("sqs").create_queue(QueueName="jobs")["QueueUrl"]
    queue = "arn:aws:sqs:us-east-1:123456789012:jobs"
    moto("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)
    moto("cloudwatch").put_metric_alarm(AlarmName="a", AlarmActions=[topic], **ALARM)
    moto("cloudwatch").set_alarm_state(AlarmName="a", StateValue="ALARM", StateReason="hot")
    assert "Messages" not in moto("sqs").receive_message(QueueUrl=url)


def test_a_queue_gets_cloudwatchs_message_in_snss_envelope(cloud, topic):
    (body,), history = fire(cloud)
    envelope = json.loads(body)
    message = json.loads(envelope["Message"])
    assert envelope["TopicArn"] == topic
    assert envelope["Subject"] == 'ALARM: "a" in US East (N. Virginia)'
    assert (message["NewStateValue"], message["OldStateValue"]) == (
        "ALARM",
        "INSUFFICIENT_DATA",
    )
    assert message["NewStateReason"] == "hot"
    assert history == [f"Successfully executed action {topic}"]


def test_a_raw_queue_gets_the_message_alone(cloud, topic):
    (one,) = cloud.client("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    cloud.client("sns").set_subscription_attributes(
        SubscriptionArn=one["SubscriptionArn"],
        AttributeName="RawMessageDelivery",
        AttributeValue="true",
    )
    (body,), _ = fire(cloud)
    assert json.loads(body)["AlarmName"] == "a"


def test_the_same_state_again_sets_nothing_off(cloud, topic):
    fire(cloud)
    assert fire(cloud) == ([], [f"Successfully executed action {topic}"])


def test_switched_off_actions_are_not_run(cloud, topic):
    cloud.client("cloudwatch").disable_alarm_actions(AlarmNames=["a"])
    assert fire(cloud) == ([], [])


def test_a_filter_drops_what_it_does_not_let_through(cloud, topic):
    (one,) = cloud.client("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    for name, value in (
        ("FilterPolicyScope", "MessageBody"),
        ("FilterPolicy", '{"NewStateValue": ["OK"]}'),
    ):
        cloud.client("sns").set_subscription_attributes(
            SubscriptionArn=one["SubscriptionArn"], AttributeName=name, AttributeValue=value
        )
    assert fire(cloud) == ([], [f"Successfully executed action {topic}"])


def test_a_queue_that_shuts_sns_out_gets_nothing(cloud, topic):
    url = cloud.client("sqs").get_queue_url(QueueName="jobs")["QueueUrl"]
    cloud.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})
    assert fire(cloud) == ([], [f"Successfully executed action {topic}"])


def test_a_topic_that_shuts_cloudwatch_out_fails_in_the_history_alone(cloud, topic):
    policy = {"Version": "2012-10-17", "Statement": []}
    cloud.client("sns").set_topic_attributes(
        TopicArn=topic, AttributeName="Policy", AttributeValue=json.dumps(policy)
    )
    bodies, (summary,) = fire(cloud)
    assert bodies == []
    assert summary.startswith(f"Failed to execute action {topic}. Received error: ")
    assert "not authorized to perform: SNS:Publish" in summary


def test_a_topic_that_is_not_there_fails(cloud, topic):
    cloud.client("sns").delete_topic(TopicArn=topic)
    assert "Topic does not exist" in fire(cloud)[1][0]


def test_a_mute_rule_holds_the_action_back(cloud, topic):
    cloud.client("cloudwatch").put_alarm_mute_rule(
        Name="quiet",
        Rule={"Schedule": {"Expression": "cron(* * * * *)", "Duration": "PT1H"}},
        MuteTargets={"AlarmNames": ["a"]},
    )
    assert fire(cloud) == ([], [f"Muted action {topic}"])
