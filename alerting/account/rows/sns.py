"""Topics, their policies and subscriptions."""

import json
from collections.abc import Mapping
from typing import Any

from alerting.account.row import (
    Call,
    Declared,
    Done,
    Row,
    Steps,
    attributes,
    changed,
    retag,
    some,
    tags,
    tags_read,
    text,
)

_TOPIC_ATTRIBUTES = {
    "displayName": "DisplayName",
    "kmsMasterKeyId": "KmsMasterKeyId",
    "policy": "Policy",
    "deliveryPolicy": "DeliveryPolicy",
    "signatureVersion": "SignatureVersion",
    "tracingConfig": "TracingConfig",
    "fifoTopic": "FifoTopic",
    "contentBasedDeduplication": "ContentBasedDeduplication",
}


def _create_topic(r: Declared) -> Steps:
    given = attributes(r, _TOPIC_ATTRIBUTES)
    if given.get("FifoTopic") == "false":
        del given["FifoTopic"]  # SNS refuses the attribute on a standard topic
    made = yield Call(
        "sns", "create_topic", {"Name": r.physical_name, **some(Attributes=given, Tags=tags(r))}
    )
    arn = made["TopicArn"]
    return {"id": arn, "arn": arn, "name": r.physical_name, "owner": r.account_id}


def _read_topic(r: Declared) -> Steps:
    got = (yield Call("sns", "get_topic_attributes", {"TopicArn": r.id}))["Attributes"]
    tagged = yield Call("sns", "list_tags_for_resource", {"ResourceArn": r.id})
    found = {name: got.get(attribute) or None for name, attribute in _TOPIC_ATTRIBUTES.items()}
    if r.get("policy") is None:
        del found["policy"]  # it is that of a TopicPolicy, or the one every topic has
    return {
        **found,
        "arn": r.id,
        "name": r.id.rsplit(":", 1)[1],
        "owner": got.get("Owner"),
        "tags": tags_read(tagged["Tags"]),
    }


def _update_topic(old: Declared, new: Declared) -> Done:
    for name in changed(old, new, _TOPIC_ATTRIBUTES):
        yield _set_topic(old.id, _TOPIC_ATTRIBUTES[name], text(new.get(name, "")))
    yield from retag(old, new, "sns", {"ResourceArn": old.id})


def _set_topic(arn: Any, attribute: str, value: Any) -> Call:
    params = {"TopicArn": arn, "AttributeName": attribute, "AttributeValue": value}
    return Call("sns", "set_topic_attributes", params)


def _delete_topic(r: Declared) -> Done:
    yield Call("sns", "delete_topic", {"TopicArn": r.id})


def _create_topic_policy(r: Declared) -> Steps:
    arn = r.get("arn")
    yield _set_topic(arn, "Policy", r.get("policy"))
    return {"id": arn, "owner": r.account_id}


def _read_topic_policy(r: Declared) -> Steps:
    got = (yield Call("sns", "get_topic_attributes", {"TopicArn": r.id}))["Attributes"]
    return {"arn": r.id, "policy": got["Policy"], "owner": got.get("Owner")}


def _update_topic_policy(old: Declared, new: Declared) -> Done:
    yield _set_topic(old.id, "Policy", new.get("policy"))


def _delete_topic_policy(r: Declared) -> Done:
    """A topic cannot be without a policy: it gets back the one it was born with."""
    statement = {
        "Sid": "__default_statement_ID",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": [
            "SNS:GetTopicAttributes",
            "SNS:SetTopicAttributes",
            "SNS:AddPermission",
            "SNS:RemovePermission",
            "SNS:DeleteTopic",
            "SNS:Subscribe",
            "SNS:ListSubscriptionsByTopic",
            "SNS:Publish",
        ],
        "Resource": r.id,
        "Condition": {"StringEquals": {"AWS:SourceOwner": r.account_id}},
    }
    policy = {"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement]}
    yield _set_topic(r.id, "Policy", json.dumps(policy))


_SUBSCRIPTION_ATTRIBUTES = {
    "rawMessageDelivery": "RawMessageDelivery",
    # The scope goes first: SNS reads a policy by the scope it has at that moment.
    "filterPolicyScope": "FilterPolicyScope",
    "filterPolicy": "FilterPolicy",
    "redrivePolicy": "RedrivePolicy",
    "deliveryPolicy": "DeliveryPolicy",
    "subscriptionRoleArn": "SubscriptionRoleArn",
}
_WAITING = ("email", "email-json", "http", "https")


def _create_subscription(r: Declared) -> Steps:
    protocol = r.get("protocol")
    made = yield Call(
        "sns",
        "subscribe",
        {
            "TopicArn": r.get("topic"),
            "Protocol": protocol,
            "Endpoint": r.get("endpoint"),
            **some(Attributes=attributes(r, _SUBSCRIPTION_ATTRIBUTES)),
            "ReturnSubscriptionArn": True,
        },
    )
    arn = made["SubscriptionArn"]
    waits = protocol in _WAITING and not r.get("endpointAutoConfirms")
    return {
        "id": arn,
        "arn": arn,
        "ownerId": r.account_id,
        "pendingConfirmation": waits,
        "confirmationWasAuthenticated": not waits,
    }


def _read_subscription(r: Declared) -> Steps:
    got = (yield Call("sns", "get_subscription_attributes", {"SubscriptionArn": r.id}))[
        "Attributes"
    ]
    return {
        **{name: got.get(attribute) for name, attribute in _SUBSCRIPTION_ATTRIBUTES.items()},
        "arn": r.id,
        "topic": got["TopicArn"],
        "protocol": got["Protocol"],
        "endpoint": got["Endpoint"],
        "ownerId": got.get("Owner"),
        "pendingConfirmation": _truth(got, "PendingConfirmation"),
        "confirmationWasAuthenticated": _truth(got, "ConfirmationWasAuthenticated"),
    }


def _truth(got: Mapping[str, str], attribute: str) -> bool:
    return got.get(attribute, "false") == "true"


def _update_subscription(old: Declared, new: Declared) -> Done:
    for name in changed(old, new, _SUBSCRIPTION_ATTRIBUTES):
        value = new.get(name)
        if value is None and name == "filterPolicyScope":
            continue  # it cannot be unset, and means nothing without a policy
        empty = "{}" if name == "filterPolicy" else "false" if name == "rawMessageDelivery" else ""
        yield Call(
            "sns",
            "set_subscription_attributes",
            {
                "SubscriptionArn": old.id,
                "AttributeName": _SUBSCRIPTION_ATTRIBUTES[name],
                "AttributeValue": empty if value is None else text(value),
            },
        )


def _delete_subscription(r: Declared) -> Done:
    """SNS refuses this for one that waits for confirmation; the driver must let that pass.

    Such a subscription goes with its topic, or by itself when nobody confirms it.
    """
    yield Call("sns", "unsubscribe", {"SubscriptionArn": r.id})


TOPIC = Row(
    create=_create_topic,
    read=_read_topic,
    update=_update_topic,
    delete=_delete_topic,
    replaced_by=frozenset({"name", "fifoTopic", "region"}),
    defaults={"fifoTopic": False, "contentBasedDeduplication": False},
    named="name",
)
TOPIC_POLICY = Row(
    create=_create_topic_policy,
    read=_read_topic_policy,
    update=_update_topic_policy,
    delete=_delete_topic_policy,
    replaced_by=frozenset({"arn", "region"}),
)
SUBSCRIPTION = Row(
    create=_create_subscription,
    read=_read_subscription,
    update=_update_subscription,
    delete=_delete_subscription,
    replaced_by=frozenset({"topic", "protocol", "endpoint", "region"}),
    defaults={
        "rawMessageDelivery": False,
        "endpointAutoConfirms": False,
        "filterPolicyScope": "MessageAttributes",
    },
)
