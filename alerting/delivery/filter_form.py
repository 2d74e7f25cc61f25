"""The form of an SNS filter policy: what SNS takes and what it refuses.

Sources: SNS developer guide, "Filter policy constraints" and "AND/OR logic"; SNS API reference,
SetSubscriptionAttributes (FilterPolicy, FilterPolicyScope).
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from alerting.account import Unknown

ATTRIBUTES = "MessageAttributes"
"""The scope a filter policy has unless said otherwise."""
BODY = "MessageBody"
MAX_KEYS = 5
MAX_COMBINATIONS = 150


_ON_TEXT = frozenset({"prefix", "suffix", "equals-ignore-case", "wildcard", "cidr"})
_OPERATORS = _ON_TEXT | {"anything-but", "numeric", "exists"}
_COMPARISONS = ("=", "<", "<=", ">", ">=")


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


def split(rule: object) -> tuple[str, Any]:
    """Operator and operand of one rule of a filter policy; a plain value has the operator `""`."""
    return next(iter(rule.items())) if isinstance(rule, Mapping) else ("", rule)


def is_or(key: str, rules: object) -> bool:
    """`$or` is an operator only over two or more objects none of whose keys is an operator."""
    return (
        key == "$or"
        and isinstance(rules, list | tuple)
        and len(rules) >= 2
        and all(isinstance(rule, Mapping) and not _OPERATORS & rule.keys() for rule in rules)
    )


def _checked(policy: Mapping[str, Any], scope: str, *, depth: int) -> int:
    """How many combinations of values there are: each list counts times its depth."""
    if depth > 1 and scope == ATTRIBUTES:
        raise FilterError(f"it is nested, which {ATTRIBUTES} does not allow")
    if depth > MAX_COMBINATIONS:
        raise FilterError(f"it has more than {MAX_COMBINATIONS} combinations of values")
    combinations = 1
    for key, rules in policy.items():
        if is_or(key, rules):
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
    operator, operand = split(rule)
    if operator not in _OPERATORS:
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
        inner, values = split(operand)
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
