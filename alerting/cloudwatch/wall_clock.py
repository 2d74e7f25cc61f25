"""Local times as people write them in a stack file, and the moments they mean."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from alerting.problems import Problem, must

MAX_ZONE = 50
"""Characters of a zone's name (CloudWatch API reference, Schedule)."""

_LOCAL = re.compile(r"\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2})?", re.ASCII)
_WITH_SECONDS = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?", re.ASCII)
_UNQUOTED = re.compile(r"(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}):\d{2}(?:\.\d+)? [+-]\d{4} \S+", re.ASCII)
"""What becomes of a date that is not quoted: YAML reads a time, and the engine prints it."""


def zone_problems(path: str, zone: object) -> Iterator[Problem]:
    """A time zone: an IANA name."""
    if zone_of(zone) is None:
        yield must(path, "an IANA time zone such as Europe/Berlin or UTC", zone)


def zone_of(name: object) -> tzinfo | None:
    """The zone of that name; None where there is none."""
    if not isinstance(name, str) or not 1 <= len(name) <= MAX_ZONE:
        return None
    # Loading zones takes some milliseconds, which a stack that names none need not pay.
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, no name at all, a directory
        return None


def date_problems(path: str, text: object) -> Iterator[Problem]:
    """A date, `2026-12-15`."""
    if _naive(text) is None or "T" in str(text):
        yield must(path, f'a date such as "2026-12-15"{_quote(text)}', text)


def time_problems(path: str, text: object, zone: tzinfo | None) -> Iterator[Problem]:
    """A local time, `2026-12-01T20:00`, or a date for its midnight, that is there exactly once.

    Where the clocks are put forward an hour is skipped, and where they are put back one is there
    twice: CloudWatch does not say what it makes of such a time, so it is refused.

    Args:
        path: where it stands.
        text: what stands there.
        zone: the zone it is of; None where that is not known, and its clocks cannot be looked at.
    """
    form = 'a local time such as "2026-12-01T20:00"'
    if isinstance(text, str) and _WITH_SECONDS.fullmatch(text):
        yield must(path, f"{form}, without seconds", text)
        return
    naive = _naive(text)
    if naive is None:
        yield must(path, f"{form}{_quote(text)}", text)
    elif zone is not None and _is_skipped(naive, zone):
        yield must(path, f"a time that there is; the clocks of {zone} skip this one", text)
    elif zone is not None and _is_twice(naive, zone):
        yield must(path, f"a time that is there once; the clocks of {zone} repeat it", text)


def range_problems(one: Mapping[str, Any], zone: tzinfo | None) -> Iterator[Problem]:
    """A stretch of time that has an end after its start; of no known zone, by the form alone."""
    start, end = one.get("from_"), one.get("to")
    found = [*time_problems("from_", start, zone), *time_problems("to", end, zone)]
    yield from found
    if zone is not None and not found:
        first, last = moment_of(start, zone), moment_of(end, zone)
        if first is not None and last is not None and last <= first:
            yield must("to", f"after {start}", end)


def moment_of(text: object, zone: tzinfo) -> datetime | None:
    """The moment, in UTC, that a local time of a zone means; None where it is no such time."""
    naive = _naive(text)
    return None if naive is None else naive.replace(tzinfo=zone).astimezone(UTC)


def _naive(text: object) -> datetime | None:
    if not isinstance(text, str) or not _LOCAL.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _is_skipped(naive: datetime, zone: tzinfo) -> bool:
    """There and back through UTC a time that is not there becomes another one."""
    return naive.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) != naive


def _is_twice(naive: datetime, zone: tzinfo) -> bool:
    first, second = (naive.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    return (first or timedelta()) != (second or timedelta())


def _quote(text: object) -> str:
    match = _UNQUOTED.fullmatch(text) if isinstance(text, str) else None
    return ", in quotes (unquoted, YAML reads a moment)" if match else ""
