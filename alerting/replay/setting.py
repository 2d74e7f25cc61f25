"""An alarm is set to a state, whatever its metric says."""

from dataclasses import dataclass

from alerting.cloudwatch.state import State


@dataclass(frozen=True, slots=True)
class Setting:
    """What SetAlarmState is asked for."""

    time: int
    """Epoch seconds."""
    state: State
    reason: str
    """The StateReason it gives; there is no StateReasonData."""
