"""Checks shared by the component constructors: they run before anything is registered."""

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, NotRequired, cast, get_args, get_origin, is_typeddict

from alerting.problems import Problem, must


def shape_problems(args: Mapping[str, object], shape: type) -> Iterator[Problem]:
    """What a TypedDict does not allow, at any depth; Python itself checks none of it.

    Found are keys nobody knows, required ones that are missing, and values of no enum.
    """
    hints = shape.__annotations__
    for key in args:
        if key not in hints:
            near = difflib.get_close_matches(str(key), hints, n=1)
            hint = f"did you mean {near[0]!r}? " if near else ""
            yield Problem((str(key),), f"is not known; {hint}known are {', '.join(hints)}")
    required: frozenset[str] = getattr(shape, "__required_keys__", frozenset[str]())
    for key, hint in hints.items():
        if key in args:
            for problem in _value_problems(args[key], hint):
                yield problem.under(key)
        elif key in required:
            yield Problem((key,), "is required")


def _value_problems(value: object, hint: Any) -> Iterator[Problem]:
    if get_origin(hint) is NotRequired:
        hint = get_args(hint)[0]
    if is_typeddict(hint):
        if isinstance(value, Mapping):
            yield from shape_problems(value, hint)
        else:
            yield must("", "a map", value)
    elif get_origin(hint) is Mapping and is_typeddict(get_args(hint)[1]):
        if not isinstance(value, Mapping):
            yield must("", "a map", value)
            return
        for name, inner in value.items():
            for problem in _value_problems(inner, get_args(hint)[1]):
                yield problem.under(str(name))
    elif get_origin(hint) is Sequence and is_typeddict(get_args(hint)[0]):
        if not isinstance(value, Sequence) or isinstance(value, str):
            yield must("", "a list", value)
            return
        for at, inner in enumerate(cast("Sequence[object]", value)):
            for problem in _value_problems(inner, get_args(hint)[0]):
                yield problem.under(str(at))
    elif isinstance(hint, type) and issubclass(hint, StrEnum) and value not in list(hint):
        yield must("", f"one of {', '.join(hint)}", value)


def refuse(owner: str, problems: Iterable[Problem]) -> None:
    """Raise one error that holds every problem.

    Raises:
        ValueError: there is at least one; a line each, with the owner in front.
    """
    found = [f"{owner}: {problem}" for problem in dict.fromkeys(problems)]
    if found:
        raise ValueError("\n".join(found))
