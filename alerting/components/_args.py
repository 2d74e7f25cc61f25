"""Checks shared by the component constructors: they run before anything is registered."""

import difflib
from collections.abc import Iterable, Iterator, Mapping

from alerting.problems import Problem


def key_problems(args: Mapping[str, object], shape: type) -> Iterator[Problem]:
    """Keys a TypedDict does not know, and required ones it misses; Python itself checks neither."""
    known = list(shape.__annotations__)
    for key in args:
        if key not in known:
            near = difflib.get_close_matches(str(key), known, n=1)
            hint = f"did you mean {near[0]!r}? " if near else ""
            yield Problem((str(key),), f"is not known; {hint}known are {', '.join(known)}")
    required: frozenset[str] = getattr(shape, "__required_keys__", frozenset[str]())
    for key in known:
        if key in required and key not in args:
            yield Problem((key,), "is required")


def refuse(owner: str, problems: Iterable[Problem]) -> None:
    """Raise one error that holds every problem.

    Raises:
        ValueError: there is at least one; a line each, with the owner in front.
    """
    found = [f"{owner}: {problem}" for problem in problems]
    if found:
        raise ValueError("\n".join(found))
