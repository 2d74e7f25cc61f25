"""What a backtest says, in the sentences that terminal, Markdown and pictures share."""

from collections.abc import Iterator
from datetime import UTC, datetime

from alerting.backtest.advice import plural, result
from alerting.backtest.backtest import Result
from alerting.backtest.detector import Beside
from alerting.backtest.trial import LEAST_PERIOD, Alarm
from alerting.cloudwatch.words import duration, number

_NORMAL = {2.0: "95.4 %", 3.0: "99.7 %"}
"""Within so many standard deviations, where values are normal."""


def moment(time: int) -> str:
    """A time in UTC, to the minute."""
    return f"{datetime.fromtimestamp(time, UTC):%Y-%m-%d %H:%M}"


def headline(one: Result) -> str:
    """The alarm shown, and what became of it."""
    setting = f"{one.outcome.shown.choice}"
    as_declared = " as declared" if one.trial.declared else ""
    return f"{setting}{as_declared}: {result(one.outcome.shown)}"


def story(one: Result) -> Iterator[str]:
    """What there was to judge by; sentences."""
    series, outcome = one.trial.series, one.outcome
    rows = int(series.stamps.size)
    apart = f" {duration(series.spacing)} apart" if rows > 1 else ""
    span = f"{moment(series.start)} to {moment(series.end)} UTC"
    yield f"{plural(rows, 'datapoint')}{apart}, {span}."
    if one.trial.threshold is not None:
        return
    if outcome.first is None:
        learnable = one.trial.evaluation.period >= LEAST_PERIOD
        yield "There is no band" + (": not enough data yet." if learnable else ".")
        return
    after = duration(outcome.first - series.start)
    judged = f"{outcome.judged / 86_400:.1f} days could be judged"
    yield f"A band from {moment(outcome.first)} on, after {after}; {judged}."
    if outcome.coverage:
        inside = ", ".join(
            f"{100 * share:.1f} % at {number(w)}" for w, share in outcome.coverage.items()
        )
        normal = " and ".join(f"{s} at {number(w)}" for w, s in _NORMAL.items())
        yield f"Within the band by width: {inside} (normal values: {normal})."


def against(alarm: Alarm, threshold: float | None) -> str:
    """The value of an alarm against its limit."""
    value = f"{alarm.value:.4g}"
    if threshold is not None:
        return f"{value} against {number(threshold)}"
    if alarm.lower is None or alarm.upper is None:
        return value
    return f"{value} against {alarm.lower:.4g} to {alarm.upper:.4g}"


def how_long(alarm: Alarm) -> str:
    """How long an alarm was on."""
    return f"{duration(alarm.seconds)}{' and on' if alarm.end is None else ''}"


def compared(beside: Beside) -> str:
    """CloudWatch's own band beside ours, in a sentence or two."""
    text = f"On CloudWatch's own band of that time: {result(beside.cell)}."
    if beside.in_sample_until is None:
        text += " All of it is in-sample, as nobody knows how old the detector is"
    else:
        until = moment(beside.in_sample_until)
        text += f" Up to {until} it is in-sample ({beside.in_sample} of the alarms)"
    text += ": a band fitted on the data it is tested on hides alarms."
    if beside.agreement is not None:
        text += f" The two bands say the same of {100 * beside.agreement:.1f} % of the datapoints."
    return text
