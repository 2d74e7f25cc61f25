"""Checks shared by the component constructors: they run before anything is registered."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cache, partial
from typing import Any, NotRequired, cast, get_args, get_origin, is_typeddict

from alerting.problems import Problem, must, nearest


def shape_problems(args: Mapping[str, object], shape: type) -> Iterator[Problem]:
    """What a TypedDict does not allow, at any depth; Python itself checks none of it.

    Found are keys nobody knows, required ones that are missing, and values of no enum.
    """
    hints = shape.__annotations__
    for key in args:
        if key not in hints:
            near = nearest(str(key), hints)
            hint = f"did you mean {near!r}? " if near else ""
            yield Problem((str(key),), f"is not known; {hint}known are {', '.join(hints)}")
    required: frozenset[str] = getattr(shape, "__required_keys__", frozenset[str]())
    checks = _checks(shape)
    for key, value in args.items():
        check = checks.get(key)
        if check is not None:
            for problem in check(value):
                yield problem.under(key)
    for key in hints:
        if key in required and key not in args:
            yield Problem((key,), "is required")


Check = Callable[[object], Iterator[Problem]]


@cache
def _checks(shape: type) -> dict[str, Check | None]:
    """How the value of each key is checked; None where anything will do."""
    return {key: _check(hint) for key, hint in shape.__annotations__.items()}


def _check(hint: Any) -> Check | None:
    if get_origin(hint) is NotRequired:
        hint = get_args(hint)[0]
    if is_typeddict(hint):
        return partial(_map_problems, hint)
    if get_origin(hint) is Mapping and is_typeddict(get_args(hint)[1]):
        return partial(_maps_problems, get_args(hint)[1])
    if get_origin(hint) is Sequence and is_typeddict(get_args(hint)[0]):
        return partial(_list_problems, get_args(hint)[0])
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return partial(_word_problems, hint)
    return None


def _map_problems(shape: type, value: object) -> Iterator[Problem]:
    if isinstance(value, Mapping):
        yield from shape_problems(cast("Mapping[str, object]", value), shape)
    else:
        yield must("", "a map", value)


def _maps_problems(shape: type, value: object) -> Iterator[Problem]:
    if not isinstance(value, Mapping):
        yield must("", "a map", value)
        return
    for name, inner in cast("Mapping[object, object]", value).items():
        for problem in _map_problems(shape, inner):
            yield problem.under(str(name))


def _list_problems(shape: type, value: object) -> Iterator[Problem]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        yield must("", "a list", value)
        return
    for at, inner in enumerate(cast("Sequence[object]", value)):
        for problem in _map_problems(shape, inner):
            yield problem.under(str(at))


def _word_problems(words: type[StrEnum], value: object) -> Iterator[Problem]:
    if value not in list(words):
        yield must("", f"one of {', '.join(words)}", value)


def refuse(owner: str, problems: Iterable[Problem]) -> None:
    """Raise one error that holds every problem.

    Raises:
        ValueError: there is at least one; a line each, with the owner in front.
    """
    found = [f"{owner}: {problem}" for problem in dict.fromkeys(problems)]
    if found:
        raise ValueError("\n".join(found))
