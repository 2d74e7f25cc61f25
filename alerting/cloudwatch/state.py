"""From datapoints to an alarm's state, as CloudWatch decides it.

Source of the rules: CloudWatch user guide, "Configuring how CloudWatch alarms treat missing data"
and "Evaluating an alarm". Where that text leaves a case open, what was observed on AWS decides.
"""

from collections.abc import Sequence
from enum import StrEnum


class State(StrEnum):
    """What an alarm says."""

    OK = "OK"
    """The metric is within its limit."""
    ALARM = "ALARM"
    """The metric is beyond its limit."""
    INSUFFICIENT_DATA = "INSUFFICIENT_DATA"
    """There is nothing to judge by; also the state of an alarm that was just created."""


class MissingData(StrEnum):
    """What CloudWatch puts in the place of a missing datapoint: an alarm's TreatMissingData."""

    MISSING = "missing"
    """Nothing; without any datapoint the state is INSUFFICIENT_DATA. CloudWatch's default."""
    IGNORE = "ignore"
    """Nothing; the state is kept while there is not enough to judge by."""
    BREACHING = "breaching"
    """A datapoint beyond the limit."""
    NOT_BREACHING = "notBreaching"
    """A datapoint within the limit."""


def next_state(
    window: Sequence[bool | None],
    *,
    evaluation_periods: int,
    datapoints_to_alarm: int,
    treat_missing_data: str,
    state: str,
) -> State:
    """The state of an alarm after one evaluation.

    Args:
        window: The slots of the evaluation range, oldest first: True for a breaching datapoint,
            False for one within the limit, None for a missing one. CloudWatch looks at a few
            slots more than `evaluation_periods`.
        evaluation_periods: N, how many datapoints are judged; at least 1.
        datapoints_to_alarm: M, how many of them have to breach; from 1 to N.
        treat_missing_data: One of `MissingData`, as AWS spells it.
        state: The state before, as AWS spells it; it is kept where the datapoints decide nothing.

    Raises:
        ValueError: M or N is out of range, or a word is none of AWS's.
    """
    if not 1 <= datapoints_to_alarm <= evaluation_periods:
        raise ValueError(
            "datapoints_to_alarm must be from 1 to evaluation_periods "
            f"({evaluation_periods}), got {datapoints_to_alarm}"
        )
    before, treatment = State(state), MissingData(treat_missing_data)
    real = [slot for slot, point in enumerate(window) if point is not None]
    judged = real[-evaluation_periods:]
    breaching = [slot for slot in judged if window[slot]]
    return (
        verdict(
            len(breaching),
            len(judged) - len(breaching),
            age=len(window) - breaching[0] if breaching else 0,
            evaluation_periods=evaluation_periods,
            datapoints_to_alarm=datapoints_to_alarm,
            treat_missing_data=treatment,
        )
        or before
    )


def verdict(
    breaching: int,
    good: int,
    *,
    age: int,
    evaluation_periods: int,
    datapoints_to_alarm: int,
    treat_missing_data: MissingData,
) -> State | None:
    """What a window means, told by counts; `next_state` and the replay both ask here.

    Args:
        breaching: How many of the newest N real datapoints in range are beyond the limit.
        good: How many of them are within it.
        age: The slot of the oldest of those breaching; the newest slot is 1.
        evaluation_periods: N.
        datapoints_to_alarm: M.
        treat_missing_data: The alarm's treatment.

    Returns:
        The new state, or None where the alarm keeps the one it has.
    """
    if breaching >= datapoints_to_alarm:
        return State.ALARM
    if breaching + good >= evaluation_periods:
        return State.OK
    match treat_missing_data:
        case MissingData.BREACHING:
            filled = evaluation_periods - good
            return State.ALARM if filled >= datapoints_to_alarm else State.OK
        case MissingData.NOT_BREACHING:
            return State.OK
        case _ if good:
            return State.OK
        case MissingData.IGNORE:
            return None
        case MissingData.MISSING:
            if not breaching:
                return State.INSUFFICIENT_DATA
            # An old enough breach with nothing good after it alarms "prematurely": the missing
            # datapoints between it and now would have had their chance to be good.
            return State.ALARM if age >= datapoints_to_alarm else None
