"""A temporary queue that hears what a topic says."""

import json
import secrets
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from alerting.account.model import Account, Item, Kind
from alerting.live.clients import Connection
from alerting.live.notes import in_words, is_gone, is_refusal
from alerting.sns.arn import parse_arn

PREFIX = "alerting-probe-"
"""How the queues of probes are called; nothing else of an account is ever deleted."""

_RETENTION = 3600
_OLD = 3600


def is_probe(ref: object) -> bool:
    """Whether an ARN is that of a probe's queue, of this run or of one that was cut off."""
    arn = parse_arn(str(ref))
    return arn is not None and arn.service == "sqs" and arn.resource.startswith(PREFIX)


class Probe:
    """A queue of its own on one topic, encrypted by SQS itself, which only the topic may use."""

    def __init__(self, connection: Connection, topic: str) -> None:
        parsed = parse_arn(topic)
        assert parsed is not None, topic
        fifo = ".fifo" if topic.endswith(".fifo") else ""
        self.name = f"{PREFIX}{secrets.token_hex(6)}{fifo}"
        self._topic = topic
        self._arn = str(parsed._replace(service="sqs", resource=self.name))
        self._sns = connection.clients("sns", parsed.region)
        self._sqs = connection.clients("sqs", parsed.region)
        self._url: str | None = None
        self._subscription: str | None = None
        self._begun: list[tuple[str, Callable[[], None]]] = []

    def open(self) -> None:
        """Make the queue and subscribe it.

        Raises:
            ClientError: AWS does not allow it; `close` removes what there is by then.
        """
        attributes = {
            "Policy": json.dumps(self._policy()),
            "SqsManagedSseEnabled": "true",
            "MessageRetentionPeriod": str(_RETENTION),
            **({"FifoQueue": "true"} if self.name.endswith(".fifo") else {}),
        }
        with self._undone_by("queue", self._delete_queue):
            made = self._sqs.create_queue(QueueName=self.name, Attributes=attributes)
            self._url = made["QueueUrl"]
        with self._undone_by("subscription", self._unsubscribe):
            self._subscription = self._sns.subscribe(
                TopicArn=self._topic,
                Protocol="sqs",
                Endpoint=self._arn,
                ReturnSubscriptionArn=True,
            )["SubscriptionArn"]

    @contextmanager
    def _undone_by(self, what: str, undo: Callable[[], None]) -> Generator[None]:
        """Noted before the call, whose effect may be there even where its answer gets lost."""
        self._begun.append((what, undo))
        try:
            yield
        except ClientError as error:
            if is_refusal(error):
                self._begun.pop()
            raise

    def messages(self, wait: int) -> Iterator[Mapping[str, Any]]:
        """The alarm messages that have arrived, after waiting up to `wait` seconds for one.

        Raises:
            ClientError: the queue cannot be read.
        """
        found = self._sqs.receive_message(
            QueueUrl=self._url, MaxNumberOfMessages=10, WaitTimeSeconds=wait
        )
        for message in found.get("Messages", []):
            try:
                body = json.loads(json.loads(message["Body"])["Message"])
            except (ValueError, KeyError, TypeError):
                continue  # somebody else's message, which need not be an alarm's
            if isinstance(body, dict):
                yield body

    def close(self) -> list[str]:
        """Remove subscription and queue; what could not be removed, and why."""
        left: list[str] = []
        for what, undo in reversed(self._begun):
            try:
                undo()
            except (ClientError, BotoCoreError) as error:
                if not is_gone(error):
                    left.append(
                        f"the {what} {self.name} of {self._topic} is left; remove it by hand "
                        f"({in_words(error)})"
                    )
        self._begun.clear()
        return left

    def _policy(self) -> dict[str, Any]:
        statement = {
            "Sid": "TopicSends",
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": self._arn,
            "Condition": {"ArnEquals": {"aws:SourceArn": self._topic}},
        }
        return {"Version": "2012-10-17", "Statement": [statement]}

    def _delete_queue(self) -> None:
        url = self._url or self._sqs.get_queue_url(QueueName=self.name)["QueueUrl"]
        self._sqs.delete_queue(QueueUrl=url)

    def _unsubscribe(self) -> None:
        arn = self._subscription or self._find_subscription()
        if arn is not None:
            self._sns.unsubscribe(SubscriptionArn=arn)

    def _find_subscription(self) -> str | None:
        pages = self._sns.get_paginator("list_subscriptions_by_topic").paginate(
            TopicArn=self._topic
        )
        found = (s for page in pages for s in page["Subscriptions"] if s["Endpoint"] == self._arn)
        return next((subscription["SubscriptionArn"] for subscription in found), None)


def leftovers(live: Account) -> tuple[Item, ...]:
    """Subscriptions of probes that a run left behind: their queue is over an hour old, or gone."""
    return tuple(
        s for s in live.of(Kind.SUBSCRIPTION) if is_probe(s.get("Endpoint")) and _is_old(live, s)
    )


def sweep(connection: Connection, live: Account) -> Iterator[str]:
    """Remove what earlier runs left behind; says what it removed.

    Raises:
        ClientError: AWS does not allow it.
    """
    for subscription in leftovers(live):
        endpoint = parse_arn(str(subscription.get("Endpoint")))
        assert endpoint is not None
        sns = connection.clients("sns", endpoint.region)
        sns.unsubscribe(SubscriptionArn=subscription.arn)
        for queue in live.find(Kind.QUEUE, str(endpoint)):
            url = queue.get("QueueUrl")
            connection.clients("sqs", endpoint.region).delete_queue(QueueUrl=url)
        yield endpoint.resource


def _is_old(live: Account, subscription: Item) -> bool:
    endpoint = subscription.get("Endpoint")
    if endpoint in live.unreadable:
        return False
    made = [queue.get("CreatedTimestamp", 0) for queue in live.find(Kind.QUEUE, endpoint)]
    return not made or float(made[0]) < time.time() - _OLD
