"""Paths into a state's data and into the context object.

Source: Amazon States Language specification, "Reference Paths"; Step Functions developer guide,
"Accessing execution data from the Context object".
"""

import re
from collections.abc import Mapping
from typing import Any

from alerting.states.errors import DefinitionError, MissingPathError

_PATH = re.compile(r"\$\$?(?:\.[A-Za-z_][\w-]*|\[\d+\])*", re.ASCII)
_PART = re.compile(r"\.([A-Za-z_][\w-]*)|\[(\d+)\]", re.ASCII)


def is_path(text: object) -> bool:
    """Whether it is a path of the kind known here: names and indices, no wildcards or filters."""
    return isinstance(text, str) and _PATH.fullmatch(text) is not None


def check_path(text: object) -> None:
    """Refuse what is no such path.

    Raises:
        DefinitionError: it is not.
    """
    if not is_path(text):
        raise DefinitionError(f"{text!r} is no path of names and indices")


def look_up(path: str, data: Any, context: Mapping[str, Any]) -> Any:
    """What stands at a path.

    Args:
        path: of the state's data (`$`) or of the context object (`$$`).
        data: the former.
        context: the latter.

    Raises:
        MissingPathError: nothing does.
    """
    found: Any = context if path.startswith("$$") else data
    for name, index in _PART.findall(path):
        if name and isinstance(found, Mapping) and name in found:
            found = found[name]
        elif index and isinstance(found, list) and int(index) < len(found):
            found = found[int(index)]
        else:
            raise MissingPathError(path)
    return found


def put(path: str, data: Any, value: Any) -> Any:
    """A copy of the data with a value at a path, as ResultPath wants it; `$` replaces it all.

    Raises:
        MissingPathError: the path leads through what is no object.
    """
    parts = [name for name, _ in _PART.findall(path)]
    return _put(parts, data, value, path)


def check_result_path(text: object) -> None:
    """Refuse what results cannot be put at: known here are names below the state's own data.

    Raises:
        DefinitionError: it is such a thing.
    """
    check_path(text)
    if str(text).startswith("$$") or "[" in str(text):
        raise DefinitionError(f"a result cannot be put at {text!r}")


def _put(parts: list[str], data: Any, value: Any, path: str) -> Any:
    if not parts:
        return value
    if not isinstance(data, Mapping):
        raise MissingPathError(path)
    head, *tail = parts
    return {**data, head: _put(tail, data.get(head, {}), value, path)}
