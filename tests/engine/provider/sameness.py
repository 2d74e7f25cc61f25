"""When two values of a property are the same to AWS."""

import json
from collections.abc import Mapping
from typing import Any


def same(old: Any, new: Any) -> bool:
    """Whether AWS's provider would see no difference.

    JSON documents are compared as JSON, lists of texts (actions, ARNs) as sets, and nothing,
    false and empty are one.
    """
    return _normal(old) == _normal(new)


def keep_spelling(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """The new values, in the words of the old ones where they mean the same."""
    return {
        key: old[key] if key in old and same(old[key], value) else value
        for key, value in new.items()
    }


def _normal(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return _normal(json.loads(value))
        except json.JSONDecodeError:
            return value
    if isinstance(value, Mapping):
        inner = {key: _normal(each) for key, each in value.items()}
        return {key: each for key, each in inner.items() if each is not None} or None
    if isinstance(value, list):
        if value and all(isinstance(each, str) for each in value):
            return sorted(value)
        return [_normal(each) for each in value] or None
    return None if value in (False, "") else value
