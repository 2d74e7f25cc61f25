"""Metric data: moto ignores GetMetricData's limits, never pages, and is slow on long series.

The answer is given as an HTTP response, so that botocore's own retries see a throttled one.
"""

import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from alerting.band import learn_band
from alerting.rehearsal.gaps.call import Answer, Refusal, Request
from alerting.replay import MetricKey, Series
from alerting.replay.series import Values
from alerting.replay.statistic import aggregate

MOST_QUERIES = 500
MOST_DATAPOINTS = 100_800
"""Of one answer (GetMetricData API reference)."""

Band = Callable[[Series, float], tuple[Values, Values]]
"""Lower and upper edge of a series' band at a width."""

_ANSWERED = "https://answered.invalid/"
"""Moto is shown every request; one to no address of AWS it leaves alone."""
_BAND = re.compile(r"ANOMALY_DETECTION_BAND\((\w+)(?:,\s*([\d.]+))?\)")
_Metric = tuple[str, str, str, tuple[tuple[str, str], ...]]
"""Region, namespace, name, dimensions."""


@dataclass
class _Held:
    stamps: list[int] = field(default_factory=list[int])
    values: list[float] = field(default_factory=list[float])


@dataclass(frozen=True, slots=True)
class _Curve:
    id: str
    label: str
    stamps: Sequence[int]
    values: Sequence[float]


class MetricData:
    """GetMetricData, on what PutMetricData put there."""

    service = "cloudwatch"

    def __init__(self) -> None:
        self._held: dict[_Metric, _Held] = {}
        self._throttled = 0
        self.band: Band = _own_estimate
        """What ANOMALY_DETECTION_BAND answers; CloudWatch's model is not public, so this is the
        project's own estimate unless another one is put here."""
        self.answers: dict[str, Answer] = {"PutMetricData": self._put}

    def hold(self, region: str, key: MetricKey, series: Series) -> None:
        """Take a whole series at once, as raw values."""
        dimensions = tuple((name, str(value)) for name, value in key.dimensions)
        held = self._held.setdefault((region, key.namespace, key.name, dimensions), _Held())
        stamps, values = series.present()
        held.stamps += stamps.tolist()
        held.values += values.tolist()

    def throttle(self, times: int) -> None:
        """Refuse the next requests, as AWS does above its quota."""
        self._throttled = times

    def serve(self, client: Any) -> None:
        """Answer GetMetricData on a client."""
        region = client.meta.region_name

        def send(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
            request.url = _ANSWERED
            try:
                if self._throttled:
                    self._throttled -= 1
                    raise Refusal("Throttling", "Rate exceeded")
                return _response(request, 200, self._get(region, json.loads(request.body)))
            except Refusal as refusal:
                error = {"__type": refusal.code, "message": str(refusal)}
                return _response(request, 400, error)

        client.meta.events.register("before-send.cloudwatch.GetMetricData", send)

    def _put(self, request: Request) -> None:
        """Moto holds it as well, and lists it."""
        for datum in request.params["MetricData"]:
            if "StatisticValues" in datum:
                raise Refusal("InvalidParameterValue", "this CloudWatch holds no StatisticValues")
            key = _key(request.region, request.params["Namespace"], datum)
            held = self._held.setdefault(key, _Held())
            values = datum.get("Values") or [datum["Value"]]
            counts = datum.get("Counts") or [1] * len(values)
            stamp = Request(request.region, datum).time("Timestamp")
            for value, count in zip(values, counts, strict=True):
                held.stamps += [int(stamp.timestamp()) if stamp else 0] * int(count)
                held.values += [float(value)] * int(count)

    def _get(self, region: str, params: Mapping[str, Any]) -> dict[str, Any]:
        queries = params["MetricDataQueries"]
        if len(queries) > MOST_QUERIES:
            text = f"MetricDataQueries must not have a size greater than {MOST_QUERIES}."
            raise Refusal("ValidationError", f"The collection {text}")
        if params["StartTime"] >= params["EndTime"]:
            raise Refusal("ValidationError", "The parameter StartTime must be less than EndTime.")
        start, token = int(params["StartTime"]), params.get("NextToken", "0")
        if not token.isdigit():
            raise Refusal("InvalidNextToken", f"{token} is not a token")
        most = params.get("MaxDatapoints", MOST_DATAPOINTS)
        curves = list(self._curves(region, queries, start, int(params["EndTime"])))
        forward = params.get("ScanBy") == "TimestampAscending"
        results, more = _page(curves, int(token), most, 1 if forward else -1)
        return {"MetricDataResults": results, "Messages": [], **more}

    def _curves(
        self, region: str, queries: Sequence[Mapping[str, Any]], start: int, end: int
    ) -> Iterator[_Curve]:
        metrics = {query["Id"]: query for query in queries if "MetricStat" in query}
        for query in queries:
            if not query.get("ReturnData", True):
                continue
            if query["Id"] in metrics:
                stamps, values = self._datapoints(region, query["MetricStat"], start, end)
                label = query.get("Label") or query["MetricStat"]["Metric"]["MetricName"]
                yield _Curve(query["Id"], label, stamps, values)
                continue
            match = _BAND.fullmatch(query["Expression"].replace(" ", ""))
            if match is None or match[1] not in metrics:
                text = f"this CloudWatch cannot work out {query['Expression']!r}"
                raise Refusal("ValidationError", text)
            stat = metrics[match[1]]["MetricStat"]
            stamps, values = self._datapoints(region, stat, start, end)
            edges: Sequence[Sequence[float]] = ([], [])
            if stamps:
                series = Series.of(stamps, values, spacing=stat["Period"])
                edges = [edge.tolist() for edge in self.band(series, float(match[2] or 2))]
            for side, edge in zip(("lower", "upper"), edges, strict=True):
                there = [at for at, value in enumerate(edge) if value == value]
                shown = [stamps[at] for at in there], [edge[at] for at in there]
                yield _Curve(query["Id"], f"{query['Id']} {side}", *shown)

    def _datapoints(
        self, region: str, stat: Mapping[str, Any], start: int, end: int
    ) -> tuple[list[int], list[float]]:
        """One a period that holds any, stamped with its begin; whole periods of the clock."""
        held = self._held.get(_key(region, stat["Metric"]["Namespace"], stat["Metric"]), _Held())
        order = np.argsort(held.stamps, kind="stable")
        stamps, raw = np.array(held.stamps, np.int64)[order], np.array(held.values)[order]
        begins = np.unique(stamps // stat["Period"] * stat["Period"])
        begins = begins[(begins >= start) & (begins < end)]
        first = np.searchsorted(stamps, begins)
        past = np.searchsorted(stamps, begins + stat["Period"])
        if stat["Stat"] == "SampleCount":
            return begins.tolist(), (past - first).astype(float).tolist()
        return begins.tolist(), aggregate(raw, first, past, stat["Stat"]).tolist()


def _key(region: str, namespace: str, metric: Mapping[str, Any]) -> _Metric:
    pairs = ((one["Name"], one["Value"]) for one in metric.get("Dimensions") or ())
    return region, namespace, metric["MetricName"], tuple(sorted(pairs))


def _page(
    curves: Sequence[_Curve], offset: int, most: int, step: int
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The next `most` datapoints; a result that goes on is PartialData."""
    results: list[dict[str, Any]] = []
    begin = 0
    for curve in curves:
        size = len(curve.stamps)
        first, past = max(offset - begin, 0), min(offset + most - begin, size)
        begin += size
        if first < past or (not size and not offset):
            results.append(
                {
                    "Id": curve.id,
                    "Label": curve.label,
                    "Timestamps": curve.stamps[::step][first:past],
                    "Values": curve.values[::step][first:past],
                    "StatusCode": "Complete" if past == size else "PartialData",
                }
            )
    return results, {"NextToken": str(offset + most)} if offset + most < begin else {}


def _own_estimate(series: Series, width: float) -> tuple[Values, Values]:
    return learn_band(series.stamps, series.values, period=series.spacing).at(width)


def _response(request: AWSPreparedRequest, status: int, body: Mapping[str, Any]) -> AWSResponse:
    headers = {"content-type": "application/x-amz-json-1.0"}
    return AWSResponse(request.url, status, headers, _Raw(json.dumps(body).encode()))


class _Raw(io.BytesIO):
    """What botocore reads a body from."""

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.read()
