"""The people and systems that are told, each with what makes it really deliver."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, NotRequired, TypedDict

import pulumi
from pulumi_aws import iam, lambda_, sns, sqs

from alerting.cloudwatch.limits import tag_problems
from alerting.components._args import key_problems, refuse
from alerting.components.alert_topic import Place
from alerting.problems import Problem, must
from alerting.sns.arn import parse_arn
from alerting.sns.limits import DEAD_LETTERS, Protocol, receiver_problems

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}")
_MAX_QUEUE_NAME = 80
_FOURTEEN_DAYS = 14 * 86_400


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
    raw: NotRequired[bool]
    """Without the SNS envelope: sqs, http, https, firehose. Default: False."""
    filter: NotRequired[Mapping[str, Any]]
    """SNS filter policy on the alarm message. Default: everything passes."""
    dead_letter: NotRequired[bool | str]
    """A dead-letter queue for what cannot be delivered: made here, none, or the ARN of one.
    Default: made here for lambda, sqs, https, http and firehose; the others cannot have one."""
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
    prefix: NotRequired[str]
    """Put before the names of dead-letter queues. Default: nothing."""
    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of queues and roles. Default: none."""


class Receivers(pulumi.ComponentResource):
    """Subscriptions by name, with the permissions, roles and dead-letter queues they need.

    Raises:
        ValueError: an endpoint SNS could never deliver to, or a setting that loses messages.
    """

    subscription_arns: pulumi.Output[Mapping[str, str]]
    """ARNs by `RECEIVER-SEVERITY`."""

    def __init__(
        self, name: str, args: ReceiversArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        refuse(f"Receivers {name!r}", receivers_problems(args))
        super().__init__("alerting:index:Receivers", name, {**args}, opts)

        arns: dict[str, pulumi.Output[str]] = {}
        for receiver, spec in args["receivers"].items():
            maker = _Receiver(self, f"{name}-{receiver}", receiver, spec, args)
            for severity in heard(spec, args["topics"]):
                arns[f"{receiver}-{severity}"] = maker.subscribe(severity)
        self.subscription_arns = pulumi.Output.all(**arns)
        self.register_outputs({"subscription_arns": self.subscription_arns})


def heard(spec: ReceiverArgs, topics: Mapping[str, object]) -> list[str]:
    """The severities one receiver hears, in the order of `topics`."""
    wanted = spec.get("severities")
    return [severity for severity in topics if wanted is None or severity in wanted]


def receivers_problems(args: ReceiversArgs) -> Iterator[Problem]:
    """Everything that can be told about a set of receivers from its own plain values."""
    yield from key_problems(args, ReceiversArgs)
    topics, receivers = args.get("topics", {}), args.get("receivers", {})
    region = args.get("place", {}).get("region", "")
    for name, spec in receivers.items():
        for problem in _one_receiver_problems(name, spec, topics, region, args.get("prefix", "")):
            yield problem.under("receivers", name)
    yield from tag_problems(args.get("tags"))
    elsewhere = args.get("heard_elsewhere", ())
    silent = [
        severity
        for severity in topics
        if severity not in elsewhere
        and not any(severity in heard(spec, topics) for spec in receivers.values())
    ]
    if not receivers and silent:
        yield Problem(("receivers",), "there are none: every alarm would fire unheard")
    else:
        for severity in silent:
            yield Problem(
                ("severities", severity),
                f"is heard by no receiver; add it to one of {', '.join(sorted(receivers))}",
            )


def _one_receiver_problems(
    name: str, spec: ReceiverArgs, topics: Mapping[str, object], region: str, prefix: str
) -> Iterator[Problem]:
    if not _NAME.fullmatch(name):
        yield Problem((), "must be named by 1 to 63 letters, digits, hyphens and underscores")
    yield from key_problems(spec, ReceiverArgs)
    yield from receiver_problems(spec, region)
    for severity in spec.get("severities", ()):
        if severity not in topics:
            yield must("severities", f"some of {', '.join(sorted(topics))}", severity)
    if spec.get("severities") is not None and not spec.get("severities"):
        yield must("severities", f"some of {', '.join(sorted(topics))}", [])
    queue = _dead_letter_name(prefix, name)
    if _wants_queue(spec) and len(queue) > _MAX_QUEUE_NAME:
        yield Problem(
            ("dead_letter",), f"would be called {queue!r}, over {_MAX_QUEUE_NAME} characters"
        )


def _dead_letter_name(prefix: str, receiver: str) -> str:
    return f"{prefix}{receiver}-dead-letters"


def _wants_queue(spec: ReceiverArgs) -> bool:
    return spec.get("dead_letter", spec.get("protocol") in DEAD_LETTERS) is True


def queue_statement(queue_arn: str, topic_arns: Sequence[str]) -> dict[str, object]:
    """The statement by which a queue's owner lets SNS deliver from these topics."""
    return {
        "Sid": "AlertTopicsDeliver",
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue_arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": list(topic_arns)}},
    }


def _queue_policy(queue_arn: str, topic_arns: Sequence[str]) -> str:
    statement = queue_statement(queue_arn, topic_arns)
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _queue_url(arn: str) -> str:
    parsed = parse_arn(arn)
    if parsed is None or parsed.service != "sqs":
        raise ValueError("must be the ARN of an SQS queue, and is not")
    suffix = ".cn" if parsed.partition == "aws-cn" else ""
    host = f"sqs.{parsed.region}.amazonaws.com{suffix}"
    return f"https://{host}/{parsed.account}/{parsed.resource}"


class _Receiver:
    """Makes the resources of one receiver, those shared by its subscriptions once."""

    def __init__(
        self,
        parent: Receivers,
        prefix: str,
        name: str,
        spec: ReceiverArgs,
        args: ReceiversArgs,
    ) -> None:
        self._opts = pulumi.ResourceOptions(parent=parent)
        self._parent, self._prefix, self._spec, self._args = parent, prefix, spec, args
        topics = args["topics"]
        self._topic_arns = [topics[severity] for severity in heard(spec, topics)]
        self._redrive = self._dead_letters(name)
        self._role = spec.get("role")
        match Protocol(spec["protocol"]):
            case Protocol.SQS:
                self._let_sns_into_the_queue(name)
            case Protocol.FIREHOSE if self._role is None:
                self._role = self._firehose_role()
            case _:
                pass

    def subscribe(self, severity: str) -> pulumi.Output[str]:
        """One subscription; its ARN."""
        spec = self._spec
        topic = self._args["topics"][severity]
        needs: list[pulumi.Resource] = []
        if spec["protocol"] == Protocol.LAMBDA:
            needs.append(
                lambda_.Permission(
                    f"{self._prefix}-{severity}-invoke",
                    action="lambda:InvokeFunction",
                    function=spec["endpoint"],
                    principal="sns.amazonaws.com",
                    source_arn=topic,
                    opts=self._opts,
                )
            )
        inputs: dict[str, Any] = {}
        if spec.get("raw"):
            inputs["raw_message_delivery"] = True
        if "filter" in spec:
            inputs["filter_policy"] = json.dumps(spec["filter"])
            inputs["filter_policy_scope"] = "MessageBody"
        if self._redrive is not None:
            inputs["redrive_policy"] = self._redrive
        if self._role is not None:
            inputs["subscription_role_arn"] = self._role
        if spec.get("auto_confirms"):
            inputs["endpoint_auto_confirms"] = True
        if "delivery" in spec or "throttle" in spec:
            inputs["delivery_policy"] = json.dumps(_delivery_policy(spec))
        made = sns.TopicSubscription(
            f"{self._prefix}-{severity}",
            topic=topic,
            protocol=Protocol(spec["protocol"]).value,
            endpoint=spec["endpoint"],
            **inputs,
            opts=pulumi.ResourceOptions(parent=self._parent, depends_on=needs),
        )
        return made.arn

    def _dead_letters(self, name: str) -> pulumi.Input[str] | None:
        given = self._spec.get("dead_letter")
        if isinstance(given, str):
            return json.dumps({"deadLetterTargetArn": given})
        if not _wants_queue(self._spec):
            return None
        queue = sqs.Queue(
            f"{self._prefix}-dead-letters",
            name=_dead_letter_name(self._args.get("prefix", ""), name),
            message_retention_seconds=_FOURTEEN_DAYS,
            sqs_managed_sse_enabled=True,
            tags=self._args.get("tags") or None,
            opts=self._opts,
        )
        sqs.QueuePolicy(
            f"{self._prefix}-dead-letters-policy",
            queue_url=queue.url,
            policy=pulumi.Output.all(queue.arn, *self._topic_arns).apply(
                lambda arns: _queue_policy(arns[0], arns[1:])
            ),
            opts=self._opts,
        )
        return pulumi.Output.json_dumps({"deadLetterTargetArn": queue.arn})

    def _let_sns_into_the_queue(self, name: str) -> None:
        known = pulumi.Output.all(self._spec["endpoint"], *self._topic_arns)
        if self._spec.get("queue_policy", QueuePolicy.THEIRS) == QueuePolicy.OWN:
            sqs.QueuePolicy(
                f"{self._prefix}-policy",
                queue_url=pulumi.Output.from_input(self._spec["endpoint"]).apply(_queue_url),
                policy=known.apply(lambda arns: _queue_policy(arns[0], arns[1:])),
                opts=self._opts,
            )
            return

        def say(arns: list[str]) -> None:
            statement = json.dumps(queue_statement(arns[0], arns[1:]))
            pulumi.log.info(
                f"receiver {name!r}: the queue's owner must add this statement to its policy, "
                f"or nothing arrives: {statement}",
                self._parent,
            )

        if isinstance(self._spec["endpoint"], str):  # an output may be secret: not for the log
            known.apply(say)

    def _firehose_role(self) -> pulumi.Output[str]:
        role = iam.Role(
            f"{self._prefix}-role",
            assume_role_policy=json.dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": "sns.amazonaws.com"},
                            "Action": "sts:AssumeRole",
                        }
                    ],
                }
            ),
            tags=self._args.get("tags") or None,
            opts=self._opts,
        )
        iam.RolePolicy(
            f"{self._prefix}-role-policy",
            role=role.id,
            policy=pulumi.Output.json_dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Action": [
                                "firehose:DescribeDeliveryStream",
                                "firehose:ListDeliveryStreams",
                                "firehose:ListTagsForDeliveryStream",
                                "firehose:PutRecord",
                                "firehose:PutRecordBatch",
                            ],
                            "Resource": self._spec["endpoint"],
                        }
                    ],
                }
            ),
            opts=self._opts,
        )
        return role.arn


def _delivery_policy(spec: ReceiverArgs) -> dict[str, object]:
    policy: dict[str, object] = {}
    if "delivery" in spec:
        policy["healthyRetryPolicy"] = dict(spec["delivery"])
    if "throttle" in spec:
        policy["throttlePolicy"] = {"maxReceivesPerSecond": spec["throttle"]}
    return policy
