"""When an alarm mute rule is in force.

Sources: CloudWatch user guide, "Alarm Mute Rules" (the five fields of `cron`, durations from PT1M
to P15D, the three statuses), and the PutAlarmMuteRule API reference (`at(yyyy-MM-ddThh:mm)`, names
of months and days, `*`, `,` and `-`, time zones, start and expire dates).

Not documented, and taken to be so here: as in cron elsewhere, where both a day of the month and a
day of the week are asked for, either will do, and `*/15` means every fifteenth; a duration is a
length of time, so that a window over a clock change closes an hour earlier or later by the clock; a
window whose time the clock skips opens as much later, one whose time comes twice opens the first
time; a rule that starts or expires within a window cuts it.
"""

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from alerting.cloudwatch.cron import MONTHS, WEEKDAYS, numbers
from alerting.cloudwatch.wall_clock import zone_of
from alerting.spans import parse_iso_span

SHORTEST, LONGEST = 60, 15 * 86_400
"""Of a duration, in seconds."""

_FIELDS: tuple[tuple[str, int, int, Sequence[str]], ...] = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day of the month", 1, 31, ()),
    ("month", 1, 12, MONTHS),
    ("day of the week", 0, 7, WEEKDAYS),
)
"""Of `cron`: what each is, lowest, highest, names."""
_ONE_DAY = timedelta(days=1)
_LEAP_YEAR = 2024


class MuteScheduleError(ValueError):
    """A mute rule whose windows cannot be told; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Cron:
    """`cron(minute hour day month weekday)`, parsed."""

    times: tuple[tuple[int, int], ...]
    """Hour and minute, in the order of the day."""
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    """As cron counts them: 0 and 7 are Sunday."""
    either: bool
    """Whether one of `days` and `weekdays` is enough, as both are asked for."""

    @property
    def falls_on_some_day(self) -> bool:
        """Whether windows ever open: the 31st of February does not come."""
        longest = max(monthrange(_LEAP_YEAR, month)[1] for month in self.months)
        return self.either or min(self.days) <= longest

    def falls_on(self, day: date) -> bool:
        """Whether windows open on a day."""
        if day.month not in self.months:
            return False
        by_date = day.day in self.days
        by_weekday = not self.weekdays.isdisjoint({day.isoweekday(), day.isoweekday() % 7})
        return by_date or by_weekday if self.either else by_date and by_weekday


@dataclass(frozen=True, slots=True)
class MuteSchedule:
    """When the windows of a mute rule open and close."""

    opens: Cron | datetime
    """On the clock of the zone; a datetime has no zone of its own."""
    zone: tzinfo
    length: int
    """Of each window, in seconds."""
    starts: int | None
    """Epoch seconds before which the rule is not in force."""
    expires: int | None
    """Epoch seconds from which on it is not any more."""

    @classmethod
    def of(cls, rule: Mapping[str, Any]) -> "MuteSchedule":
        """Of a rule in the shape of GetAlarmMuteRule; dates as datetimes or in ISO 8601.

        Raises:
            MuteScheduleError: the schedule is none that CloudWatch takes, or is not known.
        """
        schedule = _mapping(_mapping(rule, "Rule"), "Schedule")
        return cls(
            parse_expression(_text(schedule, "Expression")),
            _zone(_text(schedule, "Timezone") if schedule.get("Timezone") else "UTC"),
            parse_duration(_text(schedule, "Duration")),
            _moment(rule, "StartDate"),
            _moment(rule, "ExpireDate"),
        )

    def windows(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The windows that are open at some time from `start` to `end`, included, in order.

        Windows that touch or overlap are one. Epoch seconds; a window closes just before its end.
        """
        opened: int | None = None
        closes = 0
        for opening in sorted(self._openings(start - self.length + 1, end)):
            since, until = max(opening, self.starts or opening), opening + self.length
            until = until if self.expires is None else min(until, self.expires)
            if since >= until or until <= start or since > end:
                continue
            if opened is not None and since <= closes:
                closes = max(closes, until)
                continue
            if opened is not None:
                yield opened, closes
            opened, closes = since, until
        if opened is not None:
            yield opened, closes

    def closes(self, moment: int) -> int | None:
        """When the window that is open at a moment closes; None where none is open."""
        return next((until for _, until in self.windows(moment, moment)), None)

    def status(self, moment: int) -> str:
        """`ACTIVE`, `SCHEDULED` or `EXPIRED`, as GetAlarmMuteRule would have it at a moment."""
        if self.closes(moment) is not None:
            return "ACTIVE"
        over = self.expires
        if isinstance(self.opens, datetime):
            over = self._epoch(self.opens) + self.length
        return "EXPIRED" if over is not None and moment >= over else "SCHEDULED"

    def _openings(self, first: int, last: int) -> Iterator[int]:
        """Epoch seconds from `first` to `last`, included."""
        if isinstance(self.opens, datetime):
            found = iter([self._epoch(self.opens)])
        else:
            found = self._openings_of(self.opens, first, last)
        yield from (one for one in found if first <= one <= last)

    def _openings_of(self, cron: Cron, first: int, last: int) -> Iterator[int]:
        """All on the days from `first` to `last`."""
        day = datetime.fromtimestamp(first, self.zone).date() - _ONE_DAY
        end = datetime.fromtimestamp(last, self.zone).date() + _ONE_DAY
        while day <= end:
            if cron.falls_on(day):
                for hour, minute in cron.times:
                    yield self._epoch(datetime(day.year, day.month, day.day, hour, minute))
            day += _ONE_DAY

    def _epoch(self, local: datetime) -> int:
        return int(local.replace(tzinfo=self.zone).timestamp())


def parse_expression(text: str) -> Cron | datetime:
    """`cron(0 2 * * SUN)`, or `at(2026-12-01T20:00)` as a datetime without a zone.

    Raises:
        MuteScheduleError: the text is neither; the message says why.
    """
    once = re.fullmatch(r"at\((\d{4}-\d\d-\d\dT\d\d:\d\d)\)", text, re.ASCII)
    if once:
        try:
            return datetime.fromisoformat(once[1])
        except ValueError:
            raise MuteScheduleError(f"{once[1]} is not in the calendar") from None
    cron = re.fullmatch(r"cron\(\s*(.*?)\s*\)", text)
    fields = cron[1].split() if cron else []
    if len(fields) != len(_FIELDS):
        raise MuteScheduleError(
            f"Expression must be at(yyyy-MM-ddThh:mm) or cron(...) with five fields, got {text!r}"
        )
    minutes, hours, days, months, weekdays = (
        _field(given, *bounds) for given, bounds in zip(fields, _FIELDS, strict=True)
    )
    return Cron(
        times=tuple((hour, minute) for hour in sorted(hours) for minute in sorted(minutes)),
        days=days,
        months=months,
        weekdays=weekdays,
        either=not fields[2].startswith("*") and not fields[4].startswith("*"),
    )


def parse_duration(text: str) -> int:
    """Seconds of an ISO 8601 duration that a window may last.

    Raises:
        MuteScheduleError: the text is no duration, or one that is too short or too long.
    """
    try:
        seconds = parse_iso_span(text)
    except ValueError as error:
        raise MuteScheduleError(f"Duration: {error}") from None
    if not SHORTEST <= seconds <= LONGEST:
        raise MuteScheduleError(f"Duration must be from PT1M to P15D, got {text!r}")
    return seconds


def _field(text: str, what: str, low: int, high: int, names: Sequence[str]) -> frozenset[int]:
    try:
        return numbers(text, low, high, names)
    except ValueError as error:
        raise MuteScheduleError(f"{str(error)!r} is no {what} of a cron expression") from None


def _zone(name: str) -> tzinfo:
    zone = zone_of(name)
    if zone is None:
        raise MuteScheduleError(f"there is no time zone {name!r}")
    return zone


def _moment(rule: Mapping[str, Any], key: str) -> int | None:
    value = rule.get(key)
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise MuteScheduleError(f"{key}: {value!r} is no time in ISO 8601") from None
    if value is None:
        return None
    if not isinstance(value, datetime):
        raise MuteScheduleError(f"its {key} is not known")
    return int((value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp())


def _mapping(of: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = of.get(key)
    if not isinstance(value, Mapping):
        raise MuteScheduleError(f"its {key} is not known")
    return value


def _text(of: Mapping[str, Any], key: str) -> str:
    value = of.get(key)
    if not isinstance(value, str):
        raise MuteScheduleError(f"its {key} is not known")
    return value
