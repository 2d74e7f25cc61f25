"""Wall-clock time of a zone, as numbers."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

_QUARTER = 900
"""Seconds. Zones change their offset at whole quarters of an hour."""


def local_seconds(stamps: np.ndarray, timezone: str) -> np.ndarray:
    """Seconds on the wall clock since 1970-01-01 00:00 there: UTC plus the offset of the moment.

    Args:
        stamps: int64 (rows,), epoch seconds.
        timezone: IANA name.
    """
    if timezone == "UTC":
        return stamps
    zone = ZoneInfo(timezone)
    quarters, which = np.unique(stamps // _QUARTER, return_inverse=True)
    offsets = np.array([_offset(quarter * _QUARTER, zone) for quarter in quarters.tolist()])
    return stamps + offsets[which]


def _offset(stamp: int, zone: ZoneInfo) -> int:
    ahead = datetime.fromtimestamp(stamp, zone).utcoffset() or timedelta()
    return int(ahead.total_seconds())
