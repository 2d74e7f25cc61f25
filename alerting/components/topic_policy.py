"""The policies of a topic and its key: who may publish."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from alerting.sns.arn import Arn

CLOUDWATCH = "cloudwatch.amazonaws.com"
_KEY_ACTIONS = ["kms:GenerateDataKey*", "kms:Decrypt"]


def alarms_statement(sid: str, topic_arn: Any, alarms: Mapping[str, str]) -> dict[str, object]:
    """The statement of a topic's policy that lets CloudWatch publish for alarms.

    Source: SNS developer guide, "Example cases for Amazon SNS access control" (CloudWatch alarms,
    also of another account); both conditions, because the ARN alone is no account id.

    Args:
        sid: what the statement is called.
        topic_arn: of the topic; may be an output.
        alarms: by account, a pattern of the alarms' ARNs.
    """

    def one_or_list(values: Iterable[str]) -> str | list[str]:
        found = list(values)
        return found[0] if len(found) == 1 else found

    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"Service": CLOUDWATCH},
        "Action": "sns:Publish",
        "Resource": topic_arn,
        "Condition": {
            "StringEquals": {"aws:SourceAccount": one_or_list(alarms)},
            "ArnLike": {"aws:SourceArn": one_or_list(alarms.values())},
        },
    }


def _owner(topic: Arn) -> dict[str, object]:
    return {"AWS": f"arn:{topic.partition}:iam::{topic.account}:root"}


def _split(publishers: Sequence[str]) -> tuple[list[str], list[str]]:
    services = [p for p in publishers if not p.startswith("arn:")]
    return services, [p for p in publishers if p.startswith("arn:")]


def key_policy(topic: Arn, publishers: Sequence[str]) -> dict[str, object]:
    """Who may use the key of a topic.

    CloudWatch needs both actions, and is held to this one topic by the encryption context that SNS
    sends along (SNS developer guide, "Key management").
    """
    this_topic = {"StringEquals": {"kms:EncryptionContext:aws:sns:topicArn": str(topic)}}
    services, identities = _split(publishers)
    statements: list[dict[str, object]] = [
        {
            "Sid": "OwnerAdministers",
            "Effect": "Allow",
            "Principal": _owner(topic),
            "Action": "kms:*",
            "Resource": "*",
        },
        {
            "Sid": "CloudWatchEncrypts",
            "Effect": "Allow",
            "Principal": {"Service": CLOUDWATCH},
            "Action": _KEY_ACTIONS,
            "Resource": "*",
            "Condition": this_topic,
        },
    ]
    for sid, kind, who in (("Services", "Service", services), ("Identities", "AWS", identities)):
        if who:
            statements.append(
                {
                    "Sid": f"{sid}Encrypt",
                    "Effect": "Allow",
                    "Principal": {kind: who},
                    "Action": _KEY_ACTIONS,
                    "Resource": "*",
                    "Condition": this_topic,
                }
            )
    return {"Version": "2012-10-17", "Statement": statements}


def topic_policy(
    topic: Arn, publishers: Sequence[str], accounts: Sequence[str]
) -> dict[str, object]:
    """Who may publish to a topic: alarms of its account and of others, and further publishers.

    The owner comes in as the account's root, not as `*` with `AWS:SourceOwner`: the latter is what
    a new topic has, and lets every alarm of the account publish whatever else the policy says.
    """
    arn, every = str(topic), f"arn:{topic.partition}:cloudwatch:{topic.region}"
    services, identities = _split(publishers)
    statements: list[dict[str, object]] = [
        {
            "Sid": "OwnerAdministers",
            "Effect": "Allow",
            "Principal": _owner(topic),
            "Action": [
                "sns:AddPermission",
                "sns:DeleteTopic",
                "sns:GetTopicAttributes",
                "sns:ListSubscriptionsByTopic",
                "sns:Publish",
                "sns:RemovePermission",
                "sns:SetTopicAttributes",
                "sns:Subscribe",
            ],
            "Resource": arn,
        },
        alarms_statement("AlarmsPublish", arn, {topic.account: f"{every}:{topic.account}:alarm:*"}),
    ]
    if accounts:
        alarms = {other: f"{every}:{other}:alarm:*" for other in accounts}
        statements.append(alarms_statement("AccountsPublish", arn, alarms))
    if services:
        statements.append(
            {
                "Sid": "ServicesPublish",
                "Effect": "Allow",
                "Principal": {"Service": services},
                "Action": "sns:Publish",
                "Resource": arn,
                "Condition": {"StringEquals": {"aws:SourceAccount": topic.account}},
            }
        )
    if identities:
        statements.append(
            {
                "Sid": "IdentitiesPublish",
                "Effect": "Allow",
                "Principal": {"AWS": identities},
                "Action": "sns:Publish",
                "Resource": arn,
            }
        )
    statements.append(
        {
            "Sid": "NothingInTheClear",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "sns:Publish",
            "Resource": arn,
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    )
    return {"Version": "2012-10-17", "Statement": statements}
