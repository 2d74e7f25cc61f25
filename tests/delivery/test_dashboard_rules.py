"""A dashboard that shows what is not there."""

from typing import Any

from alerting.account import Account, Unknown
from alerting.delivery import Level, findings
from tests.delivery.good_account import account_of, adding, arn, good_parts
from tests.delivery.seeded_faults import dashboard

RULE = "dashboard-alarm-missing"


def states(*alarms: str) -> dict[str, Any]:
    return {"type": "alarm", "properties": {"alarms": list(alarms)}}


def showing(*alarms: str, whole: bool = True, **more: Any) -> Account:
    parts = good_parts()
    adding("shop", dashboard(states(*alarms)))(parts)
    return account_of(parts, whole=whole, **more)


def missing(account: Account) -> list[str]:
    return [found.what for found in findings(account) if found.rule == RULE]


CPU = arn("cloudwatch", "alarm:cpu-high")
GONE = arn("cloudwatch", "alarm:disk-full")


def test_an_alarm_that_does_not_exist_is_a_note():
    account = showing(CPU, GONE)
    assert missing(account) == ["shop shows disk-full, not to be found."]
    assert all(f.level is Level.NOTE for f in findings(account) if f.rule == RULE)


def test_an_alarm_that_exists_is_not():
    assert missing(showing(CPU)) == []


def test_what_may_lie_outside_the_picture_is_not():
    assert missing(showing(GONE, whole=False)) == []
    elsewhere = (
        arn("cloudwatch", "alarm:disk-full", region="eu-west-1"),
        arn("cloudwatch", "alarm:disk-full", account="999988887777"),
    )
    assert missing(showing(*elsewhere)) == []


def test_an_alarm_that_could_not_be_read_is_not():
    assert missing(showing(GONE, unreadable={GONE: "access denied"})) == []


def test_a_body_that_is_not_known_yet_is_not_judged():
    parts = good_parts()
    shown = dashboard()
    adding("shop", type(shown)(shown.kind, shown.arn, {"DashboardBody": Unknown()}))(parts)
    found = {one.rule for one in findings(account_of(parts, whole=True))}
    assert not found & {RULE, "dashboard-refused"}


def test_a_name_and_a_body_that_cloudwatch_refuses_are_both_told():
    parts = good_parts()
    shown = dashboard({"type": "graph", "properties": {}})
    data = {"DashboardName": "a b", "DashboardBody": shown.get("DashboardBody")}
    adding("shop", type(shown)(shown.kind, shown.arn, data))(parts)
    told = [f.what for f in findings(account_of(parts)) if f.rule == "dashboard-refused"]
    assert told[0].startswith("The name of shop must be 1 to 255 letters")
    assert told[1].startswith("The body of shop at /widgets/0/type must be one of metric")
