"""Schedules that set an alarm to a state, so that its path is used."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from alerting.cloudwatch.state import State

_TARGET = ":scheduler:::aws-sdk:cloudwatch:setAlarmState"
"""Scheduler user guide, "Using universal targets": the end of the target's ARN."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a schedule asks SetAlarmState for."""

    alarm: str
    """Its name."""
    state: State
    reason: str


def asked_of(schedule: Mapping[str, Any]) -> Asked | None:
    """What a schedule, in the shape of GetSchedule, asks for; None where it is something else."""
    target = schedule.get("Target")
    if not isinstance(target, Mapping) or not str(target.get("Arn")).endswith(_TARGET):
        return None
    try:
        given = json.loads(str(target.get("Input")))
        alarm, state = given["AlarmName"], State(given["StateValue"])
    except (ValueError, KeyError, TypeError):
        return None
    return Asked(str(alarm), state, str(given.get("StateReason", "")))
