"""One field of the matrix: what became of an alarm that is set in one way."""

from collections.abc import Sequence
from dataclasses import dataclass

from alerting.backtest.choice import Choice
from alerting.backtest.incidents import Score, Span, Ticks, score
from alerting.replay import Timeline

WEEK = 604_800


@dataclass(frozen=True, slots=True)
class Cell:
    """What became of an alarm that is set in one way."""

    choice: Choice
    alarms: int
    """How often it went into ALARM."""
    per_week: float | None
    """The same a week; None where there was nothing to judge."""
    seconds: int
    """How long it was in ALARM altogether."""
    longest: int
    """The longest time in ALARM, in seconds; it may have lasted on."""
    changes: int
    """How often its state changed at all."""
    score: Score | None
    """How it did on labelled incidents; None without any."""

    @property
    def hours(self) -> float:
        """How long it was in ALARM altogether."""
        return self.seconds / 3600


def count(
    choice: Choice, line: Timeline, spans: Sequence[Span], judged: int, incidents: Sequence[Ticks]
) -> Cell:
    """Count one replay.

    Args:
        choice: How the alarm is set.
        line: The states it went through.
        spans: From when to when it was in ALARM, as far as that is counted.
        judged: Seconds of the replay in which it could tell.
        incidents: Labelled ones, in ticks.
    """
    lengths = [end - start for start, end in spans]
    return Cell(
        choice=choice,
        alarms=len(spans),
        per_week=len(spans) * WEEK / judged if judged else None,
        seconds=sum(lengths),
        longest=max(lengths, default=0),
        changes=int(line.times.size),
        score=score(spans, incidents) if incidents else None,
    )
