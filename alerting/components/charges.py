"""What a stack's resources cost a month, told from the args of their components.

The same is told from the resources themselves by `alerting.explain.bill`; a test holds both equal.
Here is only what costs something whether it is used or not.
"""

from collections.abc import Iterator

from alerting.cloudwatch.prices import Charge, alarm_charge, custom_metric_charge, key_charge
from alerting.components.alarm_args import AlarmsArgs
from alerting.components.alarms import alarm_shapes
from alerting.components.alert_topic import AlertTopicArgs


def topic_charges(args: AlertTopicArgs) -> Iterator[Charge]:
    """What an `AlertTopic` costs: its key, where it has one of its own."""
    if "topic_arn" not in args and args.get("encryption", "own") == "own":
        yield key_charge()


def alarms_charges(args: AlarmsArgs) -> Iterator[Charge]:
    """What `Alarms` cost, the metrics of their log filters included."""
    yield from (alarm_charge(shape) for shape in alarm_shapes(args).values())
    yield from (custom_metric_charge() for alarm in args["alarms"].values() if "logs" in alarm)
