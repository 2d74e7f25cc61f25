"""What a stack costs a month, and whether it stays within its budget."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from alerting.cloudwatch.bill import Line, bill, is_certain, money, total
from alerting.cloudwatch.prices import Charge, dashboard_charge
from alerting.components import heartbeat, second_path
from alerting.components.alarm_args import AlarmsArgs
from alerting.components.alert_topic import AlertTopicArgs
from alerting.components.charges import alarms_charges, topic_charges
from alerting.components.dashboard import DashboardArgs
from alerting.components.heartbeat import HeartbeatArgs
from alerting.components.second_path import SecondPathArgs
from alerting.problems import Problem
from alerting.settings.second_path import NAME

_SHOWN = 3
"""How many of the dearest lines of the bill are told."""


def stack_charges(
    *,
    topics: Iterable[AlertTopicArgs],
    alarms: AlarmsArgs,
    path: SecondPathArgs | None,
    heartbeats: Mapping[str, HeartbeatArgs],
    dashboard: DashboardArgs | None,
) -> Iterator[Charge]:
    """What the components of a stack cost, what is paid by use aside."""
    for topic in topics:
        yield from topic_charges(topic)
    yield from alarms_charges(alarms)
    if path is not None:
        yield from alarms_charges(second_path.alarms_of(path, name=NAME))
    for severity, args in heartbeats.items():
        yield from alarms_charges(heartbeat.alarms_of(args, name=severity))
    if dashboard is not None:
        yield dashboard_charge()


def budget_problems(budget: float, charges: Iterable[Charge]) -> Iterator[Problem]:
    """What a stack costs beyond its budget.

    What is paid by use and what has no known price do not count; a quantity that only AWS knows
    counts as the least it can be.

    Args:
        budget: USD a month.
        charges: what the stack's things cost.
    """
    lines, most = bill(charges), Decimal(str(budget))
    together = total(lines)
    if together <= most:
        return
    dearest = sorted(lines, key=lambda line: -(line.amount or 0))[:_SHOWN]
    yield Problem(
        ("budget",),
        f"is {money(most)} USD a month, and the stack costs "
        f"{money(together, certain=is_certain(lines))}, most of it "
        f"{', '.join(map(_told, dearest))}; leave something out, or raise the budget",
    )


def _told(line: Line) -> str:
    return f"{line.things} {money(line.amount, certain=line.certain)}"
