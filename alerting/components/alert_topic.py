"""The topic alarms publish to, its key, and who may use them."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NotRequired, TypedDict

import pulumi
from pulumi_aws import kms, sns

from alerting.cloudwatch.limits import tag_problems
from alerting.components._args import refuse, shape_problems
from alerting.components.topic_policy import key_policy, topic_policy
from alerting.problems import Problem, must
from alerting.sns.arn import Arn, parse_arn
from alerting.sns.limits import (
    MAX_TOPIC_NAME,
    encryption_problems,
    topic_arn_problems,
    topic_name_problems,
)

_ACCOUNT = re.compile(r"\d{12}", re.ASCII)
_MAX_ACCOUNTS = 200
"""A topic's policy is at most 30 KB (SNS developer guide, "Access control"), and an account takes
about 100 characters of it."""
_MAX_OWN_KEY = 256 - len("alias/")  # KMS API reference, CreateAlias


class Place(TypedDict):
    """Where resources live; plain values, so that ARNs can be computed in advance."""

    account_id: str
    """Twelve digits."""
    region: str
    """For example `us-east-1`."""
    partition: NotRequired[str]
    """`aws`, `aws-cn` or `aws-us-gov`. Default: `aws`."""


class AlertTopicArgs(TypedDict):
    """What `AlertTopic` needs to know."""

    place: Place
    """Account and Region of the topic, which are those of the alarms."""
    topic_name: NotRequired[str]
    """Physical name of a topic to be made. Exactly one of this and `topic_arn`."""
    topic_arn: NotRequired[str]
    """An existing topic; its policy and key stay its owner's."""
    encryption: NotRequired[str]
    """`own` (a key made here), `none`, or the ARN of a customer-managed key whose policy lets
    CloudWatch in. Default: `own`."""
    publishers: NotRequired[Sequence[str]]
    """Further publishers: service names (`events.amazonaws.com`) and IAM role or user ARNs.
    Default: none."""
    accounts: NotRequired[Sequence[str]]
    """Other accounts whose alarms in this Region may publish. Default: none."""
    key_deletion_days: NotRequired[int]
    """Days between deleting the key and losing it, 7 to 30. Default: 30."""
    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of topic and key. Default: none."""


class AlertTopic(pulumi.ComponentResource):
    """An SNS topic that CloudWatch alarms of this account, and of others named, can publish to.

    Raises:
        ValueError: a value AWS would refuse, or accept and then lose notifications over.
    """

    topic_arn: pulumi.Output[str]
    """ARN of the topic, for alarm actions and subscriptions."""

    def __init__(
        self, name: str, args: AlertTopicArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        refuse(f"AlertTopic {name!r}", topic_problems(args))
        super().__init__("alerting:index:AlertTopic", name, {**args}, opts)

        existing = args.get("topic_arn")
        if existing is not None:
            self.topic_arn = pulumi.Output.from_input(existing)
            self.register_outputs({"topic_arn": self.topic_arn})
            return

        arn, publishers = _arn(args), args.get("publishers", ())
        topic_name = arn.resource
        tags = args.get("tags") or None
        encryption = args.get("encryption", "own")

        key_id: pulumi.Input[str] | None = None if encryption == "none" else encryption
        if encryption == "own":
            key = kms.Key(
                f"{name}-key",
                description=f"Encrypts the messages of the topic {topic_name}",
                enable_key_rotation=True,
                deletion_window_in_days=args.get("key_deletion_days", 30),
                policy=json.dumps(key_policy(arn, publishers)),
                tags=tags,
                opts=pulumi.ResourceOptions(parent=self),
            )
            kms.Alias(
                f"{name}-alias",
                name=f"alias/{topic_name}",
                target_key_id=key.key_id,
                opts=pulumi.ResourceOptions(parent=self),
            )
            key_id = key.arn

        topic = sns.Topic(
            f"{name}-topic",
            name=topic_name,
            kms_master_key_id=key_id,
            tags=tags,
            opts=pulumi.ResourceOptions(parent=self),
        )
        sns.TopicPolicy(
            f"{name}-policy",
            arn=topic.arn,
            policy=json.dumps(topic_policy(arn, publishers, args.get("accounts", ()))),
            opts=pulumi.ResourceOptions(parent=self),
        )

        self.topic_arn = topic.arn
        self.register_outputs({"topic_arn": self.topic_arn})


def topic_problems(args: AlertTopicArgs) -> Iterator[Problem]:
    """Everything that can be told about a topic from its own plain values."""
    yield from shape_problems(args, AlertTopicArgs)
    region = args.get("place", {}).get("region", "")
    name, arn = args.get("topic_name"), args.get("topic_arn")
    if (name is None) == (arn is None):
        yield Problem((), "needs exactly one of topic_name and topic_arn")
    yield from topic_name_problems("topic_name", name)
    yield from topic_arn_problems("topic_arn", arn, region)
    if arn is not None and "encryption" in args:
        yield Problem(("encryption",), "belongs to a topic made here; topic_arn's owner sets it")
    yield from encryption_problems("encryption", args.get("encryption"), region)
    own_key = args.get("encryption", "own") == "own"
    if name is not None and own_key and _MAX_OWN_KEY < len(name) <= MAX_TOPIC_NAME:
        allowed = f"at most {_MAX_OWN_KEY} characters, because the key's alias is called after it"
        yield must("topic_name", allowed, name)
    if arn is not None and args.get("publishers"):
        yield Problem(("publishers",), "belong to a topic made here; topic_arn's owner sets them")
    for publisher in args.get("publishers", ()):
        yield from _publisher_problems(publisher)
    yield from _account_problems(args)
    days = args.get("key_deletion_days", 30)
    if not 7 <= days <= 30:
        yield Problem(("key_deletion_days",), f"must be from 7 to 30, got {days}")
    yield from tag_problems(args.get("tags"))


def _publisher_problems(publisher: str) -> Iterator[Problem]:
    parsed = parse_arn(publisher)
    iam = parsed is not None and parsed.service == "iam"
    service = publisher.endswith((".amazonaws.com", ".amazonaws.com.cn")) and ":" not in publisher
    if not iam and not service:
        yield Problem(
            ("publishers",),
            "must be services such as events.amazonaws.com or ARNs of IAM roles and users, "
            f"got {publisher!r}",
        )


def _account_problems(args: AlertTopicArgs) -> Iterator[Problem]:
    accounts = args.get("accounts", ())
    if accounts and "topic_arn" in args:
        yield Problem(("accounts",), "belong to a topic made here; topic_arn's owner lets them in")
        return
    for at, account in enumerate(accounts):
        if not _ACCOUNT.fullmatch(account):
            yield must(f"accounts.{at}", "an account id of twelve digits", account)
        elif account == args.get("place", {}).get("account_id"):
            yield Problem(("accounts",), f"{account} is this account, whose alarms publish anyway")
    if len(accounts) > _MAX_ACCOUNTS:
        yield must("accounts", f"at most {_MAX_ACCOUNTS} accounts", len(accounts))


def _arn(args: AlertTopicArgs) -> Arn:
    """Of the topic made here; computed rather than read from it.

    The key's policy names the topic and the topic names the key, which would otherwise be a cycle.
    """
    place = args["place"]
    partition, name = place.get("partition", "aws"), args.get("topic_name", "")
    return Arn(partition, "sns", place["region"], place["account_id"], name)
