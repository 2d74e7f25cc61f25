"""The verdicts a notification's path is made of."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from alerting.account import Item, Ref


class Outcome(StrEnum):
    """What becomes of a notification at one step, or at the end of its path."""

    OK = "ok"
    """It goes on."""
    WAITING = "waiting for confirmation"
    """It goes on once the receiver has confirmed the subscription."""
    CANNOT_TELL = "cannot tell"
    """What decides it cannot be seen from here."""
    FILTERED = "filtered out"
    """A filter policy that does let other messages through drops it, as it should."""
    BROKEN = "broken"
    """It is lost."""


_WORST_FIRST = (Outcome.BROKEN, Outcome.FILTERED, Outcome.CANNOT_TELL, Outcome.WAITING)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing a notification has to get past."""

    name: str
    """For example `topic policy`."""
    outcome: Outcome
    why: str = ""
    """A clause without a full stop; empty where it is simply OK."""
    rule: str = ""
    """Id of the rule that reports it; set where it is broken."""
    about: Item | Ref = field(kw_only=True)
    """The thing whose state decides, or the reference to it where it is not in the picture."""


def outcome_of(steps: Iterable[Step]) -> Outcome:
    """How a path ends: as badly as its worst step."""
    found = {step.outcome for step in steps}
    return next((outcome for outcome in _WORST_FIRST if outcome in found), Outcome.OK)
