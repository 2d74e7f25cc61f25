"""SNS filter policies, evaluated on messages.

Sources: SNS developer guide, "String value matching", "Numeric value matching", "Key matching".
Where the guide contradicts itself, its examples are followed: `anything-but` matches a list as soon
as one element is not among the values.
"""

import ipaddress
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from alerting.account import Unknown
from alerting.delivery.conditions import pattern
from alerting.delivery.filter_form import ATTRIBUTES, is_or, parse_filter, split
from alerting.delivery.logic import Truth, all_of, any_of, negation


def matches(
    policy: str | Mapping[str, Any] | Unknown,
    scope: str = ATTRIBUTES,
    attributes: Mapping[str, Any] | None = None,
    body: object = None,
) -> bool | Unknown:
    """Whether a message passes a filter policy; `Unknown` where that cannot be told.

    Args:
        policy: JSON or the same as a mapping; an empty one lets everything pass.
        scope: `MessageAttributes` or `MessageBody`.
        attributes: In the form of the SNS envelope, `{name: {"Type", "Value"}}`.
        body: The message for the subscriber's protocol: text, or JSON already read. Values in it
            may be `Unknown`.

    Raises:
        FilterError: the policy is none SNS would have taken.
    """
    if isinstance(policy, Unknown):
        return policy
    truth = passes(parse_filter(policy, scope), scope, attributes, body)
    return Unknown() if truth is None else truth


def passes(
    policy: Mapping[str, Any],
    scope: str,
    attributes: Mapping[str, Any] | None = None,
    body: object = None,
) -> Truth:
    """`matches` for a policy that `parse_filter` gave; None where it cannot be told."""
    if not policy:
        return True
    if scope == ATTRIBUTES:
        body = {name: _attribute(given) for name, given in (attributes or {}).items()}
    if isinstance(body, str):
        try:
            body = json.loads(body)
        except (ValueError, RecursionError):
            return False  # a filter on the body takes the body for a JSON object
    if isinstance(body, Unknown):
        return None
    # A message that has nothing at all matches nothing, `exists: false` included ("Key matching").
    return _match_object(policy, body) if isinstance(body, Mapping) and body else False


def _attribute(given: Mapping[str, Any]) -> object:
    """A message attribute's value as its type says; a binary one takes no part in filtering."""
    kind, value = given.get("Type"), given.get("Value")
    if not isinstance(value, str):
        return value
    if kind not in ("Number", "String.Array"):
        return value if kind == "String" else _ABSENT
    try:
        return json.loads(value)
    except ValueError:
        return value


class _Absent:
    """In place of a value that is not there."""


_ABSENT = _Absent()


def _match_object(policy: Mapping[str, Any], value: Mapping[str, Any]) -> Truth:
    """All keys of the policy, against one object of the message."""
    return all_of(_match_key(key, rules, value) for key, rules in policy.items())


def _match_key(key: str, rules: Any, value: Mapping[str, Any]) -> Truth:
    if is_or(key, rules):
        return any_of(_match_object(branch, value) for branch in rules)
    found = _look_up(key, value)
    if isinstance(rules, Mapping):
        return _match_nested(rules, found)
    return any_of(_match_rule(rule, found) for rule in rules)


def _match_nested(policy: Mapping[str, Any], found: object) -> Truth:
    if isinstance(found, Unknown):
        return None
    if isinstance(found, list | tuple):
        return any_of(_match_nested(policy, element) for element in found)
    return _match_object(policy, found if isinstance(found, Mapping) else {})


def _look_up(key: str, value: Mapping[str, Any]) -> object:
    """The value of a key; a dot in it may also lead one object deeper."""
    if key in value or "." not in key:
        return value.get(key, _ABSENT)
    head, rest = key.split(".", 1)
    inner = value.get(head)
    return _look_up(rest, inner) if isinstance(inner, Mapping) else _ABSENT


def _match_rule(rule: object, found: object) -> Truth:
    operator, operand = split(rule)
    if operator == "exists":
        return _exists(found, wanted=operand)
    if isinstance(found, Unknown) or isinstance(operand, Unknown):
        return None
    if isinstance(found, _Absent | Mapping):
        return False
    test = _OPERATORS[operator]
    elements = found if isinstance(found, list | tuple) else (found,)
    return any_of(
        None if isinstance(element, Unknown) else test(element, operand) for element in elements
    )


def _exists(found: object, *, wanted: bool) -> Truth:
    """Whether a key is there with a value, or not there.

    What `exists` says of a key that holds an object, not a value, the guide leaves open.
    """
    if isinstance(found, Mapping):
        return None
    if not wanted:
        return isinstance(found, _Absent)
    return None if isinstance(found, Unknown) else found not in (_ABSENT, None, "", [], ())


def _equals(value: object, wanted: object) -> Truth:
    if isinstance(value, bool) or isinstance(wanted, bool):
        return value is wanted
    if isinstance(value, int | float) and isinstance(wanted, int | float):
        return round(value, 6) == round(wanted, 6)
    return type(value) is type(wanted) and value == wanted


def _text(test: Callable[[str, str], bool]) -> Callable[[object, object], Truth]:
    def on_text(value: object, wanted: object) -> Truth:
        return isinstance(value, str) and isinstance(wanted, str) and test(value, wanted)

    return on_text


def _anything_but(value: object, unwanted: object) -> Truth:
    if value is None:
        return None  # not documented
    operator, operand = split(unwanted)
    operands = operand if isinstance(operand, list | tuple) else (operand,)
    return negation(any_of(_OPERATORS[operator](value, one) for one in operands))


def _numeric(value: object, ranges: Sequence[Any]) -> Truth:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return all(
        _COMPARISONS[operator](value, limit)
        for operator, limit in zip(ranges[::2], ranges[1::2], strict=True)
    )


_COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "=": lambda value, limit: round(value, 6) == round(limit, 6),
    "<": lambda value, limit: value < limit,
    "<=": lambda value, limit: value <= limit,
    ">": lambda value, limit: value > limit,
    ">=": lambda value, limit: value >= limit,
}


def _in_network(value: str, network: str) -> bool:
    try:
        return ipaddress.ip_address(value) in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False


_OPERATORS: Mapping[str, Callable[[object, Any], Truth]] = {
    "": _equals,
    "prefix": _text(str.startswith),
    "suffix": _text(str.endswith),
    "equals-ignore-case": _text(lambda value, wanted: value.casefold() == wanted.casefold()),
    "wildcard": _text(lambda value, wanted: bool(pattern(wanted).fullmatch(value))),
    "cidr": _text(_in_network),
    "anything-but": _anything_but,
    "numeric": _numeric,
}
