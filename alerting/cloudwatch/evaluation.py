"""What an alarm says about how it is evaluated."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from alerting.cloudwatch.state import MissingData

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_IGNORED_BY_DEFAULT = "AWS/DynamoDB"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """When an alarm looks, at how many datapoints, and what becomes of missing ones."""

    period: int = 300
    """Seconds one datapoint covers."""
    evaluation_periods: int = 1
    """N: how many datapoints are judged."""
    datapoints_to_alarm: int = 1
    """M: how many of them have to breach."""
    treat_missing_data: MissingData = MissingData.MISSING
    """What stands in for a missing datapoint."""
    timezone: str | None = None
    """Set for an alarm on wall-clock windows: an IANA name or an offset such as `+05:30`. None:
    the windows slide."""

    @property
    def tick(self) -> int:
        """Seconds between two evaluations.

        CloudWatch user guide, "Evaluating an alarm": every minute; every ten seconds for a
        high-resolution alarm; every hour where period × N is over a day.
        """
        if self.period * self.evaluation_periods > _DAY:
            return _HOUR
        return 10 if self.period < _MINUTE else _MINUTE

    def evaluation_range(self, extra: int = 2) -> int:
        """How many slots are looked at to find N datapoints.

        CloudWatch user guide, "Configuring how CloudWatch alarms treat missing data": more than N,
        the number is not given; the one documented example (N = 3, five minutes) has 5. Below a
        minute N + 60/period was observed on AWS, and `extra` does not apply.
        """
        more = extra if self.period >= _MINUTE else _MINUTE // self.period
        return self.evaluation_periods + more

    @classmethod
    def of(cls, alarm: Mapping[str, Any]) -> "Evaluation":
        """Read from a metric alarm in the shape of DescribeAlarms.

        M defaults to N. Missing data defaults to `missing`, for AWS/DynamoDB metrics to `ignore`.

        Raises:
            ValueError: a word is none of AWS's.
        """
        periods = int(alarm["EvaluationPeriods"])
        fallback = (
            MissingData.IGNORE if _IGNORED_BY_DEFAULT in _namespaces(alarm) else MissingData.MISSING
        )
        window = alarm.get("EvaluationWindow") or {}
        return cls(
            period=period_of(alarm),
            evaluation_periods=periods,
            datapoints_to_alarm=int(alarm.get("DatapointsToAlarm") or periods),
            treat_missing_data=MissingData(alarm.get("TreatMissingData") or fallback),
            timezone=(window.get("WallClockWindow") or {}).get("Timezone"),
        )


def period_of(alarm: Mapping[str, Any]) -> int:
    """Seconds one datapoint of a metric alarm covers.

    All metrics of an alarm share one period (CloudWatch user guide, "Using metric math").

    Raises:
        ValueError: the alarm names none.
    """
    queries: list[Mapping[str, Any]] = list(alarm.get("Metrics") or ())
    candidates = [
        alarm.get("Period"),
        *(query["MetricStat"].get("Period") for query in queries if query.get("MetricStat")),
        *(query.get("Period") for query in queries),
    ]
    for candidate in candidates:
        if candidate:
            return int(candidate)
    raise ValueError("names no period")


def _namespaces(alarm: Mapping[str, Any]) -> Iterator[str]:
    if alarm.get("Namespace"):
        yield alarm["Namespace"]
    for query in alarm.get("Metrics") or ():
        if query.get("MetricStat"):
            yield query["MetricStat"]["Metric"].get("Namespace")
