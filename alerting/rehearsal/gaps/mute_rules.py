"""Mute rules of alarms: moto has none."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from alerting.rehearsal.gaps.call import Answer, Refusal, Request, now, page

_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?")
_SHORTEST, _LONGEST = timedelta(minutes=1), timedelta(days=15)
_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
_NO_NAMES: list[str] = []
_FIELDS = (
    (0, 59, _NO_NAMES),
    (0, 23, _NO_NAMES),
    (1, 31, _NO_NAMES),
    (1, 12, _MONTHS),
    (0, 7, _DAYS),
)
"""Minute, hour, day of the month, month, day of the week: lowest, highest, names."""
_MINUTE = timedelta(minutes=1)


class MuteRules:
    """PutAlarmMuteRule, GetAlarmMuteRule, ListAlarmMuteRules, DeleteAlarmMuteRule."""

    service = "cloudwatch"

    def __init__(self, account_id: str) -> None:
        self._account = account_id
        self._held: dict[tuple[str, str], dict[str, Any]] = {}
        self.answers: dict[str, Answer] = {
            "PutAlarmMuteRule": self._put,
            "GetAlarmMuteRule": self._get,
            "ListAlarmMuteRules": self._list,
            "DeleteAlarmMuteRule": self._delete,
        }

    def muted_until(self, region: str, alarm: str) -> datetime | None:
        """The end of the window in which an alarm's actions are held back now; None: they run."""
        ends = [
            end
            for (place, _), rule in self._held.items()
            if place == region
            and alarm in rule.get("MuteTargets", {}).get("AlarmNames", ())
            and (end := window_end(rule, now())) is not None
        ]
        return max(ends, default=None)

    def _put(self, request: Request) -> dict[str, Any]:
        name, params = request.params["Name"], request.params
        arn = f"arn:aws:cloudwatch:{request.region}:{self._account}:alarm-mute-rule:{name}"
        rule = {
            **{key: value for key, value in params.items() if key != "Tags"},
            **{key: request.time(key) for key in ("StartDate", "ExpireDate") if key in params},
            "AlarmMuteRuleArn": arn,
            "LastUpdatedTimestamp": now(),
            "MuteType": "ALARM",
        }
        window_end(rule, now())  # refuses a schedule that is none
        self._held[request.region, name] = rule
        return {}

    def _get(self, request: Request) -> dict[str, Any]:
        name = request.params["AlarmMuteRuleName"]
        rule = self._held.get((request.region, name))
        if rule is None:
            raise Refusal("ResourceNotFoundException", f"there is no alarm mute rule {name}")
        return {**rule, "Status": _status(rule)}

    def _list(self, request: Request) -> dict[str, Any]:
        alarm, statuses = request.params.get("AlarmName"), request.params.get("Statuses")
        found = [
            {
                key: value
                for key, value in {**rule, "Status": _status(rule)}.items()
                if key not in ("Name", "Description", "Rule", "MuteTargets", "StartDate")
            }
            for (region, _), rule in self._held.items()
            if region == request.region
            and (alarm is None or alarm in rule.get("MuteTargets", {}).get("AlarmNames", ()))
            and (not statuses or _status(rule) in statuses)
        ]
        shown, more = page(found, request, "MaxRecords")
        return {"AlarmMuteRuleSummaries": shown, **more}

    def _delete(self, request: Request) -> dict[str, Any]:
        self._held.pop((request.region, request.params["AlarmMuteRuleName"]), None)
        return {}


def window_end(rule: dict[str, Any], moment: datetime) -> datetime | None:
    """When the window that is open at `moment` closes; None where none is open.

    Raises:
        Refusal: the schedule is none that CloudWatch takes.
    """
    schedule = rule["Rule"]["Schedule"]
    length = _duration(schedule["Duration"])
    starts, expires = rule.get("StartDate"), rule.get("ExpireDate")
    try:
        zone = ZoneInfo(schedule.get("Timezone", "UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        raise _invalid("Timezone", schedule["Timezone"]) from None
    opened = _last_opening(schedule["Expression"], moment.astimezone(zone), length)
    if opened is None or (starts and moment < starts) or (expires and moment >= expires):
        return None
    return (opened + length).astimezone(UTC)


def _status(rule: dict[str, Any]) -> str:
    expires = rule.get("ExpireDate")
    if expires and now() >= expires:
        return "EXPIRED"
    return "ACTIVE" if window_end(rule, now()) else "SCHEDULED"


def _last_opening(expression: str, local: datetime, length: timedelta) -> datetime | None:
    """When the window that is open at a local time opened."""
    once = re.fullmatch(r"at\((.+)\)", expression)
    if once:
        try:
            opened = datetime.fromisoformat(once[1]).replace(tzinfo=local.tzinfo)
        except ValueError:
            raise _invalid("Expression", expression) from None
        return opened if opened <= local < opened + length else None
    cron = re.fullmatch(r"cron\((\S+) (\S+) (\S+) (\S+) (\S+)\)", expression)
    if cron is None:
        raise _invalid("Expression", expression)
    minutes, hours, days, months, weekdays = (
        set(_values(field, *bounds, expression))
        for field, bounds in zip(cron.groups(), _FIELDS, strict=True)
    )
    at = local.replace(second=0, microsecond=0)
    while local < at + length:
        if (
            at.minute in minutes
            and at.hour in hours
            and at.month in months
            and at.day in days
            and weekdays & {at.isoweekday() % 7, at.isoweekday()}
        ):
            return at
        at -= _MINUTE
    return None


def _values(field: str, low: int, high: int, names: list[str], text: str) -> Iterator[int]:
    """The numbers a field of a cron expression stands for: `*`, `5`, `1-5`, `*/15`, `MON,WED`."""
    for part in field.upper().split(","):
        span, _, step = part.partition("/")
        first, dash, last = span.partition("-")
        try:
            if span == "*":
                start, end = low, high
            else:
                start = _number(first, low, names)
                end = _number(last, low, names) if dash else high if step else start
            if not low <= start <= end <= high:
                raise ValueError
            yield from range(start, end + 1, int(step or 1))
        except ValueError:
            raise _invalid("Expression", text) from None


def _number(text: str, low: int, names: list[str]) -> int:
    return names.index(text) + low if text in names else int(text)


def _duration(text: str) -> timedelta:
    found = _DURATION.fullmatch(text)
    days, hours, minutes = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    length = timedelta(days=days, hours=hours, minutes=minutes)
    if not _SHORTEST <= length <= _LONGEST:
        raise _invalid("Duration", text)
    return length


def _invalid(field: str, value: str) -> Refusal:
    return Refusal("ValidationError", f"{field}: {value!r} is not valid")
