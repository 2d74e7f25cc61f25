"""What is explained of a program, ours or not."""

import json
from typing import Any

import pulumi
import pytest
from pulumi_aws import sns

from alerting import Place, ReceiverArgs, Receivers
from alerting.cloudwatch import State
from alerting.cloudwatch.bill import bill, money, total
from alerting.delivery import Outcome
from alerting.explain.bill import on_top
from alerting.explain.closing import closing_line
from alerting.explain.data import as_data
from alerting.explain.explanation import explain, explanation_of, likely_account
from alerting.explain.groups import grouped
from alerting.explain.markdown import as_markdown
from alerting.sns.limits import Protocol
from alerting.stackfile import StackFile, read_stack
from alerting.testing import record
from tests.explain.raw_programs import (
    ACCOUNT,
    alarm,
    closed_policy,
    explained,
    the_alarm,
    topic_with,
)

MAIL = ("oncall-mail", "email", "oncall@example.com")
PHONE = ("oncall-phone", "sms", "+15550100")
QUEUE = "arn:aws:sqs:us-east-1:999988887777:jobs"
THEIRS = "arn:aws:sns:us-east-1:999988887777:theirs"


def changed(stack: str, **config: Any) -> StackFile:
    """A committed stack with other values, by key."""
    read = read_stack(stack)
    given = {f"{read.project}:{key}": value for key, value in config.items()}
    return StackFile(
        read.path, read.stack, read.project, {**read.config, **given}, read.secret_keys, read._raw
    )


def test_a_severity_is_the_topic_s_name():
    assert the_alarm(lambda: alarm("busy", topic_with(PHONE).arn), "busy").severities == ("alerts",)


def test_a_function_is_no_severity():
    def program():
        alarm("busy", "arn:aws:lambda:us-east-1:999988887777:function:restart")

    assert the_alarm(program, "busy").severities == ()


def test_receivers_are_told_by_state():
    def program():
        topic = topic_with(PHONE)
        alarm("busy", topic.arn, ok_actions=[topic.arn])

    heard = the_alarm(program, "busy").hearers
    assert {state: len(hearers) for state, hearers in heard.items()} == {
        State.ALARM: 1,
        State.OK: 1,
        State.INSUFFICIENT_DATA: 0,
    }


def test_receivers_on_a_topic_that_exists_already_are_known_by_name():
    severities = {"notify": {"topicArn": THEIRS}}
    [busy, unusual] = explain(changed("dev", severities=severities, topicName="{stack}-x")).alarms
    for alarm_ in (busy, unusual):
        assert alarm_.severities == ("notify",)
        [mail] = alarm_.hearers[State.ALARM]
        assert (mail.name, mail.outcome) == ("oncall-mail", Outcome.CANNOT_TELL)


def test_a_receiver_that_one_of_two_topics_reaches_is_not_lost():
    def program():
        topics = {
            "a": topic_with(name="a", policy=closed_policy()).arn,
            "b": topic_with(name="b").arn,
        }
        mail: ReceiverArgs = {"protocol": Protocol.EMAIL, "endpoint": MAIL[2]}
        place: Place = {"account_id": ACCOUNT, "region": "us-east-1"}
        Receivers("all", {"topics": topics, "place": place, "receivers": {MAIL[0]: mail}})
        alarm("busy", *topics.values())
        alarm("shut-out", topics["a"])

    [told] = the_alarm(program, "busy").hearers[State.ALARM]
    assert told.outcome is Outcome.WAITING
    assert the_alarm(program, "busy").lost == ()
    assert [who for who, _ in the_alarm(program, "shut-out").lost] == [MAIL[0]]


def test_who_must_confirm_is_named_once_with_all_its_topics():
    two = changed("dev", severities={"notify": {"default": True}, "page": {}})
    [mail] = explain(two).confirmations
    assert (mail.receiver, mail.protocol) == ("oncall-mail", "email")
    assert mail.topics == ("notify", "page")
    assert mail.what == "click the link AWS mails, for notify and for page"


def test_an_endpoint_that_confirms_by_itself_need_not_be_asked():
    def program():
        topic = topic_with(PHONE)
        sns.TopicSubscription(
            "pager",
            topic=topic.arn,
            protocol="https",
            endpoint="https://pager.example.com",
            endpoint_auto_confirms=True,
        )
        alarm("busy", topic.arn)

    assert explained(program).confirmations == ()


def test_the_owner_of_a_queue_gets_the_statement_to_add():
    def program():
        topic = topic_with(("jobs", "sqs", QUEUE))
        alarm("busy", topic.arn)

    [needed] = explained(program).statements
    assert needed.name == "jobs"
    assert needed.statement["Resource"] == QUEUE
    condition = json.dumps(needed.statement["Condition"])
    assert f"arn:aws:sns:us-east-1:{ACCOUNT}:alerts" in condition


def test_the_arn_of_a_secret_queue_is_not_in_its_statement():
    def program():
        topic = topic_with(("jobs", "sqs", pulumi.Output.secret(QUEUE)))
        alarm("busy", topic.arn)

    [needed] = explained(program).statements
    assert needed.statement["Resource"] == "(the queue's ARN)"


def test_a_queue_whose_policy_is_set_here_needs_no_statement():
    assert explain(read_stack("prod")).statements == ()


def test_a_queue_of_their_own_needs_one():
    config = dict(read_stack("prod").config["anomaly-alerting:receivers"])
    config["jobs"] = {k: v for k, v in config["jobs"].items() if k != "queuePolicy"}
    assert [s.name for s in explain(changed("prod", receivers=config)).statements] == ["jobs"]


@pytest.mark.parametrize(
    ("config", "account"),
    [
        ({"queue": QUEUE}, "999988887777"),
        ({"a": [QUEUE, QUEUE], "b": f"arn:aws:sns:us-east-1:{ACCOUNT}:x"}, "999988887777"),
        ({"phone": "+155501001234", "number": 123456789012}, None),
    ],
    ids=["the only one", "the most frequent one", "none"],
)
def test_the_account_is_the_one_the_config_s_arns_name(config: dict[str, Any], account: str | None):
    assert likely_account(config) == account


def test_an_account_nobody_named_is_not_shown():
    assert as_data(explain(read_stack("dev")))["accountId"] is None


def test_an_error_makes_it_wrong_and_a_note_does_not():
    assert explained(lambda: alarm("busy")).wrong
    assert not explained(lambda: alarm("busy", topic_with(MAIL).arn)).wrong


def test_secret_values_are_nowhere():
    secret = "https://pager.example.com/hidden-integration-key"

    def program():
        topic = topic_with(("pager", "https", pulumi.Output.secret(secret)))
        alarm("busy", topic.arn)

    explanation = explanation_of(record(program, account=ACCOUNT, project="shop"))
    for text in (json.dumps(as_data(explanation)), as_markdown(explanation)):
        assert "pager" in text
        assert "hidden-integration-key" not in text


def test_a_thousand_alarms_fit_into_a_comment():
    def program():
        topic = topic_with(MAIL, PHONE)
        for number in range(1000):
            alarm(f"an-alarm-with-a-name-of-some-length-{number}", topic.arn)
        for number in range(20):
            alarm(f"silent-{number}")

    text = as_markdown(explained(program))
    assert "And 920 more alarms; `--json` has them all." in text
    assert "  - and 12 more like these" in text
    assert len(text) < 65_536


def test_costs_are_added_up_by_kind():
    def program():
        topic = topic_with(PHONE)
        alarm("a", topic.arn)
        alarm("b", topic.arn)
        alarm("fast", topic.arn, period=10)

    lines = explained(program).bill
    assert [(line.things, str(line.amount)) for line in lines] == [
        ("2 standard alarms", "0.20"),
        ("1 high-resolution alarm", "0.30"),
    ]
    assert str(total(lines)) == "0.50"


def test_an_empty_bill_is_nothing():
    assert total(bill([])) == 0


def test_a_price_that_is_not_known_is_said():
    assert money(None) == "not known"


def test_notifications_cost_on_top_by_protocol():
    assert on_top([Protocol.SMS, Protocol.SQS]) == (
        "A thousand notifications cost on top: sms 7.50 and the carriers' fees, sqs nothing."
    )


def test_findings_that_mean_the_same_are_together():
    def program():
        alarm("a")
        alarm("b")
        alarm("c", topic_with(MAIL, policy=closed_policy()).arn)

    groups = {group.rule: len(group.found) for group in grouped(explained(program).findings)}
    assert groups["alarm-without-action"] == 2
    assert groups["topic-policy-closed"] == 1


def test_the_closing_line_counts():
    line = closing_line(explained(lambda: alarm("busy", topic_with(MAIL, PHONE).arn)))
    assert line.startswith("1 alarm, 2 receivers, 0 errors, 0 warnings, ")
