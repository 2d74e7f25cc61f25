"""What happens in a rehearsal: an alarm changes its state, or is told of later."""

from collections.abc import Sequence
from dataclasses import dataclass

from alerting.account.model import Item
from alerting.cloudwatch import words
from alerting.cloudwatch.reason import Datapoint
from alerting.delivery import Delivery
from alerting.replay import Change, Hold, Telling
from alerting.replay.composites import is_composite
from alerting.scenarios.timeline import minute, minute_seen_from, what_was_told

NO_DATA = "no data"
"""How an alarm without a recording is marked: it is driven to ALARM and back by hand."""


@dataclass(frozen=True)
class Event:
    """One state change and who was told of it when it happened, or all that was told later."""

    alarm: Item
    old: str
    new: str
    reason: str
    """In CloudWatch's words."""
    told: tuple[Delivery, ...]
    time: int | None = None
    """The tick, in epoch seconds; None for an alarm driven by hand."""
    datapoint: Datapoint | None = None
    """The newest datapoint it was decided on; None for a composite."""
    threshold: float | None = None
    """The fixed limit; None for a composite, and for a band, whose edges stand in the datapoint."""
    held: Hold | None = None
    """What held the actions of the change back; None where they ran at once."""
    later: Telling[Delivery] | None = None
    """None for a state change."""

    @property
    def when(self) -> str:
        """The minute of the tick, or that there is none."""
        return NO_DATA if self.time is None else minute(self.time)

    @property
    def what(self) -> str:
        """`OK → ALARM`, or `still ALARM, after a mute window`."""
        return what_was_told(self.later) if self.later else f"{self.old} → {self.new}"

    @property
    def value_against_limit(self) -> str:
        """The newest datapoint beside the limit it was compared with; nothing for a composite."""
        point = self.datapoint
        if point is None or point.value is None:
            silent = self.time is None or self.later or is_composite(self.alarm)
            return "" if silent else "no datapoint"
        value = words.number(point.value)
        if self.threshold is not None:
            return f"{value} against {words.number(self.threshold)}"
        if point.lower is None or point.upper is None:
            return value
        return f"{value} against {point.lower:.4g} to {point.upper:.4g}"

    @property
    def why_not_told(self) -> str:
        """`held by the window release, until 22:00`; empty where nothing was held."""
        if self.held is None or self.time is None:
            return ""
        return self.held.words(minute_seen_from(self.time))


def change_event(change: Change, told: Sequence[Delivery], held: Hold | None) -> Event:
    """Of a state change that was replayed."""
    seen = [point for point in change.datapoints if point.value is not None]
    return Event(
        alarm=change.alarm,
        old=change.old,
        new=change.new,
        reason=change.reason,
        told=tuple(told),
        time=change.time,
        datapoint=seen[-1] if seen else None,
        threshold=change.threshold,
        held=held,
    )


def later_event(later: Telling[Delivery]) -> Event:
    """Of what was told on another occasion than a change."""
    change = later.change
    return Event(
        alarm=change.alarm,
        old=change.old,
        new=change.new,
        reason=change.reason,
        told=later.deliveries,
        time=later.time,
        later=later,
    )
