"""Which thing in the account is which declared thing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from alerting.account.model import Account, Item, Kind, Unknown
from alerting.live.declared import Declared
from alerting.sns.arn import parse_arn


@dataclass(frozen=True, slots=True)
class Pair:
    """One declared thing, and what AWS holds of it."""

    declared: Item
    live: Item | None
    """None where it is not there, or cannot be told from others."""


@dataclass(frozen=True, slots=True)
class Match:
    """A declared and a live account, side by side."""

    live: Account
    """With its things called as they are declared, and without secret endpoints."""
    pairs: tuple[Pair, ...]
    """Every declared thing, in the order of declaration."""
    secrets: Mapping[str, str]
    """Endpoints that are declared as secrets, by ARN of the subscription: to be kept out of
    everything that is shown."""

    def hide(self, text: str) -> str:
        """A text with every secret in it masked."""
        for secret in self.secrets.values():
            text = text.replace(secret, str(Unknown(secret=True)))
        return text


def match(declared: Declared, live: Account) -> Match:
    """Find the counterpart of every declared thing.

    Things whose names are known are found by ARN. What AWS gave an id of its own is found by what
    refers to it: a subscription by its topic and endpoint, a key by its topic, a role by its
    subscription.
    """
    found: dict[int, Item] = {}
    for item in declared.account.items:
        if item.kind is not Kind.SUBSCRIPTION and declared.is_found(item):
            found.update((id(item), there) for there in live.find(item.kind, item.arn))
    _pair_subscriptions(declared, live, found)
    _follow(declared, live, found, Kind.TOPIC, Kind.KEY, "KmsMasterKeyId")
    _follow(declared, live, found, Kind.SUBSCRIPTION, Kind.ROLE, "SubscriptionRoleArn")
    ours = {id(found[id(item)]): item for item in declared.account.items if id(item) in found}
    called = {id(item): _called(item, ours.get(id(item))) for item in live.items}
    return Match(
        live.with_items(called.values()),
        tuple(
            Pair(item, called[id(found[id(item)])] if id(item) in found else None)
            for item in declared.account.items
        ),
        {
            str(found[id(item)].arn): str(found[id(item)].get("Endpoint"))
            for item in declared.account.of(Kind.SUBSCRIPTION)
            if id(item) in found and _is_secret(item.get("Endpoint"))
        },
    )


def _called(live: Item, declared: Item | None) -> Item:
    """A live thing under its declared name; where a queue or function is has to stay known."""
    if declared is None:
        return live
    data, endpoint = live.data, declared.get("Endpoint")
    if _is_secret(endpoint) and not parse_arn(str(live.get("Endpoint"))):
        data = {**data, "Endpoint": endpoint}
    return replace(live, urn=declared.urn, called=declared.called, data=data)


def _pair_subscriptions(declared: Declared, live: Account, found: dict[int, Item]) -> None:
    """The surest first: by ARN, then by endpoint, then what is left for a secret endpoint."""
    left = {id(item): item for item in live.of(Kind.SUBSCRIPTION)}
    for is_same in (_same_arn, _same_endpoint, _may_be_same):
        for item in declared.account.of(Kind.SUBSCRIPTION):
            if id(item) not in found:
                there = next((one for one in left.values() if is_same(declared, item, one)), None)
                if there is not None:
                    found[id(item)] = left.pop(id(there))


def _same_arn(declared: Declared, item: Item, live: Item) -> bool:
    return declared.is_found(item) and item.arn == live.arn


def _same_endpoint(_: Declared, item: Item, live: Item) -> bool:
    ours, theirs = item.get("Endpoint"), live.get("Endpoint")
    return (
        _same_topic(item, live)
        and isinstance(ours, str)
        and isinstance(theirs, str)
        and ours.casefold() == theirs.casefold()
    )


def _may_be_same(_: Declared, item: Item, live: Item) -> bool:
    return _same_topic(item, live) and isinstance(item.get("Endpoint"), Unknown)


def _same_topic(item: Item, live: Item) -> bool:
    return item.get("TopicArn") == live.get("TopicArn") and item.get("Protocol") == live.get(
        "Protocol"
    )


def _follow(
    declared: Declared,
    live: Account,
    found: dict[int, Item],
    holder: Kind,
    kind: Kind,
    reference: str,
) -> None:
    """Pair things by the reference that declared and live holders have to them."""
    for item in declared.account.of(holder):
        if id(item) not in found or not (theirs := found[id(item)].get(reference)):
            continue
        for ours in declared.account.find(kind, item.get(reference)):
            if not declared.is_found(ours):
                found.update((id(ours), there) for there in live.find(kind, theirs))


def _is_secret(value: object) -> bool:
    return isinstance(value, Unknown) and value.secret
