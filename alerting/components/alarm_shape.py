"""An alarm's inputs in the shape of DescribeAlarms, which prices and dashboards read."""

from collections.abc import Mapping
from typing import Any

_KEYS = {
    "name": "AlarmName",
    "alarm_name": "AlarmName",
    "alarm_rule": "AlarmRule",
    "namespace": "Namespace",
    "metric_name": "MetricName",
    "period": "Period",
    "threshold_metric_id": "ThresholdMetricId",
}
"""The inputs that are keys as they stand."""


def alarm_shape(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """What is watched and how, of the inputs of a `MetricAlarm` or a `CompositeAlarm`.

    Values that a Pulumi output supplies later stay outputs.
    """
    shape = {key: inputs[name] for name, key in _KEYS.items() if name in inputs}
    if "metric_queries" in inputs:
        shape["Metrics"] = [_query(query) for query in inputs["metric_queries"]]
    return shape


def _query(query: Any) -> dict[str, Any]:
    shape = {"Id": query.id, "ReturnData": bool(query.return_data)}
    if query.label is not None:
        shape["Label"] = query.label
    if query.metric is None:
        return {**shape, "Expression": query.expression}
    metric = query.metric
    dimensions: Mapping[str, Any] = metric.dimensions or {}
    return {
        **shape,
        "MetricStat": {
            "Metric": {
                "Namespace": metric.namespace,
                "MetricName": metric.metric_name,
                "Dimensions": [
                    {"Name": name, "Value": dimensions[name]} for name in sorted(dimensions)
                ],
            },
            "Period": metric.period,
            "Stat": metric.stat,
        },
    }
