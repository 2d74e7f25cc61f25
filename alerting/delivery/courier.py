"""Who gets a given message, for a replay."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from alerting.account import Account, Item, Ref
from alerting.delivery.filters import passes
from alerting.delivery.paths import Paths
from alerting.delivery.publishing import targets
from alerting.delivery.routes import End, ends
from alerting.delivery.steps import Outcome


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one message on its way to one receiver."""

    subscription: Item | None
    """None where an alarm invokes a function itself, or nobody is there to be told."""
    protocol: str
    """Of the subscription; empty where there is none."""
    receiver: str
    """How people call it; `NOBODY` where the message gets to no subscription at all."""
    delivered: bool
    why: str = ""
    """Why it was not delivered, or cannot be told to have been."""
    sure: bool = True
    """False where it counts as delivered because nothing says that it was not."""
    rule: str = ""
    """Id of the rule that reports why it was lost; empty where a filter drops it by intent."""


Courier = Callable[[Item, Ref, Mapping[str, str]], tuple[Delivery, ...]]
"""Given who publishes (an alarm, or a state machine), what it tells and the message per protocol:
who gets it."""


def courier(account: Account) -> Courier:
    """Decides who gets a given message.

    Confirmations are taken as clicked. A filter is evaluated on the body of the subscriber's
    protocol (`default` where that has none of its own). What cannot be told counts as delivered,
    marked as not sure. An action that tells nobody (EC2, Auto Scaling) gives no delivery.
    """
    paths = Paths(account)

    def deliver(alarm: Item, action: Ref, bodies: Mapping[str, str]) -> tuple[Delivery, ...]:
        return tuple(
            _deliver(paths, end, bodies)
            for target in targets(account, alarm, action)
            for end in ends(paths, alarm, target)
        )

    return deliver


def _deliver(paths: Paths, end: End, bodies: Mapping[str, str]) -> Delivery:
    about = end.subscription, end.protocol, end.receiver
    for step in end.steps:
        if step.outcome is Outcome.BROKEN:
            return Delivery(*about, delivered=False, why=step.why, rule=step.rule)
    doubts = [step.why for step in end.steps if step.outcome is Outcome.CANNOT_TELL]
    found = paths.body_filter(end.subscription) if end.subscription else None
    if found and end.topic and end.subscription:
        match = passes(*found, body=bodies.get(end.protocol, bodies.get("default", "")))
        if match is None:
            doubts.append("whether its filter lets this message through is not documented")
        if match is False:
            always = paths.drops_everything(end.topic, end.subscription)
            why = f"its filter drops {'every' if always else 'this'} message"
            rule = "filter-matches-nothing" if always else ""
            return Delivery(*about, delivered=False, why=why, rule=rule)
    return Delivery(*about, delivered=True, why="; ".join(doubts), sure=not doubts)
