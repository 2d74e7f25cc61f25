"""What a change of a stack does to its notifications: on a terminal, as data, as Markdown."""

from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape

from alerting.markdown import table_row
from alerting.scenarios.against import Against
from alerting.scenarios.difference import Fate, Moved
from alerting.scenarios.timeline import iso, minute
from alerting.spans import span

VERSION = 1
"""Of the JSON form."""

_MARKS = {Fate.APPEARS: "+", Fate.VANISHES: "-", Fate.MOVES: "~"}
_COLOURS = {Fate.APPEARS: "green", Fate.VANISHES: "red", Fate.MOVES: "yellow"}


def print_text(against: Against, out: Console) -> None:
    """A line a notification that changes, the counts last."""
    out.print(f"[bold]{escape(_title(against))}[/], times in UTC", soft_wrap=True)
    out.print()
    for one in against.moved:
        text = f"{_MARKS[one.fate]} {minute(one.time)}  {_words(one)}"
        out.print(f"[{_COLOURS[one.fate]}]{escape(text)}[/]", soft_wrap=True)
    for line in against.not_compared:
        out.print(f"[yellow]not compared:[/] {escape(line)}", soft_wrap=True)
    out.print(f"[bold]{counts(against.moved)}[/]")


def as_data(against: Against) -> dict[str, Any]:
    """The same as plain data; times are ISO 8601 in UTC."""
    return {
        "version": VERSION,
        "before": against.before,
        "after": against.after,
        "notifications": [
            {
                "fate": str(one.fate),
                "alarm": one.alarm,
                "state": one.state,
                "receiver": one.receiver,
                "before": None if one.before is None else iso(one.before),
                "after": None if one.after is None else iso(one.after),
            }
            for one in against.moved
        ],
        "notCompared": list(against.not_compared),
    }


def as_markdown(against: Against) -> str:
    """A table for a pull request."""
    lines = [f"### {_title(against)}", ""]
    if against.moved:
        lines += ["| | when (UTC) | alarm | state | receiver | |", "|---|---|---|---|---|---|"]
        lines += list(map(_row, against.moved))
        lines += [""]
    lines += [f"- not compared: {line}" for line in against.not_compared]
    return "\n".join([*lines, f"**{counts(against.moved)}**"])


def counts(moved: Sequence[Moved]) -> str:
    """How many appear, vanish and move."""
    if not moved:
        return "no notification changes"
    return "notifications: " + ", ".join(
        f"{sum(one.fate is fate for one in moved)} {words}"
        for fate, words in (
            (Fate.APPEARS, "appear"),
            (Fate.VANISHES, "vanish"),
            (Fate.MOVES, "move"),
        )
    )


def _title(against: Against) -> str:
    return f"What {against.after} tells otherwise than {against.before}"


def _words(one: Moved) -> str:
    return " ".join([f"{one.receiver} is told of {one.alarm} {one.state}", *_shift(one)])


def _row(one: Moved) -> str:
    shift = " ".join(_shift(one)) or str(one.fate)
    return table_row(_MARKS[one.fate], minute(one.time), one.alarm, one.state, one.receiver, shift)


def _shift(one: Moved) -> Iterator[str]:
    if one.before is not None and one.after is not None:
        later = one.after > one.before
        yield f"{span(abs(one.after - one.before))} {'later' if later else 'earlier'}"
