"""Queues and their policies."""

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
    text,
)

_ATTRIBUTES = {
    "policy": "Policy",
    "kmsMasterKeyId": "KmsMasterKeyId",
    "sqsManagedSseEnabled": "SqsManagedSseEnabled",
    "messageRetentionSeconds": "MessageRetentionPeriod",
    "visibilityTimeoutSeconds": "VisibilityTimeout",
    "redrivePolicy": "RedrivePolicy",
    "fifoQueue": "FifoQueue",
}


def _create_queue(r: Declared) -> Steps:
    given = attributes(r, _ATTRIBUTES)
    if given.get("FifoQueue") == "false":
        del given["FifoQueue"]  # SQS refuses the attribute on a standard queue
    tagged = r.get("tags", {})
    made = yield Call(
        "sqs", "create_queue", {"QueueName": r.physical_name, **some(Attributes=given, tags=tagged)}
    )
    url = made["QueueUrl"]
    arn = f"arn:{r.partition}:sqs:{r.region}:{r.account_id}:{r.physical_name}"
    return {"id": url, "url": url, "arn": arn, "name": r.physical_name}


def _get(url: Any) -> Call:
    return Call("sqs", "get_queue_attributes", {"QueueUrl": url, "AttributeNames": ["All"]})


def _read_queue(r: Declared) -> Steps:
    got = (yield _get(r.id))["Attributes"]
    tagged = yield Call("sqs", "list_queue_tags", {"QueueUrl": r.id})
    found = {name: got.get(attribute) for name, attribute in _ATTRIBUTES.items()}
    if r.get("policy") is None:
        del found["policy"]  # it is that of a QueuePolicy
    return {
        **found,
        "url": r.id,
        "arn": got["QueueArn"],
        "name": r.id.rsplit("/", 1)[1],
        "tags": dict(tagged.get("Tags", {})) or None,
    }


def _update_queue(old: Declared, new: Declared) -> Done:
    names = changed(old, new, _ATTRIBUTES)
    if names:
        values = {_ATTRIBUTES[name]: text(new.get(name, "")) for name in names}
        yield Call("sqs", "set_queue_attributes", {"QueueUrl": old.id, "Attributes": values})
    where = {"QueueUrl": old.id}
    yield from retag(old, new, "sqs", where, noun="queue", made=lambda r: dict(r.get("tags")))


def _delete_queue(r: Declared) -> Done:
    yield Call("sqs", "delete_queue", {"QueueUrl": r.id})


def _put(url: Any, policy: Any) -> Call:
    return Call("sqs", "set_queue_attributes", {"QueueUrl": url, "Attributes": {"Policy": policy}})


def _create_queue_policy(r: Declared) -> Steps:
    url = r.get("queueUrl")
    yield _put(url, r.get("policy"))
    return {"id": url}


def _read_queue_policy(r: Declared) -> Steps:
    got = (yield _get(r.id))["Attributes"]
    return {"queueUrl": r.id, "policy": got.get("Policy")}


def _update_queue_policy(old: Declared, new: Declared) -> Done:
    yield _put(old.id, new.get("policy"))


def _delete_queue_policy(r: Declared) -> Done:
    yield _put(r.id, "")


QUEUE = Row(
    create=_create_queue,
    read=_read_queue,
    update=_update_queue,
    delete=_delete_queue,
    replaced_by=frozenset({"name", "fifoQueue", "region"}),
    defaults={
        "fifoQueue": False,
        "messageRetentionSeconds": 345_600,
        "sqsManagedSseEnabled": True,
        "visibilityTimeoutSeconds": 30,
    },
    named="name",
)
QUEUE_POLICY = Row(
    create=_create_queue_policy,
    read=_read_queue_policy,
    update=_update_queue_policy,
    delete=_delete_queue_policy,
    replaced_by=frozenset({"queueUrl", "region"}),
)
