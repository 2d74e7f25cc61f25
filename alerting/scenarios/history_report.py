"""A replay beside what really happened, on a terminal, as data, as Markdown."""

from collections.abc import Iterator, Sequence
from typing import Any

from alerting.markdown import table_row
from alerting.scenarios.history import Compared, Match
from alerting.scenarios.timeline import iso, minute
from alerting.spans import span


def lines(compared: Sequence[Compared]) -> Iterator[str]:
    """A line a change that differs, the counts last."""
    for one in compared:
        if one.match is not Match.AGREES:
            yield f"{minute(one.time)}  {one.alarm} {one.state}: {_words(one)}"
    yield counts(compared)


def counts(compared: Sequence[Compared]) -> str:
    """How many of each."""
    numbers = (f"{sum(one.match is match for one in compared)} {match}" for match in Match)
    return f"beside the alarms' history: {', '.join(numbers)}"


def as_data(compared: Sequence[Compared]) -> list[dict[str, Any]]:
    """The same as plain data."""
    return [
        {
            "match": str(one.match),
            "alarm": one.alarm,
            "state": str(one.state),
            "real": None if one.real is None else iso(one.real),
            "replayed": None if one.replayed is None else iso(one.replayed),
        }
        for one in compared
    ]


def as_markdown(compared: Sequence[Compared]) -> str:
    """The changes that differ as a table."""
    rows = [
        table_row(minute(one.time), one.alarm, str(one.state), _words(one))
        for one in compared
        if one.match is not Match.AGREES
    ]
    head = ["", "| when (UTC) | alarm | state | the replay |", "|---|---|---|---|"] if rows else []
    return "\n".join([*head, *rows, "", f"**{counts(compared)}**"])


def _words(one: Compared) -> str:
    if one.real is None or one.replayed is None:
        return str(one.match)
    return f"{span(abs(one.replayed - one.real))} {one.match}"
