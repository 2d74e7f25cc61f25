"""What the definition of a state machine may say here.

Source: Amazon States Language specification; Step Functions developer guide, "State machine
structure". Whatever else a definition says is an error, so that nothing is ever left out of an
execution without a word.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from alerting.states.choice import check_rule
from alerting.states.errors import DefinitionError
from alerting.states.intrinsics import parse
from alerting.states.paths import check_path, check_result_path

WAITS = ("Seconds", "SecondsPath", "Timestamp", "TimestampPath")
"""The ways in which a Wait state says until when."""
_FIELDS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    kind: (frozenset(required), frozenset(optional))
    for kind, required, optional in (
        ("Pass", (), ("Parameters", "Result", "ResultPath")),
        ("Wait", (), WAITS),
        ("Choice", ("Choices",), ("Default",)),
        (
            "Task",
            ("Resource",),
            ("Parameters", "ResultSelector", "ResultPath", "Retry", "Catch"),
        ),
        ("Succeed", (), ()),
        ("Fail", (), ("Error", "Cause")),
    )
}
"""Of each type of state, what it must say and may say beside Type, Comment, Next and End."""
_LAST = ("Choice", "Succeed", "Fail")
"""The types that say neither Next nor End."""


def check_definition(definition: Any) -> None:
    """Refuse whatever of a state machine's definition is wrong, or not known here.

    Raises:
        DefinitionError: anything is.
    """
    if not isinstance(definition, Mapping):
        raise DefinitionError("the definition is not a JSON object")
    _known(definition, "the definition", {"StartAt", "States"}, {"Comment", "QueryLanguage"})
    if definition.get("QueryLanguage", "JSONPath") != "JSONPath":
        raise DefinitionError(f"{definition['QueryLanguage']} is not known here")
    states = definition["States"]
    if not isinstance(states, Mapping) or not states:
        raise DefinitionError("the definition has no states")
    for name, state in states.items():
        try:
            _check_state(state)
            for target in _targets(state):
                if target not in states:
                    raise DefinitionError(f"there is no state {target!r} to go to")
        except DefinitionError as error:
            raise DefinitionError(f"the state {name!r}: {error}") from None
    if definition["StartAt"] not in states:
        raise DefinitionError(f"StartAt is {definition['StartAt']!r}, which is no state")


def _known(given: Mapping[str, Any], what: str, required: set[str], optional: set[str]) -> None:
    for key in given:
        if key not in required | optional:
            raise DefinitionError(f"{key} of {what} is not known here")
    for key in sorted(required):
        if key not in given:
            raise DefinitionError(f"{what} lacks {key}")


def _check_state(state: Any) -> None:
    kind: Any = state.get("Type") if isinstance(state, Mapping) else None
    if kind not in _FIELDS:
        raise DefinitionError(f"a state of the type {kind!r} is not known here")
    required, optional = _FIELDS[kind]
    ways = set[str]() if kind in _LAST else {"Next", "End"}
    _known(state, kind, {"Type", *required}, {"Comment", *optional, *ways})
    if ways and ("Next" in state) == (state.get("End") is True):
        raise DefinitionError("it needs exactly one of Next and End")
    for key in ("Parameters", "ResultSelector"):
        _check_template(state.get(key, {}))
    for handler in state.get("Catch", ()):
        _known(handler, "Catch", {"ErrorEquals", "Next"}, {"ResultPath", "Comment"})
    for handler in state.get("Retry", ()):
        tries = {"IntervalSeconds", "MaxAttempts", "BackoffRate", "Comment"}
        _known(handler, "Retry", {"ErrorEquals"}, tries)
    for place in (state, *state.get("Catch", ())):
        if place.get("ResultPath") is not None:
            check_result_path(place["ResultPath"])
    match kind:
        case "Wait":
            said = [key for key in WAITS if key in state]
            if len(said) != 1:
                raise DefinitionError(f"it needs exactly one of {', '.join(WAITS)}")
            if said[0].endswith("Path"):
                check_path(state[said[0]])
        case "Choice":
            for rule in state["Choices"]:
                check_rule(rule)
        case _:
            pass


def _check_template(template: Any) -> None:
    if isinstance(template, Mapping):
        for key, value in template.items():
            if not key.endswith(".$"):
                _check_template(value)
            elif isinstance(value, str):
                parse(value)
            else:
                raise DefinitionError(f"{key} must be a path or a function, not {value!r}")
    elif isinstance(template, list):
        for value in template:
            _check_template(value)


def _targets(state: Mapping[str, Any]) -> Iterator[str]:
    """The names of the states that a state may lead to."""
    for place in (state, *state.get("Choices", ()), *state.get("Catch", ())):
        for key in ("Next", "Default"):
            if key in place:
                yield place[key]
