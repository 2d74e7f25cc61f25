"""From state changes to who is told."""

import json
from dataclasses import dataclass

import pytest

from alerting.account import Account, Item, Kind, Unknown
from alerting.delivery.courier import courier
from alerting.replay import MetricKey, Series, notifications, replay

MONDAY = 1_704_067_200
TOPIC = "arn:aws:sns:us-east-1:111122223333:alerts"
QUIET = "arn:aws:sns:us-east-1:111122223333:quiet"


@dataclass(frozen=True)
class Told:
    subscription: Item | None
    protocol: str
    receiver: str
    delivered: bool = True
    why: str = ""


def everyone(_alarm, action, _bodies):
    """Told by mail and by SMS; the topic `quiet` reaches nobody."""
    if action == QUIET:
        return [Told(None, "", "nobody", False, "no subscription")]
    return [Told(None, "email", "mail"), Told(None, "sms", "phone"), Told(None, "sqs", "jobs")]


def alarm(**changes):
    data = {
        "AlarmName": "cpu-high",
        "Namespace": "N",
        "MetricName": "m",
        "Statistic": "Average",
        "Period": 300,
        "EvaluationPeriods": 1,
        "Threshold": 80,
        "ComparisonOperator": "GreaterThanThreshold",
        "AlarmActions": [TOPIC],
        "OKActions": [QUIET],
        **changes,
    }
    return Item(Kind.ALARM, Unknown(), data)


def told(item, account=None, deliver=everyone):
    account = account or Account("111122223333", "us-east-1", (item,))
    series = Series.of([MONDAY, MONDAY + 300], [90.0, 10.0], spacing=300)
    result = replay(account, {MetricKey("N", "m"): series}, alarms=[item])
    return list(notifications(account, result, deliver))


def test_each_receiver_of_the_new_states_actions_is_told_once():
    found = told(alarm())

    assert [
        (one.time - MONDAY, str(one.change.new), one.delivery.receiver, one.delivered)
        for one in found
    ] == [
        (300, "ALARM", "mail", True),
        (300, "ALARM", "phone", True),
        (300, "ALARM", "jobs", True),
        (600, "OK", "nobody", False),
    ]
    assert [one.action for one in found] == [TOPIC] * 3 + [QUIET]


def test_each_receiver_gets_the_body_of_its_protocol():
    mail, phone, jobs, _ = told(alarm())

    assert mail.body.startswith("You are receiving this email")
    assert phone.body == phone.subject == 'ALARM: "cpu-high" in US East (N. Virginia)'
    assert json.loads(jobs.body)["NewStateReason"] == mail.change.reason
    assert json.loads(jobs.body)["OldStateValue"] == "INSUFFICIENT_DATA"


def test_the_message_has_what_aws_would_add():
    body = json.loads(told(alarm())[2].body)

    assert body["AlarmArn"] == "arn:aws:cloudwatch:us-east-1:111122223333:alarm:cpu-high"
    assert body["AlarmConfigurationUpdatedTimestamp"] == "2024-01-01T00:00:00.000+0000"


def test_an_alarm_whose_name_is_not_known_is_called_by_its_label():
    item = alarm(AlarmName=Unknown())

    assert '"(not known yet)"' in told(item)[0].subject


@pytest.mark.parametrize("changes", [{"ActionsEnabled": False}, {"AlarmActions": []}])
def test_an_alarm_without_actions_for_a_state_tells_nobody(changes):
    assert [one for one in told(alarm(**changes)) if one.change.new == "ALARM"] == []


def test_actions_that_are_not_known_yet_are_asked_after_all_the_same():
    later = Unknown(("urn:topic",))

    asked = [one.action for one in told(alarm(AlarmActions=later))]

    assert asked[:3] == [later] * 3


def test_the_delivery_rooms_courier_tells_who_is_subscribed():
    topic = Item(Kind.TOPIC, TOPIC, {"TopicArn": TOPIC})
    mail = Item(
        Kind.SUBSCRIPTION,
        f"{TOPIC}:1",
        {"TopicArn": TOPIC, "Protocol": "email", "Endpoint": "oncall@example.com"},
    )
    account = Account("111122223333", "us-east-1", (alarm(OKActions=[]), topic, mail))

    (found,) = told(account.alarms[0], account, courier(account))

    assert found.delivery.subscription is mail
    assert found.body.startswith("You are receiving this email")
