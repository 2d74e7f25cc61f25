"""What a deploy or maintenance window is, and when an alarm learns."""

from collections.abc import Sequence
from typing import NotRequired, TypedDict


class TimeRangeArgs(TypedDict):
    """A stretch of time."""

    from_: str
    """Its first moment, a local time such as `2026-12-01T20:00`; a date is its midnight."""
    to: str
    """The moment after it."""


class WindowArgs(TypedDict):
    """A window in which alarms tell nobody: once (`from_`, `to`) or again and again (`cron`)."""

    timezone: NotRequired[str]
    """Has to be said, or AWS would take UTC: IANA name of the zone whose clocks it follows, such as
    `Europe/Berlin`."""
    from_: NotRequired[str]
    """When it opens, a local time without seconds: `2026-12-01T20:00`. With `to`."""
    to: NotRequired[str]
    """When it closes: after a minute to 15 days."""
    cron: NotRequired[str]
    """When it opens each time: minute, hour, day of the month, month, day of the week, as in
    `0 2 * * SUN`. With `lasts`, instead of `from_` and `to`."""
    lasts: NotRequired[str]
    """How long it is open each time: a minute to 15 days, as in `2h` or `1d12h`."""
    alarms: NotRequired[Sequence[str]]
    """Keys of the alarms that tell nobody in it. Default: all."""
