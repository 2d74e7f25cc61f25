"""What alarms' histories say of their actions."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from alerting.live.action_history import performed
from alerting.rehearsal.cloud import memory_cloud

TOPIC = "arn:aws:sns:us-east-1:123456789012:page"
YESTERDAY = datetime.now(UTC) - timedelta(days=1)


class History:
    """A CloudWatch that has these items, newest first, and notes what it was asked."""

    def __init__(self, *items: dict[str, Any]) -> None:
        self.items, self.asked = items, list[dict[str, Any]]()

    def get_paginator(self, _: str) -> "History":
        return self

    def paginate(self, **params: Any) -> list[dict[str, Any]]:
        self.asked.append(params)
        wanted = params.get("AlarmName")
        return [{"AlarmHistoryItems": [i for i in self.items if wanted in (None, i["AlarmName"])]}]


def item(summary: str, data: object = None, alarm: str = "cpu", age: int = 0) -> dict[str, Any]:
    return {
        "AlarmName": alarm,
        "Timestamp": datetime.now(UTC) - timedelta(minutes=age),
        "HistorySummary": summary,
        "HistoryData": data if isinstance(data, str) else json.dumps(data or {}),
    }


def read(history: History, *names: str):
    alarms = [(name, "MetricAlarm") for name in names or ("cpu",)]
    return performed(lambda *_: history, "us-east-1", alarms, YESTERDAY)


@pytest.mark.parametrize(
    ("summary", "data", "error"),
    [
        (f"Successfully executed action {TOPIC}", {}, None),
        (f'Failed to execute action {TOPIC}. Received error: "no access"', {}, "no access"),
        (f"Failed to execute action {TOPIC}", {"error": "no key"}, "no key"),
        (f"Failed to execute action {TOPIC}", {}, "no reason is given"),
        (f"Failed to execute action {TOPIC}. Received error: x", "not json", "x"),
        (f"Failed to execute action {TOPIC}", "[]", "no reason is given"),
    ],
)
def test_success_and_failure_are_told_apart_with_awss_reason(summary, data, error):
    (found,) = read(History(item(summary, data)))
    assert (found.alarm, found.action, found.error) == ("cpu", TOPIC, error)


def test_the_newest_try_of_each_action_counts():
    found = read(
        History(
            item(f"Successfully executed action {TOPIC}", age=1),
            item(f"Failed to execute action {TOPIC}", age=2),
            item(f"Failed to execute action {TOPIC}2", age=3),
        )
    )
    assert {one.action: one.error is None for one in found} == {TOPIC: True, f"{TOPIC}2": False}


def test_what_is_no_execution_is_passed_over():
    assert read(History(item(f"Muted action {TOPIC}"), item("Alarm updated"))) == ()


def test_few_alarms_are_asked_one_by_one_and_many_all_at_once():
    few, many = History(), History(item(f"Failed to execute action {TOPIC}", alarm="else"))
    read(few, "a", "b")
    assert [asked["AlarmName"] for asked in few.asked] == ["a", "b"]
    assert read(many, *map(str, range(51))) == ()
    (asked,) = many.asked
    assert "AlarmName" not in asked
    assert asked["AlarmTypes"] == ["MetricAlarm"]


def test_composites_are_asked_by_their_own_type():
    with memory_cloud() as cloud:
        cloudwatch = cloud.client("cloudwatch")
        topic = cloud.client("sns").create_topic(Name="page")["TopicArn"]
        cloudwatch.put_composite_alarm(AlarmName="all", AlarmRule="TRUE", AlarmActions=[topic])
        cloudwatch.set_alarm_state(AlarmName="all", StateValue="ALARM", StateReason="x")
        (found,) = performed(cloud.client, "us-east-1", [("all", "CompositeAlarm")], YESTERDAY)
    assert (found.alarm, found.error) == ("all", None)
