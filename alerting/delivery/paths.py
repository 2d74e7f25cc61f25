"""All paths of an account from its alarms to its receivers, each part judged once."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from alerting.account import Account, Item, Kind, Ref, Unknown
from alerting.cloudwatch import State
from alerting.delivery.filter_form import FilterError
from alerting.delivery.judging import reference, unreadable
from alerting.delivery.logic import Truth
from alerting.delivery.publishing import STATES, Target, actions, publish_steps, targets
from alerting.delivery.receivers import dead_letter_steps, receiver_steps
from alerting.delivery.requests import CLOUDWATCH, Place, alarm_place
from alerting.delivery.samples import can_match, messages
from alerting.delivery.steps import Outcome, Step
from alerting.delivery.subscriptions import filter_of, subscription_steps

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Edge:
    """An alarm tells something of one of its states."""

    alarm: Item
    state: State
    target: Target


class Paths:
    """What is true of one account's alarms, topics and subscriptions.

    Topics and subscriptions are judged once, however many alarms there are; only what hangs on the
    alarm itself (a policy's SourceArn, a filter) is judged for each.
    """

    def __init__(self, account: Account) -> None:
        self.account = account
        self._made: dict[tuple[object, ...], tuple[Any, tuple[Item, ...]]] = {}

    def once(self, make: Callable[[], _T], what: object, *items: Item) -> _T:
        """What `make` gives for these items, made on the first call only.

        Items are told apart by identity, so each is kept alive as long as its result.
        """
        key = (what, *map(id, items))
        if key not in self._made:
            self._made[key] = make(), items
        return self._made[key][0]

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """Every alarm, every state, everything it tells."""
        return tuple(
            Edge(alarm, state, target)
            for alarm in self.account.alarms
            for state in STATES
            for action in actions(alarm, state)
            for target in targets(self.account, alarm, action)
        )

    @cached_property
    def _edges_by_topic(self) -> dict[int, list[Edge]]:
        found: dict[int, list[Edge]] = {}
        for edge in self.edges:
            if edge.target.item is not None:
                found.setdefault(id(edge.target.item), []).append(edge)
        return found

    def edges_to(self, topic: Item) -> tuple[Edge, ...]:
        """Who tells a topic of what."""
        return tuple(self._edges_by_topic.get(id(topic), ()))

    @cached_property
    def topics(self) -> tuple[Item, ...]:
        """The topics that matter here: alarms tell them, or their policy lets CloudWatch in.

        An account has other topics too, whose subscriptions are nobody's business.
        """
        return tuple(
            topic
            for topic in self.account.of(Kind.TOPIC)
            if self.edges_to(topic) or CLOUDWATCH in str(topic.get("Policy"))
        )

    @property
    def subscribed(self) -> Iterator[tuple[Item, Item]]:
        """Every topic that matters with every subscription that hangs on it."""
        for topic in self.topics:
            for subscription in self.account.subscriptions_of(topic):
                yield topic, subscription

    def place_of(self, alarm: Item) -> Place:
        """Where an alarm is."""
        return self.once(lambda: alarm_place(self.account, alarm), "place", alarm)

    def publish(self, alarm: Item, target: Item) -> tuple[Step, ...]:
        """Whether an alarm gets through to a topic or function."""
        return self.once(
            lambda: publish_steps(self.account, alarm, target), "publish", alarm, target
        )

    def receive(self, topic: Item, subscription: Item) -> tuple[Step, ...]:
        """Whether what is published on a topic reaches a receiver, the filter's values aside."""

        def steps() -> tuple[Step, ...]:
            to_sns = subscription_steps(self.account, topic, subscription)
            return (*to_sns, *receiver_steps(self.account, topic, subscription))

        return self.once(steps, "receive", topic, subscription)

    def dead_letters(self, topic: Item, subscription: Item) -> tuple[Step, ...]:
        """Whether what cannot be delivered is kept."""
        return self.once(
            lambda: dead_letter_steps(self.account, topic, subscription),
            "dead letters",
            topic,
            subscription,
        )

    def body_filter(self, subscription: Item) -> tuple[Mapping[str, Any], str] | None:
        """The filter whose values decide; None where there is none or it is settled already."""

        def found() -> tuple[Mapping[str, Any], str] | None:
            try:
                return filter_of(subscription)
            except (FilterError, LookupError):
                return None

        return self.once(found, "filter", subscription)

    def passes(self, subscription: Item, alarm: Item, state: State) -> Truth:
        """Whether a filter lets a message of this alarm on entering this state through."""
        found = self.body_filter(subscription)
        if found is None:
            return True

        def passed() -> Truth:
            bodies = self.once(lambda: messages(alarm, self.place_of(alarm), state), state, alarm)
            return can_match(*found, bodies) if bodies else None

        return self.once(passed, ("passes", state), subscription, alarm)

    def everybody_filters(self, topic: Item | None) -> bool:
        """Whether everybody who is subscribed to a topic has a filter on the body."""
        if topic is None:
            return False
        subscriptions = self.account.subscriptions_of(topic)
        return bool(subscriptions) and all(map(self.body_filter, subscriptions))

    def drops_everything(self, topic: Item, subscription: Item) -> bool:
        """Whether a filter lets no message of any alarm on the topic through."""
        if self.body_filter(subscription) is None:
            return False
        edges = self.edges_to(topic)
        return bool(edges) and all(
            self.passes(subscription, edge.alarm, edge.state) is False for edge in edges
        )

    def silence(self, topic: Item) -> Step | None:
        """Why nobody hears a topic; None where somebody is subscribed to it."""
        if self.account.subscriptions_of(topic):
            return None
        name = "subscription"
        if reason := unreadable(self.account, topic):
            return Step(name, Outcome.CANNOT_TELL, f"who is subscribed {reason}", about=topic)
        counted = (topic.get("SubscriptionsConfirmed"), topic.get("SubscriptionsPending"))
        if any(str(count).isdigit() and int(count) for count in counted):
            why = "its subscriptions are not part of what can be seen here"
            return Step(name, Outcome.CANNOT_TELL, why, about=topic)
        if any(
            isinstance(ref, Unknown) or isinstance(topic.arn, Unknown) for ref in self._homeless
        ):
            why = "which topic some subscriptions hang on is not known yet"
            return Step(name, Outcome.CANNOT_TELL, why, about=topic)
        why = "nobody is subscribed to the topic"
        return Step(name, Outcome.BROKEN, why, "topic-without-subscription", about=topic)

    @cached_property
    def _homeless(self) -> tuple[Ref, ...]:
        """How subscriptions refer to topics that are not in the picture, or not known to be."""
        refs = (reference(s.get("TopicArn")) for s in self.account.of(Kind.SUBSCRIPTION))
        return tuple(ref for ref in refs if not self.account.find(Kind.TOPIC, ref))
