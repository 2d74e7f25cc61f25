"""A series as text: `40 for 2h, 95 for 20m, missing for 30m, 40 to 70 over 1h`."""

import re
from collections.abc import Iterator

import numpy as np

from alerting.replay.series import Values
from alerting.spans import parse_span, span

MAX_POINTS = 1_000_000
"""Datapoints of one series: over nine years at five minutes."""

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_TOKEN = re.compile(r"\s*(,|[^\s,]+)")


class ValuesError(ValueError):
    """A text that is no series; the message says what was expected."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.at = at
        """Of the character in the text at which it goes wrong."""


def parse_values(text: str, every: int) -> Values:
    """The datapoints, NaN where they are missing.

    Args:
        text: Stretches between commas: `V for D`, `missing for D`, or `A to B over D`, which has
            D / `every` points, the first of them A and the last one step before B.
        every: Seconds from one datapoint to the next.

    Raises:
        ValuesError: the text does not parse, or a duration is no multiple of `every`.
    """
    return np.concatenate(list(_Parser(text, every).stretches()))


class _Parser:
    def __init__(self, text: str, every: int) -> None:
        self._end = len(text.rstrip())
        matches = _TOKEN.finditer(text, 0, self._end)
        self._tokens = [(match[1], match.start(1)) for match in matches]
        self._next = self._points = 0
        self._every = every

    def stretches(self) -> Iterator[Values]:
        while True:
            yield self._stretch()
            if self._next == len(self._tokens):
                return
            self._word("a comma", ",")

    def _stretch(self) -> Values:
        text, at = self._take("a number or missing")
        if text == "missing":
            self._word("for", "for")
            return np.full(self._count(), np.nan)
        value = self._number(text, at, "a number or missing")
        if self._word("for or to", "for", "to") == "for":
            return np.full(self._count(), value)
        text, at = self._take("a number")
        goal = self._number(text, at, "a number")
        self._word("over", "over")
        count = self._count()
        return value + (goal - value) * np.arange(count) / count

    def _take(self, wanted: str) -> tuple[str, int]:
        if self._next == len(self._tokens):
            raise ValuesError(f"expected {wanted}, but the text ends", self._end)
        token = self._tokens[self._next]
        self._next += 1
        return token

    def _word(self, wanted: str, *words: str) -> str:
        text, at = self._take(wanted)
        if text not in words:
            raise ValuesError(f"expected {wanted}, got {text!r}", at)
        return text

    @staticmethod
    def _number(text: str, at: int, wanted: str) -> float:
        if not _NUMBER.fullmatch(text):
            raise ValuesError(f"expected {wanted}, got {text!r}", at)
        if not np.isfinite(float(text)):
            raise ValuesError(f"{text} is more than a number can hold", at)
        return float(text)

    def _count(self) -> int:
        text, at = self._take("a duration")
        try:
            seconds = parse_span(text)
        except ValueError as error:
            raise ValuesError(f"expected a duration, got {text!r}: {error}", at) from None
        count, rest = divmod(seconds, self._every)
        if rest:
            raise ValuesError(
                f"{text} is no multiple of {span(self._every)}, the time between datapoints", at
            )
        if not count:
            raise ValuesError(f"{text} holds no datapoint", at)
        self._points += count
        if self._points > MAX_POINTS:
            raise ValuesError(f"more than {MAX_POINTS:,} datapoints up to here", at)
        return count
