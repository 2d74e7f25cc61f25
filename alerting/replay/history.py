"""What a replay gives: what became of the alarms of an account."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from alerting.account.model import Item
from alerting.cloudwatch.reason import Datapoint, reason, reason_data
from alerting.cloudwatch.state import State
from alerting.cloudwatch.trigger import Trigger
from alerting.replay.metric import Watched
from alerting.replay.setting import Setting
from alerting.replay.suppression import Suppression
from alerting.replay.timeline import Timeline
from alerting.replay.watch import Watch


@dataclass(frozen=True, eq=False)
class Change:
    """An alarm went from one state into another."""

    time: int
    """The tick, in epoch seconds."""
    alarm: Item
    old: State
    new: State
    _cause: Watch | Trigger | Setting = field(repr=False)
    """What a metric alarm watched; what triggered a composite; what set it."""

    @property
    def deliberate(self) -> bool:
        """Whether a schedule set the alarm, whatever its metric says."""
        return isinstance(self._cause, Setting)

    @cached_property
    def datapoints(self) -> tuple[Datapoint, ...]:
        """The evaluation range, oldest first, each beside its band if it has one.

        Empty for a composite, and where the alarm was set.
        """
        return self._cause.datapoints(self.time) if isinstance(self._cause, Watch) else ()

    @property
    def threshold(self) -> float | None:
        """The fixed limit; None for a band and for a composite."""
        return self._cause.threshold if isinstance(self._cause, Watch) else None

    @cached_property
    def reason(self) -> str:
        """The StateReason, in CloudWatch's words."""
        if isinstance(self._cause, Setting):
            return self._cause.reason
        if isinstance(self._cause, Trigger):
            return self._cause.reason(self.new)
        return reason(self.alarm.data, self.new, self.datapoints)

    @property
    def reason_data(self) -> dict[str, Any]:
        """The StateReasonData."""
        if isinstance(self._cause, Setting):
            return {}
        if isinstance(self._cause, Trigger):
            return self._cause.reason_data()
        return reason_data(self.alarm.data, self.datapoints, self.time)

    @property
    def children(self) -> tuple[dict[str, Any], ...]:
        """The TriggeringChildren of a composite's notification; empty for a metric alarm."""
        return tuple(self._cause.triggering_children()) if isinstance(self._cause, Trigger) else ()


@dataclass(frozen=True, eq=False)
class History:
    """What became of one alarm."""

    alarm: Item
    watched: Watched | None
    """None for a composite."""
    timeline: Timeline
    changes: tuple[Change, ...]
    _watch: Watch | None = field(repr=False)
    suppression: Suppression | None = None
    """What its actions suppressor did; None for an alarm that has none."""

    @property
    def threshold(self) -> float | None:
        """The fixed limit; None for a band and for a composite."""
        return self._watch.threshold if self._watch else None

    def datapoints(self, tick: int) -> tuple[Datapoint, ...]:
        """The evaluation range as it is at a tick, oldest first; empty for a composite."""
        return self._watch.datapoints(tick) if self._watch else ()

    def tick_before(self, time: int) -> int:
        """The last tick of the alarm's clock at or before a time.

        A composite has no clock of its own and may be evaluated at any time.
        """
        tick = self._watch.evaluation.tick if self._watch else 1
        return time // tick * tick

    @property
    def first_seen(self) -> int:
        """The tick at which its first datapoint could be seen; its clock starts there.

        That of a composite starts with the first of its children's.
        """
        assert self.timeline.start is not None
        return self.timeline.start


@dataclass(frozen=True, slots=True)
class Skipped:
    """An alarm that was not replayed."""

    alarm: Item
    reason: str
    """Why, to be read after the alarm's name."""


@dataclass(frozen=True, eq=False)
class Replay:
    """What became of the alarms of an account."""

    start: int
    """Where the earliest series begins."""
    end: int
    """Where the longest series ends; ticks are made up to it, included."""
    histories: tuple[History, ...]
    """Of the alarms that were replayed, in the account's order."""
    skipped: tuple[Skipped, ...]
    """The others."""

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """All state changes, in the order of time; at one tick in the account's order."""
        changes = [change for history in self.histories for change in history.changes]
        return tuple(sorted(changes, key=lambda change: change.time))

    def history(self, alarm: Item) -> History | None:
        """What became of one alarm; None if it was skipped."""
        return next((one for one in self.histories if one.alarm is alarm), None)
