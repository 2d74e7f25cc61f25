"""What CloudWatch learns for an alarm on a band: a metric and statistic, or metric math."""

import hashlib
import json
import re
from typing import Any, cast

from alerting.cloudwatch.detector import MATH, SINGLE
from alerting.components.alarm_args import AlarmArgs, MathArgs, MetricArgs

METRIC_ID = "observed"
"""Id of the watched series in an alarm that has several queries."""


def learned(alarm: AlarmArgs) -> dict[str, Any]:
    """What a detector learns, in CloudFormation's properties.

    CloudWatch API reference, MetricMathAnomalyDetector: of the queries the expression alone returns
    data.
    """
    if "math" in alarm:
        return {MATH: {"MetricDataQueries": _queries(alarm["math"])}}
    metric = alarm.get("metric", cast("MetricArgs", {}))
    return {SINGLE: {**_metric(metric), "Stat": metric.get("statistic", "Average")}}


def _queries(math: MathArgs) -> list[dict[str, Any]]:
    period = math.get("period", 300)
    queries: list[dict[str, Any]] = [
        {
            "Id": key,
            "MetricStat": {
                "Metric": _metric(metric),
                "Period": period,
                "Stat": metric.get("statistic", "Average"),
            },
            "ReturnData": False,
        }
        for key, metric in sorted(math.get("using", {}).items())
    ]
    watched = {"Id": METRIC_ID, "Expression": math.get("expression"), "ReturnData": True}
    return [*queries, watched]


def _metric(metric: MetricArgs) -> dict[str, Any]:
    dimensions = [
        {"Name": name, "Value": value}
        for name, value in sorted(metric.get("dimensions", {}).items())
    ]
    return {
        "Namespace": metric.get("namespace"),
        "MetricName": metric.get("name"),
        "Dimensions": dimensions,
    }


def slug(key: str, alarm: AlarmArgs) -> str:
    """The metric's name, and a digest of what is learned.

    Another metric is another detector, with another name: it is made before the alarm looks at it,
    and the old one goes when no alarm does any more. What is an output is told apart by the alarm.
    """
    series = json.dumps(learned(alarm), sort_keys=True, default=lambda _: f"of {key}")
    name: object = alarm["metric"].get("name") if "metric" in alarm else "math"
    word = re.sub(r"[^A-Za-z0-9]+", "-", name if isinstance(name, str) else "metric")
    return f"{word.strip('-')[:40]}-{hashlib.sha256(series.encode()).hexdigest()[:8]}"
