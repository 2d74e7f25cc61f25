"""A rehearsal as a page: the timeline, and each replayed alarm in a picture."""

from collections.abc import Iterator

from alerting.band_source import ESTIMATE
from alerting.cloudwatch import State, words
from alerting.cloudwatch.evaluation import Evaluation
from alerting.pictures import Alarmed, Panel, Section, Table, page
from alerting.rehearsal.event import Event
from alerting.rehearsal.rehearse import Rehearsal
from alerting.rehearsal.report import closing_line
from alerting.replay import History, Watched
from alerting.replay.tumbling import combined


def as_page(rehearsal: Rehearsal) -> str:
    """The HTML; it opens offline."""
    sections = [_timeline(rehearsal)]
    for history in rehearsal.replay.histories if rehearsal.replay else ():
        # A composite has no series to draw; its changes stand in the timeline.
        if history.watched is not None:
            panel = _panel(rehearsal, history, history.watched)
            sections.append(Section(panel.title, panel.text, panel))
    return page(f"Rehearsal of {rehearsal.stack}: {closing_line(rehearsal)}", sections)


def _timeline(rehearsal: Rehearsal) -> Section:
    head = ("when (UTC)", "alarm", "change", "value", "told")
    rows = [
        (
            event.when,
            event.alarm.label,
            event.what,
            event.value_against_limit,
            _told(event),
        )
        for event in rehearsal.events
    ]
    return Section("Timeline", tuple(_remarks(rehearsal)), tables=[Table(head, rows)])


def _remarks(rehearsal: Rehearsal) -> Iterator[str]:
    yield "Deployed and replayed in memory: nothing left this machine."
    if rehearsal.has_band:
        yield ESTIMATE
    for event, delivery in rehearsal.lost:
        yield f"Lost: {event.alarm.label} to {delivery.receiver}: {delivery.why} ({delivery.rule})."


def _told(event: Event) -> str:
    names = [f"{d.receiver} ({d.protocol})" for d in event.told if d.delivered]
    names += [f"LOST: {d.receiver}" for d in event.told if not d.delivered and d.rule]
    told = ", ".join(names) or "nobody"
    return f"{told} ({event.why_not_told})" if event.held else told


def _panel(rehearsal: Rehearsal, history: History, what: Watched) -> Panel:
    alarm, data = history.alarm, rehearsal.feed
    bands, width = rehearsal.bands, what.band_width
    keys = list(what.metrics.values())
    series, _ = combined(
        what,
        {name: data.data[key] for name, key in what.metrics.items()},
        Evaluation.of(alarm.data),
    )
    spans = list(history.timeline.spans(State.ALARM))
    values = {e.time: e.value_against_limit for e in rehearsal.changes if e.alarm is alarm}
    files = ", ".join(dict.fromkeys(data.sources[key].path.name for key in keys))
    times = f"{len(spans)} time{'' if len(spans) == 1 else 's'}"
    return Panel(
        title=f"{alarm.label}: {times} in ALARM on {files}",
        text=(f"Fires when {words.condition(alarm.data)}.",),
        series=series,
        band=bands(alarm, series, width) if bands and width is not None else None,
        threshold=alarm.get("Threshold") if width is None else None,
        alarms=[Alarmed(start, end, values[start]) for start, end in spans],
        incidents=tuple(dict.fromkeys(i for key in keys for i in data.sources[key].incidents)),
    )
