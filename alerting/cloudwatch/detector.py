"""Anomaly detectors: what each learns, and what CloudWatch takes and tells of one."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

SINGLE, MATH = "SingleMetricAnomalyDetector", "MetricMathAnomalyDetector"
MAX_EXCLUDED = 10
"""Time ranges a detector can be told not to learn from (CloudWatch API reference,
AnomalyDetectorConfiguration)."""
MEMORY = 14 * 86_400
"""Seconds a detector looks back: up to two weeks (CloudWatch user guide, "Using CloudWatch anomaly
detection")."""

_BAND = re.compile(r"\bANOMALY_DETECTION_BAND\(\s*(\w+)")


def what_it_learns(detector: Mapping[str, Any]) -> str:
    """What tells one detector from another: a metric and statistic, or an expression, as text.

    Args:
        detector: in the shape of PutAnomalyDetector or DescribeAnomalyDetectors.
    """
    math = detector.get(MATH)
    if math:
        queries = sorted(math["MetricDataQueries"], key=lambda query: str(query["Id"]))
        return json.dumps([_query(query) for query in queries], sort_keys=True)
    single = detector.get(SINGLE) or detector
    return json.dumps({**_metric(single), "Stat": single.get("Stat")}, sort_keys=True)


def learned_for(alarm: Mapping[str, Any]) -> str | None:
    """What CloudWatch learns for an alarm, as `what_it_learns` has it.

    None for an alarm on no band, and where it is not known yet. That CloudWatch takes the band of
    an expression for that of a detector with the same queries is how its documentation reads; it
    was not tried.

    Args:
        alarm: in the shape of DescribeAlarms.
    """
    given = alarm.get("Metrics")
    found = given if isinstance(given, list | tuple) else ()
    queries = {str(one["Id"]): one for one in found if isinstance(one, Mapping) and "Id" in one}
    band = queries.get(str(alarm.get("ThresholdMetricId")), {})
    watched = _BAND.search(str(band.get("Expression")))
    if watched is None or watched[1] not in queries:
        return None
    stat = queries[watched[1]].get("MetricStat")
    others = [query for query in queries.values() if query is not band]
    try:
        single = {**stat["Metric"], "Stat": stat["Stat"]} if stat else None
        return what_it_learns(single or {MATH: {"MetricDataQueries": others}})
    except (AttributeError, KeyError, TypeError):
        return None  # yet to be made up by AWS, or of a form that AWS refuses


def _query(query: Mapping[str, Any]) -> dict[str, Any]:
    """A query without its label, which is for people."""
    stat = query.get("MetricStat")
    learned = {"Metric": _metric(stat["Metric"]), **_only(stat, "Period", "Stat")} if stat else None
    return {**_only(query, "Id", "Expression", "ReturnData"), "MetricStat": learned}


def _metric(metric: Mapping[str, Any]) -> dict[str, Any]:
    dimensions = by_name(metric.get("Dimensions") or ())
    return {**_only(metric, "Namespace", "MetricName"), "Dimensions": dimensions}


def _only(of: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {key: of.get(key) for key in keys}


def by_name(dimensions: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Dimensions in an order of their own: CloudWatch knows none."""
    return sorted(dimensions, key=lambda one: str(one["Name"]))


def described(asked: Mapping[str, Any], identity: str) -> dict[str, Any]:
    """What DescribeAnomalyDetectors tells of a new detector.

    Args:
        asked: the parameters of PutAnomalyDetector, with one of the two forms it takes.
        identity: its AnomalyDetectorId.
    """
    single = asked.get(SINGLE)
    if single:
        single = {**single, "Dimensions": by_name(single.get("Dimensions") or ())}
    form = {SINGLE: single, **single} if single else {MATH: asked[MATH]}
    return {
        "AnomalyDetectorId": identity,
        **form,
        "Configuration": asked.get("Configuration", {}),
        "MetricCharacteristics": asked.get("MetricCharacteristics", {}),
        "StateValue": "PENDING_TRAINING",
    }
