"""How wide a band is: quantiles of what was off before.

A width of 2 is meant to hold 95.45 % of the values and one of 3 99.73 %, as two and three standard
deviations of a normal distribution do, whatever the distribution of the metric.
"""

import numpy as np

TWO = 0.9545
THREE = 0.9973
_HALF_LIFE_TWO = 3.0
"""Days after which a residual weighs half, for width 2."""
_HALF_LIFE_THREE = 7.0
"""Likewise for width 3, whose quantile needs more rows."""
_TAIL = 0.9
"""Quantile from which on an exponential tail continues where rows are few."""
_ENOUGH = 3.0
"""Rows beyond a quantile from which on it is taken as it is."""
_SLACK = 1.01
"""CloudWatch values come in steps, and many sit exactly on a quantile: they belong inside."""
_STEP = 1.05
"""Width 3 is at least this much wider than width 2."""

_MEDIAN_VARIANCE = np.array([0.0, 1.0, 0.5, 0.449, 0.298, 0.287, 0.215, 0.21])


def median_variance(rows: np.ndarray) -> np.ndarray:
    """Variance of the median of so many independent normal values of variance 1."""
    large = np.pi / 2 / np.maximum(rows, 1)
    return np.where(rows < 8, _MEDIAN_VARIANCE[np.minimum(rows, 7)], large)


def half_widths(
    residuals: np.ndarray, ages: np.ndarray, distinct: int, least: float
) -> tuple[float, float, float]:
    """Half-widths of a band: above and below the centre at width 2, both sides at width 3.

    Args:
        residuals: float64 (rows,), what a forecast of the value would have missed it by.
        ages: float64 (rows,), days since.
        distinct: how many rows of the metric they come from; one may be told of twice.
        least: no half-width is smaller.
    """
    share = distinct / len(residuals)
    weights = 0.5 ** (ages / _HALF_LIFE_TWO)
    order = np.argsort(residuals, kind="stable")
    ascending, weights = residuals[order], weights[order]
    one_sided = (1 + TWO) / 2
    above = max(_quantile(ascending, weights, one_sided, share), least)
    below = max(_quantile(-ascending[::-1], weights[::-1], one_sided, share), least)

    size = np.abs(residuals)
    order = np.argsort(size, kind="stable")
    both = _quantile(size[order], 0.5 ** (ages[order] / _HALF_LIFE_THREE), THREE, share)
    return above, below, max(both, 1.5 * least)


def _quantile(ascending: np.ndarray, weights: np.ndarray, p: float, share: float) -> float:
    """Weighted quantile, far out and with few rows leaning on an exponential tail."""
    total = float(weights.sum())
    rows = share * total**2 / float((weights * weights).sum())  # of equal weight, say as much
    middle = np.cumsum(weights) - 0.5 * weights
    value = float(np.interp(p * total, middle, ascending))
    trust = min(1.0, rows * (1 - p) / _ENOUGH)
    if trust < 1:
        knee = float(np.interp(_TAIL * total, middle, ascending))
        beyond = ascending > knee
        excess = 0.0
        if beyond.any():
            excess = float(np.average(ascending[beyond] - knee, weights=weights[beyond]))
        tail = knee + excess * float(np.log((1 - _TAIL) / (1 - p)))
        value = trust * value + (1 - trust) * tail
    # What Student's t adds to the normal quantile at two standard deviations.
    return value * (1 + 1.4 / rows) * _SLACK


def at_width(two: np.ndarray, three: np.ndarray, width: float) -> np.ndarray:
    """Half-width at any width: linear between 2 and 3, proportional below and beyond."""
    three = np.maximum(three, _STEP * two)
    if width <= 2:
        return two * (width / 2)
    if width <= 3:
        return two + (three - two) * (width - 2)
    return three * (width / 3)
