"""What was replayed beside what really happened, from `aws cloudwatch describe-alarm-history`."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from alerting.cloudwatch import State
from alerting.output import BadInput
from alerting.replay import Replay
from alerting.replay.table import parse_time
from alerting.scenarios.mistakes import did_you_mean

SAME = 120
"""Seconds apart at which two changes are taken for the same: CloudWatch evaluates once a minute,
at a second of its own."""
RELATED = 3600
"""Seconds apart up to which a change is the same one, earlier or later."""


class Match(StrEnum):
    """How a change of the replay compares with what happened."""

    AGREES = "agrees"
    EARLIER = "earlier"
    """The replay has it earlier."""
    LATER = "later"
    MISSED = "missed"
    """It happened, and the replay does not have it."""
    EXTRA = "extra"
    """The replay has it, and it did not happen."""


@dataclass(frozen=True, slots=True)
class Happened:
    """One state change that really happened."""

    time: int
    alarm: str
    state: State


@dataclass(frozen=True, slots=True)
class Compared:
    """One change, replayed, real, or both."""

    match: Match
    alarm: str
    state: State
    real: int | None
    replayed: int | None

    @property
    def time(self) -> int:
        """When: really, if it did happen."""
        time = self.replayed if self.real is None else self.real
        assert time is not None
        return time


def read_history(path: Path) -> tuple[Happened, ...]:
    """The state changes in a file, in the order of time.

    Raises:
        BadInput: the file cannot be used; with file and line.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except json.JSONDecodeError as error:
        raise BadInput(f"{path}:{error.lineno}: is not JSON: {error.msg}") from None
    except UnicodeDecodeError:
        raise BadInput(f"{path}:1: is not text in UTF-8") from None
    except OSError as error:
        raise BadInput(f"{path}:1: cannot be read: {error.strerror}") from None
    items = document.get("AlarmHistoryItems") if isinstance(document, Mapping) else None
    if not isinstance(items, list):
        raise BadInput(
            f"{path}:1: has no list AlarmHistoryItems; "
            "save the whole answer of aws cloudwatch describe-alarm-history"
        )
    found = [one for at, item in enumerate(items) for one in _changes(path, at, item)]
    if not found:
        raise BadInput(f"{path}:1: holds no change of a state; nothing could be compared")
    return tuple(sorted(found, key=lambda one: one.time))


def compare(replay: Replay, happened: Iterable[Happened]) -> tuple[Compared, ...]:
    """Both side by side, in the order of time; only alarms that were replayed, while they were.

    The change out of the INSUFFICIENT_DATA with which a replay begins says nothing of what
    happened: it counts where it matches, and is left out where it does not.

    Raises:
        BadInput: none of the alarms was replayed.
    """
    real = tuple(happened)
    histories = {history.alarm.label: history for history in replay.histories}
    for history in replay.histories:
        histories.setdefault(str(history.alarm.get("AlarmName")), history)
    named = {one.alarm for one in real}
    if not named & set(histories):
        name = min(named)
        raise BadInput(
            f"no alarm of the history was replayed, not {name!r}{did_you_mean(name, histories)}"
        )
    found: list[Compared] = []
    for name in sorted(named & set(histories)):
        history = histories[name]
        mine = [(change.time, change.new) for change in history.changes]
        theirs = [
            (one.time, one.state)
            for one in real
            if one.alarm == name and history.first_seen <= one.time <= replay.end
        ]
        found += _paired(name, theirs, mine)
    return tuple(sorted(found, key=lambda one: one.time))


def _paired(
    alarm: str, real: list[tuple[int, State]], replayed: list[tuple[int, State]]
) -> Iterator[Compared]:
    near = sorted(
        (abs(theirs[0] - mine[0]), at, by)
        for at, theirs in enumerate(real)
        for by, mine in enumerate(replayed)
        if theirs[1] == mine[1] and abs(theirs[0] - mine[0]) <= RELATED
    )
    used_real: set[int] = set()
    used_replayed: set[int] = set()
    for apart, at, by in near:
        if at in used_real or by in used_replayed:
            continue
        used_real.add(at)
        used_replayed.add(by)
        (time, state), (mine, _) = real[at], replayed[by]
        match = Match.AGREES if apart <= SAME else Match.EARLIER if mine < time else Match.LATER
        yield Compared(match, alarm, state, time, mine)
    for at, (time, state) in enumerate(real):
        if at not in used_real:
            yield Compared(Match.MISSED, alarm, state, time, None)
    for by, (mine, state) in enumerate(replayed):
        if by not in used_replayed and by > 0:
            yield Compared(Match.EXTRA, alarm, state, None, mine)


def _changes(path: Path, at: int, item: Any) -> Iterator[Happened]:
    where = f"{path}:1: AlarmHistoryItems[{at}]"
    if not isinstance(item, Mapping):
        raise BadInput(f"{where} must be a map")
    if item.get("HistoryItemType") != "StateUpdate":
        return
    time = parse_time(item.get("Timestamp"))
    if time is None:
        raise BadInput(f"{where} has the Timestamp {item.get('Timestamp')!r}, which is no time")
    try:
        state = State(json.loads(item["HistoryData"])["newState"]["stateValue"])
    except (KeyError, TypeError, ValueError):
        raise BadInput(f"{where} has no newState.stateValue in its HistoryData") from None
    yield Happened(time, str(item.get("AlarmName")), state)
