"""What a rule hands to a target: the event, a part of it, a constant, or a template filled.

Source: EventBridge user guide, "Input transformation"; API reference, InputTransformer.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

_VARIABLE = re.compile(r"<([^<>\s]+)>")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_PATH = re.compile(r"\$((?:\.[\w-]+|\[\d+\])*)", re.ASCII)
_PART = re.compile(r"\.([\w-]+)|\[(\d+)\]", re.ASCII)
_WHOLE = "aws.events.event.json"
"""The variable that is there without a path: the event as it is."""


class TransformerError(ValueError):
    """A target's input that cannot be read, or says something not known here."""


def handed(target: Mapping[str, Any], event: Mapping[str, Any]) -> Any:
    """What a target is handed of an event, as a document.

    Args:
        target: an element of ListTargetsByRule.
        event: the event.

    Raises:
        TransformerError: what it asks for is wrong, not known here, or not in the event.
    """
    if "InputTransformer" in target:
        return _filled(target["InputTransformer"], event)
    if "Input" in target:
        return _read(target["Input"])
    if "InputPath" in target:
        return _at(target["InputPath"], event)
    return event


def _filled(transformer: Mapping[str, Any], event: Mapping[str, Any]) -> Any:
    values = {name: _at(path, event) for name, path in transformer.get("InputPathsMap", {}).items()}
    values[_WHOLE] = event
    template = transformer["InputTemplate"]
    strings = [match.span() for match in _STRING.finditer(template)]

    def value(match: re.Match[str]) -> str:
        if match[1] not in values:
            raise TransformerError(f"<{match[1]}> is not known here")
        found = values[match[1]]
        within = any(start < match.start() < end for start, end in strings)
        if within and not isinstance(found, str):
            raise TransformerError(f"<{match[1]}> stands in text, and is none")
        text = json.dumps(found)
        return text[1:-1] if within else text

    return _read(_VARIABLE.sub(value, template))


def _at(path: str, event: Mapping[str, Any]) -> Any:
    if not _PATH.fullmatch(path):
        raise TransformerError(f"{path!r} is no path of names and indices")
    found: Any = event
    for name, index in _PART.findall(path):
        if name and isinstance(found, Mapping) and name in found:
            found = found[name]
        elif index and isinstance(found, list) and int(index) < len(found):
            found = found[int(index)]
        else:
            raise TransformerError(f"nothing stands at {path} of the event")
    return found


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise TransformerError(f"what a target is handed is not JSON: {error}") from None
