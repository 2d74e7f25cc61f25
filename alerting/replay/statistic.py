"""One value for all datapoints of a slot, by the alarm's statistic.

A recording holds its metric's statistic at the recording's own spacing. Where that is the alarm's
period there is one datapoint a slot, and nothing to do. Where it is finer, sums and sample counts
add up, and averages and percentiles take the datapoints for raw values, all of equal weight.
"""

import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from alerting.replay.series import Values

Positions = NDArray[np.intp]

_CELLS = 1_000_000
"""How many datapoints are laid out at a time to be sorted."""
_TRIMMED = re.compile(r"tm(\d+(?:\.\d+)?)|TM\((\d+(?:\.\d+)?)%:(\d+(?:\.\d+)?)%\)")
_PERCENTILE = re.compile(r"p(\d+(?:\.\d+)?)")
_REDUCTIONS = {
    "Average": np.add,
    "Sum": np.add,
    "SampleCount": np.add,
    "Minimum": np.minimum,
    "Maximum": np.maximum,
}


class StatisticError(ValueError):
    """A statistic that cannot be worked out from several datapoints."""


def aggregate(values: Values, first: Positions, past: Positions, statistic: str) -> Values:
    """The statistic over `values[first:past]`, for every pair; NaN where that is empty.

    Percentiles interpolate between neighbours. A trimmed mean (`tm90`, `TM(10%:90%)`, `IQM`) leaves
    out whole datapoints only.

    Raises:
        StatisticError: some slot holds several datapoints and the statistic is none of these.
    """
    result = np.full(first.shape, np.nan)
    count = past - first
    one = count == 1
    result[one] = values[first[one]]
    several = count > 1
    if several.any():
        result[several] = _of_several(values, first[several], past[several], statistic)
    return result


def _of_several(values: Values, first: Positions, past: Positions, statistic: str) -> Values:
    if reduction := _REDUCTIONS.get(statistic):
        # reduceat works on stretches between neighbouring indices: every other one is wanted.
        edges = np.stack([first, past], axis=-1).ravel()
        reduced = reduction.reduceat(np.append(values, 0.0), edges)[::2]
        return reduced / (past - first) if statistic == "Average" else reduced
    if match := _PERCENTILE.fullmatch(statistic):
        share = float(match[1]) / 100
        parts = [_percentile(rows, count, share) for rows, count in _sorted(values, first, past)]
        return np.concatenate(parts)
    if statistic == "IQM":
        low, high = 25.0, 75.0
    elif match := _TRIMMED.fullmatch(statistic):
        low, high = (0.0, float(match[1])) if match[1] else (float(match[2]), float(match[3]))
    else:
        raise StatisticError(
            f"{statistic} cannot be worked out from a recording finer than the alarm's period"
        )
    parts = [_trimmed(rows, count, low, high) for rows, count in _sorted(values, first, past)]
    return np.concatenate(parts)


def _sorted(
    values: Values, first: Positions, past: Positions
) -> Iterator[tuple[Values, Positions]]:
    """Datapoints of each slot in a row, rising, NaN behind; and how many there are."""
    count = past - first
    widest = int(count.max())
    step = max(1, _CELLS // widest)
    for at in range(0, first.size, step):
        size = count[at : at + step]
        where = first[at : at + step, np.newaxis] + np.arange(widest)
        inside = np.arange(widest) < size[:, np.newaxis]
        rows = np.where(inside, values[np.minimum(where, values.size - 1)], np.nan)
        rows.sort(axis=1)
        yield rows, size


def _percentile(rows: Values, count: Positions, share: float) -> Values:
    rank = share * (count - 1)
    below = np.floor(rank).astype(np.intp)
    above = np.minimum(below + 1, count - 1)
    line = np.arange(count.size)
    low, high = rows[line, below], rows[line, above]
    return low + (high - low) * (rank - below)


def _trimmed(rows: Values, count: Positions, low: float, high: float) -> Values:
    start = np.minimum(np.floor(count * low / 100).astype(np.intp), count - 1)
    stop = np.maximum(np.ceil(count * high / 100).astype(np.intp), start + 1)
    place = np.arange(rows.shape[1])
    kept = (place >= start[:, np.newaxis]) & (place < stop[:, np.newaxis])
    return np.where(kept, rows, 0.0).sum(axis=1) / (stop - start)
