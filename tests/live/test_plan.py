"""Which alarms are set to try all topics."""

from typing import Any

import pytest

from alerting.account import Account, Item, Kind
from alerting.cloudwatch import State
from alerting.live.clients import Connection
from alerting.live.plan import Plan, plan

HERE = "us-east-1:111122223333"
PAGE, NOTIFY = f"arn:aws:sns:{HERE}:page", f"arn:aws:sns:{HERE}:notify"
REBOOT = "arn:aws:automate:us-east-1:ec2:reboot"


class NoParents:
    """A CloudWatch in which no composite looks at any alarm."""

    def get_paginator(self, _: str) -> "NoParents":
        return self

    def paginate(self, **_: Any) -> list[dict[str, Any]]:
        return [{"CompositeAlarms": []}]


CONNECTION = Connection(lambda *_: NoParents(), "111122223333", "us-east-1")


def alarm(name: str, *tells: str, ok: tuple[str, ...] = (), **more: Any) -> Item:
    data = {
        "AlarmName": name,
        "AlarmActions": list(tells),
        "OKActions": list(ok),
        "StateValue": "OK",
        "ActionsEnabled": True,
        **more,
    }
    return Item(Kind.ALARM, f"arn:aws:cloudwatch:{HERE}:alarm:{name}", data, urn=f"a::b::{name}")


def planned(*alarms: Item, more: tuple[Item, ...] = ()) -> Plan:
    topics = (Item(Kind.TOPIC, arn, {}) for arn in (PAGE, NOTIFY))
    live = Account("111122223333", "us-east-1", (*alarms, *topics, *more), whole=True)
    return plan(CONNECTION, live, alarms)


def chosen(*alarms: Item, more: tuple[Item, ...] = ()) -> list[tuple[str, str]]:
    return [(t.alarm.label, str(t.state)) for t in planned(*alarms, more=more).trials]


def test_one_alarm_a_topic_is_set():
    assert chosen(alarm("a", PAGE), alarm("b", PAGE), alarm("c", NOTIFY)) == [
        ("a", "ALARM"),
        ("c", "ALARM"),
    ]


def test_an_alarm_that_tells_several_topics_tries_them_all():
    assert chosen(alarm("a", PAGE), alarm("b", PAGE, NOTIFY)) == [("b", "ALARM")]


def test_an_alarm_that_stops_something_is_never_set():
    assert chosen(alarm("reboots", PAGE, REBOOT), alarm("tells", PAGE)) == [("tells", "ALARM")]
    assert planned(alarm("reboots", PAGE, REBOOT)).untried[PAGE].endswith("is left alone")


def test_nor_one_that_would_stop_something_when_it_is_put_back():
    assert chosen(alarm("a", PAGE, ok=(REBOOT,))) == []


def test_an_alarm_that_is_in_alarm_already_is_set_to_ok_if_it_tells_that():
    assert chosen(alarm("a", PAGE, ok=(PAGE,), StateValue="ALARM")) == [("a", "OK")]
    assert chosen(alarm("a", PAGE, StateValue="ALARM")) == []


def test_rather_an_alarm_that_is_not_in_alarm():
    red = alarm("red", PAGE, ok=(PAGE,), StateValue="ALARM")
    assert chosen(red, alarm("green", PAGE)) == [("green", "ALARM")]


def test_switched_off_alarms_try_nothing_and_the_reason_is_said():
    silent = alarm("a", PAGE, ActionsEnabled=False)
    assert planned(silent).untried == {
        PAGE: "the actions of every alarm that tells it are switched off"
    }


def test_muted_alarms_try_nothing_and_the_reason_is_said():
    targets = {"Status": "ACTIVE", "MuteTargets": {"AlarmNames": ["a"]}}
    rule = Item(Kind.MUTE_RULE, "arn:aws:cloudwatch:::alarm-mute-rule:r", targets)
    found = planned(alarm("a", PAGE), more=(rule,))
    assert found.untried == {PAGE: "a mute rule holds back every alarm that tells it"}


@pytest.mark.parametrize(
    "dependent",
    [
        {"AlarmRule": 'ALARM("a")'},
        {"AlarmRule": "TRUE", "ActionsSuppressor": f"arn:aws:cloudwatch:{HERE}:alarm:a"},
    ],
)
def test_rather_an_alarm_that_nothing_depends_on(dependent):
    above = alarm("above", **dependent)
    assert chosen(alarm("a", PAGE), alarm("b", PAGE), more=(above,)) == [("b", "ALARM")]
    assert chosen(alarm("a", PAGE), more=(above,)) == [("a", "ALARM")]


def test_rather_a_metric_alarm_than_a_composite():
    both = alarm("both", PAGE, AlarmRule='ALARM("elsewhere")')
    assert chosen(both, alarm("a", PAGE)) == [("a", "ALARM")]


def test_a_topic_that_is_not_there_cannot_be_tried():
    assert planned(alarm("a", f"arn:aws:sns:{HERE}:gone")) == Plan((), {})


def test_it_is_remembered_what_to_put_back():
    (trial,) = planned(alarm("a", PAGE, StateValue="INSUFFICIENT_DATA")).trials
    assert trial.before is State.INSUFFICIENT_DATA


def test_a_heartbeat_is_rather_set_than_an_alarm_in_earnest():
    alarms = (alarm("a", PAGE, NOTIFY), alarm("beat", PAGE))
    live = Account(
        "111122223333",
        "us-east-1",
        (*alarms, *(Item(Kind.TOPIC, arn, {}) for arn in (PAGE, NOTIFY))),
        whole=True,
    )
    trials = plan(CONNECTION, live, alarms, ["beat"]).trials
    assert [trial.alarm.label for trial in trials] == ["beat", "a"]
