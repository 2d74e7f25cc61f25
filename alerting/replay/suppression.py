"""An actions suppressor: the stretches of time in which it holds a composite's actions back.

CloudWatch user guide, "Composite alarm actions suppression", with six examples. A change of the
composite starts a WaitPeriod. If the suppressor is in ALARM by its end, the wait is over and the
suppressor holds the actions back; when it leaves ALARM, an ExtensionPeriod follows. What runs when
nothing holds the actions any more are those of the state the composite is in. A further change
discards what is under way: everything begins anew with it.

Not documented, and taken to be so here: what happens at the very second at which a wait or an
extension ends still counts; a suppressor that leaves ALARM at the tick at which the composite
changes has left it; the end of an extension does not repeat actions that have run; a change other
than back to OK discards an extension too.
"""

import sys
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from alerting.account.model import Item
from alerting.cloudwatch.state import State
from alerting.replay.timeline import Timeline

BEYOND = sys.maxsize
"""Later than any replay ends."""


class SuppressedBy(StrEnum):
    """Why a suppressor holds actions back: `ActionsSuppressedBy` of DescribeAlarms."""

    WAIT_PERIOD = "WaitPeriod"
    """It may yet go into ALARM."""
    ALARM = "Alarm"
    """It is in ALARM."""
    EXTENSION_PERIOD = "ExtensionPeriod"
    """It has just left ALARM."""


@dataclass(frozen=True, slots=True, eq=False)
class Suppressor:
    """The alarm that holds a composite's actions back, and how long it does so beyond its ALARM."""

    alarm: Item
    wait: int
    """Seconds: ActionsSuppressorWaitPeriod."""
    extension: int
    """Seconds: ActionsSuppressorExtensionPeriod."""


@dataclass(frozen=True, slots=True, eq=False)
class Suppression:
    """A suppressor, and when its alarm was in ALARM."""

    suppressor: Suppressor
    alarms: tuple[tuple[int, int], ...]
    """From when to when, in order; the last one may be `BEYOND`."""

    @classmethod
    def of(cls, suppressor: Suppressor, timeline: Timeline) -> "Suppression":
        """From what became of the suppressor's alarm."""
        return cls(suppressor, tuple(_alarms(timeline)))

    def at(self, change: int, time: int) -> tuple[int, SuppressedBy] | None:
        """Until when, and why, the actions of a change are held back at a time from it on.

        None: they are not. `BEYOND`: beyond the end of the replay.

        Args:
            change: When the composite changed, which it has not done again by `time`.
            time: The time.
        """
        later = bisect_right(self.alarms, time, key=_begins)
        following = self.alarms[later][0] if later < len(self.alarms) else BEYOND
        _, ended = self.alarms[later - 1] if later else (0, 0)
        if later and ended > time:
            return ended, SuppressedBy.ALARM
        if later and ended > change:
            until, why = ended + self.suppressor.extension, SuppressedBy.EXTENSION_PERIOD
        else:
            until, why = change + self.suppressor.wait, SuppressedBy.WAIT_PERIOD
        return (min(until, following), why) if time < until else None


def _begins(alarm: tuple[int, int]) -> int:
    return alarm[0]


def _alarms(timeline: Timeline) -> Iterator[tuple[int, int]]:
    since: int | None = None
    for time, state in timeline.changes:
        if state is State.ALARM:
            since = time
        elif since is not None:
            yield since, time
            since = None
    if since is not None:
        yield since, BEYOND
