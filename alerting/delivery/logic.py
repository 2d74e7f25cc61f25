"""True, False, and None for "cannot be told from here" (Kleene's three-valued logic)."""

from collections.abc import Iterable

Truth = bool | None
"""None: it may be either."""


def all_of(values: Iterable[Truth]) -> Truth:
    """False as soon as one is False; else None if one is None."""
    result: Truth = True
    for value in values:
        if value is False:
            return False
        if value is None:
            result = None
    return result


def any_of(values: Iterable[Truth]) -> Truth:
    """True as soon as one is True; else None if one is None."""
    result: Truth = False
    for value in values:
        if value is True:
            return True
        if value is None:
            result = None
    return result


def negation(value: Truth) -> Truth:
    """The opposite; of None it is None."""
    return None if value is None else not value
