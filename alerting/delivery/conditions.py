"""The conditions of a policy statement, against what a request brings.

Sources: IAM user guide, "Condition operators" (a missing key fails a positive operator and
satisfies a negated one; IfExists; Null; both ARN operators take wildcards and compare the six parts
of an ARN one by one) and "Conditions with multiple context keys or values" (ForAllValues,
ForAnyValue; several values in the policy are alternatives, under a negated operator none of them
may match).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

from alerting.account import Unknown
from alerting.delivery.logic import Truth, all_of, any_of, negation

Value = str | bool | Unknown | Sequence[str]
"""A condition key's value in a request; several for a multivalued key."""


class PolicyError(ValueError):
    """The document is not a policy; AWS would not have taken it."""


@dataclass(frozen=True, slots=True)
class Context:
    """The condition keys of one request."""

    values: Mapping[str, Value]
    """By key in lower case. A key that is not here is not in the request."""
    unseen: Sequence[str] = ()
    """Keys in lower case, `*` standing for anything, that the real request may carry with a value
    that cannot be seen from here."""

    def brought(self, key: str) -> list[str] | Unknown | None:
        """The values of a key, in any case; None where the request does not have it."""
        value = self.values.get(key.lower())
        if value is None:
            hidden = any(pattern(unseen).fullmatch(key.lower()) for unseen in self.unseen)
            return Unknown() if hidden else None
        if isinstance(value, Unknown):
            return value
        return [_text(v) for v in (value if isinstance(value, list | tuple) else [value])]


@lru_cache(maxsize=4096)
def pattern(text: str) -> re.Pattern[str]:
    """A text in which `*` stands for any characters and `?` for one."""
    parts = (".*" if c == "*" else "." if c == "?" else re.escape(c) for c in text)
    return re.compile("".join(parts), re.DOTALL)


def conditions(block: object, context: Context) -> list[tuple[Truth, Callable[[], str]]]:
    """Whether each condition of a statement's `Condition` holds and, on demand, what it asks.

    Raises:
        PolicyError: the block is not of the form of one.
    """
    if block is None:
        return []
    if isinstance(block, Unknown):
        return [(None, lambda: f"its Condition is {block}")]
    if not isinstance(block, Mapping):
        raise PolicyError("Condition must be an object")
    found: list[tuple[Truth, Callable[[], str]]] = []
    for operator, keys in block.items():
        if isinstance(keys, Unknown):
            found.append((None, partial("the keys of {} are {}".format, operator, keys)))
            continue
        if not isinstance(keys, Mapping):
            raise PolicyError(f"Condition.{operator} must be an object")
        for key, given in keys.items():
            wanted = given if isinstance(given, list | tuple) else [given]
            for value in wanted:
                if not isinstance(value, str | bool | int | float | Unknown):
                    raise PolicyError(f"Condition.{operator}.{key} must be text, got {value!r}")
            brought = context.brought(str(key))
            truth = holds(str(operator), brought, wanted)
            found.append((truth, partial(_asks, str(operator), str(key), wanted, brought)))
    return found


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


_OPERATOR = re.compile(r"(?:(for(?:all|any)value)s?:)?([a-z]+?)(ifexists)?")


def holds(operator: str, brought: list[str] | Unknown | None, wanted: Sequence[object]) -> Truth:
    """Whether one condition holds; None also for an operator that is not known here.

    Args:
        operator: As written in the policy, qualifier and suffix included.
        brought: The values of the key in the request; None where it is absent.
        wanted: The values in the policy.
    """
    match = _OPERATOR.fullmatch(operator.lower())
    if match is None or isinstance(brought, Unknown):
        return None
    quantifier, kind, lenient = match.groups()
    if kind == "null" and not quantifier and not lenient:
        absent = _text(brought is None)
        return any_of(
            None if isinstance(w, Unknown) else absent == _text(w).lower() for w in wanted
        )
    negated = kind in _NEGATED
    compare = _NEGATED.get(kind) or _COMPARE.get(kind)
    if compare is None:
        return None
    if brought is None and lenient:
        return True
    if not brought and quantifier:
        return quantifier == "forallvalue"
    if brought is None:
        return negated

    def matches(value: str) -> Truth:
        """One value of the request against the alternatives of the policy."""
        one = any_of(
            None if isinstance(w, Unknown) or "${" in str(w) else compare(value, _text(w))
            for w in wanted
        )
        return negation(one) if negated else one

    if quantifier == "foranyvalue" or (not quantifier and not negated):
        return any_of(matches(value) for value in brought)
    return all_of(matches(value) for value in brought)


def _same(value: str, wanted: str) -> Truth:
    return value == wanted


def _same_in_any_case(value: str, wanted: str) -> Truth:
    return value.casefold() == wanted.casefold()


def _like(value: str, wanted: str) -> Truth:
    return bool(pattern(wanted).fullmatch(value))


def _arn_like(value: str, wanted: str) -> Truth:
    """Both ARN operators take wildcards, and compare each of the six parts on its own."""
    parts, given = wanted.split(":", 5), value.split(":", 5)
    if len(parts) == len(given) == 6:
        return all(pattern(p).fullmatch(g) for p, g in zip(parts, given, strict=True))
    # What IAM makes of a pattern such as `*` or `arn:aws:sns:*` here is not documented.
    return None if len(given) == 6 and _like(value, wanted) else False


_COMPARE = {
    "stringequals": _same,
    "stringequalsignorecase": _same_in_any_case,
    "stringlike": _like,
    "arnequals": _arn_like,
    "arnlike": _arn_like,
    "bool": _same_in_any_case,
}
_NEGATED = {
    "stringnotequals": _same,
    "stringnotequalsignorecase": _same_in_any_case,
    "stringnotlike": _like,
    "arnnotequals": _arn_like,
    "arnnotlike": _arn_like,
}


def _asks(
    operator: str, key: str, wanted: Sequence[object], brought: list[str] | Unknown | None
) -> str:
    """What a condition asks and what the request brings, in words."""
    values = ", ".join(_text(w) for w in wanted) or "(nothing)"
    if brought is None:
        has = "the request does not have that key"
    elif isinstance(brought, Unknown):
        has = "its value in the request cannot be seen from here"
    else:
        has = f"the request brings {', '.join(brought) or '(nothing)'}"
    return f"it asks for {operator} {key} {values}, and {has}"
