"""What came of a playback: on a terminal, as data, as Markdown."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.markup import escape

from alerting.cloudwatch import words
from alerting.markdown import table_row
from alerting.replay import Change
from alerting.scenarios.playback import Playback

VERSION = 1
"""Of the JSON form."""


def minute(time: int) -> str:
    """`2024-01-31 13:55`, UTC."""
    return f"{datetime.fromtimestamp(time, UTC):%Y-%m-%d %H:%M}"


def iso(time: int) -> str:
    """`2024-01-31T13:55:00Z`."""
    return f"{datetime.fromtimestamp(time, UTC):%Y-%m-%dT%H:%M:%SZ}"


def print_text(playback: Playback, out: Console) -> None:
    """Every change and who was told of it, what was not replayed, the totals last."""
    out.print(f"[bold]{escape(playback.stage.name)}[/] replayed, times in UTC", soft_wrap=True)
    for warning in playback.run.warnings:
        out.print(f"[yellow]warning:[/] {escape(warning)}", soft_wrap=True)
    out.print()
    for change in playback.run.replay.changes:
        out.print(escape(_line(playback, change)), soft_wrap=True)
    out.print()
    for line in not_replayed(playback):
        out.print(f"[yellow]not replayed:[/] {escape(line)}", soft_wrap=True)
    out.print(f"[bold]{escape(closing_line(playback))}[/]", soft_wrap=True)


def not_replayed(playback: Playback) -> Iterator[str]:
    """The alarms that saw nothing, and those that could not even be read; each with the reason."""
    yield from (f"{name}: {why}" for name, why in playback.untested.items())
    yield from playback.stage.unread


def value_against_limit(change: Change) -> str:
    """The newest datapoint beside the limit it was compared with; of a composite, what changed."""
    if change.children:
        return change.reason
    seen = [point for point in change.datapoints if point.value is not None]
    if not seen:
        return "no datapoint"
    point = seen[-1]
    value = words.number(point.value or 0)
    if change.threshold is not None:
        return f"{value} against {words.number(change.threshold)}"
    return f"{value} against {point.lower:.4g} to {point.upper:.4g}"


def closing_line(playback: Playback) -> str:
    """The totals."""
    run = playback.run
    told = sum(note.delivered for note in run.notes)
    return (
        f"{_count(len(run.replay.histories), 'alarm')} replayed, "
        f"{_count(len(run.replay.changes), 'state change')}, {_count(told, 'notification')}"
    )


def as_data(playback: Playback) -> dict[str, Any]:
    """The same as plain data; times are ISO 8601 in UTC."""
    run = playback.run
    return {
        "version": VERSION,
        "of": playback.stage.name,
        "recordings": [
            {"metric": str(key), "file": str(source.path)}
            for key, source in playback.feed.sources.items()
        ],
        "timeline": [
            {
                "time": iso(change.time),
                "alarm": change.alarm.label,
                "from": str(change.old),
                "to": str(change.new),
                "reason": change.reason,
                "told": list(run.told(change)),
            }
            for change in run.replay.changes
        ],
        "notReplayed": list(not_replayed(playback)),
    }


def as_markdown(playback: Playback) -> str:
    """The timeline as a table, for a pull request."""
    lines = [
        f"### {playback.stage.name} replayed",
        "",
        "| when (UTC) | alarm | change | value | told |",
        "|---|---|---|---|---|",
    ]
    for change in playback.run.replay.changes:
        cells = (
            minute(change.time),
            change.alarm.label,
            f"{change.old} → {change.new}",
            value_against_limit(change),
            ", ".join(playback.run.told(change)) or "nobody",
        )
        lines.append(table_row(*cells))
    return "\n".join([*lines, "", f"**{closing_line(playback)}**"])


def _line(playback: Playback, change: Change) -> str:
    told = ", ".join(playback.run.told(change)) or "nobody"
    return (
        f"{minute(change.time)}  {change.alarm.label}: {change.old} -> {change.new}, "
        f"{value_against_limit(change)}; told: {told}"
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
