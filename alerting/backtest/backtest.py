"""What a whole backtest came to, one result a metric."""

import os
from dataclasses import dataclass
from pathlib import Path

from alerting.backtest.trial import Outcome, Trial

VERSION = 1
"""Of the JSON form."""


@dataclass(frozen=True, eq=False)
class Result:
    """One metric's."""

    trial: Trial
    outcome: Outcome
    notes: tuple[str, ...]
    """What is odd about its data or its alarm; sentences."""

    @property
    def name(self) -> str:
        """The file or the alarm."""
        return self.trial.name


@dataclass(frozen=True)
class Backtest:
    """All metrics'."""

    results: tuple[Result, ...]
    """In the order in which the metrics were named."""
    failures: tuple[str, ...] = ()
    """Metrics that could not be tried: which, and why."""
    remarks: tuple[str, ...] = ()
    """What else is worth knowing: files skipped, what calls to AWS cost."""
    interrupted: bool = False
    """Whether it was stopped before the last metric."""

    @property
    def short_names(self) -> tuple[str, ...]:
        """The names of the results without the folder that all of them are in."""
        names = [one.name for one in self.results]
        folder = os.path.commonpath([Path(name).parent for name in names]) if names else ""
        return tuple(name.removeprefix(f"{folder}/") for name in names)

    @property
    def has_band(self) -> bool:
        """Whether any alarm is on a band."""
        return any(one.trial.threshold is None for one in self.results)
