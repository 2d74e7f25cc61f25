"""Metric filters and detectors of odd log events."""

from collections.abc import Mapping
from typing import Any

from alerting.account.model import Kind, Ref, Unknown
from alerting.account.names import metric_filter_arn
from alerting.account.scribe import Scribe


def put_metric_filter(scribe: Scribe, params: Mapping[str, Any]) -> Mapping[str, Any]:
    group, name = params["logGroupName"], params["filterName"]
    arn: Ref = Unknown((scribe.of.urn,))
    if isinstance(group, str) and isinstance(name, str):
        of = scribe.of
        arn = metric_filter_arn(f"arn:{of.partition}:logs:{of.region}:{of.account_id}", group, name)
    scribe.add(Kind.METRIC_FILTER, arn, {**params})
    return {}


def create_log_anomaly_detector(scribe: Scribe, params: Mapping[str, Any]) -> Mapping[str, Any]:
    arn = scribe.arn("logs", f"anomaly-detector:{scribe.uuid()}")
    data = {key: value for key, value in params.items() if key != "tags"}
    data |= {"anomalyDetectorArn": arn, "anomalyDetectorStatus": "INITIALIZING"}
    scribe.add(Kind.LOG_DETECTOR, arn, data)
    return {"anomalyDetectorArn": arn}


def update_log_anomaly_detector(scribe: Scribe, params: Mapping[str, Any]) -> Mapping[str, Any]:
    status = {} if params["enabled"] else {"anomalyDetectorStatus": "PAUSED"}
    return scribe.change(Kind.LOG_DETECTOR, params["anomalyDetectorArn"], **status)
