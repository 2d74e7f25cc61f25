"""One message to one topic, and what it is published for."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from alerting.account.model import Item, Ref
from alerting.replay.history import Change


class Occasion(StrEnum):
    """Why something is published when it is."""

    CHANGE = "change"
    """The alarm changes its state, at this moment."""
    AFTER_MUTE_WINDOW = "after a mute window"
    """It changed before; a mute rule held the action back until now."""
    AFTER_SUPPRESSION = "after suppression"
    """It changed before; an actions suppressor held the action back until now."""
    REMINDER = "reminder"
    """It changed before and was told of; it is still in that state."""


@dataclass(frozen=True, slots=True, eq=False)
class Announcement:
    """One message to one topic, or whatever else an action may be."""

    time: int
    """When it is published, in epoch seconds; later than the change on other occasions."""
    change: Change
    """The state change it tells of."""
    action: Ref
    """What is told: the ARN of a topic, as a rule."""
    subject: str
    """Of the SNS message."""
    bodies: Mapping[str, str]
    """The message by protocol; `default` for those without one of their own."""
    occasion: Occasion = Occasion.CHANGE
    """Why it is published."""
    publisher: Item | None = None
    """The state machine that publishes it; None: the alarm does, by its own action."""
    count: tuple[int, int] | None = None
    """Of a reminder: which one it is, and how many there are at most; None where it does not say.
    """

    @property
    def words(self) -> str:
        """The occasion: `reminder 1 of 3`."""
        if self.count is None:
            return str(self.occasion)
        number, most = self.count
        return f"{self.occasion} {number} of {most}"
