"""What to set for a wanted number of alarms a week, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from alerting.backtest.cell import WEEK, Cell
from alerting.cloudwatch.words import duration, number

_ENOUGH = WEEK
"""A rate a week from less than one is a guess, and called one."""
_ABOUT = 1.05
"""Two weeks less the hours until the first band are two weeks still."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What to set."""

    cell: Cell | None
    """The one recommended; None where nothing could be judged."""
    text: str
    """Sentences."""


def advise(cells: Sequence[Cell], wanted: float, judged: int) -> Advice:
    """Choose among the fields of a matrix.

    Of those within the wanted number, with labelled incidents the one that finds most of them, with
    the fewest false alarms and the least delay; without, the most watchful one: the one that alarms
    most often, then the quickest, then the narrowest.

    Args:
        cells: At least one.
        wanted: How many alarms a week are all right.
        judged: Seconds of the replay in which an alarm could tell.
    """
    if not judged:
        return Advice(None, "Nothing could be judged, so there is nothing to advise.")
    within = [cell for cell in cells if (cell.per_week or 0.0) <= wanted * _ABOUT]
    if within:
        best = max(within, key=_merit)
        text = f"For at most {plural(wanted, 'alarm')} a week: {best.choice} ({result(best)})."
    else:
        best = min(cells, key=lambda cell: (cell.per_week or 0.0, cell.seconds))
        text = (
            f"Nothing tried here keeps to {plural(wanted, 'alarm')} a week; the quietest is "
            f"{best.choice} ({result(best)})."
        )
    if judged < _ENOUGH:
        text += f" A guess: only {duration(judged)} could be judged."
    return Advice(best, text)


def result(cell: Cell) -> str:
    """What became of an alarm, in a few words."""
    text = "no alarm"
    if cell.alarms:
        rate = f", {cell.per_week:.2g} a week" if cell.per_week is not None else ""
        longest = f", the longest {duration(cell.longest)}" if cell.alarms > 1 else ""
        text = f"{plural(cell.alarms, 'alarm')}{rate}, {duration(cell.seconds)} in ALARM{longest}"
    if cell.score is not None:
        found = f"{cell.score.found} of {cell.score.incidents} incidents found"
        text += f"; {found}, {plural(cell.score.false, 'alarm')} for nothing"
    return text


def _merit(cell: Cell) -> tuple[float, ...]:
    choice = cell.choice
    watchful = (-choice.m, -choice.n, -(choice.width or 0.0))
    if cell.score is None:
        return (cell.alarms, *watchful)
    return (cell.score.found, -cell.score.false, -(cell.score.delay or 0.0), *watchful)


def plural(many: float, noun: str) -> str:
    """`1 alarm`, `2 alarms`."""
    return f"{number(many)} {noun}{'' if many == 1 else 's'}"
