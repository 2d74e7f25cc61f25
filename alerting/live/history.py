"""The past of metrics, and of the bands CloudWatch has learned of them.

GetMetricData in as few calls as it allows: 500 queries a call, 100,800 datapoints a page (its API
reference). Throttled calls are repeated by the client.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

import numpy as np
from botocore.exceptions import BotoCoreError, ClientError

from alerting.live.clients import Connection
from alerting.live.notes import code_of, in_words
from alerting.live.shelf import Shelf, Stored
from alerting.output import BadInput
from alerting.replay import MetricKey, Series
from alerting.replay.series import Values

MOST_QUERIES = 500
PRICE = Decimal("0.01")
"""USD for a thousand metrics asked of GetMetricData; CloudWatch's pricing page, us-east-1,
second-hand. There is no free tier."""
DAY = 86_400

_HOUR = 3600
_KEPT = ((60, 3 * _HOUR), (300, 15 * DAY), (3600, 63 * DAY), (None, 455 * DAY))
"""How long data is kept of which period is shorter than the first (GetMetricData API reference)."""
_DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})
_EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired"})


@dataclass(frozen=True, slots=True)
class Query:
    """One metric at one period, or the band CloudWatch has of it."""

    key: MetricKey
    period: int
    """Seconds."""
    width: float | None = None
    """Of the band, in standard deviations; None: the metric itself."""


@dataclass(frozen=True)
class History:
    """What CloudWatch has."""

    found: Mapping[Query, Stored]
    """What was asked for and has a datapoint."""
    refused: Mapping[Query, str] = field(default_factory=dict[Query, str])
    """What CloudWatch would not say, and why."""
    calls: int = 0
    """To GetMetricData, pages counted."""
    asked: int = 0
    """How many of the queries were asked of CloudWatch, rather than found on disk."""
    metrics: int = 0
    """Named in the calls; what is billed."""

    @property
    def cost(self) -> Decimal:
        """About what the calls cost, in USD."""
        return self.metrics * PRICE / 1000

    def series(self, query: Query) -> Series | None:
        """The metric; None where there is no datapoint."""
        stored = self.found.get(query)
        if stored is None:
            return None
        start, end = stored.start, max(stored.end, stored.stamps[-1] + query.period)
        return Series.of(
            stored.stamps, stored.columns[0], spacing=query.period, start=start, end=end
        )

    def band(self, query: Query, series: Series) -> tuple[Values, Values] | None:
        """Lower and upper edge beside each row of a series; None where CloudWatch has no band."""
        stored = self.found.get(query)
        if stored is None:
            return None
        at = np.searchsorted(series.stamps, np.array(stored.stamps))
        there = np.append(series.stamps, -1)[at] == np.array(stored.stamps)
        edges: list[Values] = []
        for column in stored.columns:
            edge = np.full(series.stamps.size, np.nan)
            edge[at[there]] = np.array(column)[there]
            edges.append(edge)
        return edges[0], edges[1]


def read_history(
    connection: Connection,
    queries: Iterable[Query],
    *,
    days: float,
    now: datetime | None = None,
    shelf: Shelf | None = None,
) -> History:
    """Read what CloudWatch has of the last days, up to the last whole hour.

    Of a period that CloudWatch keeps for a shorter time, that time is read.

    Args:
        connection: Whose metrics.
        queries: What to read; each once, however often it is named.
        days: How far back.
        now: Default: the time it is.
        shelf: Where answers are kept and looked for first. Default: nowhere.

    Raises:
        BadInput: AWS does not answer; in its words, with what to do about it.
    """
    moment = int((now or datetime.now(UTC)).timestamp())
    end = moment // _HOUR * _HOUR
    found: dict[Query, Stored] = {}
    wanted: list[tuple[int, Query]] = []
    for query in dict.fromkeys(queries):
        start = _start(query, end, moment, days)
        stored = shelf.get(_name(connection, query), start, end) if shelf else None
        if stored is None:
            wanted.append((start, query))
        else:
            found[query] = stored
    refused: dict[Query, str] = {}
    calls = metrics = 0
    wanted.sort(key=lambda one: one[0])
    for start, group in groupby(wanted, key=lambda one: one[0]):
        for batch in _batches([query for _, query in group]):
            answer = _ask(connection, batch, start, end)
            calls += answer.calls
            metrics += sum(map(_size, batch))
            found |= answer.found
            refused |= answer.refused
            for query, stored in answer.found.items():
                if shelf is not None:
                    shelf.put(_name(connection, query), stored)
    return History(found, refused, calls, len(wanted), metrics)


def refusal(error: ClientError | BotoCoreError) -> str:
    """AWS's words, and what to do."""
    code = code_of(error)
    if code in _EXPIRED:
        return f"{in_words(error)}; the credentials have expired, sign in again"
    if code in _DENIED and isinstance(error, ClientError):
        return f"{in_words(error)}; allow cloudwatch:{error.operation_name} to these credentials"
    return in_words(error)


def kept(period: int) -> int:
    """For how many seconds CloudWatch keeps datapoints of a period."""
    return next(kept for below, kept in _KEPT if below is None or period < below)


def _start(query: Query, end: int, now: int, days: float) -> int:
    start = max(end - int(days * DAY), now - kept(query.period))
    return -(-start // query.period) * query.period


def _size(query: Query) -> int:
    """How many queries of a call it takes."""
    return 1 if query.width is None else 2


def _batches(queries: Sequence[Query]) -> Iterator[list[Query]]:
    batch: list[Query] = []
    size = 0
    for query in queries:
        if size + _size(query) > MOST_QUERIES:
            yield batch
            batch, size = [], 0
        batch.append(query)
        size += _size(query)
    if batch:
        yield batch


def _ask(connection: Connection, batch: Sequence[Query], start: int, end: int) -> History:
    by_id = {f"q{at}": query for at, query in enumerate(batch)}
    answers: dict[Query, dict[int, list[float]]] = {query: {} for query in batch}
    refused: dict[Query, str] = {}
    calls = 0
    client = connection.clients("cloudwatch", connection.region)
    pages = client.get_paginator("get_metric_data").paginate(
        MetricDataQueries=[one for key, query in by_id.items() for one in _request(key, query)],
        StartTime=datetime.fromtimestamp(start, UTC),
        EndTime=datetime.fromtimestamp(end, UTC),
        ScanBy="TimestampAscending",
    )
    try:
        for page in pages:
            calls += 1
            for result in page["MetricDataResults"]:
                query = by_id[result["Id"]]
                for stamp, value in zip(result["Timestamps"], result["Values"], strict=True):
                    answers[query].setdefault(int(stamp.timestamp()), []).append(value)
                if result.get("StatusCode") in ("Forbidden", "InternalError"):
                    refused[query] = _why(result)
    except (ClientError, BotoCoreError) as error:
        raise BadInput(refusal(error)) from None
    found = {
        query: _stored(answer, query, start, end)
        for query, answer in answers.items()
        if answer and query not in refused
    }
    return History(found, refused, calls)


def _request(key: str, query: Query) -> Iterator[dict[str, Any]]:
    metric = query.key
    dimensions = [{"Name": name, "Value": value} for name, value in metric.dimensions]
    stat = {
        "Metric": {
            "Namespace": metric.namespace,
            "MetricName": metric.name,
            "Dimensions": dimensions,
        },
        "Period": query.period,
        "Stat": metric.statistic,
    }
    if query.width is None:
        yield {"Id": key, "MetricStat": stat}
        return
    yield {"Id": f"m{key}", "MetricStat": stat, "ReturnData": False}
    yield {"Id": key, "Expression": f"ANOMALY_DETECTION_BAND(m{key}, {query.width:.15g})"}


def _stored(answer: Mapping[int, list[float]], query: Query, start: int, end: int) -> Stored:
    """Of a band CloudWatch returns two results under one Id: the lesser value is the lower edge."""
    stamps = sorted(answer)
    columns = [[min(answer[stamp]) for stamp in stamps]]
    if query.width is not None:
        columns.append([max(answer[stamp]) for stamp in stamps])
    return Stored(start, end, stamps, columns)


def _why(result: Mapping[str, Any]) -> str:
    said = "; ".join(one.get("Value", "") for one in result.get("Messages") or ())
    return f"{result['StatusCode']}{f': {said}' if said else ''}"


def _name(connection: Connection, query: Query) -> dict[str, Any]:
    return {
        "account": connection.account_id,
        "region": connection.region,
        "namespace": query.key.namespace,
        "metric": query.key.name,
        "dimensions": [[name, str(value)] for name, value in query.key.dimensions],
        "statistic": query.key.statistic,
        "period": query.period,
        "band": query.width,
    }
