"""What a backtest shows on a terminal."""

from collections.abc import Iterator
from itertools import zip_longest

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from alerting.backtest.backtest import Backtest, Result
from alerting.backtest.grids import Grid, grids
from alerting.backtest.words import against, compared, headline, how_long, moment, story
from alerting.band_source import ESTIMATE
from alerting.output import hanging

_WHOLE = 3
"""Up to so many metrics are told in full; more of them in a line each."""
_SCORED = ("found", "false")
_ALARMS = 20
"""How many alarms of a metric are listed."""


def print_text(backtest: Backtest, out: Console) -> None:
    """The whole, top to bottom."""
    if len(backtest.results) > _WHOLE:
        _print_summary(backtest, out)
    else:
        for one in backtest.results:
            _print_result(one, out)
    for remark in backtest.remarks:
        _print_note(out, remark)
    if backtest.has_band:
        hanging(out, Text(), Text(ESTIMATE, "dim"), 0)


def _print_result(one: Result, out: Console) -> None:
    outcome = one.outcome
    out.print(f"[bold]{escape(one.name)}[/]", soft_wrap=True)
    for sentence in story(one):
        hanging(out, Text(), Text(sentence), 2)
    for note in one.notes:
        hanging(out, Text("  note: ", "yellow"), Text(note), 8)
    out.print()
    if outcome.judged:
        for line in _side_by_side(list(grids(outcome)), out.width):
            out.print(f"  {escape(line)}".rstrip(), soft_wrap=True)
        out.print()
        hanging(out, Text(), Text(headline(one), "bold"), 2)
    for alarm in outcome.alarms[:_ALARMS]:
        mark = "  in an incident" if alarm.incident else ""
        text = f"{against(alarm, one.trial.threshold)}{mark}"
        head = Text(f"  {moment(alarm.start)}  ", "dim")
        head.append(f"{how_long(alarm):<14}", "")
        hanging(out, head, Text(text), 34)
    rest = len(outcome.alarms) - _ALARMS
    if rest > 0:
        out.print(f"  and {rest} more; --json has them all")
    if outcome.beside is not None:
        out.print()
        hanging(out, Text(), Text(compared(outcome.beside)), 2)
    if outcome.judged:
        out.print()
    hanging(out, Text(), Text(outcome.advice.text, "bold green"), 2)
    out.print()


def _print_summary(backtest: Backtest, out: Console) -> None:
    scored = any(one.outcome.shown.score for one in backtest.results)
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("metric", overflow="fold")
    for title in ("width, M/N", "alarms", "a week", "hours", "longest", *_SCORED * scored):
        table.add_column(title, justify="left" if title == "width, M/N" else "right", no_wrap=True)
    for name, one in zip(backtest.short_names, backtest.results, strict=True):
        shown = one.outcome.shown
        figures = (
            f"{shown.alarms}",
            "–" if shown.per_week is None else f"{shown.per_week:.1f}",
            f"{shown.hours:.1f}",
            f"{shown.longest / 3600:.1f}",
        )
        score = shown.score
        of_incidents = (f"{score.found}/{score.incidents}", f"{score.false}") if score else ()
        table.add_row(Text(name), shown.choice.short, *figures, *of_incidents)
    out.print(table)
    out.print()
    for name, one in zip(backtest.short_names, backtest.results, strict=True):
        if one.notes:
            first, rest = one.notes[0], len(one.notes) - 1
            more = f" ({rest} more; --json has them all)" if rest else ""
            # What is said of a file's rows names the file itself.
            whose = "" if first.startswith(one.name) else f"{name}: "
            _print_note(out, f"{whose}{first}{more}")


def _print_note(out: Console, text: str) -> None:
    hanging(out, Text("note: ", "yellow"), Text(text), 6)


def _side_by_side(found: list[Grid], width: int) -> Iterator[str]:
    blocks = [list(_lines(grid)) for grid in found]
    wide = max(len(line) for block in blocks for line in block)
    per_row = max(1, (width - 2 + 4) // (wide + 4))
    for at in range(0, len(blocks), per_row):
        if at:
            yield ""
        for line in zip_longest(*blocks[at : at + per_row], fillvalue=""):
            yield "    ".join(part.ljust(wide) for part in line)


def _lines(grid: Grid) -> Iterator[str]:
    first = max(len(name) for name, _ in grid.rows)
    cells = [*grid.columns, *(cell for _, row in grid.rows for cell in row)]
    each = max(map(len, cells)) + 1
    yield f"{'':{first}} {grid.title}"
    yield f"{'':{first}}{''.join(f'{column:>{each}}' for column in grid.columns)}"
    for name, row in grid.rows:
        yield f"{name:<{first}}{''.join(f'{cell:>{each}}' for cell in row)}"
