"""A metric alarm: what is declared of it, as the inputs of its resource."""

from collections.abc import Callable, Sequence
from typing import Any, cast

import pulumi
from pulumi_aws import cloudwatch

from alerting.cloudwatch import insights, logs, words
from alerting.cloudwatch.limits import STATISTICS, parse_datapoints
from alerting.components.alarm_args import (
    AlarmArgs,
    LowSamples,
    MathArgs,
    MetricArgs,
    Missing,
    Side,
)
from alerting.components.alarm_members import datapoints_of
from alerting.components.learned_series import METRIC_ID

BAND_ID = "expected"
"""Id of the band, which is the alarm's threshold metric."""

_OPERATORS = {
    "above": "GreaterThanThreshold",
    "at_least": "GreaterThanOrEqualToThreshold",
    "below": "LessThanThreshold",
    "at_most": "LessThanOrEqualToThreshold",
}
_BAND_OPERATORS = {
    Side.ABOVE: "GreaterThanUpperThreshold",
    Side.BELOW: "LessThanLowerThreshold",
    Side.OUTSIDE: "LessThanLowerOrGreaterThanUpperThreshold",
}


def _limit(alarm: AlarmArgs) -> tuple[str, float]:
    """Comparison operator, and the threshold or the band's width."""
    band = alarm.get("band")
    if band is not None:
        return _BAND_OPERATORS[Side(band.get("side", Side.OUTSIDE))], band.get("width", 3)
    threshold = cast("dict[str, float]", alarm.get("threshold", {}))
    key = next(key for key in _OPERATORS if key in threshold)
    return _OPERATORS[key], threshold[key]


def _datapoints(alarm: AlarmArgs) -> tuple[int, int]:
    parsed = parse_datapoints(datapoints_of(alarm))
    assert parsed is not None
    return parsed


def metric_alarm_inputs(alarm: AlarmArgs) -> dict[str, Any]:
    """What a sound alarm watches and when it fires; neither its name nor what it tells."""
    m, n = _datapoints(alarm)
    operator, figure = _limit(alarm)
    inputs: dict[str, Any] = {
        "comparison_operator": operator,
        "evaluation_periods": n,
        "datapoints_to_alarm": m,
        "treat_missing_data": Missing(alarm.get("missing", Missing.MISSING)).value,
    }
    if "low_samples" in alarm:
        inputs["evaluate_low_sample_count_percentiles"] = LowSamples(alarm["low_samples"]).value
    if "band" in alarm:
        return inputs | _band_inputs(alarm, figure)
    inputs["threshold"] = figure
    if "math" in alarm:
        return inputs | {"metric_queries": _math_queries(alarm["math"])}
    assert "metric" in alarm
    if "fleet" in alarm:
        return inputs | {"metric_queries": [_fleet_query(alarm, alarm["metric"])]}
    return inputs | _metric_inputs(alarm["metric"])


def _over(alarm: AlarmArgs) -> Sequence[str]:
    """The dimensions that tell the members of a fleet apart; none of any other alarm."""
    return alarm.get("fleet", ())


def _fleet_query(alarm: AlarmArgs, metric: MetricArgs) -> cloudwatch.MetricAlarmMetricQueryArgs:
    statistic, dimensions = metric.get("statistic", "Average"), metric.get("dimensions", {})
    over, lowest_first = _over(alarm), _limit(alarm)[0].startswith("Less")

    def query(known: Sequence[str]) -> str:
        where = dict(zip(dimensions, known[2:], strict=True))
        namespace, name, *_ = known
        return insights.fleet_query(
            namespace, name, statistic, over=over, where=where, lowest_first=lowest_first
        )

    return cloudwatch.MetricAlarmMetricQueryArgs(
        id=METRIC_ID,
        expression=_once_known([metric["namespace"], metric["name"], *dimensions.values()], query),
        period=metric.get("period", 300),
        return_data=True,
    )


def _once_known(
    parts: Sequence[pulumi.Input[str]], make: Callable[[Sequence[str]], str]
) -> pulumi.Input[str]:
    """What is made of some texts, as an output where one of them is."""
    if all(isinstance(part, str) for part in parts):
        return make(cast("Sequence[str]", parts))
    return pulumi.Output.all(*parts).apply(make)


def _metric_inputs(metric: MetricArgs) -> dict[str, Any]:
    statistic = metric.get("statistic", "Average")
    return {
        "namespace": metric["namespace"],
        "metric_name": metric["name"],
        "period": metric.get("period", 300),
        "dimensions": metric.get("dimensions", {}),
        "statistic" if statistic in STATISTICS else "extended_statistic": statistic,
    }


def _band_inputs(alarm: AlarmArgs, width: float) -> dict[str, Any]:
    """Exactly two queries that return data: the watched series and its band.

    `return_data` is False unless said, here as in Terraform; with either of the two left out,
    CloudWatch refuses the alarm ("Exactly two elements of the metrics list should return data").
    """
    if "math" in alarm:
        queries = _math_queries(alarm["math"])
    else:
        assert "metric" in alarm
        metric = alarm["metric"]
        queries = [_query(METRIC_ID, metric, metric.get("period", 300), return_data=True)]
    queries.append(
        cloudwatch.MetricAlarmMetricQueryArgs(
            id=BAND_ID,
            expression=f"ANOMALY_DETECTION_BAND({METRIC_ID}, {width:.15g})",
            label="expected",
            return_data=True,
        )
    )
    return {"metric_queries": queries, "threshold_metric_id": BAND_ID}


def _math_queries(math: MathArgs) -> list[cloudwatch.MetricAlarmMetricQueryArgs]:
    period = math.get("period", 300)
    queries = [
        _query(key, metric, period, return_data=False)
        for key, metric in sorted(math["using"].items())
    ]
    watched = cloudwatch.MetricAlarmMetricQueryArgs(
        id=METRIC_ID, expression=math["expression"], label=math["expression"], return_data=True
    )
    return [*queries, watched]


def _query(
    key: str, metric: MetricArgs, period: int, *, return_data: bool
) -> cloudwatch.MetricAlarmMetricQueryArgs:
    return cloudwatch.MetricAlarmMetricQueryArgs(
        id=key,
        return_data=return_data,
        metric=cloudwatch.MetricAlarmMetricQueryMetricArgs(
            namespace=metric["namespace"],
            metric_name=metric["name"],
            period=period,
            stat=metric.get("statistic", "Average"),
            dimensions=metric.get("dimensions", {}),
        ),
    )


def sentence(alarm: AlarmArgs, *, first: bool = True) -> pulumi.Input[str]:
    """What has happened when this alarm fires, without a full stop.

    Args:
        alarm: the alarm, which is sound.
        first: whether it begins with a capital letter. Default: True.
    """
    limit = words.limit(*_limit(alarm))
    m, n = _datapoints(alarm)
    if "math" in alarm:
        math = alarm["math"]
        when = words.periods(m, n, math.get("period", 300))
        return f"{math['expression']} is {limit} {when}"
    assert "metric" in alarm
    when = words.periods(m, n, alarm["metric"].get("period", 300))
    parts, subject_of = _subject(alarm, alarm["metric"])

    def said(known: Sequence[str]) -> str:
        subject = subject_of(known)
        start = subject[0].upper() if first else subject[0]
        return f"{start}{subject[1:]} is {limit} {when}"

    return _once_known(parts, said)


def _subject(
    alarm: AlarmArgs, metric: MetricArgs
) -> tuple[list[pulumi.Input[str]], Callable[[Sequence[str]], str]]:
    """What is looked at: the parts that may be outputs, and what is said once they are known."""
    statistic = metric.get("statistic", "Average")
    if "logs" in alarm:
        value, pattern = alarm["logs"].get("value", "1"), alarm["logs"]["pattern"]
        return [alarm["logs"]["group"]], lambda of: logs.filtered(statistic, value, of[0], pattern)
    if "log_anomalies" in alarm:
        priority = alarm["log_anomalies"].get("priority", "LOW")
        return [alarm["log_anomalies"]["group"]], lambda of: logs.odd(of[0], priority)
    dimensions, over = metric.get("dimensions", {}), _over(alarm)
    if over:
        return [metric["name"], *dimensions.values()], lambda of: words.subject(
            statistic, of[0], {"of": insights.members(over, of[1:])}
        )
    return [metric["name"], *dimensions.values()], lambda of: words.subject(
        statistic, of[0], dict(zip(dimensions, of[1:], strict=True))
    )
