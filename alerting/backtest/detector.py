"""CloudWatch's own band of the past, held beside our causal replay.

A band that was fitted on the data it is tested on hides the alarms, so what is older than the
detector is in-sample and told apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alerting.backtest.cell import Cell
from alerting.backtest.incidents import Span
from alerting.cloudwatch.comparison import Comparison
from alerting.replay.series import Series, Values


@dataclass(frozen=True, eq=False)
class DetectorBand:
    """The band CloudWatch shows for a metric's past."""

    lower: Values
    """Beside each row of the series; NaN where CloudWatch has none."""
    upper: Values
    until: int | None
    """What is stamped before this is in-sample, in epoch seconds. None: nobody knows how old the
    detector is, so all of it."""


@dataclass(frozen=True, slots=True)
class Beside:
    """How an alarm on CloudWatch's own band did."""

    cell: Cell
    in_sample_until: int | None
    """None: all of it is."""
    in_sample: int
    """How many of its alarms began in the part that is in-sample."""
    agreement: float | None
    """Share of the datapoints with both bands of which both say the same; None where none has."""


def breaches(
    values: Values, edges: tuple[Values, Values], comparison: Comparison
) -> NDArray[np.bool_]:
    """Whether each value is beyond its band, on a side that is looked at."""
    lower, upper = edges
    return (comparison.sees_lower & (values < lower)) | (comparison.sees_upper & (values > upper))


def beside(
    detector: DetectorBand,
    cell: Cell,
    alarms: Sequence[Span],
    series: Series,
    comparison: Comparison,
    ours: tuple[Values, Values],
) -> Beside:
    """Hold CloudWatch's band beside ours.

    Args:
        detector: CloudWatch's.
        cell: What the replay of an alarm on it was counted to.
        alarms: From when to when that was in ALARM.
        series: The metric.
        comparison: The alarm's.
        ours: Lower and upper edge of our band.
    """
    theirs = (detector.lower, detector.upper)
    both = ~np.isnan(series.values + theirs[0] + ours[0])
    same = breaches(series.values, theirs, comparison) == breaches(series.values, ours, comparison)
    return Beside(
        cell=cell,
        in_sample_until=detector.until,
        in_sample=sum(detector.until is None or start < detector.until for start, _ in alarms),
        agreement=float(np.mean(same[both])) if both.any() else None,
    )
