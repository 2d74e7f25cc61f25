"""What verify says of a deployed stack without sending anything."""

import json
import time
from datetime import UTC, datetime

import pytest

from alerting.live.verify import Verdict
from alerting.output import CANNOT_TELL, FINE
from tests.live.deployed_stack import Deployed, deployed, outcomes, rules


@pytest.fixture
def stack(tmp_path):
    with deployed(tmp_path) as there:
        yield there


def errors(stack: Deployed) -> list[str]:
    return [f.what for f in stack.verified().look.findings if f.level == "error"]


def test_a_stack_as_declared_reaches_everybody(stack):
    verification = stack.verified()

    assert not rules(verification)
    assert not verification.look.untold
    assert set(outcomes(verification.routes).values()) == {Verdict.DELIVERED, Verdict.FILTERED}
    assert verification.exit_code == FINE


def test_a_receiver_that_has_not_confirmed_is_waited_for(stack):
    stack.cloud.gaps.subscriptions.pending.add(stack.subscription("watch", "email"))

    verification = stack.verified()

    assert outcomes(verification.routes)["cpu", "ALARM", "mail"] == Verdict.WAITING
    assert not rules(verification)
    assert verification.exit_code == CANNOT_TELL


def test_somebody_elses_confirmation_is_not_waited_for(stack):
    made = stack.cloud.client("sns").subscribe(
        TopicArn=stack.topic("watch"), Protocol="email", Endpoint="else@example.com"
    )
    stack.cloud.gaps.subscriptions.pending.add(made["SubscriptionArn"])

    verification = stack.verified()

    assert outcomes(verification.routes)["cpu", "ALARM", "else@example.com"] == Verdict.WAITING
    assert verification.exit_code == FINE
    assert verification.look.pending == ()


def test_a_policy_that_is_not_json_is_said_to_be_so(stack):
    # SNS refuses such a policy, but what is read need not have been written by this SNS.
    sns = stack.client("sns", "us-east-1")
    sns.meta.events.register_last(
        "after-call.sns.GetTopicAttributes",
        lambda parsed, **_: parsed["Attributes"].update(Policy='{"Version": "2012-'),
    )

    verification = stack.verified()

    assert "policy-malformed" in rules(verification)
    assert "not JSON" in verification.routes[0].why


def test_a_policy_of_thirty_kilobytes_is_judged_like_any_other(stack):
    statement = {
        "Sid": "AlarmsPublish",
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": stack.topic("watch"),
    }
    more = [
        {**statement, "Sid": f"S{n}", "Principal": {"AWS": f"arn:aws:iam::{n:012}:root"}}
        for n in range(180)
    ]
    policy = json.dumps({"Version": "2012-10-17", "Statement": [*more, statement]})
    assert len(policy) > 30_000
    stack.cloud.client("sns").set_topic_attributes(
        TopicArn=stack.topic("watch"), AttributeName="Policy", AttributeValue=policy
    )

    verification = stack.verified()

    assert outcomes(verification.routes)["cpu", "ALARM", "mail"] == Verdict.DELIVERED
    assert rules(verification) == {"drift-changed", "topic-owner-locked-out"}


def test_the_history_of_a_failed_action_makes_the_route_lost(stack):
    stack.cloud.gaps.history.add(
        "us-east-1",
        {"AlarmName": "prod-cpu"},
        "Action",
        f'Failed to execute action {stack.topic("watch")}. Received error: "no access"',
        {},
    )

    verification = stack.verified()

    (judged,) = (
        one
        for one in verification.routes
        if (one.route.alarm.label, one.route.state) == ("cpu", "ALARM")
    )
    assert judged.verdict is Verdict.LOST
    assert judged.why == f"on {datetime.now(UTC):%Y-%m-%d %H:%M} UTC it failed: no access"


def test_a_later_success_outweighs_a_failure(stack):
    topic = stack.topic("watch")
    for summary in (f"Failed to execute action {topic}", f"Successfully executed action {topic}"):
        stack.cloud.gaps.history.add(
            "us-east-1",
            {"AlarmName": "prod-cpu"},
            "Action",
            summary,
            {"notificationResource": topic},
        )
        time.sleep(0.01)

    assert stack.verified().exit_code == FINE


def test_an_alarm_cloudwatch_cannot_evaluate_is_an_error(stack):
    stack.client("cloudwatch", "us-east-1").meta.events.register_last(
        "after-call.cloudwatch.DescribeAlarms",
        lambda parsed, **_: parsed["MetricAlarms"][0].update(EvaluationState="EVALUATION_ERROR"),
    )

    assert errors(stack) == ["CloudWatch cannot evaluate cpu."]


def test_a_muted_alarm_is_noted(stack):
    stack.cloud.client("cloudwatch").put_alarm_mute_rule(
        Name="quiet",
        Rule={"Schedule": {"Expression": "cron(* * * * *)", "Duration": "PT1H"}},
        MuteTargets={"AlarmNames": ["prod-cpu"]},
    )

    (note,) = (f for f in stack.verified().look.findings if f.rule == "alarm-muted")
    assert note.what == "A mute rule holds back cpu right now."


@pytest.mark.parametrize(
    ("operation", "about"),
    [
        ("DescribeAlarms", "the alarm cpu"),
        ("DescribeAlarmHistory", "the alarms' history"),
        ("GetMetricData", "the alarms' metrics"),
        ("GetTopicAttributes", "the topic notify"),
        ("ListSubscriptionsByTopic", "the topic page"),
        ("GetKeyPolicy", "the key notify-key"),
        ("DescribeKey", "arn:aws:kms:us-east-1:123456789012:key/"),
        ("GetQueueAttributes", "the queue receivers-jobs-"),
        ("ListAlarmMuteRules", "arn:aws:cloudwatch:us-east-1:123456789012:alarm-mute-rule:*"),
        ("GetSubscriptionAttributes", "the subscription mail"),
    ],
)
def test_what_may_not_be_read_cannot_be_told_and_the_rest_is(stack, operation, about):
    stack.refused[operation] = "AccessDenied"

    verification = stack.verified()

    assert verification.exit_code == CANNOT_TELL, verification.look.findings
    said = {what: why for what, why in verification.look.untold.items() if what.startswith(about)}
    assert said
    assert f"{operation}: AccessDenied: not allowed" in next(iter(said.values()))
    assert Verdict.LOST not in outcomes(verification.routes).values()
    if operation != "DescribeAlarms":
        assert verification.routes


def test_names_that_cannot_be_listed_are_only_left_out(stack):
    stack.cloud.client("cloudwatch").delete_alarms(AlarmNames=["prod-cpu"])
    stack.cloud.client("cloudwatch").put_metric_alarm(
        AlarmName="prod-cpu",
        MetricName="CPUUtilisation",
        Namespace="AWS/EC2",
        Statistic="Average",
        Period=300,
        EvaluationPeriods=1,
        Threshold=80,
        ComparisonOperator="GreaterThanThreshold",
    )
    stack.refused["ListMetrics"] = "AccessDenied"

    assert any("what else there is could not be listed" in what for what in errors(stack))


def test_secrets_are_in_nothing_that_is_said(stack):
    seen = stack.look()

    assert len(seen.match.secrets) == 2
    assert all(secret not in str(seen.live.items) for secret in seen.match.secrets.values())


def test_a_receiver_with_a_secret_queue_is_judged_and_hidden(tmp_path):
    text = """
config:
  aws:region: us-east-1
  watch:queue: {secure: v1:c2VjcmV0}
  watch:receivers:
    jobs: {protocol: sqs, endpoint: {secret: queue}}
  watch:alarms:
    cpu:
      metric: {namespace: AWS/EC2, name: CPUUtilization}
      threshold: {above: 80}
"""
    with deployed(tmp_path, text) as stack:
        verification = stack.verified()

    (secret,) = verification.look.match.secrets.values()
    assert secret == "arn:aws:sqs:us-east-1:123456789012:queue"
    assert outcomes(verification.routes)["cpu", "ALARM", "jobs"] == Verdict.LOST
    said = [f.what for f in verification.look.findings] + [j.why for j in verification.routes]
    assert all(secret not in text for text in said)
    assert any("(secret)" in text for text in said)
