"""What happened, in lines that end the search for a failure's cause."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from alerting.account import Item
from alerting.cloudwatch import words
from alerting.cloudwatch.reason import Datapoint
from alerting.replay import Change
from alerting.replay.composites import Composite
from alerting.scenarios.run import Run
from alerting.scenarios.staging import MONDAY
from alerting.spans import span

_CHANGES_SHOWN = 8

_SIGNS = {
    "GreaterThanThreshold": ">",
    "GreaterThanOrEqualToThreshold": ">=",
    "LessThanThreshold": "<",
    "LessThanOrEqualToThreshold": "<=",
}


def clock(run: Run, time: int) -> str:
    """Seconds after zero as a scenario writes them; with the date where zero is one of its own."""
    text = span(time - run.zero)
    if run.zero == MONDAY:
        return text
    return f"{text} ({datetime.fromtimestamp(time, UTC):%Y-%m-%d %H:%M}Z)"


def joined(run: Run, changes: Sequence[Change]) -> str:
    """The times of some changes."""
    shown = ", ".join(f"at {clock(run, change.time)}" for change in changes[:_CHANGES_SHOWN])
    return shown + (", ..." if len(changes) > _CHANGES_SHOWN else "")


def list_of_changes(run: Run, alarm: Item) -> Iterator[str]:
    """All that an alarm did."""
    changes = run.changes(alarm)
    if not changes:
        yield "it stayed in INSUFFICIENT_DATA throughout"
        return
    shown = [f"{change.new} at {clock(run, change.time)}" for change in changes[:_CHANGES_SHOWN]]
    more = len(changes) - len(shown)
    yield f"it went: {', '.join(shown)}{f' and {more} more' if more else ''}"


@dataclass(frozen=True, slots=True)
class Extreme:
    """The datapoint that comes nearest to a threshold, or lies furthest beyond it."""

    value: float
    time: int
    """Its timestamp."""
    seen: int
    """When it can be seen."""
    limit: str
    """The threshold, with its comparison."""


def extreme_of(run: Run, alarm: Item) -> Extreme | None:
    """Of an alarm on one metric as it is; None for bands, metric math and composites."""
    history = run.replay.history(alarm)
    metric = history.watched.metric if history and history.watched else None
    if history is None or history.threshold is None or metric is None:
        return None
    series = run.data[metric]
    stamps, values = series.present()
    rising = str(alarm.get("ComparisonOperator")).startswith("Greater")
    at = int(np.argmax(values) if rising else np.argmin(values))
    time = int(stamps[at])
    limit = _limit(alarm, history.threshold)
    return Extreme(float(values[at]), time, time + series.spacing, limit)


def picture_of(run: Run, alarm: Item, moment: int) -> Iterator[str]:
    """What an alarm looked at, at its last tick up to a moment: datapoints and limit, or alarms."""
    history = run.replay.history(alarm)
    if history is None:
        yield "no datapoint was there to be looked at"
        return
    if history.watched is None:
        yield from _children_of(run, alarm, moment)
        return
    tick = history.tick_before(moment)
    n = alarm.get("EvaluationPeriods", 1)
    m = alarm.get("DatapointsToAlarm") or n
    points = history.datapoints(tick)
    yield f"looked at {clock(run, tick)}, {m} of {n} datapoints must breach:"
    rows = [_row(run, alarm, history.threshold, point) for point in points]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=False))
        yield f"  {'  '.join([*cells, row[3]])}".rstrip()


def _children_of(run: Run, alarm: Item, moment: int) -> Iterator[str]:
    yield f"looked at {clock(run, moment)}, this must hold: {alarm.get('AlarmRule')}"
    composite = run.stage.family.composites[id(alarm)]
    if isinstance(composite, Composite):
        width = max(map(len, composite.children))
        for name, child in composite.children.items():
            history = run.replay.history(child)
            state = history.timeline.at(moment) if history else "not shown"
            yield f"  {name.ljust(width)}  {state}"


def told_of(run: Run, alarm: Item) -> Iterator[str]:
    """Who was told of what an alarm did, and who should have been."""
    for change in run.changes(alarm)[:_CHANGES_SHOWN]:
        yield f"told of {change.new} at {clock(run, change.time)}: {told_at_once(run, change)}"
        for one in run.later:
            if one.change is change:
                told = ", ".join(one.told) or "nobody"
                yield f"  at {clock(run, one.time)}, {one.words}: {told}"
        for note in run.notes_of(change):
            if not note.delivered and note.delivery.why:
                yield f"  not {note.delivery.receiver}: {note.delivery.why}"


def told_at_once(run: Run, change: Change, time: Callable[[int], str] | None = None) -> str:
    """Who was told of a change when it happened, or what held the message back.

    Args:
        run: What happened.
        change: The change.
        time: How a time reads. Default: as a scenario writes it.
    """
    told = ", ".join(run.told_at_once(change)) or "nobody"
    hold = run.hold(change)
    return f"{told} ({hold.words(time or (lambda at: clock(run, at)))})" if hold else told


def _row(
    run: Run, alarm: Item, threshold: float | None, point: Datapoint
) -> tuple[str, str, str, str]:
    stamp = clock(run, point.time)
    if point.value is None:
        return stamp, "missing", "", ""
    if threshold is not None:
        limit = _limit(alarm, threshold)
    elif point.lower is not None and point.upper is not None:
        limit = f"band {point.lower:.4g} to {point.upper:.4g}"
    else:
        limit = "no band"
    return stamp, words.number(point.value), limit, "breaches" if point.breaching else ""


def _limit(alarm: Item, threshold: float) -> str:
    operator = str(alarm.get("ComparisonOperator"))
    return f"limit {_SIGNS.get(operator, operator)} {words.number(threshold)}"
