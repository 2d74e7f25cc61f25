"""What differs between a declared stack and its account.

Found through verify, as a difference counts by what becomes of it there.
"""

import pytest

from alerting.account import Account
from alerting.live.deployed import State
from alerting.live.drift import drift
from alerting.live.pairing import match
from alerting.live.verify import Verdict
from alerting.output import FINE, NO
from alerting.rehearsal.cloud import memory_cloud
from tests.live.deployed_stack import (
    MAIL_ONLY,
    Deployed,
    deploy,
    deployed,
    outcomes,
    project,
    rules,
)


@pytest.fixture
def stack(tmp_path):
    with deployed(tmp_path) as there:
        yield there


def errors(stack: Deployed) -> list[str]:
    return [f.what for f in stack.verified().look.findings if f.level == "error"]


def test_an_unsubscribed_receiver_is_named_with_the_topic_it_no_longer_hears(stack):
    stack.cloud.client("sns").unsubscribe(SubscriptionArn=stack.subscription("watch-page", "email"))

    verification = stack.verified()

    (finding,) = (f for f in verification.look.findings if f.level == "error")
    assert finding.rule == "drift-unsubscribed"
    assert finding.what.startswith("mail (email) is not subscribed to page: unsubscribed")
    assert verification.exit_code == NO


def test_a_receiver_with_a_secret_endpoint_is_missed_too(stack):
    stack.cloud.client("sns").unsubscribe(SubscriptionArn=stack.subscription("watch-page", "sms"))

    assert errors(stack) == [
        "phone (sms) is not subscribed to page: unsubscribed, or never deployed."
    ]


def test_a_threshold_changed_by_hand_is_drift(stack):
    alarm = stack.alarm("prod-cpu")
    kept = {k: v for k, v in alarm.items() if not k.startswith("State") and k != "AlarmArn"}
    del kept["AlarmConfigurationUpdatedTimestamp"]
    stack.cloud.client("cloudwatch").put_metric_alarm(**{**kept, "Threshold": 95})

    assert errors(stack) == ["The alarm cpu is not as declared: Threshold is 95, declared is 80."]


def test_switched_off_actions_are_drift_and_lose_everything(stack):
    stack.cloud.client("cloudwatch").disable_alarm_actions(AlarmNames=["prod-cpu"])

    verification = stack.verified()

    assert rules(verification) == {"drift-changed", "alarm-actions-off"}
    assert outcomes(verification.routes)["cpu", "ALARM", "mail"] == Verdict.LOST


def test_a_deleted_alarm_is_missing(stack):
    stack.cloud.client("cloudwatch").delete_alarms(AlarmNames=["prod-odd"])

    assert errors(stack) == ["The alarm odd is not there: deleted by hand, or never deployed."]


def test_a_deleted_topic_is_missing_and_what_it_was_told_is_lost(stack):
    stack.cloud.client("sns").delete_topic(TopicArn=stack.topic("watch-page"))

    verification = stack.verified()

    assert {"drift-missing", "action-missing"} <= rules(verification)
    assert "drift-unsubscribed" not in rules(verification)
    assert Verdict.LOST in outcomes(verification.routes).values()


def test_a_topic_without_its_key_is_drift(stack):
    stack.cloud.client("sns").set_topic_attributes(
        TopicArn=stack.topic("watch"), AttributeName="KmsMasterKeyId", AttributeValue=""
    )

    (error,) = errors(stack)
    assert error.startswith("The topic notify is not as declared: KmsMasterKeyId is not set")


def test_another_key_is_drift_although_ids_are_not_declared(stack):
    other = stack.cloud.client("kms").create_key()["KeyMetadata"]["Arn"]
    stack.cloud.client("sns").set_topic_attributes(
        TopicArn=stack.topic("watch"), AttributeName="KmsMasterKeyId", AttributeValue=other
    )

    # Without the state, what is at the topic's place is its key; the new one grants nothing.
    assert {"drift-changed", "topic-key-closed"} <= rules(stack.verified())


def test_a_filter_changed_by_hand_is_drift(stack):
    stack.cloud.client("sns").set_subscription_attributes(
        SubscriptionArn=stack.subscription("watch-page", "sqs"),
        AttributeName="FilterPolicy",
        AttributeValue='{"NewStateValue": ["OK"]}',
    )

    verification = stack.verified()

    assert rules(verification) == {"drift-changed"}
    assert outcomes(verification.routes)["odd", "ALARM", "jobs"] == Verdict.FILTERED


def test_somebody_else_who_subscribed_is_a_note_and_no_drift(stack):
    stack.cloud.client("sns").subscribe(
        TopicArn=stack.topic("watch"),
        Protocol="https",
        Endpoint="https://global.sns-api.chatbot.amazonaws.com/x?key=secret",
    )

    verification = stack.verified()

    (note,) = (f for f in verification.look.findings if f.rule == "drift-extra")
    assert "global.sns-api.chatbot.amazonaws.com (https)" in note.what
    assert "secret" not in note.what
    assert verification.exit_code == FINE


def test_nothing_deployed_is_one_finding(stack):
    for arn in ("watch", "watch-page"):
        stack.cloud.client("sns").delete_topic(TopicArn=stack.topic(arn))
    stack.cloud.client("cloudwatch").delete_alarms(AlarmNames=["prod-cpu", "prod-odd"])

    assert errors(stack) == ["Nothing of stack prod is in account 123456789012, us-east-1."]


def test_receivers_of_an_existing_topic_are_missed_too(tmp_path):
    text = """
config:
  aws:region: us-east-1
  watch:severities: {notify: {topicArn: "arn:aws:sns:us-east-1:123456789012:central"}}
  watch:receivers:
    mail: {protocol: email, endpoint: team@example.com}
  watch:alarms:
    cpu:
      metric: {namespace: AWS/EC2, name: CPUUtilization}
      threshold: {above: 80}
"""
    with memory_cloud() as cloud:
        cloud.client("sns").create_topic(Name="central")
        there = Deployed(cloud, project(tmp_path, text))
        deploy(there.stack, cloud)
        there.feed()
        before = there.verified()
        cloud.client("sns").unsubscribe(SubscriptionArn=there.subscription("central", "email"))
        after = there.verified()

    assert before.exit_code == FINE
    assert rules(after) == {"drift-unsubscribed", "topic-without-subscription"}


def test_what_verify_does_not_look_for_is_not_missed(tmp_path):
    """A dashboard tells nobody, and reading it would take a permission of its own."""
    text = MAIL_ONLY.replace("  watch:alarms:", "  watch:dashboard: {}\n  watch:alarms:")
    nothing = State.of_export('{"version": 3, "deployment": {"metadata": {}}}')
    with memory_cloud() as cloud:
        declared = Deployed(cloud, project(tmp_path, text)).declared(nothing)
    seen = match(declared, Account("123456789012", "us-east-1", whole=True))
    missing = [found.label for found in drift(declared, seen.live, seen.pairs)]
    assert "cpu" in missing
    assert "dashboard" not in missing
