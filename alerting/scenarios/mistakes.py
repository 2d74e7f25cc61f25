"""What is wrong with a scenario file, each mistake with its line."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from alerting.output import BadInput
from alerting.problems import nearest

_SHOWN_BEFORE_CARET, _SHOWN = 60, 90


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line of a file."""

    file: Path
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that is wrong, and where."""

    place: Place
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class ScenarioError(BadInput):
    """A scenario that cannot be run; `mistakes` has them all."""

    def __init__(self, *mistakes: Mistake) -> None:
        self.mistakes = mistakes
        super().__init__("\n".join(map(str, mistakes)))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'alarm'?`, or what there is where nothing is close."""
    names = sorted(set(map(str, known)))
    near = nearest(word, names)
    if near:
        return f"; did you mean {near!r}?"
    shown = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
    return f"; there is: {shown or 'none'}"


def with_caret(message: str, text: str, at: int) -> str:
    """The message, and below it the text with a caret under one of its characters."""
    line = text.replace("\n", " ").replace("\t", " ")
    cut = max(0, at - _SHOWN_BEFORE_CARET)
    return f"{message}\n    {line[cut : cut + _SHOWN]}\n    {' ' * (at - cut)}^"


def all_of(mistakes: Sequence[Mistake]) -> None:
    """Raise them, if there are any, in the order of their lines."""
    if mistakes:
        raise ScenarioError(*sorted(dict.fromkeys(mistakes), key=lambda one: one.place))
