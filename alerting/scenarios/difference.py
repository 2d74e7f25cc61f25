"""Two replays of the same data side by side: which notifications appear, vanish, or move."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from alerting.scenarios.run import Run

MOVED = 3600
"""Seconds apart up to which a notification has moved, rather than vanished and appeared."""


class Fate(StrEnum):
    """What becomes of a notification."""

    APPEARS = "appears"
    VANISHES = "vanishes"
    MOVES = "moves"


@dataclass(frozen=True, slots=True)
class Moved:
    """One notification that is not what it was."""

    fate: Fate
    alarm: str
    state: str
    receiver: str
    before: int | None
    """Epoch seconds; None: it was not there."""
    after: int | None

    @property
    def time(self) -> int:
        """When: now, or before where it is gone."""
        time = self.before if self.after is None else self.after
        assert time is not None
        return time


_What = tuple[str, str, str]
"""Alarm, state, receiver."""


def difference(before: Run, after: Run) -> tuple[Moved, ...]:
    """The notifications in which two replays differ, in the order of time."""
    then, now = _times(before), _times(after)
    found = [
        moved
        for what in dict.fromkeys([*then, *now])
        for moved in _changed(what, then.get(what, []), now.get(what, []))
    ]
    return tuple(sorted(found, key=lambda one: (one.time, one.alarm, one.receiver)))


def _times(run: Run) -> Mapping[_What, list[int]]:
    found: dict[_What, list[int]] = {}
    for note in run.notes:
        if note.delivered:
            what = note.change.alarm.label, str(note.change.new), note.delivery.receiver
            found.setdefault(what, []).append(note.time)
    return found


def _changed(what: _What, then: Iterable[int], now: Iterable[int]) -> Iterator[Moved]:
    """Equal times cancel out; of the rest each goes with the next one near it, in order."""
    old, new = _without(then, now), _without(now, then)
    while old and new:
        if abs(old[0] - new[0]) <= MOVED:
            yield Moved(Fate.MOVES, *what, old.pop(0), new.pop(0))
        elif old[0] < new[0]:
            yield Moved(Fate.VANISHES, *what, old.pop(0), None)
        else:
            yield Moved(Fate.APPEARS, *what, None, new.pop(0))
    for time in old:
        yield Moved(Fate.VANISHES, *what, time, None)
    for time in new:
        yield Moved(Fate.APPEARS, *what, None, time)


def _without(times: Iterable[int], others: Iterable[int]) -> list[int]:
    rest = list(others)
    left: list[int] = []
    for time in times:
        if time in rest:
            rest.remove(time)
        else:
            left.append(time)
    return left
