"""One metric's past, tried with many settings of an alarm.

A trial is plain data and so is its outcome: either may cross to another process or machine.
"""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from alerting.backtest.advice import Advice, advise
from alerting.backtest.cell import Cell, count
from alerting.backtest.choice import Choice
from alerting.backtest.detector import Beside, DetectorBand, beside
from alerting.backtest.incidents import Incident, Span, Ticks, known_by
from alerting.band import Band, BandSettings, learn_band
from alerting.cloudwatch.comparison import Comparison
from alerting.cloudwatch.evaluation import Evaluation
from alerting.cloudwatch.state import State
from alerting.replay import Series, Timeline, evaluate, first_seen
from alerting.replay.series import Values

LEAST_PERIOD = 60
"""CloudWatch user guide, "Using metric math": no high-resolution metrics under a band."""

Edges = tuple[Values, Values]
"""Lower and upper edge of a band beside each row of a series; NaN where there is none."""


@dataclass(frozen=True, eq=False)
class Trial:
    """What is asked of one metric's past."""

    name: str
    """The file or the alarm."""
    series: Series
    """The metric at the alarm's period."""
    evaluation: Evaluation
    """How the alarm is evaluated; each choice brings its own M of N."""
    comparison: Comparison
    choices: tuple[Choice, ...]
    """At least one."""
    threshold: float | None = None
    """The fixed limit; None for a band."""
    settings: BandSettings = field(default_factory=BandSettings)
    """How the band is learned."""
    statistic: str = "Average"
    late: int = 0
    """Seconds after its period until a datapoint can be seen."""
    incidents: tuple[Incident, ...] = ()
    declared: Choice | None = None
    """How the alarm is set now; one of the choices. None: there is no alarm yet."""
    per_week: float = 1.0
    """How many alarms a week are all right."""
    detector: DetectorBand | None = None
    """CloudWatch's own band at the width of `declared`, where there is one."""

    def rule(self, choice: Choice) -> Evaluation:
        """How the alarm is evaluated if it is set like this."""
        m, n = choice.m, choice.n
        return replace(self.evaluation, evaluation_periods=n, datapoints_to_alarm=m)


@dataclass(frozen=True, slots=True)
class Alarm:
    """One time in ALARM."""

    start: int
    """The tick at which it began."""
    end: int | None
    """The tick at which it ended; None where it was still on at the end."""
    seconds: int
    """How long that was, up to the end of the replay."""
    stamp: int
    """Of the newest datapoint at its begin."""
    value: float
    lower: float | None
    """Lower edge of the band beside it; None for a fixed threshold."""
    upper: float | None
    incident: bool
    """Whether it began within a labelled incident."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """What became of one metric's past."""

    cells: tuple[Cell, ...]
    """One a choice."""
    shown: Cell
    """The one of which more is told: the only one, the alarm as it is set now, or the advice."""
    advice: Advice
    judged: int
    """Seconds of the replay in which the alarm shown could tell."""
    first: int | None
    """Stamp of the first datapoint with a band (with a threshold: of the first datapoint)."""
    coverage: dict[float, float]
    """By width, the share of the datapoints within the band."""
    alarms: tuple[Alarm, ...]
    """Of the cell shown."""
    edges: Edges
    """Of the cell shown."""
    in_alarm: NDArray[np.bool_]
    """Whether it was in ALARM after the tick at which each row was first seen."""
    beside: Beside | None = None
    """How CloudWatch's own band did."""


@dataclass(frozen=True, eq=False)
class _Replayed:
    """One choice, replayed."""

    cell: Cell
    line: Timeline
    spans: tuple[Span, ...]
    """From when to when it was in ALARM; not what began before there was a band, when an alarm that
    takes missing data for a breach is on."""
    edges: Edges
    known: tuple[Ticks, ...]
    judged: int


def run(trial: Trial) -> Outcome:
    """Replay one metric's past with every choice; causal throughout."""
    band = _band(trial)
    edges = {choice.width: _edges(trial, band, choice.width) for choice in trial.choices}
    first = _first(trial, edges[trial.choices[0].width])
    replayed = {c: _replayed(trial, c, edges[c.width], first) for c in trial.choices}
    cells = tuple(one.cell for one in replayed.values())
    advice = advise(cells, trial.per_week, max(one.judged for one in replayed.values()))
    shown = replayed[trial.declared or (advice.cell or cells[0]).choice]
    rule = trial.rule(shown.cell.choice)
    seen = first_seen(trial.series.stamps, trial.series.spacing + trial.late, rule.tick)
    return Outcome(
        cells=cells,
        shown=shown.cell,
        advice=advice,
        judged=shown.judged,
        first=first,
        coverage={w: _coverage(trial, e) for w, e in edges.items() if w and first is not None},
        alarms=_alarms(trial, shown),
        edges=shown.edges,
        in_alarm=shown.line.in_state(State.ALARM, seen),
        beside=_beside(trial, trial.detector, shown, first) if trial.detector else None,
    )


def _band(trial: Trial) -> Band | None:
    period = trial.evaluation.period
    if trial.threshold is not None or period < LEAST_PERIOD:
        return None
    series = trial.series
    return learn_band(series.stamps, series.values, period=period, settings=trial.settings)


def _edges(trial: Trial, band: Band | None, width: float | None) -> Edges:
    if band is None or width is None:
        nowhere = np.full(trial.series.stamps.size, np.nan)
        return nowhere, nowhere
    return band.at(width)


def _first(trial: Trial, edges: Edges) -> int | None:
    tells = ~np.isnan(trial.series.values)
    if trial.threshold is None:
        tells &= ~np.isnan(edges[0])
    return int(trial.series.stamps[tells][0]) if tells.any() else None


def _replayed(trial: Trial, choice: Choice, edges: Edges, first: int | None) -> _Replayed:
    rule = trial.rule(choice)
    line = evaluate(
        trial.series,
        rule,
        trial.comparison,
        threshold=trial.threshold,
        band=edges if trial.threshold is None else None,
        statistic=trial.statistic,
        ingestion_delay=trial.late,
    )
    if first is None:
        return _Replayed(count(choice, line, (), 0, ()), line, (), edges, (), 0)
    lag = trial.series.spacing + trial.late
    start = int(first_seen(np.array([first]), lag, rule.tick)[0])
    bounds = np.array(trial.incidents, dtype=np.int64).reshape(-1, 2)
    incidents = [
        Ticks(int(begins), int(first), int(last))
        for begins, (first, last) in zip(
            bounds[:, 0], first_seen(bounds, lag, rule.tick), strict=True
        )
    ]
    known = known_by(incidents, start, line.end)
    spans = tuple(span for span in line.spans(State.ALARM) if span[0] >= start)
    judged = max(line.end - start, 0)
    cell = count(choice, line, spans, judged, known)
    return _Replayed(cell, line, spans, edges, known, judged)


def _coverage(trial: Trial, edges: Edges) -> float:
    values, (lower, upper) = trial.series.values, edges
    there = ~np.isnan(values + lower)
    inside = (values >= lower) & (values <= upper)
    return float(np.mean(inside[there]))


def _alarms(trial: Trial, shown: _Replayed) -> tuple[Alarm, ...]:
    series, (lower, upper) = trial.series, shown.edges
    rows = np.flatnonzero(~np.isnan(series.values))
    tick = trial.rule(shown.cell.choice).tick
    seen = first_seen(series.stamps[rows], series.spacing + trial.late, tick)
    found: list[Alarm] = []
    for start, end in shown.spans:
        row = rows[np.searchsorted(seen, start, side="right") - 1]
        of_band = not np.isnan(lower[row])
        found.append(
            Alarm(
                start=start,
                end=None if shown.line.at(end) == State.ALARM else end,
                seconds=end - start,
                stamp=int(series.stamps[row]),
                value=float(series.values[row]),
                lower=float(lower[row]) if of_band else None,
                upper=float(upper[row]) if of_band else None,
                incident=any(one.first <= start <= one.last for one in shown.known),
            )
        )
    return tuple(found)


def _beside(trial: Trial, detector: DetectorBand, shown: _Replayed, first: int | None) -> Beside:
    theirs = _replayed(trial, shown.cell.choice, (detector.lower, detector.upper), first)
    return beside(detector, theirs.cell, theirs.spans, trial.series, trial.comparison, shown.edges)
