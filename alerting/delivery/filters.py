"""SNS filter policies, evaluated on messages.

Sources: SNS developer guide, "Filter policy constraints", "String value matching", "Numeric value
matching", "Key matching" and "AND/OR logic". Where the guide contradicts itself, its examples are
followed: `anything-but` matches a list as soon as one element is not among the values.
"""

import ipaddress
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from alerting.account import Unknown
from alerting.delivery.conditions import pattern
from alerting.delivery.logic import Truth, all_of, any_of, negation

ATTRIBUTES = "MessageAttributes"
"""The scope a filter policy has unless said otherwise."""
BODY = "MessageBody"
MAX_KEYS = 5
MAX_COMBINATIONS = 150


class FilterError(ValueError):
    """The document is not a filter policy; SNS would not have taken it."""


def parse_filter(policy: str | Mapping[str, Any], scope: str) -> Mapping[str, Any]:
    """A filter policy as a mapping.

    Raises:
        FilterError: SNS refuses it; the message says why.
    """
    document: object = policy
    if isinstance(policy, str):
        try:
            document = json.loads(policy)
        except (ValueError, RecursionError) as error:
            raise FilterError(f"it is not JSON ({error})") from error
    if not isinstance(document, Mapping):
        raise FilterError("it is not a JSON object")
    if scope not in (ATTRIBUTES, BODY):
        raise FilterError(f"its scope must be {ATTRIBUTES} or {BODY}, got {scope!r}")
    if len(document) > MAX_KEYS:
        raise FilterError(f"it has {len(document)} keys, at most {MAX_KEYS} are allowed")
    combinations = _checked(document, scope, depth=1)
    if combinations > MAX_COMBINATIONS:
        raise FilterError(
            f"it has {combinations} combinations of values, at most {MAX_COMBINATIONS} are allowed"
        )
    return document


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
    truth = _passes(parse_filter(policy, scope), scope, attributes or {}, body)
    return Unknown() if truth is None else truth


def _passes(
    policy: Mapping[str, Any], scope: str, attributes: Mapping[str, Any], body: object
) -> Truth:
    if not policy:
        return True
    if scope == ATTRIBUTES:
        return _match_object(policy, {name: _attribute(a) for name, a in attributes.items()})
    if isinstance(body, str):
        try:
            body = json.loads(body)
        except (ValueError, RecursionError):
            return False  # a filter on the body takes the body for a JSON object
    if isinstance(body, Unknown):
        return None
    return _match_object(policy, body) if isinstance(body, Mapping) else False


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
    if _is_or(key, rules):
        return any_of(_match_object(branch, value) for branch in rules)
    found = _look_up(key, value)
    if isinstance(rules, Mapping):
        return _match_nested(rules, found)
    return any_of(_match_rule(rule, found, among=value) for rule in rules)


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


def _match_rule(rule: object, found: object, among: Mapping[str, Any]) -> Truth:
    operator, operand = _split(rule)
    if operator == "exists":
        return _exists(found, among, wanted=operand)
    if isinstance(found, Unknown) or isinstance(operand, Unknown):
        return None
    if isinstance(found, _Absent | Mapping):
        return False
    test = _OPERATORS[operator]
    elements = found if isinstance(found, list | tuple) else (found,)
    return any_of(
        None if isinstance(element, Unknown) else test(element, operand) for element in elements
    )


def _split(rule: object) -> tuple[str, Any]:
    return next(iter(rule.items())) if isinstance(rule, Mapping) else ("", rule)


def _exists(found: object, among: Mapping[str, Any], *, wanted: bool) -> Truth:
    """Whether a key is there with a value, or not there although the message has others.

    What `exists` says of a key that holds an object, not a value, the guide leaves open.
    """
    if isinstance(found, Mapping):
        return None
    if not wanted:
        return isinstance(found, _Absent) and bool(among)
    return None if isinstance(found, Unknown) else found not in (_ABSENT, None, "", [], ())


# --- the operators, each on one value ---------------------------------------------------------


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
    operator, operand = _split(unwanted)
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
_ON_TEXT = frozenset({"prefix", "suffix", "equals-ignore-case", "wildcard", "cidr"})
_RESERVED = frozenset(_OPERATORS) | {"exists"}


# --- what SNS refuses -------------------------------------------------------------------------


def _is_or(key: str, rules: object) -> bool:
    """`$or` is an operator only over two or more objects none of whose keys is an operator."""
    return (
        key == "$or"
        and isinstance(rules, list | tuple)
        and len(rules) >= 2
        and all(isinstance(rule, Mapping) and not _RESERVED & rule.keys() for rule in rules)
    )


def _checked(policy: Mapping[str, Any], scope: str, *, depth: int) -> int:
    """How many combinations of values there are: each list counts times its depth."""
    if depth > 1 and scope == ATTRIBUTES:
        raise FilterError(f"it is nested, which {ATTRIBUTES} does not allow")
    if depth > MAX_COMBINATIONS:
        raise FilterError(f"it has more than {MAX_COMBINATIONS} combinations of values")
    combinations = 1
    for key, rules in policy.items():
        if _is_or(key, rules):
            combinations *= sum(_checked(branch, scope, depth=depth) for branch in rules)
        elif isinstance(rules, Mapping):
            combinations *= _checked(rules, scope, depth=depth + 1)
        elif not isinstance(rules, list | tuple) or not rules:
            raise FilterError(f"{key!r} must be a list of values or an object, got {rules!r}")
        else:
            combinations *= len(rules) * depth
            for problem in (p for rule in rules for p in _rule_problems(rule)):
                raise FilterError(f"{key!r}: {problem}")
    return combinations


def _rule_problems(rule: object) -> Iterator[str]:
    if not isinstance(rule, Mapping):
        if not isinstance(rule, str | int | float | Unknown | None):
            yield f"a value must be text, a number, true, false or null, got {rule!r}"
        return
    if len(rule) != 1:
        yield f"only one operator is allowed in {rule!r}"
        return
    operator, operand = _split(rule)
    if operator not in _RESERVED or not operator:
        yield f"{operator!r} is not an operator"
    elif isinstance(operand, Unknown):
        return
    elif operator in _ON_TEXT and not isinstance(operand, str):
        yield f"{operator} must be given text, got {operand!r}"
    elif operator == "exists" and not isinstance(operand, bool):
        yield f"exists must be true or false, got {operand!r}"
    elif operator == "numeric" and not _is_numeric(operand):
        yield f"numeric must be a list such as ['>', 0, '<=', 5], got {operand!r}"
    elif operator == "anything-but":
        inner, values = _split(operand)
        values = values if isinstance(values, list | tuple) else (values,)
        known = not inner or inner in _ON_TEXT - {"cidr"}
        if not known or not values or any(isinstance(value, list | Mapping) for value in values):
            yield f"anything-but cannot be given {operand!r}"


def _is_numeric(operand: object) -> bool:
    return (
        isinstance(operand, list | tuple)
        and len(operand) in (2, 4)
        and all(isinstance(o, str) and o in _COMPARISONS for o in operand[::2])
        and all(isinstance(limit, int | float) for limit in operand[1::2])
    )
