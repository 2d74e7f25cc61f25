"""When an alarm looks, and at what stretches of time.

A datapoint stamped T of a metric with spacing S covers [T, T + S) and can be seen from T + S on,
plus an ingestion delay. The clock ticks at whole multiples of the alarm's tick in UTC. At tick e
the slots of the evaluation range are the periods that end at e; for an alarm on wall-clock windows
they are the last completed periods of its calendar.
"""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np

from alerting.cloudwatch.evaluation import Evaluation
from alerting.replay.series import Times

_HOUR, _DAY, _WEEK = 3600, 86_400, 604_800
_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)")


def first_seen(stamps: Times, lag: int, tick: int) -> Times:
    """The tick at which each datapoint can be seen for the first time.

    Args:
        stamps: Of the datapoints.
        lag: The series' spacing plus the ingestion delay, in seconds.
        tick: Seconds between two evaluations.
    """
    return -(-(stamps + lag) // tick) * tick


def moments(stamps: Times, lag: int, evaluation: Evaluation, slots: int, end: int) -> Times:
    """The ticks up to `end`, included, at which the alarm may see something else than before.

    Args:
        stamps: Of the datapoints that are not missing, rising.
        lag: The series' spacing plus the ingestion delay, in seconds.
        evaluation: The alarm's.
        slots: How many the evaluation range has.
        end: Where the replay ends.
    """
    tick, period = evaluation.tick, evaluation.period
    reach = slots * period
    if evaluation.timezone:
        reach += 2 * period + _DAY  # calendar periods vary in length and end before the tick
    seen = first_seen(stamps, lag, tick)
    gone = np.maximum((stamps + reach) // tick * tick + tick, seen)
    new = np.flatnonzero(seen[1:] > gone[:-1])
    starts = seen[np.append(0, new + 1)]
    stops = np.minimum(gone[np.append(new, -1)], end)
    ticks = np.concatenate(
        [np.arange(start, stop + 1, tick) for start, stop in zip(starts, stops, strict=True)]
    )
    if evaluation.timezone or period % tick:
        return ticks
    # A window changes where a datapoint comes into sight or moves on by a slot. Both happen at
    # fixed places of the period for each datapoint; of a regular series at one or two in all.
    eventful = np.zeros(period // tick, dtype=np.bool_)
    eventful[seen % period // tick] = True
    eventful[gone % period // tick] = True
    return ticks if eventful.all() else ticks[eventful[ticks % period // tick]]


class Slots:
    """The slots an alarm looks at."""

    def __init__(self, evaluation: Evaluation, slots: int, first: int, end: int) -> None:
        """Lay them out.

        Args:
            evaluation: The alarm's.
            slots: How many the evaluation range has.
            first: The first stamp there is.
            end: Where the replay ends.
        """
        self._period, self.count = evaluation.period, slots
        self._calendar = None
        if evaluation.timezone:
            zone = parse_zone(evaluation.timezone)
            reach = (slots + 2) * self._period + _DAY
            self._calendar = calendar(self._period, zone, first - reach, end + self._period)

    def edges(self, ticks: Times) -> Times:
        """Where the slots begin and end: one row more than slots, oldest first; a column a tick."""
        back = np.arange(self.count, -1, -1)[:, np.newaxis]
        if self._calendar is None:
            return ticks - back * self._period
        completed = np.searchsorted(self._calendar, ticks, side="right") - 1
        return self._calendar[completed - back]


def parse_zone(name: str) -> tzinfo:
    """The time zone of a wall-clock window: an IANA name or an offset such as `+05:30`.

    Raises:
        ValueError: there is no such zone.
    """
    if match := _OFFSET.fullmatch(name.removeprefix("UTC")):
        offset = timedelta(hours=int(match[2]), minutes=int(match[3]))
        return timezone(offset if match[1] == "+" else -offset)
    try:
        return ZoneInfo(name)
    except (KeyError, OSError):
        raise ValueError(f"there is no time zone {name!r}") from None


def calendar(period: int, zone: tzinfo, first: int, last: int) -> Times:
    """Where wall-clock periods begin, from before `first` to after `last`.

    PutMetricAlarm API reference, `WallClockWindow`: minutes, hours and days of the zone; weeks
    begin on Monday. A day of a clock change is as long as it is.
    """
    if period < _HOUR:
        # Offsets are whole multiples of five minutes, so that these are the same everywhere.
        return np.arange(first // period * period, last + 2 * period, period)
    day = datetime.fromtimestamp(first, zone).replace(hour=0, minute=0, second=0, microsecond=0)
    if period == _WEEK:
        day -= timedelta(days=day.weekday())
    step = timedelta(days=7 if period == _WEEK else 1)
    begins: list[int] = []
    while not begins or begins[-1] <= last + period:
        begins.append(int(day.astimezone(UTC).timestamp()))
        day += step
    if period >= _DAY:
        return np.array(begins, dtype=np.int64)
    return np.concatenate([np.arange(day, after, period) for day, after in pairwise(begins)])
