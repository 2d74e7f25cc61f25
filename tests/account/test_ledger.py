"""The account that a recorded program would have made."""

import json
from dataclasses import replace

import pulumi
import pulumi_aws as aws
import pytest

from alerting import Alarms, AlertTopic, Receivers
from alerting.account import Kind, Unknown, account_of, declared_by
from alerting.recording import record

PLACE = {"account_id": "123456789012", "region": "us-east-1"}
METRIC = {"namespace": "AWS/EC2", "name": "CPUUtilization"}


def stack():
    """A topic, one receiver of each kind that leads on to something else, and an alarm."""
    topic = AlertTopic("notify", {"place": PLACE, "topic_name": "alerts"})
    topics = {"notify": topic.topic_arn}
    queue = "arn:aws:sqs:eu-west-1:123456789012:jobs"
    function = "arn:aws:lambda:us-east-1:123456789012:function:chat"
    stream = "arn:aws:firehose:us-east-1:123456789012:deliverystream/archive"
    receivers = {
        "mail": {"protocol": "email", "endpoint": "oncall@example.com"},
        "phone": {"protocol": "sms", "endpoint": pulumi.Output.secret("+15550100")},
        "jobs": {"protocol": "sqs", "endpoint": queue, "queue_policy": "own"},
        "chat": {"protocol": "lambda", "endpoint": function},
        "archive": {"protocol": "firehose", "endpoint": stream},
    }
    Receivers("receivers", {"receivers": receivers, "topics": topics, "place": PLACE})
    alarms = {"cpu": {"metric": METRIC, "threshold": {"above": 80}}}
    Alarms("alarms", {"alarms": alarms, "topics": topics, "region": "us-east-1"})


@pytest.fixture(scope="module")
def deployment():
    return record(stack)


@pytest.fixture(scope="module")
def account(deployment):
    return account_of(deployment)


def called(account, kind, name):
    (item,) = [item for item in account.of(kind) if item.called == name]
    return item


def test_an_alarm_leads_to_its_topic(account):
    (alarm,) = account.alarms
    assert alarm.called == "cpu"
    assert alarm.get("StateValue") == "INSUFFICIENT_DATA"
    (topic,) = account.find(Kind.TOPIC, alarm.get("AlarmActions")[0])
    assert topic.called == "notify"


def test_a_topic_leads_to_its_key_and_has_its_policy(account):
    topic = called(account, Kind.TOPIC, "notify")
    (key,) = account.find(Kind.KEY, topic.get("KmsMasterKeyId"))
    assert key.get("KeyRotationEnabled") is True
    assert key.get("Aliases") == ["alias/alerts"]
    assert "CloudWatchEncrypts" in key.get("Policy")
    assert "AlarmsPublish" in topic.get("Policy")


def test_subscriptions_are_called_like_their_receivers(account):
    topic = called(account, Kind.TOPIC, "notify")
    names = {item.called for item in account.subscriptions_of(topic)}
    assert names == {"mail", "phone", "jobs", "chat", "archive"}


def test_only_people_and_urls_have_to_confirm(account):
    waiting = {
        item.called
        for item in account.of(Kind.SUBSCRIPTION)
        if item.get("PendingConfirmation") == "true"
    }
    assert waiting == {"mail"}


def test_a_secret_endpoint_is_not_in_the_picture(account):
    assert called(account, Kind.SUBSCRIPTION, "phone").get("Endpoint") == Unknown(secret=True)
    assert "+15550100" not in account.to_json()


def test_a_subscription_leads_to_its_dead_letter_queue(account):
    policy = json.loads(called(account, Kind.SUBSCRIPTION, "chat").get("RedrivePolicy"))
    (queue,) = account.find(Kind.QUEUE, policy["deadLetterTargetArn"])
    assert queue.called == "chat's dead letters"
    assert "AlertTopicsDeliver" in queue.get("Policy")


def test_somebody_elses_queue_is_known_by_the_policy_that_is_set(account):
    (queue,) = account.find(Kind.QUEUE, "arn:aws:sqs:eu-west-1:123456789012:jobs")
    assert "AlertTopicsDeliver" in queue.get("Policy")
    assert queue.get("KmsMasterKeyId") == Unknown()


def test_somebody_elses_function_is_known_by_its_permissions(account):
    (function,) = account.find(Kind.FUNCTION, "chat")
    (statement,) = json.loads(function.get("Policy"))["Statement"]
    assert statement["Principal"] == {"Service": "sns.amazonaws.com"}
    assert statement["Condition"] == {
        "ArnLike": {"AWS:SourceArn": "arn:aws:sns:us-east-1:123456789012:alerts"}
    }


def test_a_role_has_its_policies(account):
    arn = called(account, Kind.SUBSCRIPTION, "archive").get("SubscriptionRoleArn")
    (role,) = account.find(Kind.ROLE, arn)
    (document,) = role.get("Policies").values()
    assert "firehose:PutRecord" in str(document)


def test_every_item_points_back_to_its_resource(account, deployment):
    for item in account.items:
        resource = deployment.get(item.urn)
        assert resource is not None
        assert resource.custom


def test_two_recordings_make_the_same_account(account):
    assert set(map(str, account_of(record(stack)).items)) == set(map(str, account.items))


def test_a_preview_can_be_followed_although_arns_are_not_known():
    account = account_of(record(stack, preview=True))
    (alarm,) = account.alarms
    (action,) = alarm.get("AlarmActions")
    assert isinstance(action, Unknown)
    (topic,) = account.find(Kind.TOPIC, action)
    assert topic.called == "notify"
    assert {item.called for item in account.subscriptions_of(topic)} >= {"mail", "chat"}


def test_what_is_only_read_is_not_made():
    arn = "arn:aws:sns:us-east-1:123456789012:theirs"
    assert account_of(record(lambda: aws.sns.Topic.get("theirs", arn))).items == ()


def test_a_type_without_a_row_is_of_no_concern():
    assert account_of(record(lambda: aws.ec2.Vpc("vpc"))).items == ()


def test_the_policy_of_what_is_no_queue_is_left_out():
    def program():
        aws.sqs.QueuePolicy("p", queue_url="jobs", policy="{}")

    assert account_of(record(program)).items == ()


def test_an_account_that_was_read_is_told_who_declares_what(account, deployment):
    read = account.with_items(replace(item, urn=None, called=None) for item in account.items)
    (alarm,) = declared_by(read, deployment).alarms
    assert (alarm.called, alarm.urn) == ("cpu", deployment.named("alarms-cpu").urn)
