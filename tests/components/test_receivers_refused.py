"""Receivers that are refused, before anything is registered."""

import pytest

from alerting import Receivers
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
        ({"protocol": "https", "endpoint": URL, "retry": 1}, "retry: is not known; known are pro"),
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
