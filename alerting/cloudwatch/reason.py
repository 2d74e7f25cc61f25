"""Why an alarm changed its state, in CloudWatch's words.

Source: StateReason and StateReasonData of alarms as AWS returned and sent them. The wording is not
documented; the forms here were all seen in real messages.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from alerting.cloudwatch.comparison import Comparison
from alerting.cloudwatch.evaluation import Evaluation
from alerting.cloudwatch.state import MissingData, State

MAX_REASON = 1023
"""Characters of a StateReason (CloudWatch API reference, `StateReason`)."""

CREATED = "Unchecked: Initial alarm creation"
"""The reason of the state an alarm is born with."""

_TREATED = {MissingData.BREACHING: "Breaching", MissingData.NOT_BREACHING: "NonBreaching"}


@dataclass(frozen=True, slots=True)
class Datapoint:
    """One slot of an evaluation."""

    time: int
    """Its timestamp, or the start of the slot where it is missing; epoch seconds."""
    value: float | None = None
    """None: missing."""
    breaching: bool | None = None
    """Whether the value is beyond the limit; None where the datapoint is missing."""
    lower: float | None = None
    """Lower edge of the band it is compared with; None for a threshold."""
    upper: float | None = None
    """Upper edge of that band; None for a threshold."""


def judged(datapoints: Sequence[Datapoint], evaluation_periods: int) -> list[Datapoint]:
    """The datapoints that decide: the newest N real ones; oldest first, like `datapoints`."""
    return [point for point in datapoints if point.value is not None][-evaluation_periods:]


def reason(alarm: Mapping[str, Any], state: str, datapoints: Sequence[Datapoint]) -> str:
    """The StateReason of a metric alarm that has just changed to `state`.

    Args:
        alarm: In the shape of DescribeAlarms.
        state: The new state.
        datapoints: The evaluation range, oldest first.
    """
    rule = Evaluation.of(alarm)
    periods, to_alarm = rule.evaluation_periods, rule.datapoints_to_alarm
    if state == State.INSUFFICIENT_DATA:
        was = "datapoint was" if periods == 1 else "datapoints were"
        return f"Insufficient Data: {periods} {was} unknown."
    points = judged(datapoints, periods)
    firing = state == State.ALARM
    telling = [point for point in reversed(points) if point.breaching is firing]
    filled = ""
    if len(points) < periods and rule.treat_missing_data in _TREATED:
        missing = _count(periods - len(points), "missing datapoint", "was", "were")
        filled = f"{missing} treated as [{_TREATED[rule.treat_missing_data]}]"
    if not telling:
        received = _count(len(points), "datapoint", "was", "were")
        span = _count(periods, "period")
        return f"Threshold Crossed: {received} received for {span} and {filled}."
    comparison = Comparison(alarm["ComparisonOperator"])
    values = ", ".join(f"{java_double(p.value or 0)} ({_short_time(p.time)})" for p in telling)
    text = (
        f"Threshold{'s' if comparison.of_band else ''} Crossed: "
        f"{_share(alarm, len(telling), periods)} [{values}] "
        f"{'was' if len(telling) == 1 else 'were'} {_limit(alarm, comparison, firing, telling)}"
        f"{f' and {filled}' if filled else ''}"
    )
    if alarm.get("DatapointsToAlarm"):
        needed, change = (
            (to_alarm, "OK -> ALARM") if firing else (periods - to_alarm + 1, "ALARM -> OK")
        )
        text += f" (minimum {_count(needed, 'datapoint')} for {change} transition)"
    return text + "." if len(text) < MAX_REASON else text[: MAX_REASON - 3] + "..."


def reason_data(
    alarm: Mapping[str, Any], datapoints: Sequence[Datapoint], time: int
) -> dict[str, Any]:
    """The StateReasonData of a metric alarm, as the document that AWS sends as a JSON string.

    Args:
        alarm: In the shape of DescribeAlarms.
        datapoints: The evaluation range, oldest first.
        time: Of the evaluation, epoch seconds.
    """
    rule = Evaluation.of(alarm)
    comparison = Comparison(alarm["ComparisonOperator"])
    points = judged(datapoints, rule.evaluation_periods)
    data: dict[str, Any] = {"version": "1.0", "queryDate": long_time(time)}
    if points:
        data["startDate"] = long_time(points[0].time)
    if alarm.get("MetricName"):
        for key, field in (("unit", "Unit"), ("statistic", "Statistic")):
            if value := alarm.get(field) or (key == "statistic" and alarm.get("ExtendedStatistic")):
                data[key] = value
    recent = [
        point for point in datapoints if points and points[0].time <= point.time <= points[-1].time
    ]
    data |= {"period": rule.period, "recentDatapoints": [point.value for point in recent]}
    if not comparison.of_band:
        data["threshold"] = float(alarm["Threshold"])
    if comparison.sees_lower:
        data["recentLowerThresholds"] = [point.lower for point in recent]
    if comparison.sees_upper:
        data["recentUpperThresholds"] = [point.upper for point in recent]
    shown = points if len(points) == rule.evaluation_periods else datapoints
    data["evaluatedDatapoints"] = [
        {"timestamp": long_time(point.time)}
        | ({} if point.value is None else {"value": point.value})
        for point in list(reversed(shown))[: rule.evaluation_periods]
    ]
    return data


def _share(alarm: Mapping[str, Any], count: int, periods: int) -> str:
    if alarm.get("DatapointsToAlarm"):
        return f"{count} out of the last {periods} datapoints"
    return _count(count, "datapoint")


def _limit(
    alarm: Mapping[str, Any], comparison: Comparison, firing: bool, telling: Sequence[Datapoint]
) -> str:
    negation = "" if firing else "not "
    if not comparison.of_band:
        return f"{negation}{comparison.words} the threshold ({java_double(alarm['Threshold'])})"
    edges: list[str] = []
    if comparison.sees_lower:
        lower = ", ".join(java_double(point.lower or 0) for point in telling)
        edges.append(f"{negation}less than the lower thresholds [{lower}]")
    if comparison.sees_upper:
        upper = ", ".join(java_double(point.upper or 0) for point in telling)
        edges.append(f"{negation}greater than the upper thresholds [{upper}]")
    return " or ".join(edges)


def _count(number: int, noun: str, one: str = "", many: str = "") -> str:
    text = f"{number or 'no'} {noun}{'' if number == 1 else 's'}"
    verb = one if number == 1 else many
    return f"{text} {verb}" if verb else text


def java_double(value: float) -> str:
    """A number as CloudWatch prints it: `50.0`, `5.0E7`, `1.0E-4`."""
    value = float(value)
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        return repr(value)
    number = Decimal(repr(value)).normalize()
    first, *rest = number.as_tuple().digits
    sign = "-" if value < 0 else ""
    return f"{sign}{first}.{''.join(map(str, rest)) or '0'}E{number.adjusted()}"


def long_time(time: float) -> str:
    """`2026-09-14T11:18:43.000+0000`, as in the fields of CloudWatch's messages."""
    when = datetime.fromtimestamp(time, UTC)
    return f"{when:%Y-%m-%dT%H:%M:%S}.{when.microsecond // 1000:03d}+0000"


def _short_time(time: int) -> str:
    return f"{datetime.fromtimestamp(time, UTC):%d/%m/%y %H:%M:%S}"
