"""A backtest for a pull request."""

from collections.abc import Iterator, Sequence

from alerting.backtest.backtest import Backtest, Result
from alerting.backtest.grids import grids
from alerting.backtest.words import against, compared, headline, how_long, moment, story
from alerting.band_source import ESTIMATE
from alerting.markdown import table_row


def as_markdown(backtest: Backtest) -> str:
    """A summary, and each metric folded away below it."""
    lines = ["### Backtest", ""]
    lines += _table(
        ("metric", "setting", "alarms", "a week", "hours in ALARM", "longest, h", "advice"),
        [_summary(one) for one in backtest.results],
    )
    for one in backtest.results:
        lines += ["", *_details(one)]
    said = [*(f"**Failed:** {failure}" for failure in backtest.failures), *backtest.remarks]
    if backtest.has_band:
        said.append(ESTIMATE)
    for sentence in said:
        lines += ["", sentence]
    return "\n".join(lines)


def _summary(one: Result) -> Sequence[str]:
    shown = one.outcome.shown
    return (
        f"`{one.name}`",
        f"{shown.choice}",
        f"{shown.alarms}",
        "–" if shown.per_week is None else f"{shown.per_week:.1f}",
        f"{shown.hours:.1f}",
        f"{shown.longest / 3600:.1f}",
        one.outcome.advice.text,
    )


def _details(one: Result) -> Iterator[str]:
    yield f"<details><summary>{one.name}: {headline(one)}</summary>"
    yield ""
    yield " ".join((*story(one), *(f"{note}." for note in one.notes)))
    for grid in grids(one.outcome):
        yield ""
        yield from _table((grid.title, *grid.columns), [(name, *row) for name, row in grid.rows])
    if one.outcome.alarms:
        yield ""
        yield from _table(
            ("from (UTC)", "for", "value", "incident"),
            [
                (
                    moment(alarm.start),
                    how_long(alarm),
                    against(alarm, one.trial.threshold),
                    "yes" if alarm.incident else "",
                )
                for alarm in one.outcome.alarms
            ],
        )
    if one.outcome.beside is not None:
        yield ""
        yield compared(one.outcome.beside)
    yield ""
    yield "</details>"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for row in (head, ("---",) * len(head), *rows):
        yield table_row(*row)
