"""What alarms, and what stands around them, cost a month.

No price list of AWS was read: the figures are second-hand, from the READMEs of AWS's samples and
solutions, the test data of cost estimators, and articles, and are to be confirmed on AWS's price
pages before anybody relies on them. Free tiers (ten alarms, three dashboards, the first thousands
of notifications) are left out, because they belong to the account and not to a stack. Of what is
billed by use alone the price a month is 0 and that of a thousand uses in `PER_THOUSAND_USES`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from alerting.sns.limits import Protocol

AS_OF = date(2026, 11, 22)
"""The day on which the figures were gathered."""
REGION = "us-east-1"
"""Where they hold; other Regions cost about as much, some a third more."""

_METRIC = Decimal("0.10")
_FAST_METRIC = Decimal("0.30")
_COMPOSITE = Decimal("0.50")
_KEY = Decimal("1.00")
_DASHBOARD = Decimal("3.00")
_CUSTOM_METRIC = Decimal("0.30")
_BY_USE = Decimal(0)

PER_THOUSAND: Mapping[Protocol, Decimal] = {
    Protocol.EMAIL: Decimal("0.02"),
    Protocol.EMAIL_JSON: Decimal("0.02"),
    Protocol.SMS: Decimal("7.50"),
    Protocol.LAMBDA: Decimal(0),
    Protocol.SQS: Decimal(0),
    Protocol.HTTPS: Decimal("0.0006"),
    Protocol.HTTP: Decimal("0.0006"),
    Protocol.FIREHOSE: Decimal("0.00019"),
}
"""USD for a thousand deliveries, beside the 0.0005 of publishing. SMS: to the US, without the
carriers' fees. What a function, queue or stream does with them costs extra."""

SCHEDULE, STATE_MACHINE, EVENT_RULE = "schedule", "state machine", "event rule"
PER_THOUSAND_USES: Mapping[str, tuple[str, Decimal]] = {
    SCHEDULE: ("runs of a schedule", Decimal("0.001")),
    STATE_MACHINE: ("steps of a state machine", Decimal("0.025")),
    EVENT_RULE: ("events of AWS's own for a rule", Decimal(0)),
}
"""By the kind of a charge: what is counted, and USD for a thousand of them."""

_BAND = "ANOMALY_DETECTION_BAND"
_INSIGHTS = re.compile(r"\s*SELECT\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Charge:
    """What one thing costs a month."""

    kind: str
    """What AWS bills it as: `band alarm`, `KMS key`."""
    quantity: int
    """How many times the price it costs: the metrics of an alarm."""
    price: Decimal | None
    """USD a month for each; None where it is not known."""
    certain: bool = True
    """False where the quantity is only known to AWS; it is then the least it can be."""

    @property
    def amount(self) -> Decimal | None:
        """USD a month."""
        return None if self.price is None else self.price * self.quantity


def alarm_charge(alarm: Mapping[str, Any]) -> Charge:
    """What an alarm in the shape of DescribeAlarms costs.

    An alarm is billed by the metrics it looks at (CloudWatch pricing, "Alarms"): a band counts as
    two more, its upper and its lower edge; metric math as the metrics in it; below a minute each
    costs three times as much. The children of a composite are billed beside it.
    """
    if alarm.get("AlarmRule") is not None:
        return Charge("composite alarm", 1, _COMPOSITE)
    if alarm.get("EvaluationCriteria") is not None:
        return Charge("PromQL alarm", 1, None)
    queries = _queries(alarm)
    expressions = [str(query.get("Expression", "")) for query in queries]
    if any(_INSIGHTS.match(expression) for expression in expressions):
        return Charge("Metrics Insights alarm", 1, _METRIC, certain=False)
    metrics = sum(query.get("MetricStat") is not None for query in queries) or 1
    fast = any(isinstance(period, int) and 0 < period < 60 for period in _periods(alarm, queries))
    price = _FAST_METRIC if fast else _METRIC
    if any(_BAND in expression for expression in expressions):
        return Charge("high-resolution band alarm" if fast else "band alarm", metrics + 2, price)
    return Charge("high-resolution alarm" if fast else "standard alarm", metrics, price)


def key_charge() -> Charge:
    """What a customer-managed KMS key costs; each kept older version of a rotated one as much."""
    return Charge("KMS key", 1, _KEY)


def dashboard_charge() -> Charge:
    """What a dashboard costs, however much is on it."""
    return Charge("dashboard", 1, _DASHBOARD)


def custom_metric_charge(*, certain: bool = True) -> Charge:
    """What a metric of one's own costs; with dimensions it is one for each of their values."""
    return Charge("custom metric", 1, _CUSTOM_METRIC, certain)


def by_use_charge(kind: str) -> Charge:
    """What there is of a kind in `PER_THOUSAND_USES`: nothing a month, and something by use."""
    return Charge(kind, 1, _BY_USE)


def unknown_charge(kind: str) -> Charge:
    """A thing whose price was not to be found."""
    return Charge(kind, 1, None)


def _queries(alarm: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    given = alarm.get("Metrics")
    return given if isinstance(given, list) else ()


def _periods(alarm: Mapping[str, Any], queries: Sequence[Mapping[str, Any]]) -> list[object]:
    inner = (query["MetricStat"].get("Period") for query in queries if query.get("MetricStat"))
    return [alarm.get("Period"), *inner]
