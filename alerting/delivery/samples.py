"""Every message an alarm can send, as far as it is known in advance."""

from collections.abc import Iterable, Mapping
from typing import Any

from alerting.account import Item, Unknown
from alerting.cloudwatch import State
from alerting.cloudwatch.messages import Transition, default_body
from alerting.delivery.filters import passes
from alerting.delivery.logic import Truth, any_of
from alerting.delivery.requests import Place

_ONLY_THEN = (
    "NewStateReason",
    "StateChangeTime",
    "AlarmConfigurationUpdatedTimestamp",
    "ActionExecutedAfterMuteWindow",
    "TriggeringChildren",
)
"""What only the message itself will say."""

_UNKNOWN_TEXTS = (str(Unknown()), str(Unknown(secret=True)))


def messages(alarm: Item, where: Place, state: State) -> tuple[Mapping[str, Any], ...]:
    """The bodies (`default`) an alarm sends on entering a state, one for each state before.

    What is not known yet, or only when it happens, is `Unknown` in them. None where the alarm is
    of a kind whose message is not known here.
    """
    arn = where.arn
    if isinstance(arn, Unknown):
        arn = f"arn:{where.partition}:cloudwatch:{where.region}:{where.account}:alarm:{arn}"
    try:
        body = default_body({**alarm.data, "AlarmArn": arn}, Transition(0, "", state, ""))
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
        return ()
    body = _with_unknowns(body) | {key: Unknown() for key in _ONLY_THEN if key in body}
    body["AlarmArn"] = where.arn
    return tuple({**body, "OldStateValue": str(old)} for old in State if old is not state)


def can_match(policy: Mapping[str, Any], scope: str, bodies: Iterable[Mapping[str, Any]]) -> Truth:
    """Whether a filter policy, as `parse_filter` gives it, lets one of these messages through."""
    return any_of(passes(policy, scope, body=body) for body in bodies)


def _with_unknowns(value: Any) -> Any:
    """A message writes out what it is given, so an unknown value has become its own words."""
    if isinstance(value, Mapping):
        return {key: _with_unknowns(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_unknowns(inner) for inner in value]
    return Unknown() if isinstance(value, str) and value in _UNKNOWN_TEXTS else value
