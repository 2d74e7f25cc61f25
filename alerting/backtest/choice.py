"""One way to set an alarm: how wide its band is, and how many datapoints have to breach."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from alerting.cloudwatch.limits import evaluation_problems, parse_datapoints
from alerting.cloudwatch.words import number

WIDTHS = (2.0, 2.5, 3.0, 3.5, 4.0)
"""Tried where no width is asked for; CloudWatch's own default is the first."""
DATAPOINTS = ((1, 1), (2, 3), (3, 3), (3, 5), (5, 5))
"""Tried where no datapoints are asked for; CloudWatch's own default is the first."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to set an alarm."""

    width: float | None
    """Of the band, in standard deviations; None for a fixed threshold."""
    m: int
    """How many datapoints have to breach."""
    n: int
    """Among how many."""

    @property
    def datapoints(self) -> str:
        """`M/N`."""
        return f"{self.m}/{self.n}"

    def __str__(self) -> str:
        return self.short if self.width is None else f"width {self.short}"

    @property
    def short(self) -> str:
        """For columns: `3, 3/5`."""
        return self.datapoints if self.width is None else f"{number(self.width)}, {self.datapoints}"


def choices(
    widths: Iterable[float | None], datapoints: Iterable[tuple[int, int]]
) -> tuple[Choice, ...]:
    """Every width with every M of N; rows of the matrix first."""
    datapoints = tuple(dict.fromkeys(datapoints))
    return tuple(Choice(width, m, n) for width in dict.fromkeys(widths) for m, n in datapoints)


def fitting(period: int) -> tuple[tuple[int, int], ...]:
    """Those of `DATAPOINTS` that CloudWatch takes at a period; the first one always."""
    fit = (
        (m, n)
        for m, n in DATAPOINTS
        if not any(evaluation_problems(f"{m}/{n}", period, band=False))
    )
    return tuple(fit) or DATAPOINTS[:1]


def read_datapoints(text: str) -> tuple[int, int]:
    """M and N of `M/N`.

    Raises:
        ValueError: it is not of that form, or M is not from 1 to N.
    """
    parsed = parse_datapoints(text)
    if parsed is None or not 1 <= parsed[0] <= parsed[1]:
        raise ValueError(f"must be M/N with M from 1 to N, for example 3/5, got {text!r}")
    return parsed


def refusals(choices: Iterable[Choice], period: int) -> Iterator[str]:
    """Why CloudWatch would not take an alarm that is set like this; a sentence each."""
    said = dict.fromkeys(
        problem.message
        for choice in choices
        for problem in evaluation_problems(choice.datapoints, period, band=False)
    )
    yield from (f"CloudWatch would refuse such an alarm: it {message}" for message in said)
