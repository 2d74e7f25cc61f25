"""From a subscription to its receiver, and to the dead-letter queue behind it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace

from alerting.account import Account, Item, Kind, Ref, Unknown
from alerting.delivery import requests
from alerting.delivery.judging import judge_key, judge_policy, look_up, reference
from alerting.delivery.requests import Place, place
from alerting.delivery.roles import role_steps
from alerting.delivery.steps import Outcome, Step
from alerting.delivery.subscriptions import endpoint, is_fifo
from alerting.sns.arn import parse_arn
from alerting.sns.limits import Protocol

_FULL_ACCESS = ("AmazonKinesisFirehoseFullAccess",)


def receiver_steps(account: Account, topic: Item, subscription: Item) -> tuple[Step, ...]:
    """Whether the receiver of a subscription takes what SNS sends; none for people and URLs."""
    return tuple(_receiver(account, topic, subscription, subscription.get("Protocol")))


def dead_letter_steps(account: Account, topic: Item, subscription: Item) -> tuple[Step, ...]:
    """Whether what cannot be delivered is kept; no steps where no dead-letter queue is wanted."""
    policy = subscription.get("RedrivePolicy")
    if not policy:
        return ()
    found = _dead_letters(account, topic, subscription, policy)
    return tuple(
        # What breaks a dead-letter queue loses only what could not be delivered anyway.
        replace(step, rule="dead-letter-queue") if step.outcome is Outcome.BROKEN else step
        for step in found
    )


def _receiver(
    account: Account, topic: Item, subscription: Item, protocol: object
) -> Iterator[Step]:
    here, to = place(account, topic.arn), endpoint(subscription)
    match protocol:
        case Protocol.SQS:
            yield from _queue(account, here, to, "queue", subscription)
        case Protocol.LAMBDA:
            yield from _function(account, here, to, subscription)
        case Protocol.FIREHOSE:
            yield from _role(account, here, to, subscription)
        case _:
            pass


def _queue(
    account: Account, topic: Place, ref: Ref, name: str, subscription: Item
) -> Iterator[Step]:
    there = place(account, ref)
    if (unreachable := _unreachable(topic, there)) is not None:
        yield Step(name, Outcome.BROKEN, unreachable, "receiver-elsewhere", about=subscription)
        return
    queue, found = look_up(
        account,
        Kind.QUEUE,
        _queue_ref(account, ref),
        name,
        owner=subscription,
        missing="receiver-missing",
    )
    yield found
    if queue is None:
        return
    if isinstance(queue.arn, str):
        there = place(account, queue.arn)
    yield judge_policy(
        account,
        queue,
        requests.deliver(topic, there, "sqs:SendMessage"),
        f"{name} policy",
        who="SNS",
        rule="queue-closed",
    )
    if key := queue.get("KmsMasterKeyId"):
        yield judge_key(
            account,
            queue,
            reference(key),
            lambda key, action: requests.enqueue(topic, there, key, action),
            service="sqs",
            region=there.region,
            who="SNS",
        )


def _queue_ref(account: Account, ref: Ref) -> Ref:
    """A queue that is known by its URL alone (its policy is declared, itself it is not)."""
    arn = parse_arn(ref) if isinstance(ref, str) else None
    if arn is None or account.find(Kind.QUEUE, ref):
        return ref
    suffix = ".cn" if arn.partition == "aws-cn" else ""
    url = f"https://sqs.{arn.region}.amazonaws.com{suffix}/{arn.account}/{arn.resource}"
    return url if account.find(Kind.QUEUE, url) else ref


def _function(account: Account, topic: Place, ref: Ref, subscription: Item) -> Iterator[Step]:
    there = place(account, ref)
    unreachable = _unreachable(topic, there)
    if unreachable is None and not requests.reaches_function(topic.region, there.region):
        unreachable = f"SNS does not invoke functions in {there.region} from {topic.region}"
    if unreachable is not None:
        yield Step(
            "function", Outcome.BROKEN, unreachable, "receiver-elsewhere", about=subscription
        )
        return
    function, found = look_up(
        account, Kind.FUNCTION, ref, "function", owner=subscription, missing="receiver-missing"
    )
    yield found
    if function is not None:
        yield judge_policy(
            account,
            function,
            requests.deliver(topic, there, "lambda:InvokeFunction"),
            "function permission",
            who="SNS",
            rule="function-closed",
        )


def _unreachable(topic: Place, receiver: Place) -> str | None:
    if topic.partition != receiver.partition:
        return f"it is in the partition {receiver.partition}, the topic in {topic.partition}"
    if requests.sns_principal(topic.region, receiver.region) is None:
        return f"SNS does not deliver from {topic.region} to {receiver.region}"
    return None


def _role(account: Account, topic: Place, stream: Ref, subscription: Item) -> Iterator[Step]:
    ref = subscription.get("SubscriptionRoleArn")
    if not ref:
        why = "it names no role, and SNS writes to a delivery stream with a role only"
        yield Step("role", Outcome.BROKEN, why, "firehose-role", about=subscription)
        return
    actions = ("firehose:PutRecord", "firehose:PutRecordBatch")
    yield from role_steps(
        account,
        ref,
        requests.assume(topic),
        [requests.write(stream, action) for action in actions],
        owner=subscription,
        who="SNS",
        rule="firehose-role",
        missing="receiver-missing",
        full_access=_FULL_ACCESS,
    )


def _dead_letters(
    account: Account, topic: Item, subscription: Item, policy: object
) -> Iterator[Step]:
    name = "dead-letter queue"
    here = place(account, topic.arn)
    if isinstance(policy, str):
        try:
            policy = json.loads(policy)
        except (ValueError, RecursionError) as error:
            why = f"its redrive policy is not JSON ({error})"
            yield Step(name, Outcome.BROKEN, why, about=subscription)
            return
    if isinstance(policy, Unknown):
        ref: object = policy
    else:
        ref = policy.get("deadLetterTargetArn") if isinstance(policy, Mapping) else None
    if not isinstance(ref, str | Unknown):
        yield Step(name, Outcome.BROKEN, "its redrive policy names no queue", about=subscription)
        return
    arn = parse_arn(ref) if isinstance(ref, str) else None
    if isinstance(ref, str) and (arn is None or arn.service != "sqs"):
        yield Step(name, Outcome.BROKEN, f"{ref} is not the ARN of a queue", about=subscription)
    elif arn and (arn.region, arn.account) != (here.region, here.account):
        why = f"it is in {arn.region} of account {arn.account}, the topic in {here.region} of "
        yield Step(name, Outcome.BROKEN, f"{why}account {here.account}", about=subscription)
    elif arn and is_fifo(None, ref) != is_fifo(topic, topic.arn):
        why = "a FIFO topic needs a FIFO queue, a standard topic a standard one"
        yield Step(name, Outcome.BROKEN, why, about=subscription)
    else:
        yield from _queue(account, here, ref, name, subscription)
