"""Which other accounts may tell the topics of a stack."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from alerting.account import Item, Kind, Unknown
from alerting.delivery.conditions import PolicyError
from alerting.delivery.policies import statements_of
from alerting.delivery.rules.rule import listed
from alerting.explain.explanation import Explanation
from alerting.explain.topics import topic_name

_SOURCE = "aws:sourceaccount"


@dataclass(frozen=True, slots=True)
class Guests:
    """The accounts whose alarms a topic lets in beside its own."""

    topic: str
    """What it is called."""
    accounts: tuple[str, ...]

    @property
    def what(self) -> str:
        """`alarms of the account 111122223333`."""
        plural = "" if len(self.accounts) == 1 else "s"
        return f"alarms of the account{plural} {listed(self.accounts)}"


def guests(explanation: Explanation) -> tuple[Guests, ...]:
    """By topic, where there are any."""
    own = explanation.account.account_id
    found = [
        Guests(topic_name(topic.arn, explanation.names), tuple(sorted({*_accounts(topic)} - {own})))
        for topic in explanation.account.of(Kind.TOPIC)
    ]
    return tuple(sorted((one for one in found if one.accounts), key=lambda one: one.topic))


def _accounts(topic: Item) -> Iterator[str]:
    policy = topic.get("Policy")
    if policy is None or isinstance(policy, Unknown):
        return
    try:
        statements = statements_of(policy)
    except PolicyError:
        return  # there is a finding about it
    for statement in statements:
        if statement.get("Effect") == "Allow" and "cloudwatch.amazonaws.com" in str(
            statement.get("Principal")
        ):
            yield from _sources(statement.get("Condition"))


def _sources(condition: Any) -> Iterator[str]:
    for asked in condition.values() if isinstance(condition, Mapping) else ():
        for key, value in asked.items() if isinstance(asked, Mapping) else ():
            if str(key).lower() == _SOURCE:
                values = value if isinstance(value, list | tuple) else [value]
                yield from (one for one in values if isinstance(one, str))
