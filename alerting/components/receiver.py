"""One receiver's resources: its subscriptions, and what makes them really deliver."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import pulumi
from pulumi_aws import iam, lambda_, sns, sqs

from alerting.components.heartbeat_filter import filter_of
from alerting.components.receiver_args import QueuePolicy, ReceiverArgs, ReceiversArgs, heard
from alerting.components.renames import aliases
from alerting.sns.arn import Arn, parse_arn
from alerting.sns.limits import DEAD_LETTERS, Protocol

_FOURTEEN_DAYS = 14 * 86_400


def dead_letter_of(spec: ReceiverArgs) -> str:
    """What becomes of what cannot be delivered: `own`, `none` or a queue's ARN."""
    return spec.get("dead_letter", "own" if spec["protocol"] in DEAD_LETTERS else "none")


def dead_letter_name(prefix: str, receiver: str) -> str:
    """The name of a dead-letter queue made here."""
    return f"{prefix}{receiver}-dead-letters"


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


def function_statement(function_arn: str, topic_arns: Sequence[str]) -> dict[str, object]:
    """The statement by which a function's owner lets SNS invoke it from these topics."""
    return {
        "Sid": "AlertTopicsInvoke",
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "lambda:InvokeFunction",
        "Resource": function_arn,
        "Condition": {"ArnLike": {"AWS:SourceArn": list(topic_arns)}},
    }


def _queue_policy(queue_arn: str, topic_arns: Sequence[str]) -> str:
    statement = queue_statement(queue_arn, topic_arns)
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _queue_url(queue: Arn) -> str:
    suffix = ".cn" if queue.partition == "aws-cn" else ""
    host = f"sqs.{queue.region}.amazonaws.com{suffix}"
    return f"https://{host}/{queue.account}/{queue.resource}"


class Receiver:
    """Makes the resources of one receiver, those shared by its subscriptions once."""

    def __init__(
        self,
        parent: pulumi.Resource,
        component: str,
        name: str,
        spec: ReceiverArgs,
        args: ReceiversArgs,
    ) -> None:
        self._parent, self._name = parent, name
        self._spec, self._args = spec, args
        keys = (name, *spec.get("formerly", ()))
        self._prefixes = [f"{component}-{key}" for key in keys]
        self._prefix = self._prefixes[0]
        topics = args["topics"]
        self._topic_arns = [topics[severity] for severity in heard(spec, topics)]
        self._redrive = self._dead_letters(name)
        self._role = spec.get("role")
        match Protocol(spec["protocol"]):
            case Protocol.SQS:
                self._let_sns_into_the_queue()
            case Protocol.LAMBDA if self._elsewhere:
                self._say("function", function_statement)
            case Protocol.FIREHOSE if self._role is None:
                self._role = self._firehose_role()
            case _:
                pass

    def subscribe(self, severity: str) -> pulumi.Output[str]:
        """One subscription; its ARN."""
        spec = self._spec
        topic = self._args["topics"][severity]
        severities = (severity, *self._args.get("former_severities", {}).get(severity, ()))
        needs: list[pulumi.Resource] = []
        if spec["protocol"] == Protocol.LAMBDA and not self._elsewhere:
            needs.append(
                lambda_.Permission(
                    f"{self._prefix}-{severity}-invoke",
                    action="lambda:InvokeFunction",
                    function=spec["endpoint"],
                    principal="sns.amazonaws.com",
                    source_arn=topic,
                    region=self._region(),
                    opts=self._opts(*(f"{each}-invoke" for each in severities)),
                )
            )
        inputs: dict[str, Any] = {}
        if spec.get("raw"):
            inputs["raw_message_delivery"] = True
        policy = filter_of(spec, severity, self._args.get("heartbeats", {}))
        if policy is not None:
            inputs["filter_policy"] = json.dumps(policy)
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
            opts=self._opts(*severities, needs=needs),
        )
        return made.arn

    def _opts(
        self, *suffixes: str, needs: Sequence[pulumi.Resource] = ()
    ) -> pulumi.ResourceOptions:
        """The options of a child by its suffix, and by suffixes it had before."""
        names = [f"{prefix}-{suffix}" for prefix in self._prefixes for suffix in suffixes]
        return pulumi.ResourceOptions(
            parent=self._parent, depends_on=needs, aliases=aliases(names[1:])
        )

    def _dead_letters(self, name: str) -> pulumi.Input[str] | None:
        wanted = dead_letter_of(self._spec)
        if wanted == "none":
            return None
        if wanted != "own":
            return json.dumps({"deadLetterTargetArn": wanted})
        queue = sqs.Queue(
            f"{self._prefix}-dead-letters",
            name=dead_letter_name(self._args.get("prefix", ""), name),
            message_retention_seconds=_FOURTEEN_DAYS,
            sqs_managed_sse_enabled=True,
            tags=self._args.get("tags") or None,
            opts=self._opts("dead-letters"),
        )
        sqs.QueuePolicy(
            f"{self._prefix}-dead-letters-policy",
            queue_url=queue.url,
            policy=pulumi.Output.all(queue.arn, *self._topic_arns).apply(
                lambda arns: _queue_policy(arns[0], arns[1:])
            ),
            opts=self._opts("dead-letters-policy"),
        )
        return pulumi.Output.json_dumps({"deadLetterTargetArn": queue.arn})

    def _region(self) -> pulumi.Output[str | None]:
        """Where a queue or function is, if that is not the topics' Region.

        What is added to it has to be added there.
        """
        here = self._args["place"]["region"]
        return self._endpoint_arn().apply(lambda arn: None if arn.region == here else arn.region)

    def _endpoint_arn(self) -> pulumi.Output[Arn]:
        protocol = self._spec["protocol"]

        def parsed(endpoint: str) -> Arn:
            arn = parse_arn(endpoint)
            if arn is None or arn.service != protocol:  # only now known, and perhaps secret
                raise ValueError(f"receiver {self._name!r}: endpoint must be an ARN of {protocol}")
            return arn

        return pulumi.Output.from_input(self._spec["endpoint"]).apply(parsed)

    @property
    def _elsewhere(self) -> bool:
        """Whether the endpoint is known to be of another account, which alone can let SNS in."""
        endpoint = self._spec["endpoint"]
        arn = parse_arn(endpoint) if isinstance(endpoint, str) else None
        return arn is not None and arn.account != self._args["place"]["account_id"]

    def _let_sns_into_the_queue(self) -> None:
        if self._spec.get("queue_policy", QueuePolicy.THEIRS) == QueuePolicy.OWN:
            sqs.QueuePolicy(
                f"{self._prefix}-queue-policy",
                queue_url=self._endpoint_arn().apply(_queue_url),
                policy=self._ends.apply(lambda arns: _queue_policy(arns[0], arns[1:])),
                region=self._region(),
                opts=self._opts("queue-policy"),
            )
        else:
            self._say("queue", queue_statement)

    @property
    def _ends(self) -> pulumi.Output[list[str]]:
        """The endpoint, and the topics it hears."""
        return pulumi.Output.all(self._spec["endpoint"], *self._topic_arns)

    def _say(self, what: str, statement: Callable[[str, Sequence[str]], dict[str, object]]) -> None:
        """Tell what the owner of a queue or function has to add to its policy."""

        def say(arns: list[str]) -> None:
            pulumi.log.info(
                f"receiver {self._name!r}: the {what}'s owner must add this statement to its "
                f"policy, or nothing arrives: {json.dumps(statement(arns[0], arns[1:]))}",
                self._parent,
            )

        if isinstance(self._spec["endpoint"], str):  # an output may be secret: not for the log
            self._ends.apply(say)

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
            opts=self._opts("role"),
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
            opts=self._opts("role-policy"),
        )
        return role.arn


def _delivery_policy(spec: ReceiverArgs) -> dict[str, object]:
    policy: dict[str, object] = {}
    if "delivery" in spec:
        policy["healthyRetryPolicy"] = dict(spec["delivery"])
    if "throttle" in spec:
        policy["throttlePolicy"] = {"maxReceivesPerSecond": spec["throttle"]}
    return policy
