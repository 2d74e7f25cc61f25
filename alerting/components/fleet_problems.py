"""What is wrong with an alarm over a fleet: it compares what a query finds with a threshold."""

from collections.abc import Iterator, Sequence
from typing import cast

from alerting.cloudwatch.insights import (
    FUNCTIONS,
    MAX_ALARMS,
    MAX_RANGE,
    MIN_PERIOD,
    fleet_query,
)
from alerting.cloudwatch.limits import MAX_EXPRESSION, parse_datapoints
from alerting.components.alarm_args import AlarmArgs, MetricArgs
from alerting.problems import Problem, must


def names_problems(given: object) -> Iterator[Problem]:
    """What is wrong with the dimensions that tell the members apart."""
    names = cast("Sequence[object]", given) if isinstance(given, list | tuple) else ()
    if not names or not all(isinstance(name, str) and name for name in names):
        allowed = "the names of the dimensions that tell its members apart, such as [InstanceId]"
        yield Problem(("fleet",), f"must be {allowed}")
    elif len(set(names)) < len(names):
        yield Problem(("fleet",), "names a dimension twice")


def fleet_problems(alarm: AlarmArgs) -> Iterator[Problem]:
    """What cannot be of an alarm over a fleet; nothing of any other.

    CloudWatch user guide, "Create a CloudWatch alarm based on a Metrics Insights query".

    Args:
        alarm: the alarm, written out.
    """
    if "fleet" not in alarm:
        return
    if "metric" not in alarm or "logs" in alarm or "log_anomalies" in alarm:
        what = "logs" if "metric" in alarm else "math"
        yield Problem(("fleet",), f"is of the members of one metric, and this alarm has {what}")
        return
    if "band" in alarm:
        yield Problem(
            ("band",),
            "cannot be had over a fleet: a band is learned for one series, and here each member "
            "has its own; say a threshold",
        )
    found = list(names_problems(alarm["fleet"]))
    yield from found
    metric, names = alarm["metric"], [] if found else alarm["fleet"]
    for name in names:
        if name in metric.get("dimensions", {}):
            yield Problem(("fleet",), f"is over {name}, of which one value is given")
    yield from _metric_problems(metric, alarm.get("datapoints", "1/1"))
    if not found:
        yield from _query_problems(metric, names)


def _metric_problems(metric: MetricArgs, datapoints: object) -> Iterator[Problem]:
    statistic: object = metric.get("statistic", "Average")
    period: object = metric.get("period", 300)
    if statistic not in FUNCTIONS:
        allowed = f"one of {', '.join(FUNCTIONS)} over a fleet: queries have no other"
        yield must("metric.statistic", allowed, statistic)
    if not isinstance(period, int):
        return  # the alarm's own rules say so
    if 0 < period < MIN_PERIOD:
        yield must("metric.period", f"at least {MIN_PERIOD} over a fleet", period)
    _, n = parse_datapoints(datapoints) or (0, 0)
    if period * n > MAX_RANGE:
        allowed = f"at most {MAX_RANGE // period} periods of {period} s over a fleet (3 h in all)"
        yield must("datapoints", allowed, datapoints)


def _query_problems(metric: MetricArgs, names: Sequence[str]) -> Iterator[Problem]:
    where = {k: v for k, v in metric.get("dimensions", {}).items() if isinstance(v, str)}
    namespace, name = metric.get("namespace"), metric.get("name")
    if isinstance(namespace, str) and isinstance(name, str):
        query = fleet_query(namespace, name, "Average", over=names, where=where)
        if len(query) > MAX_EXPRESSION:
            allowed = f"a query of at most {MAX_EXPRESSION} characters; name fewer dimensions"
            yield must("fleet", allowed, query)


def quota_problems(count: int) -> Iterator[Problem]:
    """What is wrong with so many alarms over fleets."""
    if count > MAX_ALARMS:
        allowed = f"at most {MAX_ALARMS} over a fleet, a quota of the Region"
        yield must("alarms", allowed, count)
