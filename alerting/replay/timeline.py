"""An alarm's state over time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alerting.cloudwatch.evaluation import Evaluation
from alerting.cloudwatch.state import State, verdict
from alerting.replay.series import Times

_STATES = tuple(State)
_BORN = _STATES.index(State.INSUFFICIENT_DATA)
_KEEP = len(_STATES)

Codes = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Timeline:
    """The states an alarm went through; before the first change it is INSUFFICIENT_DATA."""

    start: int | None
    """The tick at which its first datapoint could be seen, of a composite the first child's; None
    where there was none."""
    end: int
    """Where the replay ended."""
    times: Times
    """The ticks of the changes."""
    codes: Codes
    """The state from each of them on, as a place in `tuple(State)`."""

    @property
    def changes(self) -> tuple[tuple[int, State], ...]:
        """Tick and new state of every change."""
        return tuple((int(t), _STATES[c]) for t, c in zip(self.times, self.codes, strict=True))

    def at(self, time: int) -> State:
        """The state after the tick at `time`, or after the last one before it."""
        return _STATES[self._codes_at(np.array([time]))[0]]

    def in_state(self, state: str, times: Times) -> NDArray[np.bool_]:
        """Whether the alarm is in a state after the tick at each of `times`."""
        return self._codes_at(times) == _STATES.index(State(state))

    def spans(self, state: str) -> Iterator[tuple[int, int]]:
        """From when to when the alarm was in a state; the last one may reach `end`."""
        if self.start is None:
            return
        wanted = State(state)
        since, current = self.start, State.INSUFFICIENT_DATA
        for time, new in (*self.changes, (self.end, None)):
            if current == wanted and time > since:
                yield since, time
            since, current = time, new

    def _codes_at(self, times: Times) -> Codes:
        born = np.append(_BORN, self.codes)
        return born[np.searchsorted(self.times, times, side="right")]


def timeline(
    ticks: Times,
    breaching: NDArray[np.integer],
    good: NDArray[np.integer],
    old: NDArray[np.bool_],
    evaluation: Evaluation,
    end: int,
) -> Timeline:
    """States from what was counted at each tick.

    Args:
        ticks: When; rising, not empty, the first being the one the alarm's clock starts at.
        breaching: How many of the newest N real datapoints in range are beyond the limit.
        good: How many are within it.
        old: Whether the oldest of those breaching is at least M slots old.
        evaluation: The alarm's.
        end: Where the replay ends.
    """
    span = evaluation.evaluation_periods + 1
    kinds, kind = np.unique((breaching * span + good) * 2 + old, return_inverse=True)
    codes = np.array([_code(int(one), span, evaluation) for one in kinds])[kind]
    decided = np.where(codes == _KEEP, -1, np.arange(codes.size))
    decided = np.maximum.accumulate(decided)
    codes = np.where(decided < 0, _BORN, codes[decided])
    changed = np.flatnonzero(np.diff(codes, prepend=_BORN))
    return Timeline(int(ticks[0]), end, ticks[changed], codes[changed])


def stepped(start: int | None, end: int, changes: Sequence[tuple[int, State]]) -> Timeline:
    """States from the changes themselves.

    Args:
        start: Where the alarm's clock starts; None: never.
        end: Where the replay ends.
        changes: Tick and new state, in the order of time.
    """
    times = np.array([time for time, _ in changes], dtype=np.int64)
    codes = np.array([_STATES.index(state) for _, state in changes], dtype=np.intp)
    return Timeline(start, end, times, codes)


def _code(kind: int, span: int, evaluation: Evaluation) -> int:
    counts, old = divmod(kind, 2)
    breaching, good = divmod(counts, span)
    state = verdict(
        breaching,
        good,
        age=evaluation.datapoints_to_alarm if old else 0,
        evaluation_periods=evaluation.evaluation_periods,
        datapoints_to_alarm=evaluation.datapoints_to_alarm,
        treat_missing_data=evaluation.treat_missing_data,
    )
    return _KEEP if state is None else _STATES.index(state)
