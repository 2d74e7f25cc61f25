"""Alarms that a schedule sets to a state: heartbeats.

CloudWatch API reference, SetAlarmState: what it sets runs actions as a change in earnest does, and
a metric alarm goes back to what its metric says at its next evaluation. A composite alarm that a
schedule sets is not replayed so.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from alerting.account.model import Account, Item, Kind
from alerting.cloudwatch.evaluation import Evaluation
from alerting.cloudwatch.heartbeat import Asked, asked_of
from alerting.cloudwatch.state import MissingData, State
from alerting.replay.schedules import ScheduleError, occurrences
from alerting.replay.setting import Setting
from alerting.replay.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Beat:
    """A schedule, and what it sets which alarm to."""

    schedule: Item
    alarm: Item
    asked: Asked


def beats(account: Account) -> Iterator[Beat]:
    """The schedules that set metric alarms of an account."""
    for schedule in account.of(Kind.SCHEDULE):
        asked = asked_of(schedule.data)
        if asked is None:
            continue
        for alarm in account.find(Kind.ALARM, asked.alarm):
            if alarm.get("AlarmRule") is None:
                yield Beat(schedule, alarm, asked)


def settings(found: Iterable[Beat], start: int, end: int) -> list[Setting]:
    """When the schedules set their alarm to what, in the order of time.

    Raises:
        ScheduleError: of one of them that cannot be told.
    """
    made: list[Setting] = []
    for beat in found:
        try:
            times = occurrences(beat.schedule.data, start, end)
        except ScheduleError as error:
            raise ScheduleError(f"its schedule {beat.schedule.label} {error}") from None
        made += [Setting(time, beat.asked.state, beat.asked.reason) for time in times]
    return sorted(made, key=lambda one: one.time)


def steps(
    line: Timeline, settings: Sequence[Setting], evaluation: Evaluation
) -> Iterator[tuple[int, State, Setting | None]]:
    """The changes of a metric alarm that is set at times: when, to what, and by whom.

    Args:
        line: What its metric alone makes of it.
        settings: What sets it, in the order of time.
        evaluation: The alarm's.
    """
    start = line.end if line.start is None else line.start
    counted = [one for one in settings if one.time >= start]
    evaluated = {time for time, _ in line.changes}
    if evaluation.treat_missing_data is not MissingData.IGNORE:
        ticks = ((one.time // evaluation.tick + 1) * evaluation.tick for one in counted)
        evaluated |= {tick for tick in ticks if tick <= line.end}
    state, by_time = State.INSUFFICIENT_DATA, {one.time: one for one in counted}
    for time in sorted(evaluated | by_time.keys()):
        if time in evaluated and line.at(time) is not state:
            state = line.at(time)
            yield time, state, None
        setting = by_time.get(time)
        if setting is not None and setting.state is not state:
            state = setting.state
            yield time, state, setting
