"""What a schedule asks SetAlarmState for."""

import json

import pytest

from alerting.account import Unknown
from alerting.cloudwatch.heartbeat import Asked, asked_of
from alerting.cloudwatch.state import State

TARGET = "arn:aws:scheduler:::aws-sdk:cloudwatch:setAlarmState"
ASKED = {"AlarmName": "beat", "StateValue": "ALARM", "StateReason": "A heartbeat."}


def schedule(asked, arn=TARGET):
    given = asked if isinstance(asked, str | Unknown) else json.dumps(asked)
    return {"Target": {"Arn": arn, "Input": given}}


def test_name_state_and_reason_are_read():
    assert asked_of(schedule(ASKED)) == Asked("beat", State.ALARM, "A heartbeat.")


def test_the_reason_may_be_left_out():
    assert asked_of(schedule({"AlarmName": "beat", "StateValue": "OK"})) == Asked(
        "beat", State.OK, ""
    )


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"Target": Unknown()},
        schedule(ASKED, "arn:aws:lambda:us-east-1:123456789012:function:f"),
        schedule("no json"),
        schedule(Unknown()),
        schedule([1]),
        schedule({"AlarmName": "beat"}),
        schedule({**ASKED, "StateValue": "RED"}),
    ],
)
def test_what_sets_no_alarm_is_none(other):
    assert asked_of(other) is None
