"""Actions that did not run when an alarm changed its state: by whom they were held, and till when.

A mute rule and an actions suppressor hold actions back, never the evaluation. What is held runs as
soon as nothing holds it, if the alarm is still in the state it had entered (CloudWatch user guide,
"How alarm mute rules work" and "Composite alarm actions suppression").

Not documented, and taken to be so here: while both hold, it is the mute rule that does; an alarm
that came back within a window was muted twice, so that at its end the actions of the state it is in
run, also where it was in that state before the window; the actions of an alarm that changes at the
very second its window ends are not held.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import zip_longest

from alerting.account.model import Account, Item
from alerting.replay.held import actions_of
from alerting.replay.history import Change, History, Replay
from alerting.replay.mutes import Window, mute_windows
from alerting.replay.suppression import SuppressedBy, Suppression


class Ending(StrEnum):
    """What became of actions that were held."""

    RAN = "ran"
    """They ran later."""
    DROPPED = "dropped"
    """They never ran, as the alarm changed its state again."""
    OPEN = "open"
    """They were still held when the replay ended."""


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """A time in which one thing held actions back."""

    by: Item
    """A mute rule, or the alarm that is the suppressor."""
    start: int
    """Epoch seconds."""
    end: int
    suppressed_by: SuppressedBy | None = None
    """None: by a mute rule."""


@dataclass(frozen=True, slots=True, eq=False)
class Hold:
    """The actions of one change, held back."""

    change: Change
    stretches: tuple[Stretch, ...]
    """At least one; the first begins at the change, each where the one before it ends."""
    ending: Ending
    next: Change | None
    """The alarm's next change, which drops what is held by then."""

    @property
    def end(self) -> int:
        """When they ran, were dropped, or the replay ended."""
        return self.stretches[-1].end

    @property
    def by(self) -> tuple[str, ...]:
        """What held them, each once: labels of mute rules and suppressors."""
        return tuple(dict.fromkeys(stretch.by.label for stretch in self.stretches))

    def words(self, clock: Callable[[int], str]) -> str:
        """`held by the window release, until 22:00`.

        Args:
            clock: How a time reads.
        """
        muted = [one.by.label for one in self.stretches if one.suppressed_by is None]
        others = [one for one in self.stretches if one.suppressed_by is not None]
        holders = [f"the window {name}" for name in dict.fromkeys(muted)]
        holders += dict.fromkeys(
            one.by.label for one in others if one.suppressed_by is not SuppressedBy.WAIT_PERIOD
        )
        text = f"held by {' and '.join(holders)}" if holders else f"waits for {others[0].by.label}"
        match self.ending:
            case Ending.RAN:
                return f"{text}, until {clock(self.end)}"
            case Ending.OPEN:
                return f"{text}, still at the end"
            case Ending.DROPPED:
                assert self.next is not None
                return f"{text}; dropped at {clock(self.end)}, as it is {self.next.new}"


def holds(account: Account, replay: Replay) -> Iterator[Hold]:
    """All that was held back, alarm by alarm; nothing of changes that run no actions.

    Args:
        account: The one that was replayed.
        replay: Its changes.
    """
    muted = mute_windows(account, replay.start, replay.end)
    for history in replay.histories:
        windows = muted.get(id(history.alarm), ())
        if windows or history.suppression:
            yield from _of(history, windows, replay.end)


def _of(history: History, windows: Iterable[Window], end: int) -> Iterator[Hold]:
    ordered, over = sorted(windows, key=_opens), 0
    for change, after in zip_longest(history.changes, history.changes[1:]):
        if not actions_of(history.alarm, change.new):
            continue
        stop = end + 1 if after is None else after.time
        while over < len(ordered) and ordered[over].closes <= change.time:
            over += 1
        near = ordered[over : bisect_right(ordered, stop, key=_opens)]
        stretches = _held(change.time, stop, near, history.suppression)
        if not stretches:
            continue
        ending = Ending.RAN
        if stretches[-1].end == stop:
            ending = Ending.OPEN if after is None else Ending.DROPPED
        if ending is Ending.OPEN:
            stretches[-1] = replace(stretches[-1], end=end)
        yield Hold(change, tuple(stretches), ending, after)


def _held(
    change: int, stop: int, windows: Sequence[Window], suppression: Suppression | None
) -> list[Stretch]:
    """What holds the actions of a change, one after the other, up to `stop`."""
    found: list[Stretch] = []
    time = change
    while one := _holding(change, time, windows, suppression):
        found.append(one if one.end <= stop else replace(one, end=stop))
        time = found[-1].end
        if time == stop:
            break
    return found


def _holding(
    change: int, time: int, windows: Sequence[Window], suppression: Suppression | None
) -> Stretch | None:
    """What holds the actions of a change at a time, from then until it no longer does."""
    muted = max((w for w in windows if w.opens <= time < w.closes), key=_closes, default=None)
    if muted:
        return Stretch(muted.rule, time, muted.closes)
    suppressed = suppression.at(change, time) if suppression else None
    if suppression is None or suppressed is None:
        return None
    until, why = suppressed
    opening = min((w.opens for w in windows if w.opens > time), default=until)
    return Stretch(suppression.suppressor.alarm, time, min(until, opening), why)


def _opens(window: Window) -> int:
    return window.opens


def _closes(window: Window) -> int:
    return window.closes
