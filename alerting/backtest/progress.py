"""How far a backtest is, on standard error."""

from collections.abc import Callable, Generator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from alerting import output


@contextmanager
def counted(total: int, what: str) -> Generator[Callable[[], None]]:
    """A bar that is one further with each call; none off a terminal."""
    err = output.errors()
    if not err.is_terminal:
        yield lambda: None
        return
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task("", total=total)
        yield lambda: bar.advance(task)
