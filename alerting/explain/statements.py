"""What somebody else has to add to a policy before anything arrives."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from alerting.account import Account, Item, Kind, Unknown
from alerting.components.receiver import function_statement, queue_statement
from alerting.components.topic_policy import alarms_statement
from alerting.delivery import Route, receiver_label
from alerting.delivery.publishing import owner_elsewhere
from alerting.delivery.requests import alarm_place, place
from alerting.explain.topics import topic_name
from alerting.sns.limits import Protocol


@dataclass(frozen=True, slots=True)
class OwnerStatement:
    """What the owner of a queue, a function or a topic must add to its policy."""

    kind: Kind
    name: str
    """Of a queue or function, the receiver's; of a topic, what it is called."""
    statement: Mapping[str, object]


def owner_statements(
    account: Account, routes: Iterable[Route], names: Mapping[str, str]
) -> tuple[OwnerStatement, ...]:
    """For all that is given by its ARN alone, and whose policy nobody here sets."""
    return (
        *_of_queues(account),
        *_of_functions(account),
        *_of_topics(account, routes, names),
    )


def _of_queues(account: Account) -> Iterator[OwnerStatement]:
    found: dict[tuple[str, str], set[str]] = {}
    for subscription in account.of(Kind.SUBSCRIPTION):
        queue, topic = subscription.get("Endpoint"), subscription.get("TopicArn")
        if subscription.get("Protocol") != Protocol.SQS or account.find(Kind.QUEUE, queue):
            continue
        shown = "(the queue's ARN)" if isinstance(queue, Unknown) else str(queue)
        who = receiver_label(account, subscription), shown
        found.setdefault(who, set()).add(str(topic))
    for (receiver, queue), topics in found.items():
        yield OwnerStatement(Kind.QUEUE, receiver, queue_statement(queue, sorted(topics)))


def _of_functions(account: Account) -> Iterator[OwnerStatement]:
    """Functions of another account than their topic: one of the same is permitted from here."""
    found: dict[tuple[str, str], set[str]] = {}
    for subscription in account.of(Kind.SUBSCRIPTION):
        function, topic = subscription.get("Endpoint"), subscription.get("TopicArn")
        if subscription.get("Protocol") != Protocol.LAMBDA or account.find(Kind.FUNCTION, function):
            continue
        if place(account, function).account != place(account, topic).account:
            who = receiver_label(account, subscription), str(function)
            found.setdefault(who, set()).add(str(topic))
    for (receiver, function), topics in found.items():
        statement = function_statement(function, sorted(topics))
        yield OwnerStatement(Kind.FUNCTION, receiver, statement)


def _of_topics(
    account: Account, routes: Iterable[Route], names: Mapping[str, str]
) -> Iterator[OwnerStatement]:
    """Topics of another account that alarms tell and whose policies cannot be seen."""
    found: dict[str, dict[str, str]] = {}
    for route in routes:
        if _unseen(route.topic) and owner_elsewhere(account, route.alarm, route.action):
            here = alarm_place(account, route.alarm)
            every = f"arn:{here.partition}:cloudwatch:{here.region}:{here.account}:alarm:*"
            found.setdefault(str(route.action), {})[here.account] = every
    for topic, alarms in found.items():
        sid = f"AlarmsOf{'And'.join(alarms)}Publish"
        statement = alarms_statement(sid, topic, alarms)
        yield OwnerStatement(Kind.TOPIC, topic_name(topic, names), statement)


def _unseen(topic: Item | None) -> bool:
    """Whether the policy of a topic cannot be seen from here."""
    return topic is None or (topic.urn is None and isinstance(topic.get("Policy"), Unknown))
