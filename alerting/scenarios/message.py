"""The message of a change, held against what is expected of it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from alerting.replay import Change
from alerting.replay.announcements import message
from alerting.scenarios.run import Run
from alerting.scenarios.scenario import Field


def differences(run: Run, change: Change, fields: Mapping[str, Field]) -> Iterator[str]:
    """What the message says otherwise than expected."""
    notes = run.news_of(change)
    if not notes:
        held = run.hold(change) is not None
        why = "it never got past what held it" if held else "the alarm tells nothing in this state"
        yield f"expected a message, but {why}"
        return
    occasion = notes[0].announcement.occasion
    whole = message(run.stage.account, change, run.replay.start, occasion)
    for name, field in fields.items():
        got = _at(whole, name)
        if field.matches is not None:
            if not isinstance(got, str) or not re.search(field.matches, got):
                yield f"expected {name} of the message to match {field.matches!r}, got {got!r}"
        elif got != field.value:
            yield f"expected {name} of the message to be {field.value!r}, got {got!r}"


def _at(document: Any, path: str) -> Any:
    for part in path.split("."):
        if not isinstance(document, Mapping) or part not in document:
            return None
        document = document[part]
    return document
