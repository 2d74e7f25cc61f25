"""Metric filters of log groups, and detectors of odd log events."""

from typing import Any

from alerting.account.model import Unknown
from alerting.account.row import (
    Call,
    Declared,
    Done,
    Gone,
    Row,
    Steps,
    changed,
    retag,
    some,
)

_DETECTOR = {
    "detectorName": "detectorName",
    "evaluationFrequency": "evaluationFrequency",
    "filterPattern": "filterPattern",
    "kmsKeyId": "kmsKeyId",
}
"""The parameters that are inputs as they stand."""
_PAUSED = "PAUSED"


def _put_metric_filter(r: Declared, name: Any) -> Call:
    metric = r.get("metricTransformation", {})
    transformation = some(
        metricName=metric.get("name"),
        metricNamespace=metric.get("namespace"),
        metricValue=metric.get("value"),
        dimensions=metric.get("dimensions"),
        unit=metric.get("unit"),
    )
    default = metric.get("defaultValue")
    if default is not None:
        # The provider takes text, the API a number.
        transformation["defaultValue"] = default if isinstance(default, Unknown) else float(default)
    return Call(
        "logs",
        "put_metric_filter",
        {
            "logGroupName": r.get("logGroupName"),
            "filterName": name,
            "filterPattern": r.get("pattern", ""),
            "metricTransformations": [transformation],
        },
    )


def _create_metric_filter(r: Declared) -> Steps:
    name = r.physical_name
    yield _put_metric_filter(r, name)
    return {"id": name, "name": name}


def _read_metric_filter(r: Declared) -> Steps:
    found = yield Call(
        "logs",
        "describe_metric_filters",
        {"logGroupName": r.get("logGroupName"), "filterNamePrefix": r.id},
    )
    same = [one for one in found["metricFilters"] if one["filterName"] == r.id]
    if not same:
        raise Gone(r.id)
    metric = same[0]["metricTransformations"][0]
    default = metric.get("defaultValue")
    return {
        "name": same[0]["filterName"],
        "logGroupName": same[0]["logGroupName"],
        "pattern": same[0]["filterPattern"],
        "metricTransformation": {
            "name": metric["metricName"],
            "namespace": metric["metricNamespace"],
            "value": metric["metricValue"],
            "dimensions": metric.get("dimensions") or None,
            "unit": metric.get("unit", "None"),
            "defaultValue": None if default is None else f"{float(default):g}",
        },
    }


def _update_metric_filter(old: Declared, new: Declared) -> Done:
    yield _put_metric_filter(new, old.id)


def _delete_metric_filter(r: Declared) -> Done:
    where = {"logGroupName": r.get("logGroupName"), "filterName": r.id}
    yield Call("logs", "delete_metric_filter", where)


def _create_detector(r: Declared) -> Steps:
    made = yield Call(
        "logs",
        "create_log_anomaly_detector",
        some(
            logGroupArnList=r.get("logGroupArnLists"),
            anomalyVisibilityTime=r.get("anomalyVisibilityTime"),
            tags=r.get("tags"),
            **{parameter: r.get(key) for key, parameter in _DETECTOR.items()},
        ),
    )
    arn = made["anomalyDetectorArn"]
    if not r.get("enabled", True):
        yield Call(
            "logs", "update_log_anomaly_detector", {"anomalyDetectorArn": arn, "enabled": False}
        )
    return {"id": arn, "arn": arn}


def _read_detector(r: Declared) -> Steps:
    found = yield Call("logs", "get_log_anomaly_detector", {"anomalyDetectorArn": r.id})
    tagged = yield Call("logs", "list_tags_for_resource", {"resourceArn": r.id})
    return {
        **{key: found.get(parameter) or None for key, parameter in _DETECTOR.items()},
        "arn": r.id,
        "logGroupArnLists": found["logGroupArnList"],
        "anomalyVisibilityTime": found.get("anomalyVisibilityTime"),
        "enabled": found.get("anomalyDetectorStatus") != _PAUSED,
        "tags": tagged["tags"] or None,
    }


def _update_detector(old: Declared, new: Declared) -> Done:
    kept = ["evaluationFrequency", "filterPattern", "anomalyVisibilityTime", "enabled"]
    if changed(old, new, kept):
        values = some(**{key: new.get(key) for key in kept if key != "enabled"})
        yield Call(
            "logs",
            "update_log_anomaly_detector",
            {"anomalyDetectorArn": old.id, "enabled": new.get("enabled", True), **values},
        )
    where = {"resourceArn": old.id}
    yield from retag(
        old, new, "logs", where, keys=("tagKeys", "tags"), made=lambda r: r.get("tags")
    )


def _delete_detector(r: Declared) -> Done:
    yield Call("logs", "delete_log_anomaly_detector", {"anomalyDetectorArn": r.id})


METRIC_FILTER = Row(
    create=_create_metric_filter,
    read=_read_metric_filter,
    update=_update_metric_filter,
    delete=_delete_metric_filter,
    replaced_by=frozenset({"name", "logGroupName", "region"}),
    named="name",
)
LOG_ANOMALY_DETECTOR = Row(
    create=_create_detector,
    read=_read_detector,
    update=_update_detector,
    delete=_delete_detector,
    replaced_by=frozenset({"detectorName", "logGroupArnLists", "kmsKeyId", "region"}),
    defaults={"enabled": True},
)
