"""What made a composite alarm change its state, in CloudWatch's words.

Source: StateReason and StateReasonData of composite alarms as AWS returned and sent them;
CloudWatch user guide, "Alarm events and EventBridge". One child is named in every message that was
seen; how several that change at the same moment are told is not documented, here they follow each
other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from alerting.cloudwatch.mail import spelled_time
from alerting.cloudwatch.reason import MAX_REASON, long_time
from alerting.cloudwatch.state import State


@dataclass(frozen=True, slots=True)
class Child:
    """A child as it was when the composite was evaluated."""

    arn: str
    state: State
    time: int
    """Since when; epoch seconds."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """Why a composite was evaluated."""

    arn: str
    """Of the composite."""
    children: Sequence[Child]
    """Those that had changed; at its creation all it names."""
    created: bool = False
    """Whether this is its first evaluation."""

    def reason(self, new: State) -> str:
        """The StateReason of a composite that has just changed to `new`."""
        if self.created:
            return f"{self.arn} was created and its alarm rule evaluates to {new}"
        text = ", ".join(
            f"{child.arn} transitioned to {child.state} at {spelled_time(child.time)}"
            for child in self.children
        )
        return text if len(text) <= MAX_REASON else text[: MAX_REASON - 3] + "..."

    def reason_data(self) -> dict[str, Any]:
        """The StateReasonData, as the document that AWS sends as a JSON string."""
        return {
            "triggeringAlarms": [
                {
                    "arn": child.arn,
                    "state": {"value": str(child.state), "timestamp": long_time(child.time)},
                }
                for child in self.children
            ]
        }

    def triggering_children(self) -> list[dict[str, Any]]:
        """The TriggeringChildren of a notification."""
        return [
            {
                "Arn": child.arn,
                "State": {"Value": str(child.state), "Timestamp": long_time(child.time)},
            }
            for child in self.children
        ]
