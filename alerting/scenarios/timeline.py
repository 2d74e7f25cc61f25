"""What came of a playback: on a terminal, as data, as Markdown."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.markup import escape

from alerting.cloudwatch import words
from alerting.delivery import Delivery
from alerting.markdown import table_row
from alerting.replay import Change, Ending, Hold, Telling
from alerting.scenarios.playback import Playback
from alerting.scenarios.run import Run
from alerting.scenarios.staging import MONDAY
from alerting.scenarios.telling import clock, told_at_once

VERSION = 1
"""Of the JSON form."""

_CHILDREN_SHOWN = 3


def minute(time: int) -> str:
    """`2024-01-31 13:55`, UTC; with seconds where it is no whole minute."""
    moment = datetime.fromtimestamp(time, UTC)
    return f"{moment:%Y-%m-%d %H:%M:%S}" if moment.second else f"{moment:%Y-%m-%d %H:%M}"


def minute_seen_from(time: int) -> Callable[[int], str]:
    """How another time reads beside one that is given in full: `15:20`, or with its date."""
    day = minute(time)[:10]
    return lambda other: minute(other).removeprefix(f"{day} ")


def iso(time: int) -> str:
    """`2024-01-31T13:55:00Z`."""
    return f"{datetime.fromtimestamp(time, UTC):%Y-%m-%dT%H:%M:%SZ}"


def print_text(playback: Playback, out: Console) -> None:
    """Every change and who was told of it, what was not replayed, the totals last."""
    out.print(f"[bold]{escape(playback.stage.name)}[/] replayed, times in UTC", soft_wrap=True)
    for warning in playback.run.warnings:
        out.print(f"[yellow]warning:[/] {escape(warning)}", soft_wrap=True)
    out.print()
    for line in lines(playback.run):
        out.print(escape(line), soft_wrap=True)
    out.print()
    for line in not_replayed(playback):
        out.print(f"[yellow]not replayed:[/] {escape(line)}", soft_wrap=True)
    out.print(f"[bold]{escape(closing_line(playback))}[/]", soft_wrap=True)


def lines(run: Run) -> Iterator[str]:
    """Every change and who was told of it, and what was told later, in the order of time.

    Times are as the scenario writes them, where its zero is none of the calendar, else in UTC.
    """
    events = in_order(run)
    shown = [clock(run, one.time) if run.zero == MONDAY else minute(one.time) for one in events]
    width = max(map(len, shown), default=0)
    for time, one in zip(shown, events, strict=True):
        if isinstance(one, Change):
            until = None if run.zero == MONDAY else minute_seen_from(one.time)
            told = told_at_once(run, one, until)
            what = f"{one.old} -> {one.new}, {value_against_limit(one)}"
        else:
            told, what = ", ".join(one.told) or "nobody", what_was_told(one)
        alarm = one.alarm if isinstance(one, Change) else one.change.alarm
        yield f"{time.ljust(width)}  {alarm.label}: {what}; told: {told}"


def in_order(run: Run) -> list[Change | Telling[Delivery]]:
    """The changes, and all that was told on other occasions; at one moment the changes first."""
    return sorted([*run.replay.changes, *run.later], key=lambda one: one.time)


def what_was_told(telling: Telling[Delivery]) -> str:
    """`still ALARM, after a mute window`."""
    still = "still " if telling.time > telling.change.time else ""
    return f"{still}{telling.change.new}, {telling.words}"


def not_replayed(playback: Playback) -> Iterator[str]:
    """The alarms that saw nothing, and those that could not even be read; each with the reason."""
    yield from (f"{name}: {why}" for name, why in playback.untested.items())
    yield from playback.stage.unread


def value_against_limit(change: Change) -> str:
    """The newest datapoint beside the limit it was compared with; of a composite, what changed."""
    if change.children:
        moved = [
            f"{str(child['Arn']).partition(':alarm:')[2]} is {child['State']['Value']}"
            for child in change.children[:_CHILDREN_SHOWN]
        ]
        more = len(change.children) - len(moved)
        return f"as {', '.join(moved)}{f' and {more} more' if more else ''}"
    seen = [point for point in change.datapoints if point.value is not None]
    if not seen:
        return "set by a schedule" if change.deliberate else "no datapoint"
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
                "told": list(run.told_at_once(change)),
                "held": hold_data(run.hold(change)),
            }
            for change in run.replay.changes
        ],
        "later": [later_data(one, list(one.told)) for one in run.later],
        "notReplayed": list(not_replayed(playback)),
    }


def hold_data(hold: Hold | None) -> dict[str, Any] | None:
    """What held the actions of a change back, from the change until when, and what came of it."""
    if hold is None:
        return None
    until = None if hold.ending is Ending.OPEN else iso(hold.end)
    return {"by": list(hold.by), "until": until, "ending": str(hold.ending)}


def later_data(later: Telling[Delivery], told: Sequence[Any]) -> dict[str, Any]:
    """What was told on another occasion than a change, and who was told of it."""
    return {
        "time": iso(later.time),
        "alarm": later.change.alarm.label,
        "state": str(later.change.new),
        "occasion": str(later.occasion),
        "told": told,
    }


def as_markdown(playback: Playback) -> str:
    """The timeline as a table, for a pull request."""
    lines = [
        f"### {playback.stage.name} replayed",
        "",
        "| when (UTC) | alarm | change | value | told |",
        "|---|---|---|---|---|",
    ]
    lines += [table_row(*_cells(playback.run, one)) for one in in_order(playback.run)]
    return "\n".join([*lines, "", f"**{closing_line(playback)}**"])


def _cells(run: Run, one: Change | Telling[Delivery]) -> tuple[str, ...]:
    if isinstance(one, Change):
        told = told_at_once(run, one, minute_seen_from(one.time))
        what, value = f"{one.old} → {one.new}", value_against_limit(one)
        return minute(one.time), one.alarm.label, what, value, told
    told = ", ".join(one.told) or "nobody"
    return minute(one.time), one.change.alarm.label, what_was_told(one), "", told


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
