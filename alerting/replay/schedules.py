"""When a schedule of EventBridge Scheduler invokes its target.

Scheduler user guide, "Schedule types on EventBridge Scheduler": a rate begins at its start date, or
at once; a local time that the clocks skip is skipped, and one they repeat is taken once.
"""

import calendar
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import partial
from typing import Any

from alerting.cloudwatch.cron import MONTHS, WEEKDAYS, number, numbers
from alerting.cloudwatch.wall_clock import zone_of

_UNITS = {"minute": 60, "hour": 3600, "day": 86_400}
_RATE = re.compile(r"rate\(\s*(\d+)\s+(minute|hour|day)s?\s*\)")
_AT = re.compile(r"at\(\s*(\S+)\s*\)")
_CRON = re.compile(r"cron\(\s*(\S+) +(\S+) +(\S+) +(\S+) +(\S+) +(\S+)\s*\)")
_numbers = partial(numbers, every=("*", "?"))

_Days = Callable[[date], bool]


class ScheduleError(ValueError):
    """A schedule whose invocations cannot be told; the message is to be read after it."""


def occurrences(schedule: Mapping[str, Any], start: int, end: int) -> list[int]:
    """When a schedule invokes its target, in epoch seconds, from `start` to `end` (included).

    Args:
        schedule: In the shape of GetSchedule.
        start: When it is taken to have been made, unless it has a start date.
        end: Where to stop.

    Raises:
        ScheduleError: its expression, zone or dates are not known here.
    """
    if schedule.get("State") == "DISABLED":
        return []
    expression, name = str(schedule.get("ScheduleExpression")), _zone_name(schedule)
    first, last = _moment(schedule.get("StartDate")), _moment(schedule.get("EndDate"))
    until = end if last is None else min(end, last)
    if match := _RATE.fullmatch(expression):
        every = int(match[1]) * _UNITS[match[2]]
        if not every:
            raise ScheduleError(f"has the expression {expression}, which says nothing")
        begin = -(-start // 60) * 60 if first is None else first
        begin += max(0, -(-(start - begin) // every)) * every
        return list(range(begin, until + 1, every))
    zone = _zone(name)
    if match := _AT.fullmatch(expression):
        found = [_at(match[1], zone)]
        until = end  # a schedule for once ignores its dates
    elif match := _CRON.fullmatch(expression):
        found = _cron(match.groups(), zone, max(start, first or start), until)
    else:
        raise ScheduleError(f"has the expression {expression}, which is not known here")
    return [one for one in found if start <= one <= until]


def _at(text: str, zone: tzinfo) -> int:
    try:
        return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp())
    except ValueError:
        raise ScheduleError(f"has the time {text}, which is none") from None


def _cron(fields: tuple[str, ...], zone: tzinfo, start: int, end: int) -> Iterator[int]:
    """Invocations of `minutes hours day-of-month month day-of-week year`."""
    try:
        minutes, hours = (
            _numbers(fields[0], 0, 59),
            _numbers(fields[1], 0, 23),
        )
        months, years = (
            _numbers(fields[3], 1, 12, MONTHS),
            _numbers(fields[5], 1970, 2199),
        )
        of_month, of_week = _days_of_month(fields[2]), _days_of_week(fields[4])
    except ValueError:
        raise ScheduleError(f"has cron({' '.join(fields)}), which is not known here") from None
    day = datetime.fromtimestamp(start, zone).date()
    last = datetime.fromtimestamp(end, zone).date()
    while day <= last:
        if day.month in months and day.year in years and of_month(day) and of_week(day):
            for hour in sorted(hours):
                for minute in sorted(minutes):
                    local = datetime.combine(day, time(hour, minute), zone)
                    if local.astimezone(UTC).astimezone(zone) == local:
                        yield int(local.timestamp())
        day += timedelta(days=1)


def _days_of_month(field: str) -> _Days:
    if field == "L":
        return lambda day: day.day == calendar.monthrange(day.year, day.month)[1]
    days = _numbers(field, 1, 31)
    return lambda day: day.day in days


def _days_of_week(field: str) -> _Days:
    """`MON-FRI`, `6L` (the last Friday), `3#2` (the second Tuesday); Sunday is 1."""
    last = re.fullmatch(r"(\w+)L", field)
    if last:
        wanted = number(last[1], 1, WEEKDAYS)
        return lambda day: _weekday(day) == wanted and (day + timedelta(days=7)).month != day.month
    nth = re.fullmatch(r"(\w+)#([1-5])", field)
    if nth:
        wanted, count = number(nth[1], 1, WEEKDAYS), int(nth[2])
        return lambda day: _weekday(day) == wanted and (day.day - 1) // 7 + 1 == count
    days = _numbers(field, 1, 7, WEEKDAYS)
    return lambda day: _weekday(day) in days


def _weekday(day: date) -> int:
    return day.isoweekday() % 7 + 1


def _zone_name(schedule: Mapping[str, Any]) -> str:
    return str(schedule.get("ScheduleExpressionTimezone") or "UTC")


def _zone(name: str) -> tzinfo:
    zone = zone_of(name)
    if zone is None:
        raise ScheduleError(f"has the time zone {name}, which is none")
    return zone


def _moment(text: object) -> int | None:
    """Of a start or end date."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        raise ScheduleError(f"has the date {text}, which is none") from None
    return int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp())
