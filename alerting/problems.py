"""What is wrong with a declaration, in words that say what to change."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with what somebody declared."""

    path: tuple[str, ...]
    """Where: the keys that lead to the value."""
    message: str
    """What is allowed and what was given, to be read after the path."""

    def under(self, *path: str) -> "Problem":
        """The same problem seen from further out."""
        return Problem((*path, *self.path), self.message)

    def __str__(self) -> str:
        return f"{'.'.join(self.path)}: {self.message}" if self.path else self.message


def must(path: str, allowed: str, got: object) -> Problem:
    """The house form of a refusal: `must be ..., got ...`."""
    shown = "nothing" if got is None else repr(got)
    if len(shown) > 80:
        size = len(got) if isinstance(got, str) else len(shown)
        shown = f"{shown[:60]}... ({size} characters)"
    return Problem(tuple(path.split(".")) if path else (), f"must be {allowed}, got {shown}")


def nearest(word: str, known: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """What was probably meant by a word that is not known; None where nothing is close.

    Args:
        word: as given.
        known: what there is.
        cutoff: how alike they must be, from 0 to 1 (`difflib.get_close_matches`).
    """
    return next(iter(difflib.get_close_matches(word, list(known), n=1, cutoff=cutoff)), None)
