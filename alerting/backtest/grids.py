"""The matrix of a metric, one figure at a time: rows are widths, columns are datapoints."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from alerting.backtest.cell import Cell
from alerting.backtest.incidents import Score
from alerting.backtest.trial import Outcome
from alerting.cloudwatch.words import number


@dataclass(frozen=True, slots=True)
class Grid:
    """One figure of every way to set the alarm."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    """Name of the row, and its figures."""


def grids(outcome: Outcome) -> Iterator[Grid]:
    """What is worth comparing; how it did on incidents, where any are labelled."""
    yield _grid(outcome, "alarms a week", lambda cell: _rate(cell.per_week))
    yield _grid(outcome, "hours in ALARM", lambda cell: f"{cell.hours:.1f}")
    yield _grid(outcome, "longest, hours", lambda cell: f"{cell.longest / 3600:.1f}")
    yield _grid(outcome, "state changes", lambda cell: f"{cell.changes}")
    if outcome.shown.score is not None:
        yield _grid(outcome, "precision, %", _of_score(lambda score: _percent(score.precision)))
        yield _grid(outcome, "recall, %", _of_score(lambda score: _percent(score.recall)))
        yield _grid(outcome, "delay, minutes", _of_score(_delay))


def _grid(outcome: Outcome, title: str, figure: Callable[[Cell], str]) -> Grid:
    columns = tuple(dict.fromkeys(cell.choice.datapoints for cell in outcome.cells))
    widths = tuple(dict.fromkeys(cell.choice.width for cell in outcome.cells))
    found = {(cell.choice.width, cell.choice.datapoints): figure(cell) for cell in outcome.cells}
    return Grid(
        title,
        columns,
        tuple(
            (
                "" if width is None else f"width {number(width)}",
                tuple(found.get((width, column), "") for column in columns),
            )
            for width in widths
        ),
    )


def _of_score(figure: Callable[[Score], str]) -> Callable[[Cell], str]:
    return lambda cell: "–" if cell.score is None else figure(cell.score)


def _rate(per_week: float | None) -> str:
    return "–" if per_week is None else f"{per_week:.1f}"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}".rstrip("%")


def _delay(score: Score) -> str:
    return "–" if score.delay is None else f"{score.delay / 60:.0f}"
