"""What an alarm does when it enters a state."""

from collections.abc import Mapping
from typing import Any

from alerting.cloudwatch.state import State

ACTIONS_OF = {
    State.OK: "OKActions",
    State.ALARM: "AlarmActions",
    State.INSUFFICIENT_DATA: "InsufficientDataActions",
}
"""Which list of an alarm is for which state, in the order of CloudWatch's messages."""


def actions(alarm: Mapping[str, Any], state: State) -> tuple[Any, ...]:
    """The actions for one state, as the alarm has them, enabled or not.

    A list that is not known as a whole is one action that is not known.
    """
    given = alarm.get(ACTIONS_OF[state]) or ()
    return tuple(given) if isinstance(given, list | tuple) else (given,)
