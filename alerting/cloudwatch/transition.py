"""One change of an alarm's state, as a message tells it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Transition:
    """One change of an alarm's state, as a message tells it."""

    time: float
    """Epoch seconds."""
    old: str
    new: str
    reason: str
    """The StateReason."""
    after_mute_window: bool = False
    """Whether the action was held back by a mute rule and runs at the end of its window."""
    children: Sequence[Mapping[str, Any]] = ()
    """Of a composite: what triggered it, `{"Arn", "State": {"Value", "Timestamp"}}` each."""
