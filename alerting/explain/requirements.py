"""What must be switched on for the alarms to have data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from alerting.account import Account
from alerting.catalog.requirement import requirement
from alerting.cloudwatch.insights import parse_fleet


@dataclass(frozen=True, slots=True)
class Requirement:
    """Something without which some alarms never see a datapoint."""

    what: str
    """`Container Insights on the cluster`."""
    alarms: tuple[str, ...]
    """What the alarms are called."""


def requirements(account: Account) -> tuple[Requirement, ...]:
    """What the alarms' metrics need to be published, each thing once."""
    found: dict[str, dict[str, None]] = {}
    for alarm in account.alarms:
        for namespace, metric in _metrics(alarm.data):
            needed = requirement(namespace, metric, account.region)
            if needed is not None:
                found.setdefault(needed, {})[alarm.label] = None
    return tuple(Requirement(what, tuple(alarms)) for what, alarms in sorted(found.items()))


def _metrics(alarm: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Namespace and name of each metric an alarm reads, as far as they are known."""
    queries = alarm.get("Metrics")
    stats = [q["MetricStat"]["Metric"] for q in queries or () if "MetricStat" in q]
    for metric in (alarm, *stats):
        namespace, name = metric.get("Namespace"), metric.get("MetricName")
        if isinstance(namespace, str) and isinstance(name, str):
            yield namespace, name
    for query in queries or ():
        fleet = parse_fleet(query.get("Expression"))
        if fleet is not None:
            yield fleet.namespace, fleet.metric
