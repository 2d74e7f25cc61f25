"""What an account's things cost a month, and how that is said."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import partial

from alerting.account import Account, Item, Kind
from alerting.cloudwatch.prices import (
    AS_OF,
    EVENT_RULE,
    PER_THOUSAND,
    PER_THOUSAND_USES,
    REGION,
    SCHEDULE,
    STATE_MACHINE,
    Charge,
    alarm_charge,
    by_use_charge,
    custom_metric_charge,
    dashboard_charge,
    key_charge,
    unknown_charge,
)
from alerting.sns.limits import Protocol

CAVEAT = (
    f"Prices of {REGION} as gathered on {AS_OF:%Y-%m-%d}, second-hand: to be confirmed. Free tiers "
    "are left out."
)
"""To be shown beside every price."""


def _each(charge: Callable[[], Charge]) -> Callable[[Iterable[Item]], Iterator[Charge]]:
    return lambda items: (charge() for _ in items)


def _alarms(items: Iterable[Item]) -> Iterator[Charge]:
    return (alarm_charge(item.data) for item in items)


def _custom_metrics(filters: Iterable[Item]) -> Iterator[Charge]:
    """The metrics that log filters write, each once however many of them write it."""
    metrics: dict[tuple[str, str], bool] = {}
    for one in filters:
        written = one.get("metricTransformations")
        for metric in written if isinstance(written, list | tuple) else ():
            name = (str(metric.get("metricNamespace")), str(metric.get("metricName")))
            metrics[name] = metrics.get(name, True) and not metric.get("dimensions")
    return (custom_metric_charge(certain=certain) for certain in metrics.values())


_CHARGES: Mapping[Kind, Callable[[Iterable[Item]], Iterator[Charge]]] = {
    Kind.ALARM: _alarms,
    Kind.KEY: _each(key_charge),
    Kind.DASHBOARD: _each(dashboard_charge),
    Kind.METRIC_FILTER: _custom_metrics,
    Kind.SCHEDULE: _each(partial(by_use_charge, SCHEDULE)),
    Kind.STATE_MACHINE: _each(partial(by_use_charge, STATE_MACHINE)),
    Kind.EVENT_RULE: _each(partial(by_use_charge, EVENT_RULE)),
    Kind.MUTE_RULE: _each(partial(unknown_charge, "mute rule")),
    Kind.DETECTOR: _each(partial(unknown_charge, "anomaly detector")),
    Kind.LOG_DETECTOR: _each(partial(unknown_charge, "log anomaly detector")),
}
"""What costs anything, or may, in the order of the bill.

Topics, subscriptions, queues, functions and roles are billed by use alone (`on_top`, and what
happens to a message behind SNS).
"""


def charges(account: Account) -> Iterator[Charge]:
    """What everything in an account costs a month."""
    for kind, charge in _CHARGES.items():
        yield from charge(account.of(kind))


def on_top(protocols: Iterable[Protocol], kinds: Iterable[str] = ()) -> str:
    """What is paid by use beside the fixed costs, in sentences.

    Args:
        protocols: of the receivers.
        kinds: of the charges.
    """
    prices: dict[Decimal, list[Protocol]] = {}
    for protocol in protocols:
        prices.setdefault(PER_THOUSAND[protocol], []).append(protocol)
    parts = [
        f"{'/'.join(group)} {_price(price)}"
        + (" and the carriers' fees" if Protocol.SMS in group else "")
        for price, group in sorted(prices.items(), reverse=True)
    ]
    said = [f"A thousand notifications cost on top: {', '.join(parts)}."] if parts else []
    uses = (PER_THOUSAND_USES[kind] for kind in kinds if kind in PER_THOUSAND_USES)
    said += [f"A thousand {what}: {_price(price)}." for what, price in uses]
    return " ".join(said)


def _price(price: Decimal) -> str:
    return f"{price:f}" if price else "nothing"
