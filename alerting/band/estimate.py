"""The band of a series: one training after another, each applied until the next.

A row stamped T belongs to the last training instant at or before T, and a training sees only rows
that were complete by its instant (stamp + period <= instant). So nothing stamped T or later, and of
the earlier rows nothing unfinished at that instant, has a say in the band at T.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from alerting.band.localtime import local_seconds
from alerting.band.profiles import DAY, HOUR, profiles
from alerting.band.settings import BandSettings
from alerting.band.training import Window, train
from alerting.band.widths import at_width

_MEMORY = 14 * DAY
"""CloudWatch trains on up to two weeks."""
_START = 3 * HOUR
"""A first band stands after three hours, as a new model of CloudWatch's may take."""
_FEWEST = 10
"""Rows below which there is not enough data yet."""
_YOUNG = 3 * DAY
"""Until then a training every hour, afterwards every `_INTERVAL`, which divides it."""
_INTERVAL = 6 * HOUR
_AS_CLOUDWATCH = BandSettings()


@dataclass(frozen=True)
class Band:
    """The expected range of a series, one row a datapoint. Arrays are float64 (rows,)."""

    centre: np.ndarray
    """The value expected; NaN where there is no band."""
    above: np.ndarray
    """Half-width over the centre at width 2."""
    below: np.ndarray
    """Half-width under the centre at width 2."""
    both: np.ndarray
    """Half-width to each side at width 3, before it is kept wider than width 2."""
    floor: np.ndarray
    """The least the metric can be, as far as was known."""
    ceiling: float
    """The most the metric can be."""

    @property
    def first(self) -> int | None:
        """Index of the first row with a band; None: not enough data yet."""
        there = np.flatnonzero(np.isfinite(self.centre))
        return int(there[0]) if len(there) else None

    def at(self, width: float) -> tuple[np.ndarray, np.ndarray]:
        """Lower and upper edge at a width in standard deviations, which need not be whole.

        Cheap: everything is learned already. A wider band holds every narrower one.

        Returns:
            Two float64 (rows,), NaN where there is no band.

        Raises:
            ValueError: a width that is not a number above 0.
        """
        if not 0 < width < np.inf:
            raise ValueError(f"width must be above 0, got {width}")
        lower = self.centre - at_width(self.below, self.both, width)
        upper = self.centre + at_width(self.above, self.both, width)
        return self._clamped(lower), self._clamped(upper)

    def _clamped(self, edge: np.ndarray) -> np.ndarray:
        return np.minimum(np.maximum(edge, self.floor), self.ceiling)


def learn_band(
    stamps: np.ndarray,
    values: np.ndarray,
    *,
    period: int,
    settings: BandSettings = _AS_CLOUDWATCH,
) -> Band:
    """Learn the band of a series as it would have stood at each datapoint.

    Args:
        stamps: int64 (rows,), epoch seconds of the start of each datapoint, ascending, each once.
            Gaps and uneven steps are fine.
        values: float64 (rows,); NaN and infinities are missing datapoints.
        period: seconds each datapoint covers, at least 60: CloudWatch has no band below that.
        settings: what else is known of the metric.

    Raises:
        ValueError: stamps out of order, arrays of different shapes, or a period under 60.
    """
    stamps, values = _checked(stamps, values, period)
    catalogue = profiles(local_seconds(stamps, settings.timezone), period)
    centre, above, below, both, missed = np.full((5, len(stamps)), np.nan)

    rows = np.flatnonzero(np.isfinite(values) & ~_excluded(stamps, settings))
    lessons, complete = stamps[rows], stamps[rows] + period
    bins = [profile.bins[rows] for profile in catalogue]
    for start, stop, instant in _trainings(stamps, lessons, hourly=settings.adaptive):
        seen = slice(
            int(np.searchsorted(lessons, instant - _MEMORY)),
            int(np.searchsorted(complete, instant, side="right")),
        )
        if seen.stop - seen.start < _FEWEST:
            continue
        window = Window(
            instant, int(lessons[0]), lessons[seen], values[rows[seen]], missed[rows[seen]]
        )
        trained = train(window, catalogue, [b[seen] for b in bins], period, settings.adaptive)
        now = slice(start, stop)
        bin_ = catalogue[trained.profile].bins[now]
        spread = trained.spread[bin_]
        centre[now] = trained.centre[bin_]
        above[now] = trained.above * spread
        below[now] = trained.below * spread
        both[now] = trained.both * spread
        missed[now] = (values[now] - centre[now]) / spread

    ceiling = np.inf if settings.ceiling is None else settings.ceiling
    return Band(centre, above, below, both, _floor(stamps, values, period, settings), ceiling)


def _checked(stamps: np.ndarray, values: np.ndarray, period: int) -> tuple[np.ndarray, np.ndarray]:
    """The arrays in their types, with infinities as NaN."""
    stamps, values = np.asarray(stamps, np.int64), np.asarray(values, np.float64)
    if stamps.ndim != 1 or stamps.shape != values.shape:
        raise ValueError(
            f"stamps and values must be of one length, got {stamps.shape} and {values.shape}"
        )
    if (np.diff(stamps) <= 0).any():
        raise ValueError("stamps must ascend, each once")
    if period < 60:
        raise ValueError(f"period must be at least 60 seconds, got {period}")
    return stamps, np.where(np.isfinite(values), values, np.nan)


def _excluded(stamps: np.ndarray, settings: BandSettings) -> np.ndarray:
    excluded = np.zeros(len(stamps), bool)
    for start, end in settings.excluded:
        excluded |= (stamps >= start) & (stamps < end)
    return excluded


def _trainings(
    stamps: np.ndarray, lessons: np.ndarray, *, hourly: bool
) -> Iterator[tuple[int, int, int]]:
    """Runs of rows [start, stop) that share a training, and its instant."""
    if not len(lessons):
        return
    age = stamps - lessons[0]
    step = np.where((age < _YOUNG) | hourly, HOUR, _INTERVAL)
    instants = lessons[0] + age // step * step
    starts = np.flatnonzero(np.diff(instants, prepend=instants[0] - 1))
    for start, stop in pairwise([*starts.tolist(), len(stamps)]):
        if age[start] >= _START:
            yield start, stop, int(instants[start])


def _floor(
    stamps: np.ndarray, values: np.ndarray, period: int, settings: BandSettings
) -> np.ndarray:
    """The least the metric can be at each row, as far as the rows complete by then tell."""
    if settings.floor is not None:
        return np.full(len(stamps), settings.floor)
    negative = np.flatnonzero(values < 0)
    if not len(negative):
        return np.zeros(len(stamps))
    return np.where(stamps >= stamps[negative[0]] + period, -np.inf, 0.0)
