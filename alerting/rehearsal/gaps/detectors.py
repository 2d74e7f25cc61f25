"""Anomaly detectors: moto has none."""

import json
import uuid
from collections.abc import Mapping
from typing import Any

from alerting.rehearsal.gaps.call import Answer, Refusal, Request, page

_SINGLE, _MATH = "SingleMetricAnomalyDetector", "MetricMathAnomalyDetector"
_TOP_LEVEL = ("Namespace", "MetricName", "Dimensions", "Stat")
_MAX_EXCLUDED = 10
_TYPES = {_SINGLE: "SINGLE_METRIC", _MATH: "METRIC_MATH"}


class Detectors:
    """PutAnomalyDetector, DescribeAnomalyDetectors, DeleteAnomalyDetector."""

    service = "cloudwatch"

    def __init__(self) -> None:
        self._held: dict[str, dict[str, dict[str, Any]]] = {}
        self.answers: dict[str, Answer] = {
            "PutAnomalyDetector": self._put,
            "DescribeAnomalyDetectors": self._describe,
            "DeleteAnomalyDetector": self._delete,
        }

    def _put(self, request: Request) -> dict[str, Any]:
        key, of = _series(request.params)
        configuration = request.params.get("Configuration", {})
        excluded = configuration.get("ExcludedTimeRanges", [])
        if len(excluded) > _MAX_EXCLUDED:
            raise Refusal(
                "InvalidParameterValue",
                f"at most {_MAX_EXCLUDED} ExcludedTimeRanges, got {len(excluded)}",
            )
        held = self._held.setdefault(request.region, {})
        detector_id = held[key]["AnomalyDetectorId"] if key in held else str(uuid.uuid4())
        held[key] = {
            "AnomalyDetectorId": detector_id,
            **of,
            **of.get(_SINGLE, {}),
            "Configuration": configuration,
            "MetricCharacteristics": request.params.get("MetricCharacteristics", {}),
            "StateValue": "PENDING_TRAINING",
        }
        return {"AnomalyDetectorId": detector_id}

    def _describe(self, request: Request) -> dict[str, Any]:
        params = request.params
        types = params.get("AnomalyDetectorTypes") or ["SINGLE_METRIC"]
        ids = params.get("AnomalyDetectorIds")
        dimensions = params.get("Dimensions")
        found = [
            detector
            for detector in self._held.get(request.region, {}).values()
            if (
                detector["AnomalyDetectorId"] in ids
                if ids
                else any(name in detector and _TYPES[name] in types for name in _TYPES)
            )
            and params.get("Namespace") in (None, detector.get("Namespace"))
            and params.get("MetricName") in (None, detector.get("MetricName"))
            and (dimensions is None or _sorted(dimensions) == _sorted(detector["Dimensions"]))
        ]
        shown, more = page(found, request, "MaxResults")
        return {"AnomalyDetectors": shown, **more}

    def _delete(self, request: Request) -> dict[str, Any]:
        held = self._held.get(request.region, {})
        wanted = request.params.get("AnomalyDetectorId")
        if wanted is not None:
            keys = [key for key, one in held.items() if one["AnomalyDetectorId"] == wanted]
        else:
            keys = [key for key in (_series(request.params)[0],) if key in held]
        if not keys:
            raise Refusal("ResourceNotFoundException", "there is no such anomaly detector")
        del held[keys[0]]
        return {}


def _series(params: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """What is learned, as a key and as the API returns it.

    Raises:
        Refusal: none or several of the three forms are given.
    """
    top = {name: params[name] for name in _TOP_LEVEL if name in params}
    given = [name for name in (_SINGLE, _MATH) if name in params] + (["Namespace"] if top else [])
    if len(given) > 1:
        raise Refusal(
            "InvalidParameterCombination", f"{' and '.join(given)} cannot be used together"
        )
    if not given:
        raise Refusal("MissingParameter", f"one of {_SINGLE} and {_MATH} is required")
    if given == [_MATH]:
        queries = params[_MATH]["MetricDataQueries"]
        return json.dumps(queries, sort_keys=True), {_MATH: params[_MATH]}
    single = {**(top or params[_SINGLE])}
    missing = [name for name in ("Namespace", "MetricName", "Stat") if name not in single]
    if missing:
        raise Refusal("MissingParameter", f"{' and '.join(missing)} must be given")
    single["Dimensions"] = _sorted(single.get("Dimensions", []))
    return json.dumps(single, sort_keys=True), {_SINGLE: single}


def _sorted(dimensions: list[dict[str, str]]) -> list[dict[str, str]]:
    return sorted(dimensions, key=lambda one: one["Name"])
