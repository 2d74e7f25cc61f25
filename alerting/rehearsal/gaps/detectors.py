"""Anomaly detectors: moto has none."""

import uuid
from collections.abc import Mapping
from typing import Any

from alerting.cloudwatch.detector import (
    MATH,
    MAX_EXCLUDED,
    SINGLE,
    by_name,
    described,
    what_it_learns,
)
from alerting.rehearsal.gaps.call import Answer, Refusal, Request, page

_TOP_LEVEL = ("Namespace", "MetricName", "Dimensions", "Stat")
_TYPES = {SINGLE: "SINGLE_METRIC", MATH: "METRIC_MATH"}


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

    def put(self, region: str, params: Mapping[str, Any]) -> str:
        """Make a detector, or change the one there is; its id.

        Raises:
            Refusal: CloudWatch would not take it.
        """
        asked = {**params, **_series(params)}
        excluded = params.get("Configuration", {}).get("ExcludedTimeRanges", [])
        if len(excluded) > MAX_EXCLUDED:
            raise Refusal(
                "InvalidParameterValue",
                f"at most {MAX_EXCLUDED} ExcludedTimeRanges, got {len(excluded)}",
            )
        held, key = self._held.setdefault(region, {}), what_it_learns(asked)
        identity = held[key]["AnomalyDetectorId"] if key in held else str(uuid.uuid4())
        held[key] = described(asked, identity)
        return identity

    def drop(self, region: str, params: Mapping[str, Any]) -> bool:
        """Remove the detector of some series; whether there was one."""
        return self._held.get(region, {}).pop(what_it_learns(_series(params)), None) is not None

    def _put(self, request: Request) -> dict[str, Any]:
        return {"AnomalyDetectorId": self.put(request.region, request.params)}

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
            and (dimensions is None or by_name(dimensions) == detector.get("Dimensions"))
        ]
        shown, more = page(found, request, "MaxResults")
        return {"AnomalyDetectors": shown, **more}

    def _delete(self, request: Request) -> dict[str, Any]:
        held = self._held.get(request.region, {})
        wanted = request.params.get("AnomalyDetectorId")
        if wanted is None:
            gone = self.drop(request.region, request.params)
        else:
            keys = [key for key, one in held.items() if one["AnomalyDetectorId"] == wanted]
            gone = bool(keys and held.pop(keys[0]))
        if not gone:
            raise Refusal("ResourceNotFoundException", "there is no such anomaly detector")
        return {}


def _series(params: Mapping[str, Any]) -> dict[str, Any]:
    """What is learned, in the one of the three forms that is not deprecated.

    Raises:
        Refusal: none or several of the three forms are given.
    """
    top = {name: params[name] for name in _TOP_LEVEL if name in params}
    given = [name for name in (SINGLE, MATH) if name in params] + (["Namespace"] if top else [])
    if len(given) > 1:
        raise Refusal(
            "InvalidParameterCombination", f"{' and '.join(given)} cannot be used together"
        )
    if not given:
        raise Refusal("MissingParameter", f"one of {SINGLE} and {MATH} is required")
    if given == [MATH]:
        return {MATH: params[MATH]}
    single = top or params[SINGLE]
    missing = [name for name in ("Namespace", "MetricName", "Stat") if name not in single]
    if missing:
        raise Refusal("MissingParameter", f"{' and '.join(missing)} must be given")
    return {SINGLE: single}
