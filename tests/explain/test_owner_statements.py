"""What owners in other accounts must add to their policies, so that a receiver hears anything."""

from typing import Any

from alerting import Alarms, AlertTopic, Receivers
from alerting.account import Account, Deployment, Kind
from alerting.delivery.policies import Verdict, decide
from alerting.delivery.requests import deliver, place
from alerting.explain.explanation import explanation_of
from alerting.recording import record

PLACE: Any = {"account_id": "123456789012", "region": "us-east-1"}
FUNCTION = "arn:aws:lambda:us-east-1:{}:function:chat"
THEIRS = FUNCTION.format("111122223333")
PERMISSION = "aws:lambda/permission:Permission"


def recorded(endpoint: Any) -> Deployment:
    def program():
        topic = AlertTopic("notify", {"place": PLACE, "topic_name": "alerts"})
        chat: Any = {"protocol": "lambda", "endpoint": endpoint, "dead_letter": "none"}
        topics = {"notify": topic.topic_arn}
        Receivers("receivers", {"receivers": {"chat": chat}, "topics": topics, "place": PLACE})
        busy: Any = {"metric": {"namespace": "N", "name": "M"}, "threshold": {"above": 1}}
        Alarms("alarms", {"alarms": {"busy": busy}, "topics": topics, "region": "us-east-1"})

    return record(program)


def test_a_function_of_another_account_cannot_be_permitted_from_here():
    assert not list(recorded(THEIRS).of_type(PERMISSION))
    assert list(recorded(FUNCTION.format("123456789012")).of_type(PERMISSION))


def test_its_owner_gets_the_statement_to_add():
    [needed] = explanation_of(recorded(THEIRS)).statements
    assert (needed.kind, needed.name) == (Kind.FUNCTION, "chat")
    account = Account("123456789012", "us-east-1")
    topic = place(account, "arn:aws:sns:us-east-1:123456789012:alerts")
    request = deliver(topic, place(account, THEIRS), "lambda:InvokeFunction")
    assert decide({"Statement": [needed.statement]}, request).verdict is Verdict.ALLOWED


def test_a_function_of_the_same_account_needs_none():
    assert explanation_of(recorded(FUNCTION.format("123456789012"))).statements == ()


def test_its_owner_must_confirm_as_well():
    [waiting] = explanation_of(recorded(THEIRS)).confirmations
    assert (waiting.receiver, waiting.protocol, waiting.topics) == ("chat", "lambda", ("notify",))
