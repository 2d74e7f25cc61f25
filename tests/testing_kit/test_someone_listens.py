"""`assert_someone_listens`, over programs of plain pulumi_aws resources."""

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from pulumi_aws import cloudwatch, kms, lambda_, sqs

from alerting.account import Deployment
from alerting.testing import assert_someone_listens, record
from tests.explain.raw_programs import alarm, closed_policy, topic_with

ACCOUNT = "111122223333"
MAIL = ("oncall-mail", "email", "oncall@example.com")
QUEUE = "arn:aws:sqs:us-east-1:111122223333:jobs"
FUNCTION = "arn:aws:lambda:us-east-1:111122223333:function:chat"


def recorded(program: Callable[[], Any], *, preview: bool = False) -> Deployment:
    return record(program, account=ACCOUNT, project="shop", preview=preview)


def complaint(program: Callable[[], Any], **more: Any) -> str:
    """The message of the failure there has to be."""
    with pytest.raises(AssertionError) as failure:
        assert_someone_listens(recorded(program), **more)
    return str(failure.value)


def telling(*receivers: tuple[str, str, Any], **more: Any) -> Callable[[], None]:
    """One alarm, one topic."""

    def program() -> None:
        topic = topic_with(*receivers, **more)
        alarm("busy", topic.arn, ok_actions=[topic.arn])

    return program


def allowing(service: str, action: str, **condition: Any) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": action,
        "Resource": "*",
        **({"Condition": {"ArnEquals": condition}} if condition else {}),
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_a_path_to_a_person_is_fine():
    assert_someone_listens(recorded(telling(MAIL)))


@pytest.mark.parametrize(
    ("protocol", "endpoint"),
    [
        ("email", "oncall@example.com"),
        ("email-json", "oncall@example.com"),
        ("sms", "+15550100"),
        ("https", "https://pager.example.com/hidden"),
    ],
)
def test_a_secret_endpoint_of_a_person_or_url_is_fine(protocol: str, endpoint: str):
    def program() -> None:
        topic = topic_with(("hidden", protocol, pulumi.Output.secret(endpoint)))
        alarm("busy", topic.arn)

    assert_someone_listens(recorded(program))


@pytest.mark.parametrize(("protocol", "arn"), [("sqs", QUEUE), ("lambda", FUNCTION)])
def test_a_secret_arn_cannot_be_told_and_is_not_shown(protocol: str, arn: str):
    def program() -> None:
        endpoint = pulumi.Output.secret(arn)
        topic = topic_with(("hidden", protocol, endpoint))
        alarm("busy", topic.arn)

    message = complaint(program)
    assert f"busy → alerts → hidden ({protocol}), of ALARM: " in message
    assert arn not in message


@pytest.mark.parametrize(("protocol", "arn"), [("sqs", QUEUE), ("lambda", FUNCTION)])
def test_what_is_given_by_its_arn_alone_cannot_be_told(protocol: str, arn: str):
    program = telling(MAIL, ("jobs", protocol, arn))
    message = complaint(program)
    assert "cannot be told from here (allow_unknown=True lets it pass):" in message
    assert f"busy → alerts → jobs ({protocol}), of ALARM and OK: " in message
    assert "oncall-mail" not in message
    assert_someone_listens(recorded(program), allow_unknown=True)


def test_a_topic_given_by_its_arn_alone_cannot_be_told():
    program = lambda: alarm("busy", "arn:aws:sns:us-east-1:111122223333:theirs")  # noqa: E731
    assert "busy → theirs → " in complaint(program)
    assert_someone_listens(recorded(program), allow_unknown=True)


def test_a_deployment_without_an_alarm_is_a_failure():
    assert complaint(lambda: topic_with(MAIL)) == (
        "the deployment declares no alarm: there is nothing to listen to"
    )


def test_an_alarm_that_is_only_read_is_not_one_of_the_deployment():
    program = lambda: cloudwatch.MetricAlarm.get("theirs", "their-alarm")  # noqa: E731
    assert "declares no alarm" in complaint(program)


def test_an_alarm_without_actions_is_a_failure():
    message = complaint(lambda: alarm("busy"))
    assert "error alarm-without-action: busy has no action for ALARM." in message


def composite(*, told: bool = True) -> Callable[[], None]:
    def program() -> None:
        child, topic = alarm("busy", actions_enabled=False), topic_with(MAIL)
        cloudwatch.CompositeAlarm(
            "down",
            alarm_name="down",
            alarm_rule=pulumi.Output.concat("ALARM(", child.name, ")"),
            alarm_actions=[topic.arn] if told else [],
        )

    return program


def test_a_child_of_a_composite_may_be_silent():
    assert_someone_listens(recorded(composite()))


def test_a_child_may_have_its_actions_switched_off():
    def program() -> None:
        topic = topic_with(MAIL)
        child = alarm("busy", topic.arn, actions_enabled=False)
        cloudwatch.CompositeAlarm(
            "down",
            alarm_name="down",
            alarm_rule=pulumi.Output.concat("ALARM(", child.name, ")"),
            alarm_actions=[topic.arn],
        )

    assert_someone_listens(recorded(program))


def test_a_silent_composite_is_a_failure():
    assert "down has no action for ALARM." in complaint(composite(told=False))


def test_a_composite_over_an_alarm_elsewhere_cannot_be_told():
    def program() -> None:
        theirs = "arn:aws:cloudwatch:us-east-1:111122223333:alarm:theirs"
        cloudwatch.CompositeAlarm(
            "down",
            alarm_name="down",
            alarm_rule=f"ALARM({theirs})",
            alarm_actions=[topic_with(MAIL).arn],
        )

    assert "\n  down: the alarm arn:aws:cloudwatch:" in complaint(program)
    assert_someone_listens(recorded(program), allow_unknown=True)


def test_switched_off_actions_are_a_failure():
    program = lambda: alarm("busy", topic_with(MAIL).arn, actions_enabled=False)  # noqa: E731
    message = complaint(program)
    assert "error alarm-actions-off: The actions of busy are switched off." in message
    assert "busy → alerts → oncall-mail (email), of ALARM: its actions are switched off" in message


def test_the_message_reads_like_the_finding_and_names_the_paths():
    message = complaint(telling(MAIL, policy=closed_policy()))
    assert message == (
        "not everybody who should is told\n\n"
        "error topic-policy-closed: The policy of alerts shuts out busy: CloudWatch may not do "
        "sns:Publish: no statement allows it. CloudWatch's publish is refused. The alarm turns red "
        "and looks healthy; the only trace is “Failed to execute action ... is not authorized to "
        "perform: SNS:Publish” in its history. Allow the service cloudwatch.amazonaws.com "
        "sns:Publish on the topic, held to this account by aws:SourceAccount; take alarms out of "
        "denying statements.\n\n"
        "broken, so that nobody is told:\n"
        "  busy → alerts → oncall-mail (email), of ALARM and OK: CloudWatch may not do "
        "sns:Publish: no statement allows it"
    )


def test_every_broken_path_is_named():
    def program() -> None:
        alarm("unheard", topic_with(name="quiet").arn)
        alarm("shut-out", topic_with(MAIL, name="closed", policy=closed_policy()).arn)
        alarm("silent")

    message = complaint(program, allow_unknown=True)
    for named in ("unheard → quiet", "shut-out → closed → oncall-mail", "silent has no action"):
        assert named in message


def test_what_is_unknown_does_not_excuse_what_is_broken():
    message = complaint(telling(("jobs", "sqs", QUEUE), policy=closed_policy()), allow_unknown=True)
    assert "topic-policy-closed" in message
    assert "cannot be told" not in message


def test_an_encrypted_topic_needs_a_grant_for_cloudwatch():
    def program() -> None:
        key = kms.Key("alerts", policy=allowing("events.amazonaws.com", "kms:*"))
        alarm("busy", topic_with(MAIL, kms_master_key_id=key.arn).arn)

    assert "error topic-key-closed" in complaint(program)


@pytest.mark.parametrize("permitted", [True, False])
def test_a_function_needs_a_permission(permitted: bool):
    def program() -> None:
        function = lambda_.Function("chat", role="arn:aws:iam::111122223333:role/chat")
        topic = topic_with(MAIL, ("chat", "lambda", function.arn))
        if permitted:
            lambda_.Permission(
                "chat",
                action="lambda:InvokeFunction",
                function=function.name,
                principal="sns.amazonaws.com",
                source_arn=topic.arn,
            )
        alarm("busy", topic.arn)

    if permitted:
        assert_someone_listens(recorded(program))
    else:
        assert "error function-closed" in complaint(program)


@pytest.mark.parametrize("opened", [True, False])
def test_a_queue_needs_a_policy(opened: bool):
    def program() -> None:
        queue = sqs.Queue("jobs", name="jobs", sqs_managed_sse_enabled=True)
        topic = topic_with(MAIL, ("jobs", "sqs", queue.arn))
        if opened:
            policy = topic.arn.apply(
                lambda arn: allowing(
                    "sns.amazonaws.com", "sqs:SendMessage", **{"aws:SourceArn": arn}
                )
            )
            sqs.QueuePolicy("jobs", queue_url=queue.url, policy=policy)
        alarm("busy", topic.arn)

    if opened:
        assert_someone_listens(recorded(program))
    else:
        assert "error queue-closed" in complaint(program)


def with_a_queue() -> None:
    queue = sqs.Queue("jobs", sqs_managed_sse_enabled=True)
    topic = topic_with(MAIL, ("jobs", "sqs", queue.arn))
    policy = topic.arn.apply(
        lambda arn: allowing("sns.amazonaws.com", "sqs:SendMessage", **{"aws:SourceArn": arn})
    )
    sqs.QueuePolicy("jobs", queue_url=queue.url, policy=policy)
    alarm("busy", topic.arn)


def test_a_preview_cannot_tell_everything_and_says_so():
    deployment = recorded(with_a_queue, preview=True)
    with pytest.raises(AssertionError, match="cannot be told from here"):
        assert_someone_listens(deployment)
    assert_someone_listens(deployment, allow_unknown=True)
    assert_someone_listens(recorded(with_a_queue))


def test_a_preview_finds_a_silent_path_all_the_same():
    with pytest.raises(AssertionError, match="topic-without-subscription"):
        assert_someone_listens(recorded(telling(), preview=True), allow_unknown=True)


def test_a_failure_in_work_nobody_awaits_is_a_failure():
    def program() -> None:
        topic_with(MAIL).arn.apply(lambda arn: alarm("busy", arn).name.apply(int))

    with pytest.raises(ValueError, match="invalid literal"):
        recorded(program)


def test_the_kit_loads_no_cloud():
    code = "import sys, alerting.testing; print({'moto', 'boto3'} & set(sys.modules))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout == "set()\n"
