"""Topics and subscriptions."""

from collections.abc import Mapping
from typing import Any

from alerting.account.model import Kind, Ref, Unknown
from alerting.account.scribe import Scribe
from alerting.sns.arn import parse_arn


def create_topic(scribe: Scribe, params: Mapping[str, Any]) -> Mapping[str, Any]:
    arn = scribe.arn("sns", params["Name"])
    data = {"TopicArn": arn, "Owner": scribe.of.account_id, **params.get("Attributes", {})}
    scribe.add(Kind.TOPIC, arn, data)
    return {"TopicArn": arn}


def set_topic_attributes(scribe: Scribe, params: Mapping[str, Any]) -> Mapping[str, Any]:
    value = {params["AttributeName"]: params["AttributeValue"]}
    return scribe.change(Kind.TOPIC, params["TopicArn"], **value)


def subscribe(scribe: Scribe, params: Mapping[str, Any]) -> Mapping[str, Any]:
    topic = params["TopicArn"]
    if isinstance(topic, str) and scribe.find(Kind.TOPIC, topic) is None:
        _somebody_elses_topic(scribe, topic)
    known = scribe.known.get("arn")
    arn: Ref = Unknown((scribe.of.urn,))
    if isinstance(known, str) or isinstance(topic, str):
        arn = known if isinstance(known, str) else f"{topic}:{scribe.uuid()}"
    data = {
        "SubscriptionArn": arn,
        "TopicArn": topic,
        "Protocol": params["Protocol"],
        "Endpoint": params["Endpoint"],
        "Owner": scribe.of.account_id,
        "PendingConfirmation": "true" if _waits(scribe, params) else "false",
        "RawMessageDelivery": "false",
        **params.get("Attributes", {}),
    }
    scribe.add(Kind.SUBSCRIPTION, arn, data)
    return {"SubscriptionArn": arn}


def _waits(scribe: Scribe, params: Mapping[str, Any]) -> bool:
    """Whether somebody has to confirm.

    SNS developer guide, "Sending Amazon SNS messages to an Amazon SQS queue in a different
    account": so has the owner of a queue or function, unless he subscribes it himself.
    """
    protocol, endpoint = params["Protocol"], params["Endpoint"]
    if protocol in ("sqs", "lambda"):
        arn = parse_arn(endpoint) if isinstance(endpoint, str) else None
        return arn is not None and arn.account != scribe.of.account_id
    by_hand = protocol in ("email", "email-json", "http", "https")
    return by_hand and not scribe.of.get("endpointAutoConfirms")


def _somebody_elses_topic(scribe: Scribe, arn: str) -> None:
    """A topic given by ARN only is known by who is subscribed here, not by who may publish."""
    data = {"TopicArn": arn, "Policy": Unknown(), "KmsMasterKeyId": Unknown()}
    scribe.book.add(Kind.TOPIC, arn, data, None)
