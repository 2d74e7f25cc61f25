"""Alarms whose metric may be silent though its name is right."""

from collections.abc import Iterator

from alerting.account.model import Account, Item, Kind
from alerting.cloudwatch.heartbeat import asked_of
from alerting.live.metrics import Metric, metrics_of

_NAMED = {("AWS/SNS", "TopicName"): Kind.TOPIC, ("AWS/SQS", "QueueName"): Kind.QUEUE}
"""What publishes nothing as long as it is not used (SNS and SQS developer guides, metrics)."""


def may_be_silent(alarm: Item, declared: Account, live: Account) -> bool:
    """Whether no datapoint in weeks says nothing about an alarm.

    It watches topics or queues that are there, or a schedule sets it and its metric is for show.

    Args:
        alarm: As it is in AWS.
        declared: What the stack declares.
        live: What AWS holds.
    """
    if alarm.get("AlarmName") in heartbeats(declared):
        return True
    metrics = list(metrics_of(alarm))
    return bool(metrics) and all(any(_there(metric, live)) for metric in metrics)


def heartbeats(declared: Account) -> frozenset[str]:
    """Names of the alarms that schedules of the stack set."""
    asked = (asked_of(schedule.data) for schedule in declared.of(Kind.SCHEDULE))
    return frozenset(one.alarm for one in asked if one is not None)


def _there(metric: Metric, live: Account) -> Iterator[bool]:
    for dimension, value in metric.dimensions:
        kind = _NAMED.get((metric.namespace, dimension))
        if kind is not None:
            yield any(str(item.arn).rsplit(":", 1)[-1] == value for item in live.of(kind))
