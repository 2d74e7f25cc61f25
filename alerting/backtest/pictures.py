"""A backtest in pictures: a page to look at, or a PNG for a pull request."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from alerting.backtest.advice import plural
from alerting.backtest.backtest import Backtest, Result
from alerting.backtest.grids import grids
from alerting.backtest.words import against, compared, headline, how_long, moment, story
from alerting.band_source import ESTIMATE
from alerting.output import BadInput
from alerting.pictures import Alarmed, Panel, Section, Table, page
from alerting.pictures import png as drawn_png

MOST = 50
"""Panels of a page; more would not open."""
MOST_IN_PNG = 12


def write_pictures(backtest: Backtest, *, report: Path | None, png: Path | None) -> None:
    """Draw what was asked for.

    Raises:
        BadInput: there is nothing to draw, or a file cannot be written.
    """
    if not backtest.results:
        raise BadInput("there is nothing to draw")
    if report is not None:
        _write(report, _page(backtest).encode())
    if png is not None:
        _write(png, _png(backtest))


def title(backtest: Backtest) -> str:
    """What is seen, in a sentence."""
    metrics, alarms = len(backtest.results), sum(r.outcome.shown.alarms for r in backtest.results)
    days = max((r.outcome.judged for r in backtest.results), default=0) / 86_400
    of = "one metric" if metrics == 1 else f"{metrics} metrics"
    return f"Backtest: {plural(alarms, 'alarm')} on {of} in {days:.1f} days"


def panel(name: str, one: Result) -> Panel:
    """One metric in a picture."""
    trial, outcome = one.trial, one.outcome
    return Panel(
        title=f"{name}: {_in_short(one)}",
        text=tuple(_text(one)),
        series=trial.series,
        band=outcome.edges if trial.threshold is None else None,
        threshold=trial.threshold,
        alarms=[
            Alarmed(alarm.start, alarm.start + alarm.seconds, against(alarm, trial.threshold))
            for alarm in outcome.alarms
        ],
        incidents=trial.incidents,
    )


def _in_short(one: Result) -> str:
    alarms, days = one.outcome.shown.alarms, one.outcome.judged / 86_400
    return f"{plural(alarms, 'alarm')} in {days:.1f} days at {one.outcome.shown.choice}"


def _text(one: Result) -> Iterator[str]:
    yield f"{headline(one)}."
    yield from story(one)
    if one.outcome.beside is not None:
        yield compared(one.outcome.beside)


def _png(backtest: Backtest) -> bytes:
    drawn = _most_telling(backtest, MOST_IN_PNG)
    return drawn_png(title(backtest), [panel(name, one) for name, one in drawn])


def _page(backtest: Backtest) -> str:
    drawn = _most_telling(backtest, MOST)
    intro = [ESTIMATE] if backtest.has_band else []
    left_out = len(backtest.results) - len(drawn)
    if left_out:
        intro.append(f"{plural(left_out, 'metric')} with the fewest alarms: in the table only.")
    overview = Table(
        ("metric", "setting", "alarms", "a week", "hours in ALARM", "advice"),
        [
            (name, *_summary(one))
            for name, one in zip(backtest.short_names, backtest.results, strict=True)
        ],
    )
    failed = [f"Failed: {failure}" for failure in backtest.failures]
    sections = [Section("", (*intro, *backtest.remarks, *failed), tables=[overview])]
    return page(title(backtest), [*sections, *(_section(name, one) for name, one in drawn)])


def _section(name: str, one: Result) -> Section:
    drawn = panel(name, one)
    tables = [
        Table((grid.title, *grid.columns), [(name, *row) for name, row in grid.rows])
        for grid in grids(one.outcome)
    ]
    listed = [
        (
            moment(alarm.start),
            how_long(alarm),
            against(alarm, one.trial.threshold),
            "yes" if alarm.incident else "",
        )
        for alarm in one.outcome.alarms
    ]
    if listed:
        tables.insert(0, Table(("alarm from (UTC)", "for", "value", "in an incident"), listed))
    notes = (f"Note: {note}." for note in one.notes)
    return Section(drawn.title, (*drawn.text, one.outcome.advice.text, *notes), drawn, tables)


def _summary(one: Result) -> Sequence[str]:
    shown = one.outcome.shown
    return (
        f"{shown.choice}",
        f"{shown.alarms}",
        "–" if shown.per_week is None else f"{shown.per_week:.1f}",
        f"{shown.hours:.1f}",
        one.outcome.advice.text,
    )


def _most_telling(backtest: Backtest, most: int) -> Sequence[tuple[str, Result]]:
    """Those with the most alarms, in their order, and their names."""
    by_alarms = sorted(backtest.results, key=lambda one: -one.outcome.shown.alarms)
    kept = set(map(id, by_alarms[:most]))
    named = zip(backtest.short_names, backtest.results, strict=True)
    return [(name, one) for name, one in named if id(one) in kept]


def _write(target: Path, content: bytes) -> None:
    try:
        target.write_bytes(content)
    except OSError as error:
        raise BadInput(f"{target}: cannot be written: {error.strerror}") from None
