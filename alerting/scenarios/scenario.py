"""What a scenario says: series, and what is expected of the alarms that see them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from alerting.cloudwatch import State
from alerting.replay import MetricKey
from alerting.scenarios.mistakes import Place
from alerting.scenarios.moments import ZERO, Moment
from alerting.spans import span

DEFAULT_WITHIN = 60
"""Seconds after `at` in which the change may come."""


@dataclass(frozen=True, slots=True)
class SeriesSpec:
    """A series as written; exactly one of `alarm` and `metric`, and of `values` and `file`."""

    place: Place
    alarm: str | None = None
    """The declared alarm whose metric this is."""
    metric: MetricKey | None = None
    every: int | None = None
    """Seconds between datapoints. None: the shortest period of the alarms that read the series;
    of a file, the spacing of its rows."""
    values: str | None = None
    values_place: Place | None = None
    file: Path | None = None
    result: str | None = None
    """Which of several series of the file: Id or label."""
    start: Moment = ZERO


@dataclass(frozen=True, slots=True)
class Field:
    """What a field of the message must be."""

    value: Any = None
    """Equal to this."""
    matches: str | None = None
    """Or: a regular expression found in it."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """One thing expected of one alarm: a change `at` or `by` a time, `times` changes, or none."""

    place: Place
    alarm: str
    state: State
    """The state entered; where `never`, the one that must not be entered."""
    at: Moment | None = None
    within: int = DEFAULT_WITHIN
    """Seconds after `at`."""
    by: Moment | None = None
    times: int | None = None
    never: bool = False
    after: Moment | None = None
    before: Moment | None = None
    tells: tuple[str, ...] | None = None
    """Exactly these receivers are told of the change, at once or later; None: whoever."""
    told_at: Moment | None = None
    """When they are told; None: whenever."""
    held: str | None = None
    """The mute rule or suppressor that holds the change's actions back; None: whatever."""
    reminded: int | None = None
    """How many reminders are told of the change; None: however many."""
    message: Mapping[str, Field] = field(default_factory=dict[str, Field])
    """Fields of the message by name, in CloudWatch's JSON; dots lead further in."""

    @property
    def moments(self) -> dict[str, Moment]:
        """The times it names, by key."""
        found = {
            "at": self.at,
            "by": self.by,
            "after": self.after,
            "before": self.before,
            "toldAt": self.told_at,
        }
        return {name: moment for name, moment in found.items() if moment is not None}

    def __str__(self) -> str:
        def when(moment: Moment) -> str:
            return "an absolute time" if moment.absolute else span(moment.seconds)

        words = f"{self.alarm} {'never ' if self.never else ''}{self.state}"
        if self.at is not None:
            words += f" at {when(self.at)}"
        if self.by is not None:
            words += f" by {when(self.by)}"
        if self.times is not None:
            words += f" {self.times} times" if self.times != 1 else " once"
        if self.after is not None:
            words += f" after {when(self.after)}"
        if self.before is not None:
            words += f" before {when(self.before)}"
        if self.tells is not None:
            words += f" tells {', '.join(self.tells) or 'nobody'}"
        if self.held is not None:
            words += f" held by {self.held}"
        if self.told_at is not None:
            words += f" told at {when(self.told_at)}"
        if self.reminded is not None:
            words += f" reminded of {self.reminded} times"
        return words


@dataclass(frozen=True, slots=True)
class Test:
    """Expectations that are judged together, in their order."""

    name: str
    """Empty for the one test of a file without `tests`."""
    place: Place
    expectations: tuple[Expectation, ...]
    only: bool = False
    """Whether nobody may be told anything that no expectation names."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One file, one story."""

    file: Path
    stack: str | None
    """The stack whose alarms are tested; None: those of the file `alarms`."""
    alarms: Path | None
    place: Place
    """Where the stack, or the alarms, are named."""
    series: tuple[SeriesSpec, ...]
    tests: tuple[Test, ...]
