"""What `Receivers` takes: the shapes of a receiver's declaration."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, NotRequired, TypedDict

import pulumi

from alerting.components.alert_topic import Place
from alerting.sns.limits import Protocol


class QueuePolicy(StrEnum):
    """Who lets SNS write to a receiving queue."""

    THEIRS = "theirs"
    """The queue's owner does; the statement to add is printed."""
    OWN = "own"
    """We set the queue's policy, which replaces the one it has."""


class ReceiverArgs(TypedDict):
    """One destination."""

    protocol: Protocol
    """How it is reached."""
    endpoint: pulumi.Input[str]
    """Mail address, phone number (E.164), URL, or ARN, as the protocol wants."""
    severities: NotRequired[Sequence[str]]
    """Which topics it hears. Default: all."""
    formerly: NotRequired[Sequence[str]]
    """Keys it had before, by which a renamed receiver keeps its subscriptions. Default: none."""
    raw: NotRequired[bool]
    """Without the SNS envelope: sqs, http, https, firehose. Default: False."""
    filter: NotRequired[Mapping[str, Any]]
    """SNS filter policy on the alarm message. Default: everything passes."""
    heartbeat: NotRequired[bool]
    """Whether it hears the heartbeats of its severities. Default: False; email and sms always do.
    """
    dead_letter: NotRequired[str]
    """A dead-letter queue for what cannot be delivered: `own` (made here), `none`, or the ARN of
    one. Default: `own` for lambda, sqs, https, http and firehose; the others cannot have one."""
    queue_policy: NotRequired[QueuePolicy]
    """sqs only. Default: `QueuePolicy.THEIRS`."""
    role: NotRequired[pulumi.Input[str]]
    """firehose only: the role SNS writes with. Default: one made here."""
    auto_confirms: NotRequired[bool]
    """http and https only: the endpoint confirms by itself, and the deployment waits for it.
    Default: False."""
    delivery: NotRequired[Mapping[str, Any]]
    """http and https only: SNS's `healthyRetryPolicy`. Default: SNS's (3 retries, 20 s apart)."""
    throttle: NotRequired[int]
    """http and https only: messages a second at most. Default: no limit."""


class ReceiversArgs(TypedDict):
    """What `Receivers` needs to know."""

    receivers: Mapping[str, ReceiverArgs]
    """The receivers by a name of your choice, which names their resources too."""
    topics: Mapping[str, pulumi.Input[str]]
    """Topic ARNs by severity."""
    place: Place
    """Account and Region of the topics."""
    heard_elsewhere: NotRequired[Sequence[str]]
    """Severities that need no receiver here, because their topic has others. Default: none."""
    former_severities: NotRequired[Mapping[str, Sequence[str]]]
    """Names that severities had before, by severity, so that subscriptions are kept. Default: none.
    """
    heartbeats: NotRequired[Mapping[str, str]]
    """Names of the heartbeat alarms, by the severity they tell. Default: none."""
    prefix: NotRequired[str]
    """Put before the names of dead-letter queues. Default: nothing."""
    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of queues and roles. Default: none."""


def heard(spec: ReceiverArgs, topics: Mapping[str, object]) -> list[str]:
    """The severities one receiver hears, in the order of `topics`."""
    wanted = spec.get("severities")
    return [severity for severity in topics if wanted is None or severity in wanted]
