"""Event patterns.

Source: EventBridge user guide, "Event patterns" and "Comparison operators": every field of a
pattern must match, one of the values listed for it; a list in an event matches by any of its
values. Known here are values as they stand, `prefix`, `suffix`, `anything-but` and `exists`.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

MAX_PATTERN = 2048
"""Characters (EventBridge user guide, "Quotas": the default, which AWS raises on request)."""


class PatternError(ValueError):
    """A pattern that is none, or that says something not known here."""


def read_pattern(text: str) -> Mapping[str, Any]:
    """A pattern from its JSON.

    Raises:
        PatternError: it is none, or has an operator that is not known here.
    """
    try:
        pattern = json.loads(text)
    except ValueError as error:
        raise PatternError(f"the pattern is not JSON: {error}") from None
    _check(pattern, "the pattern")
    return pattern


def matches(pattern: Mapping[str, Any], event: Any) -> bool:
    """Whether an event matches a pattern that `read_pattern` gave."""
    return all(_field(wanted, event, name) for name, wanted in pattern.items())


def _check(pattern: Any, what: str) -> None:
    if not isinstance(pattern, Mapping) or not pattern:
        raise PatternError(f"{what} is no JSON object of fields")
    for name, wanted in pattern.items():
        if name.startswith("$"):
            raise PatternError(f"{name} is not known here")
        if not isinstance(wanted, list):
            _check(wanted, f"{what}'s {name}")
            continue
        for one in wanted:
            if isinstance(one, Mapping):
                _check_operator(one)
            elif isinstance(one, list):
                raise PatternError(f"{name} lists a list")


def _check_operator(operator: Mapping[str, Any]) -> None:
    match operator:
        case {"prefix": str(), **rest} | {"suffix": str(), **rest} if not rest:
            pass
        case {"exists": bool(), **rest} if not rest:
            pass
        case {"anything-but": str() | int() | float() | list(), **rest} if not rest:
            pass
        case _:
            raise PatternError(f"{json.dumps(operator)} is not known here")


def _field(wanted: Any, event: Any, name: str) -> bool:
    there = isinstance(event, Mapping) and name in event
    if isinstance(wanted, Mapping):
        return matches(wanted, event[name] if there else None)
    return any(_one(rule, there, list(_values(event, name))) for rule in wanted)


def _values(event: Any, name: str) -> Iterator[Any]:
    if isinstance(event, Mapping) and name in event:
        found = event[name]
        yield from found if isinstance(found, list) else (found,)


def _one(rule: Any, there: bool, values: list[Any]) -> bool:
    match rule:
        case {"exists": wanted}:
            return there is wanted
        case {"prefix": start}:
            return any(isinstance(value, str) and value.startswith(start) for value in values)
        case {"suffix": end}:
            return any(isinstance(value, str) and value.endswith(end) for value in values)
        case {"anything-but": unwanted}:
            others = unwanted if isinstance(unwanted, list) else [unwanted]
            return any(value not in others for value in values)
        case _:
            return any(type(value) is type(rule) and value == rule for value in values)
