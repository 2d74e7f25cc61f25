"""One alarm's view of its data: what it counts at each tick."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from alerting.cloudwatch.comparison import Comparison
from alerting.cloudwatch.evaluation import Evaluation
from alerting.cloudwatch.reason import Datapoint
from alerting.replay.clock import Slots, first_seen, moments
from alerting.replay.expression import Expression, Name
from alerting.replay.metric_math import Inputs, work_out
from alerting.replay.series import Series, Times, Values
from alerting.replay.statistic import aggregate
from alerting.replay.timeline import Timeline, timeline

Counts = tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.bool_]]
"""Of the newest N real datapoints in range how many breach and how many do not, and whether the
oldest breach is at least M slots old; one of each a tick."""

_CELLS = 200_000
"""How many slots are worked out at a time; it bounds the memory, and tables stay in cache."""


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """The datapoints of one metric, the missing ones left out."""

    stamps: Times
    values: Values
    lag: int
    """Seconds from its stamp until a datapoint can be seen."""
    statistic: str = "Average"
    lower: Values | None = None
    """Lower edge of the band beside each datapoint; None where there is no band."""
    upper: Values | None = None

    @classmethod
    def of(
        cls,
        series: Series,
        statistic: str,
        ingestion_delay: int,
        band: tuple[Values, Values] | None = None,
    ) -> "Points":
        """From a series and the band beside it; without a band there is no datapoint either."""
        stamps, values, lag = series.stamps, series.values, series.spacing + ingestion_delay
        if band is None:
            stamps, values = series.present()
            return cls(stamps, values, lag, statistic)
        lower, upper = band
        there = ~(np.isnan(values) | np.isnan(lower) | np.isnan(upper))
        return cls(stamps[there], values[there], lag, statistic, lower[there], upper[there])


class Window(NamedTuple):
    """What is seen at some ticks: a row a slot, oldest first; a column a tick."""

    begins: Times
    """Where each slot begins."""
    stamps: Times
    """Of the one datapoint of a slot; where there are none or several, where it begins."""
    values: Values
    """NaN: missing."""
    lower: Values
    """NaN without a band."""
    upper: Values
    breaching: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Watch:
    """What one alarm compares with what, over all its data."""

    evaluation: Evaluation
    slots: int
    """How many the evaluation range has."""
    comparison: Comparison
    inputs: Mapping[str, Points]
    """By Id."""
    expression: Expression
    threshold: float | None
    """None for a band."""
    start: int | None
    """The tick at which the first datapoint of any input can be seen; None if there is none."""
    end: int

    def timeline(self) -> Timeline:
        """The alarm's states, from its first datapoint on."""
        ticks = self._moments()
        if not ticks.size:
            nothing = np.array([], dtype=np.int64)
            return Timeline(None, self.end, nothing, nothing)
        if self._at_most_one_a_slot():
            counts = self._counted(ticks)
        else:
            step = max(1, _CELLS // self.slots)
            blocks = [self._tabled(ticks[at : at + step]) for at in range(0, ticks.size, step)]
            breaching, good, old = zip(*blocks, strict=True)
            counts = np.concatenate(breaching), np.concatenate(good), np.concatenate(old)
        return timeline(ticks, *counts, self.evaluation, self.end)

    def window(self, ticks: Times) -> Window:
        """What is seen at given ticks."""
        stamped = [int(one.stamps[0]) for one in self.inputs.values() if one.stamps.size]
        first = min(stamped, default=int(ticks[0]))
        edges = Slots(self.evaluation, self.slots, first, self.end).edges(ticks)
        begins = edges[:-1]
        places = {name: _places(one, edges, ticks) for name, one in self.inputs.items()}
        tables = {
            name: aggregate(one.values, *places[name], one.statistic)
            for name, one in self.inputs.items()
        }
        stamps, lower, upper = begins, np.full(begins.shape, np.nan), np.full(begins.shape, np.nan)
        if isinstance(self.expression, Name):
            name = self.expression.name
            values, points = tables[name], self.inputs[name]
            start, past = places[name]
            stamps = np.where(past - start == 1, np.append(points.stamps, 0)[start], begins)
            if points.lower is not None and points.upper is not None:
                lower = aggregate(points.lower, start, past, points.statistic)
                upper = aggregate(points.upper, start, past, points.statistic)
        else:
            values = work_out(self.expression, Inputs(tables, begins, self.evaluation.period))
        return Window(begins, stamps, values, lower, upper, self._breaches(values, lower, upper))

    def datapoints(self, tick: int) -> tuple[Datapoint, ...]:
        """The evaluation range at one tick, oldest first, each beside its band if it has one."""
        seen = self.window(np.array([tick]))
        of_band = self.threshold is None
        return tuple(
            Datapoint(
                int(seen.stamps[slot, 0]),
                float(seen.values[slot, 0]),
                bool(seen.breaching[slot, 0]),
                float(seen.lower[slot, 0]) if of_band else None,
                float(seen.upper[slot, 0]) if of_band else None,
            )
            if not np.isnan(seen.values[slot, 0])
            else Datapoint(int(seen.stamps[slot, 0]))
            for slot in range(self.slots)
        )

    def _moments(self) -> Times:
        if self.start is None or self.start > self.end:
            return np.array([], dtype=np.int64)
        each = [
            moments(points.stamps, points.lag, self.evaluation, self.slots, self.end)
            for points in self.inputs.values()
            if points.stamps.size
        ]
        if len(each) == 1 and each[0].size and each[0][0] == self.start:
            return each[0]
        return np.unique(np.concatenate([[self.start], *each]))

    def _at_most_one_a_slot(self) -> bool:
        (points, *others) = self.inputs.values()
        return (
            not others
            and isinstance(self.expression, Name)
            and self.evaluation.timezone is None
            and not np.any(np.diff(points.stamps) < self.evaluation.period)
        )

    def _counted(self, ticks: Times) -> Counts:
        """Without a table: the datapoints in range are neighbours, and counts add up."""
        (points,) = self.inputs.values()
        rule = self.evaluation
        nan = np.full(points.stamps.size, np.nan)
        lower = nan if points.lower is None else points.lower
        upper = nan if points.upper is None else points.upper
        breaches = self._breaches(points.values, lower, upper)
        before = np.append(0, np.cumsum(breaches))
        past = np.searchsorted(points.stamps, ticks - points.lag, side="right")
        first = np.searchsorted(points.stamps, ticks - self.slots * rule.period)
        first = np.minimum(np.maximum(first, past - rule.evaluation_periods), past)
        breaching = before[past] - before[first]
        oldest = np.append(points.stamps, 0)[first]
        # Only read where nothing good is in range: then the oldest datapoint is the oldest breach.
        age = -(-(ticks - oldest) // rule.period)
        return breaching, past - first - breaching, age >= rule.datapoints_to_alarm

    def _tabled(self, ticks: Times) -> Counts:
        seen = self.window(ticks)
        rule = self.evaluation
        real = ~np.isnan(seen.values)
        newer = np.cumsum(real[::-1], axis=0)[::-1]
        judged = real & (newer <= rule.evaluation_periods)
        breaching = judged & seen.breaching
        count = np.count_nonzero(breaching, axis=0)
        good = np.count_nonzero(judged, axis=0) - count
        age = self.slots - np.argmax(breaching, axis=0)
        return count, good, age >= rule.datapoints_to_alarm

    def _breaches(self, values: Values, lower: Values, upper: Values) -> NDArray[np.bool_]:
        limit = np.nan if self.threshold is None else self.threshold
        match self.comparison:
            case Comparison.ABOVE:
                return values > limit
            case Comparison.ABOVE_OR_AT:
                return values >= limit
            case Comparison.BELOW:
                return values < limit
            case Comparison.BELOW_OR_AT:
                return values <= limit
            case Comparison.ABOVE_BAND:
                return values > upper
            case Comparison.BELOW_BAND:
                return values < lower
            case Comparison.OUTSIDE_BAND:
                return (values < lower) | (values > upper)


def start_of(series: list[Series], evaluation: Evaluation, ingestion_delay: int) -> int | None:
    """The tick at which an alarm's clock starts: its first datapoint can be seen."""
    ticks = [
        int(first_seen(stamps[:1], one.spacing + ingestion_delay, evaluation.tick)[0])
        for one in series
        for stamps in [one.present()[0]]
        if stamps.size
    ]
    return min(ticks, default=None)


def _places(
    points: Points, edges: Times, ticks: Times
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Of each slot the place of its first datapoint, and the place past its last one in sight."""
    places = np.searchsorted(points.stamps, edges)
    in_sight = np.searchsorted(points.stamps, ticks - points.lag, side="right")
    past = np.minimum(places[1:], in_sight)
    return np.minimum(places[:-1], past), past
