"""verify --send: what is proved, and that everything is put back whatever happens."""

import json
import os
import signal

import pytest

from alerting.live.plan import plan
from alerting.live.proof import carry_out
from alerting.live.verify import Verdict, conclude
from alerting.output import NO
from tests.live.deployed_stack import MAIL_ONLY, Deployed, deployed, ignore, outcomes, refusal


@pytest.fixture
def stack(tmp_path):
    with deployed(tmp_path) as there:
        yield there


@pytest.fixture
def small(tmp_path):
    with deployed(tmp_path, MAIL_ONLY) as there:
        yield there


def sent(stack: Deployed, warn=lambda _: None, timeout=0.3):
    """What verify --send concludes."""
    seen = stack.look()
    chosen = plan(stack.connection, seen.live, seen.alarms)
    proofs = carry_out(
        stack.connection,
        chosen.trials,
        timeout=timeout,
        say=lambda _: None,
        warn=warn,
        poll=0,
    )
    return conclude(seen, proofs, chosen.untried)


def close_topic(stack: Deployed, name: str) -> None:
    """Give a topic a policy that lets its owner in, and not CloudWatch."""
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Owner",
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
                "Action": "sns:*",
                "Resource": stack.topic(name),
            }
        ],
    }
    stack.cloud.client("sns").set_topic_attributes(
        TopicArn=stack.topic(name), AttributeName="Policy", AttributeValue=json.dumps(policy)
    )


def is_as_before(stack: Deployed, alarms=("prod-cpu", "prod-odd")) -> bool:
    states = {stack.alarm(name)["StateValue"] for name in alarms}
    return stack.probes() == [] and states == {"INSUFFICIENT_DATA"}


def test_delivery_is_proved_for_each_topic_by_one_alarm(stack):
    verification = sent(stack)

    assert {(p.topic.rsplit(":", 1)[1], p.arrived) for p in verification.proofs} == {
        ("watch", True),
        ("watch-page", True),
    }
    proved = {
        (one.route.alarm.label, one.route.receiver, one.verdict)
        for one in verification.routes
        if one.proved
    }
    assert proved == {
        ("cpu", "mail", Verdict.DELIVERED),
        ("odd", "mail", Verdict.DELIVERED),
        ("odd", "phone", Verdict.DELIVERED),
        ("odd", "pager", Verdict.DELIVERED),
        ("odd", "jobs", Verdict.DELIVERED),
    }
    assert is_as_before(stack)


def test_what_people_receive_says_that_nothing_is_wrong(stack):
    sent(stack)

    (body, *_) = stack.cloud.client("sqs").receive_message(
        QueueUrl=stack.cloud.client("sqs").get_queue_url(QueueName="jobs")["QueueUrl"]
    )["Messages"]
    assert "Nothing is wrong." in json.loads(body["Body"])["NewStateReason"]


def test_a_closed_topic_loses_and_the_reason_is_awss(stack):
    close_topic(stack, "watch-page")

    verification = sent(stack)

    by_receiver = {
        one.route.receiver: one
        for one in verification.routes
        if (one.route.alarm.label, str(one.route.state)) == ("odd", "ALARM")
    }
    assert {one.verdict for one in by_receiver.values()} == {Verdict.LOST}
    assert "not authorized to perform: SNS:Publish" in by_receiver["mail"].why
    assert outcomes(verification.routes)["cpu", "ALARM", "mail"] == Verdict.DELIVERED
    assert verification.exit_code == NO
    assert is_as_before(stack)


def test_a_key_that_does_not_let_cloudwatch_in_loses(stack):
    key = stack.cloud.client("sns").get_topic_attributes(TopicArn=stack.topic("watch"))
    key_id = key["Attributes"]["KmsMasterKeyId"].rsplit("/", 1)[1]
    stack.cloud.client("kms").disable_key(KeyId=key_id)

    verification = sent(stack)

    (proof,) = (p for p in verification.proofs if p.arrived is False)
    assert "authorization to access the SNS topic encryption key" in proof.why


def test_a_proof_outweighs_the_rules(stack):
    """A policy the rules cannot judge is judged by what comes through it."""
    seen = stack.look()
    chosen = plan(stack.connection, seen.live, seen.alarms)
    proofs = carry_out(stack.connection, chosen.trials, timeout=1, say=len, warn=len, poll=0)
    close_topic(stack, "watch")
    closed = stack.look()

    assert outcomes(conclude(closed).routes)["cpu", "ALARM", "mail"] == Verdict.LOST
    proved = outcomes(conclude(closed, proofs).routes)
    assert proved["cpu", "ALARM", "mail"] == Verdict.DELIVERED
    assert proved["cpu", "OK", "mail"] == Verdict.LOST


def test_a_receiver_that_has_to_confirm_still_waits(stack):
    stack.cloud.gaps.subscriptions.pending.add(stack.subscription("watch", "email"))

    assert outcomes(sent(stack).routes)["cpu", "ALARM", "mail"] == Verdict.WAITING


def test_a_message_that_neither_arrives_nor_fails_cannot_be_told(small):
    small.cloud.client("cloudwatch").put_alarm_mute_rule(
        Name="quiet",
        Rule={"Schedule": {"Expression": "cron(* * * * *)", "Duration": "PT1H"}},
        MuteTargets={"AlarmNames": ["prod-cpu"]},
    )
    small.refused["ListAlarmMuteRules"] = "AccessDenied"  # so that nobody knows

    verification = sent(small)

    assert outcomes(verification.routes)["cpu", "ALARM", "mail"] == Verdict.CANNOT_TELL
    assert "neither the probe nor the alarm's history shows anything" in verification.routes[0].why
    assert is_as_before(small, ["prod-cpu"])


def test_an_alarm_that_was_judged_anew_is_not_put_back(small):
    """Putting it back would hide the state that CloudWatch has just found."""

    def judge(operation):
        if operation == "ReceiveMessage":
            small.before = ignore
            small.cloud.client("cloudwatch").set_alarm_state(
                AlarmName="prod-cpu", StateValue="OK", StateReason="Threshold Crossed"
            )

    small.before = judge
    sent(small)

    assert small.alarm("prod-cpu")["StateReason"] == "Threshold Crossed"
    assert small.probes() == []


@pytest.mark.parametrize("operation", ["SetAlarmState", "CreateQueue", "Subscribe"])
def test_what_is_not_allowed_cannot_be_proved_and_leaves_nothing(small, operation):
    small.refused[operation] = "AccessDenied"
    warnings: list[str] = []

    verification = sent(small, warnings.append)

    (proof,) = verification.proofs
    assert proof.arrived is None
    assert f"{operation}: AccessDenied" in proof.why
    small.refused.clear()
    assert is_as_before(small, ["prod-cpu"])
    assert warnings == []


@pytest.mark.parametrize(
    ("operation", "left"),
    [
        ("DeleteQueue", "the queue alerting-probe-"),
        ("Unsubscribe", "the subscription alerting-probe-"),
    ],
)
def test_what_cannot_be_removed_is_said(small, operation, left):
    small.refused[operation] = "AccessDenied"
    warnings: list[str] = []

    sent(small, warnings.append)

    (warning,) = warnings
    assert warning.startswith(left)
    assert f"remove it by hand ({operation}: AccessDenied: not allowed)" in warning


def test_an_alarm_that_cannot_be_put_back_is_said(small):
    warnings: list[str] = []
    states: list[str] = []

    def second_time(operation):
        if operation == "SetAlarmState":
            states.append(operation)
            if len(states) > 1:
                raise refusal("AccessDenied", operation)

    small.before = second_time
    sent(small, warnings.append)

    (warning,) = warnings
    assert warning.startswith("cpu may still be in ALARM, set by this test; it was in INSUFF")


def calls_of_a_whole_run(stack: Deployed) -> int:
    seen = stack.look()
    chosen = plan(stack.connection, seen.live, seen.alarms)
    before = len(stack.calls)
    carry_out(stack.connection, chosen.trials, timeout=1, say=len, warn=len, poll=0)
    return len(stack.calls) - before


class Nth:
    """Does something at the nth call, and at no other."""

    def __init__(self, do):
        self.do, self.left = do, 0

    def __call__(self, operation):
        self.left -= 1
        if self.left == 0:
            self.do(operation)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_an_interrupt_at_any_call_leaves_everything_as_it_was(small, number, moment):
    total = calls_of_a_whole_run(small)
    assert total > 8
    seen = small.look()
    (trial,) = plan(small.connection, seen.live, seen.alarms).trials
    interrupt = Nth(lambda _: os.kill(os.getpid(), number))
    setattr(small, moment, interrupt)

    for at in range(1, total + 1):
        interrupt.left = at
        with pytest.raises(KeyboardInterrupt):
            carry_out(small.connection, [trial], timeout=1, say=len, warn=len, poll=0)
        assert is_as_before(small, ["prod-cpu"]), at


@pytest.mark.parametrize(
    ("code", "moment"),
    [("AccessDenied", "before"), ("InternalError", "before"), ("InternalError", "after")],
)
def test_after_an_error_at_any_call_what_is_not_as_it_was_is_said(small, code, moment):
    """Also where a call has had its effect and its answer is an error."""
    total = calls_of_a_whole_run(small)
    seen = small.look()
    (trial,) = plan(small.connection, seen.live, seen.alarms).trials

    failed: list[str] = []

    def fail(operation):
        failed.append(operation)
        raise refusal(code, operation)

    failure = Nth(fail)
    setattr(small, moment, failure)
    for at in range(1, total + 1):
        failure.left, warnings = at, list[str]()
        carry_out(small.connection, [trial], timeout=0.1, say=len, warn=warnings.append, poll=0)
        if failed.pop() in ("Unsubscribe", "DeleteQueue"):
            assert len(warnings) == 1
            clean_up(small)
        assert is_as_before(small, ["prod-cpu"]), at


def clean_up(stack: Deployed) -> None:
    """What somebody does who has read the warnings."""
    for left in stack.probes():
        if left.startswith("http"):
            stack.cloud.client("sqs").delete_queue(QueueUrl=left)
    for one in stack.cloud.client("sns").list_subscriptions()["Subscriptions"]:
        if one["Endpoint"] in stack.probes():
            stack.cloud.client("sns").unsubscribe(SubscriptionArn=one["SubscriptionArn"])
    if stack.alarm("prod-cpu")["StateValue"] != "INSUFFICIENT_DATA":
        stack.cloud.client("cloudwatch").set_alarm_state(
            AlarmName="prod-cpu", StateValue="INSUFFICIENT_DATA", StateReason="by hand"
        )
