"""A metric's datapoints over a declared time."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Times = NDArray[np.int64]
"""Epoch seconds."""
Values = NDArray[np.float64]
"""NaN where there is no datapoint."""

DEFAULT_SPACING = 300
"""Taken where a series is too short to tell: the period AWS services publish at by default."""
_ROWS_LOOKED_AT = 100


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """Datapoints of one metric and statistic. Make one with `Series.of`."""

    stamps: Times
    """Start of each datapoint; rising, each once."""
    values: Values
    """One a stamp; NaN is a missing datapoint. Infinities do not occur."""
    spacing: int
    """Seconds one datapoint covers: stamped T it can be seen from T + spacing on."""
    start: int
    """First second of the declared time."""
    end: int
    """Where the declared time ends; a gap before it belongs to the series."""

    @classmethod
    def of(
        cls,
        stamps: Sequence[int] | Times,
        values: Sequence[float] | Values,
        *,
        spacing: int | None = None,
        start: int | None = None,
        end: int | None = None,
    ) -> "Series":
        """Sort what is given; the last value of a stamp wins, infinities become missing.

        Args:
            stamps: Epoch seconds, in any order.
            values: One a stamp.
            spacing: Seconds one datapoint covers. Default: the commonest spacing of the first
                100 stamps; 300 where there are not two.
            start: Default: the first stamp.
            end: Default: the last stamp plus the spacing.

        Raises:
            ValueError: lengths differ, there is no stamp, or the spacing is not above 0.
        """
        times = np.asarray(stamps, dtype=np.int64)
        numbers = np.asarray(values, dtype=np.float64)
        if times.shape != numbers.shape or times.ndim != 1:
            raise ValueError(f"{times.size} stamps do not go with {numbers.size} values")
        if not times.size:
            raise ValueError("a series needs at least one stamp")
        if spacing is None:
            spacing = commonest_spacing(times) or DEFAULT_SPACING
        if spacing <= 0:
            raise ValueError(f"spacing must be above 0, got {spacing}")
        if np.any(times[1:] <= times[:-1]):
            order = np.argsort(times, kind="stable")
            times, numbers = times[order], numbers[order]
            last = np.append(times[1:] != times[:-1], True)
            times, numbers = times[last], numbers[last]
        numbers = np.where(np.isinf(numbers), np.nan, numbers)
        return cls(
            stamps=times,
            values=numbers,
            spacing=spacing,
            start=int(times[0]) if start is None else start,
            end=int(times[-1]) + spacing if end is None else end,
        )

    def present(self) -> tuple[Times, Values]:
        """Stamps and values of the datapoints that are not missing."""
        there = ~np.isnan(self.values)
        if there.all():
            return self.stamps, self.values
        return self.stamps[there], self.values[there]


def commonest_spacing(stamps: Times) -> int | None:
    """The commonest step forward within the first 100 stamps, the smallest of equals.

    None where no stamp is later than the one before it.
    """
    steps = np.diff(stamps[:_ROWS_LOOKED_AT])
    sizes, counts = np.unique(steps[steps > 0], return_counts=True)
    return int(sizes[np.argmax(counts)]) if sizes.size else None
