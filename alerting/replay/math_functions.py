"""The functions of metric math, on plain arrays.

A series is a table of slots (oldest first) by evaluations, NaN where there is no datapoint.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from alerting.replay.series import Times, Values

Days = NDArray[np.int64]

_MONDAY = 3
"""The first of January 1970 was a Thursday, three days after a Monday."""


def average(rows: Values) -> Values:
    """Mean over the first axis; NaN where nothing is there."""
    return np.nansum(rows, axis=0) / count(rows)


def total(rows: Values) -> Values:
    """Sum over the first axis; NaN where nothing is there."""
    return np.where(count(rows) > 0, np.nansum(rows, axis=0), np.nan)


def lowest(rows: Values) -> Values:
    """Minimum over the first axis; infinite where nothing is there."""
    return np.where(np.isnan(rows), np.inf, rows).min(axis=0)


def highest(rows: Values) -> Values:
    """Maximum over the first axis; infinite where nothing is there."""
    return np.where(np.isnan(rows), -np.inf, rows).max(axis=0)


def deviation(rows: Values) -> Values:
    """Standard deviation of all there is over the first axis."""
    return np.sqrt(average((rows - average(rows)) ** 2))


def count(rows: Values) -> Values:
    """How many datapoints there are over the first axis."""
    return np.count_nonzero(~np.isnan(rows), axis=0) * 1.0


def repeated(series: Values) -> Values:
    """Gaps filled with the last datapoint before them."""
    last = np.where(np.isnan(series), -1, np.arange(len(series))[:, np.newaxis])
    last = np.maximum.accumulate(last, axis=0)
    filled = np.take_along_axis(series, np.maximum(last, 0), axis=0)
    return np.where(last < 0, np.nan, filled)


def interpolated(series: Values, begins: Times) -> Values:
    """Gaps between two datapoints filled along the line between them."""
    at = np.where(np.isnan(series), np.nan, begins)
    start, stop = repeated(at), repeated(at[::-1])[::-1]
    before, after = repeated(series), repeated(series[::-1])[::-1]
    share = (begins - start) / (stop - start)
    return np.where(np.isnan(series), before + (after - before) * share, series)


def difference(series: Values) -> Values:
    """What each datapoint differs by from the last one before it."""
    nothing = np.full((1, *series.shape[1:]), np.nan)
    return series - np.concatenate([nothing, repeated(series)[:-1]])


def running_total(series: Values) -> Values:
    """The sum of each datapoint and those before it."""
    return np.where(np.isnan(series), np.nan, np.nancumsum(series, axis=0))


def _days(begins: Times) -> Days:
    return begins // 86_400


def _date(begins: Times) -> Days:
    days = begins.astype("datetime64[s]").astype("datetime64[D]")
    return (days - days.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64) + 1


def _months(begins: Times) -> Days:
    return begins.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64)


CALENDAR: dict[str, Callable[[Times], Days]] = {
    "EPOCH": lambda begins: begins,
    "MINUTE": lambda begins: begins // 60 % 60,
    "HOUR": lambda begins: begins // 3600 % 24,
    "DAY": lambda begins: (_days(begins) + _MONDAY) % 7 + 1,
    "DATE": _date,
    "MONTH": lambda begins: _months(begins) % 12 + 1,
    "YEAR": lambda begins: _months(begins) // 12 + 1970,
}
"""What a clock and calendar in UTC say where a slot begins; DAY is 1 on Monday."""
