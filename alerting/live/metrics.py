"""Alarms whose metric says nothing: no datapoint in two weeks, as with a name that is wrong."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from alerting.account.model import Item
from alerting.delivery import Finding, Level
from alerting.live.clients import Clients

NO_DATA = "metric-without-data"
"""Id of what is found, beside the rules'."""

DAYS = 14
"""ListMetrics forgets a metric after as long."""

_QUERIES = 500
_NEAREST = 3
_PAGES = 20
_LOOKUPS = 40
_DAY = 86_400


@dataclass(frozen=True, slots=True, order=True)
class Metric:
    """One series CloudWatch may have."""

    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...] = ()
    """Sorted."""
    unit: str = ""
    """Empty: any."""
    account: str = ""
    """Of the account it is in, where that is another one."""

    def __str__(self) -> str:
        where = ", ".join(f"{name}={value}" for name, value in self.dimensions)
        shown = f"{self.namespace} {self.name}" + (f" of {where}" if where else "")
        return f"{shown} in {self.unit}" if self.unit else shown


def metrics_of(alarm: Item) -> Iterator[Metric]:
    """The series an alarm reads; none for a query that finds its series itself."""
    if alarm.get("MetricName"):
        yield _metric(alarm.data, str(alarm.get("Unit") or ""))
    for query in alarm.get("Metrics") or ():
        stat = query.get("MetricStat")
        if stat:
            unit, account = str(stat.get("Unit") or ""), str(query.get("AccountId") or "")
            yield _metric(stat["Metric"], unit, account)


def silent(
    clients: Clients, region: str, metrics: Iterable[Metric], now: datetime | None = None
) -> frozenset[Metric]:
    """Those of the metrics that have had no datapoint today or on the 14 days before (UTC).

    Raises:
        ClientError: the data cannot be read.
    """
    now = now or datetime.now(UTC)
    # A day's datapoint has the stamp of midnight: asked from later on, the first day is left out.
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    wanted = sorted(set(metrics))
    heard: set[Metric] = set()
    pages = clients("cloudwatch", region).get_paginator("get_metric_data")
    for start in range(0, len(wanted), _QUERIES):
        batch = {f"m{at}": metric for at, metric in enumerate(wanted[start : start + _QUERIES])}
        for page in pages.paginate(
            MetricDataQueries=[_query(key, metric) for key, metric in batch.items()],
            StartTime=midnight - timedelta(days=DAYS),
            EndTime=now,
        ):
            for result in page["MetricDataResults"]:
                # An answer that is no answer is no silence either.
                if result["Values"] or result.get("StatusCode") in ("Forbidden", "InternalError"):
                    heard.add(batch[result["Id"]])
    return frozenset(wanted) - heard


class Nearest:
    """Finds what else CloudWatch has under names like a given one."""

    def __init__(self, clients: Clients, region: str) -> None:
        self._client = clients("cloudwatch", region)
        self._listed: dict[tuple[tuple[str, str], ...], list[Metric]] = {}

    def to(self, metric: Metric) -> list[Metric]:
        """The nearest existing metrics, nearest first; none where there is nothing alike.

        Raises:
            ClientError: the metrics cannot be listed.
        """
        for filters in (
            {"Namespace": metric.namespace, "MetricName": metric.name},
            {"Namespace": metric.namespace},
            {"MetricName": metric.name},
        ):
            found = [one for one in self._list(filters) if one != metric]
            if found:
                found.sort(key=lambda one: -_likeness(metric, one))
                return found[:_NEAREST]
        return []

    def has(self, metric: Metric) -> bool:
        """Whether CloudWatch lists the metric, whatever its unit."""
        filters = {"Namespace": metric.namespace, "MetricName": metric.name}
        plain = Metric(metric.namespace, metric.name, metric.dimensions)
        return plain in self._list(filters)

    def _list(self, filters: Mapping[str, str]) -> list[Metric]:
        key = tuple(filters.items())
        if key not in self._listed:
            if len(self._listed) >= _LOOKUPS:
                return []
            found: list[Metric] = []
            pages = self._client.get_paginator("list_metrics").paginate(**filters)
            for number, page in enumerate(pages):
                found += [_metric(raw) for raw in page["Metrics"]]
                if number + 1 == _PAGES:
                    break
            self._listed[key] = found
        return self._listed[key]


def silences(clients: Clients, region: str, alarms: Iterable[Item]) -> Iterator[Finding]:
    """An error for every alarm whose metrics have no data, a warning where only some have none.

    Raises:
        ClientError: the data cannot be read. That names cannot be listed only leaves them out.
    """
    read = [(alarm, list(dict.fromkeys(metrics_of(alarm)))) for alarm in alarms]
    quiet = silent(clients, region, (metric for _, metrics in read for metric in metrics))
    nearest = Nearest(clients, region)
    for alarm, metrics in read:
        # Some metrics are published only when something happens; the alarm's others still speak.
        level = Level.ERROR if quiet.issuperset(metrics) else Level.WARNING
        for metric in metrics:
            if metric in quiet:
                yield Finding(
                    NO_DATA,
                    level,
                    alarm,
                    alarm.label,
                    f"{alarm.label} reads {metric}, which has had no datapoint in {DAYS} days"
                    f"{_hint(nearest, metric)}.",
                    "The alarm cannot judge it: it can only do what it does on missing data.",
                    "Correct the metric's name, dimensions or unit, or the publisher.",
                )


def _hint(nearest: Nearest, metric: Metric) -> str:
    try:
        if metric.unit and nearest.has(metric):
            return "; in another unit it has some, so leave the unit out"
        found = nearest.to(metric)
    except (ClientError, BotoCoreError):
        return "; what else there is could not be listed"
    if not found:
        return "; there is none with a name like it"
    return f"; the nearest that exist: {'; '.join(map(str, found))}"


def _likeness(wanted: Metric, other: Metric) -> float:
    pairs = set(wanted.dimensions) & set(other.dimensions)
    names = {name for name, _ in wanted.dimensions} & {name for name, _ in other.dimensions}
    text = difflib.SequenceMatcher(None, str(wanted), str(other)).ratio()
    return 2 * len(pairs) + len(names) + text


def _metric(raw: Mapping[str, Any], unit: str = "", account: str = "") -> Metric:
    dimensions = tuple(sorted((d["Name"], str(d["Value"])) for d in raw.get("Dimensions") or ()))
    return Metric(str(raw["Namespace"]), str(raw["MetricName"]), dimensions, unit, account)


def _query(key: str, metric: Metric) -> dict[str, Any]:
    dimensions = [{"Name": name, "Value": value} for name, value in metric.dimensions]
    stat: dict[str, Any] = {
        "Metric": {
            "Namespace": metric.namespace,
            "MetricName": metric.name,
            "Dimensions": dimensions,
        },
        "Period": _DAY,
        "Stat": "SampleCount",
    }
    if metric.unit:
        stat["Unit"] = metric.unit
    owner = {"AccountId": metric.account} if metric.account else {}
    return {"Id": key, "MetricStat": stat, **owner}
