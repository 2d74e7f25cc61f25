"""Mute rules, as they bear on who is told."""

from collections.abc import Mapping
from datetime import UTC, datetime

from alerting.account import Item
from alerting.cloudwatch.mute_schedule import Cron, MuteSchedule, MuteScheduleError

_DAY = 86_400
_SINCE = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())
_LOOKED_AT = 92 * _DAY
"""As far as windows are followed: a quarter has every day of a month and of a week in it."""


def is_learning(one: Item) -> bool:
    """Whether a rule holds alarms back without a gap until it expires, as learning mode does."""
    schedule = schedule_of(one)
    return (
        not isinstance(schedule, MuteScheduleError)
        and schedule.expires is not None
        and _is_gapless(schedule, schedule.expires - _LOOKED_AT, schedule.expires)
    )


def is_for_ever(one: Item) -> bool:
    """Whether a rule holds its alarms back without a gap, and never expires."""
    schedule = schedule_of(one)
    if isinstance(schedule, MuteScheduleError) or schedule.expires is not None:
        return False
    since = max(_SINCE, schedule.starts or 0)
    return _is_gapless(schedule, since, since + _LOOKED_AT)


def _is_gapless(schedule: MuteSchedule, start: int, end: int) -> bool:
    if not isinstance(schedule.opens, Cron):
        return False
    opens, closes = next(schedule.windows(start, end), (end, end))
    return opens <= max(start, schedule.starts or start) and closes >= end


def schedule_of(one: Item) -> MuteSchedule | MuteScheduleError:
    """When a rule mutes, or why that cannot be told."""
    try:
        return MuteSchedule.of(one.data)
    except MuteScheduleError as error:
        return error


def names_in(one: Item) -> list[str]:
    """The names of alarms in a rule, as far as they are known."""
    targets = one.get("MuteTargets")
    names = targets.get("AlarmNames") if isinstance(targets, Mapping) else None
    given = names if isinstance(names, list | tuple) else ()
    return [name for name in given if isinstance(name, str)]
