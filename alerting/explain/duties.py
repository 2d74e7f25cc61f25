"""What people have to do before anything arrives."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from alerting.account import Account, Kind
from alerting.delivery import Outcome, Route, receiver_label
from alerting.explain.topics import topic_name
from alerting.sns.limits import Protocol

_HOW = {
    Protocol.EMAIL: "click the link AWS mails",
    Protocol.EMAIL_JSON: "click the link AWS mails",
    Protocol.HTTP: "visit the SubscribeURL it is sent",
    Protocol.HTTPS: "visit the SubscribeURL it is sent",
}


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A receiver that hears nothing before it has confirmed."""

    receiver: str
    protocol: str
    topics: tuple[str, ...]
    """What the topics are called; each is confirmed by itself."""

    @property
    def what(self) -> str:
        """What it has to do: `click the link AWS mails, for notify and for page`."""
        how = next((how for key, how in _HOW.items() if key == self.protocol), "confirm")
        return f"{how}, for {' and for '.join(self.topics)}"


def confirmations(
    account: Account, routes: Iterable[Route], names: Mapping[str, str]
) -> tuple[Confirmation, ...]:
    """Who must confirm, each receiver once."""
    waiting = {
        id(route.subscription)
        for route in routes
        if any(step.outcome is Outcome.WAITING for step in route.steps)
    }
    found: dict[tuple[str, str], set[str]] = {}
    for subscription in account.of(Kind.SUBSCRIPTION):
        if id(subscription) in waiting or subscription.get("PendingConfirmation") == "true":
            who = receiver_label(account, subscription), str(subscription.get("Protocol"))
            found.setdefault(who, set()).add(topic_name(subscription.get("TopicArn"), names))
    return tuple(Confirmation(*who, tuple(sorted(topics))) for who, topics in found.items())
