"""The shape of a table in a service's file."""

from collections.abc import Iterator, Mapping
from typing import Any

from alerting.problems import Problem


def shape_problems(
    data: Mapping[str, Any], needed: Mapping[str, Any], optional: Mapping[str, Any]
) -> Iterator[Problem]:
    """Keys that are missing or not known, and values of another type than is said by key."""
    for key in needed:
        if key not in data:
            yield Problem((key,), "is required")
    for key, value in data.items():
        kind = needed.get(key) or optional.get(key)
        if kind is None:
            yield Problem((key,), "is not known")
        elif not isinstance(value, kind) or (value.__class__ is bool and kind is not bool):
            yield Problem((key,), f"has the wrong type, got {value!r}")
