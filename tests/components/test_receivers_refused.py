"""Receivers that are refused, before anything is registered."""

import pulumi
import pytest

from alerting import Receivers
from alerting.components.receivers import receivers_problems
from alerting.recording import record

PLACE = {"account_id": "123456789012", "region": "us-east-1"}
NOTIFY = "arn:aws:sns:us-east-1:123456789012:alerts"
PAGE = "arn:aws:sns:us-east-1:123456789012:alerts-page"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:jobs"
URL = "https://example.com/alarms"


def refusal(receivers, **args):
    """What receivers are refused with; nothing may be registered by then."""
    said = []
    args = {"topics": {"notify": NOTIFY}, "place": PLACE, **args, "receivers": receivers}

    def program():
        with pytest.raises(ValueError, match=r"^Receivers 'receivers': ") as refused:
            Receivers("receivers", args)
        said.extend(str(refused.value).splitlines())

    assert record(program).resources == ()
    return [line.removeprefix("Receivers 'receivers': ") for line in said]


@pytest.mark.parametrize(
    ("receiver", "said"),
    [
        ({"endpoint": "a@example.com"}, "protocol: is required"),
        ({"protocol": "email"}, "endpoint: is required"),
        ({"protocol": "pager", "endpoint": "x"}, "protocol: must be one of email, email-json, sms"),
        ({"protocol": "sms", "endpoint": 15550100}, "endpoint: must be a phone number in E.164 f"),
        ({"protocol": "email", "endpoint": True}, "endpoint: must be text, got True"),
        ({"protocol": "https", "endpoint": URL, "backoff": 1}, "backoff: is not known; known are"),
        ({"protocol": "https", "endpoint": URL, "throttle": 0}, "throttle: must be a whole numbe"),
        ({"protocol": "sqs", "endpoint": QUEUE, "queue_policy": "ours"}, "queue_policy: must be "),
        ({"protocol": "sqs", "endpoint": QUEUE, "dead_letter": "x"}, "dead_letter: must be own, "),
        ({"protocol": "email", "endpoint": "a@example.com", "raw": True}, "raw: cannot be had on"),
    ],
)
def test_what_could_not_deliver_is_refused_before_anything_is_registered(receiver, said):
    (line,) = refusal({"x": receiver})
    assert line.startswith(f"receivers.x.{said}")


def test_an_unquoted_phone_number_comes_with_the_advice_to_quote_it():
    (line,) = refusal({"x": {"protocol": "sms", "endpoint": 15550100}})
    assert 'quote it: "+15550100"' in line


def test_a_topic_nobody_hears_is_refused():
    mail = {"protocol": "email", "endpoint": "a@example.com", "severities": ["notify"]}
    assert refusal({"x": mail}, topics={"notify": NOTIFY, "page": PAGE}) == [
        "severities.page: is heard by no receiver; add it to one of x"
    ]


def test_no_receivers_are_refused():
    assert refusal({}) == ["receivers: there are none: every alarm would fire unheard"]


def test_mistakes_of_several_receivers_are_told_at_once():
    lines = refusal(
        {
            "a": {"protocol": "sms", "endpoint": "15550100"},
            "b": {"protocol": "https", "endpoint": "http://example.com"},
        }
    )
    assert [line.split(":")[0] for line in lines] == [
        "receivers.a.endpoint",
        "receivers.b.endpoint",
    ]


def test_a_former_name_that_is_still_taken_is_refused():
    mail = {"protocol": "email", "endpoint": "a@example.com"}
    boss = {"protocol": "email", "endpoint": "b@example.com", "formerly": ["mail"]}
    assert refusal({"mail": mail, "boss": boss}) == [
        "receivers.boss.formerly: is 'mail', and there still is one"
    ]


def test_two_receivers_that_are_one_subscription_to_sns_are_refused():
    mail = {"protocol": "email", "endpoint": "a@example.com"}
    assert refusal({"x": mail, "y": mail}, topics={"notify": NOTIFY, "page": PAGE}) == [
        "receivers.y.endpoint: is that of 'x' too, and they hear the same severity: to SNS they "
        "are one subscription, and removing either would silence both"
    ]


def test_two_receivers_with_one_secret_for_an_endpoint_are_refused_without_telling_it():
    def program():
        phone = {"protocol": "sms", "endpoint": pulumi.Output.secret("+15550100")}
        args = {"receivers": {"x": phone, "y": {**phone}}, "topics": {"n": NOTIFY}, "place": PLACE}
        with pytest.raises(ValueError, match="is that of 'x' too"):
            Receivers("receivers", args)

    assert record(program).resources == ()


@pytest.mark.parametrize(
    "other",
    [
        {"protocol": "email", "endpoint": "a@example.com", "severities": ["page"]},
        {"protocol": "email-json", "endpoint": "a@example.com", "severities": ["notify"]},
        {"protocol": "email", "endpoint": "b@example.com", "severities": ["notify"]},
    ],
)
def test_another_severity_protocol_or_endpoint_is_another_subscription(other):
    mail = {"protocol": "email", "endpoint": "a@example.com", "severities": ["notify"]}
    topics = {"notify": NOTIFY, "page": PAGE}
    args = {"receivers": {"x": mail, "y": other}, "topics": topics, "place": PLACE}
    assert list(receivers_problems(args)) == []
