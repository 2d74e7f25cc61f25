"""How commands speak: to people on a terminal, to programs in files."""

import json
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

FINE, NO, BAD_INPUT, CANNOT_TELL, INTERRUPTED = 0, 1, 2, 3, 130
"""What the exit codes mean: fine; the answer is no; bad input; cannot tell; interrupted."""

WIDTH = 80
"""Columns where the output goes to a file or a pipe."""


class BadInput(Exception):  # noqa: N818 - it is how the exit code is called
    """What the user gave cannot be worked with; the message says what to change."""


def console() -> Console:
    """Standard output: as wide as the terminal, 80 columns off one; honours NO_COLOR."""
    out = Console(highlight=False, emoji=False, soft_wrap=False)
    return out if out.is_terminal else Console(highlight=False, emoji=False, width=WIDTH)


def hanging(out: Console, head: Text, body: Text, indent: int) -> None:
    """Print `head`, then `body` from column `indent` on, wrapped there and without padding.

    A head that leaves no room before that column has a line of its own.
    """
    first = cell_len(head.plain.rstrip()) < indent or not indent
    if not first:
        out.print(head, no_wrap=True, crop=False, overflow="ignore")
    for line in body.wrap(out, max(out.width - indent, 20)):
        line.rstrip()
        start = head.copy() if first else Text()
        start.pad_right(indent - start.cell_len)
        out.print(start + line, no_wrap=True, crop=False, overflow="ignore")
        first = False


def errors() -> Console:
    """Standard error, for progress, notes and errors."""
    err = Console(highlight=False, emoji=False, stderr=True)
    return err if err.is_terminal else Console(highlight=False, emoji=False, stderr=True, width=200)


def write(target: str, text: str) -> None:
    """Write to a file, or to standard output where the target is `-`.

    Raises:
        BadInput: the file cannot be written.
    """
    if not text.endswith("\n"):
        text += "\n"
    if target == "-":
        sys.stdout.write(text)
        return
    try:
        Path(target).write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{target}: cannot be written: {error.strerror}") from None


def as_json(data: Any) -> str:
    """The JSON that a `--json` file holds."""
    return json.dumps(data, indent=2, ensure_ascii=False)


Progressing = Callable[[str], None]
"""Says what is being done now."""


@contextmanager
def progress() -> Generator[Progressing]:
    """A line on standard error that says what is being done; none off a terminal."""
    err = Console(stderr=True, emoji=False)
    if not err.is_terminal:
        yield lambda _: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(pulse_style="cyan"), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda text: bar.update(task, description=text)
