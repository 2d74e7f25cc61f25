"""A second path for the first: alarms on the delivery of alarms, told over another topic."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NotRequired, TypedDict

import pulumi

from alerting.components._args import refuse, shape_problems
from alerting.components.alarm_args import AlarmArgs, AlarmsArgs, MathArgs, MetricArgs, Missing
from alerting.components.alarms import Alarms, alarms_problems
from alerting.components.receiver import dead_letter_name, dead_letter_of
from alerting.components.receiver_args import ReceiversArgs, heard
from alerting.problems import Problem, must

_MISTAKES = {
    "invalid_attributes": "NumberOfNotificationsFilteredOut-InvalidAttributes",
    "invalid_body": "NumberOfNotificationsFilteredOut-InvalidMessageBody",
    "no_attributes": "NumberOfNotificationsFilteredOut-NoMessageAttributes",
}
"""SNS developer guide, "Monitoring Amazon SNS topics using CloudWatch": messages a filter drops
because it cannot read them. The plain NumberOfNotificationsFilteredOut counts what it is to drop.
"""


class DeadLettersArgs(TypedDict):
    """A queue for what could not be delivered."""

    queue: str
    """The queue's name."""
    severities: Sequence[str]
    """The topics whose messages end up there."""


class SecondPathArgs(TypedDict):
    """What `SecondPath` needs to know."""

    severity: str
    """Which topic is told about the others; a key of `topics`."""
    own_failures: str
    """Which topic is told about that topic itself; another key of `topics`."""
    topics: Mapping[str, pulumi.Input[str]]
    """Topic ARNs by severity."""
    topic_names: Mapping[str, str]
    """Names of the topics to be watched, by severity."""
    region: str
    """The topics' Region."""
    filtered: NotRequired[Sequence[str]]
    """Severities that somebody hears through a filter. Default: none."""
    dead_letters: NotRequired[Mapping[str, DeadLettersArgs]]
    """Dead-letter queues by the receiver they belong to. Default: none."""
    prefix: NotRequired[str]
    """Put before the component's name to make the alarms' physical names. Default: nothing."""
    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of every alarm. Default: none."""


class SecondPath(pulumi.ComponentResource):
    """Alarms on topics and dead-letter queues, each telling another topic than it watches.

    That CloudWatch could not publish at all is in no metric: see docs/family/second-path.md.

    Raises:
        ValueError: a path that would lead through what it watches.
    """

    alarm_ids: pulumi.Output[Mapping[str, str]]
    """Physical names (CloudWatch's ids) by `SEVERITY-failed`, `SEVERITY-misfiltered` and
    `RECEIVER-dead-letters`."""

    def __init__(
        self, name: str, args: SecondPathArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        refuse(f"SecondPath {name!r}", second_path_problems(args, name=name))
        super().__init__("alerting:index:SecondPath", name, {**args}, opts)

        alarms = alarms_of(args, name=name)
        made = Alarms(f"{name}-alarms", alarms, pulumi.ResourceOptions(parent=self))
        self.shapes = made.shapes
        """As those of `Alarms`, for a `Dashboard`."""
        self.alarm_ids = made.alarm_ids
        self.register_outputs({"alarm_ids": self.alarm_ids})


def second_path_problems(args: SecondPathArgs, *, name: str) -> Iterator[Problem]:
    """Everything that can be told about a second path from its own plain values.

    `name` is that of the component, which physical names are made from.
    """
    yield from shape_problems(args, SecondPathArgs)
    topics, severity, back = args.get("topics", {}), args.get("severity"), args.get("own_failures")
    others = [each for each in sorted(topics) if each != severity]
    if severity not in topics:
        yield must("severity", f"one of {', '.join(sorted(topics))}", severity)
    elif not others:
        alone = f"is {severity!r}, and there is no other severity that it could be told about"
        yield Problem(("severity",), alone)
    elif back not in others:
        why = "" if back != severity else ": what fails there would be told there"
        yield Problem(("own_failures",), f"must be one of {', '.join(others)}, got {back!r}{why}")
    else:
        yield from alarms_problems(alarms_of(args, name=name))


def dead_letters(args: ReceiversArgs) -> dict[str, DeadLettersArgs]:
    """The dead-letter queues made for receivers, by receiver."""
    return {
        name: DeadLettersArgs(
            queue=dead_letter_name(args.get("prefix", ""), name),
            severities=heard(spec, args["topics"]),
        )
        for name, spec in args["receivers"].items()
        if dead_letter_of(spec) == "own"
    }


def alarms_of(args: SecondPathArgs, *, name: str) -> AlarmsArgs:
    """The alarms of a second path; `name` is that of the component."""
    backstop, back = args["severity"], args["own_failures"]
    alarms: dict[str, AlarmArgs] = {}
    for severity, topic in args["topic_names"].items():
        tells = back if severity == backstop else backstop
        alarms[f"{severity}-failed"] = _failed(topic, tells)
        if severity in args.get("filtered", ()):
            alarms[f"{severity}-misfiltered"] = _misfiltered(topic, tells)
    for receiver, kept in args.get("dead_letters", {}).items():
        of = kept["severities"]
        tells = back if backstop in of and back not in of else backstop
        alarms[f"{receiver}-dead-letters"] = _dead_letters(receiver, kept["queue"], tells)
    return AlarmsArgs(
        alarms=alarms,
        topics=args["topics"],
        region=args["region"],
        default_severity=backstop,
        prefix=f"{args.get('prefix', '')}{name}-",
        tags=args.get("tags", {}),
    )


def _failed(topic: str, tells: str) -> AlarmArgs:
    return AlarmArgs(
        metric=_metric("AWS/SNS", "NumberOfNotificationsFailed", "Sum", TopicName=topic),
        threshold={"above": 0},
        missing=Missing.NOT_BREACHING,
        severity=tells,
        description=f"A message of the topic {topic} could not be delivered to a receiver.",
    )


def _misfiltered(topic: str, tells: str) -> AlarmArgs:
    using = {
        key: MetricArgs(
            namespace="AWS/SNS", name=metric, statistic="Sum", dimensions={"TopicName": topic}
        )
        for key, metric in _MISTAKES.items()
    }
    return AlarmArgs(
        math=MathArgs(expression=" + ".join(using), using=using, period=60),
        threshold={"above": 0},
        missing=Missing.NOT_BREACHING,
        severity=tells,
        description=f"A filter could not read a message of the topic {topic}, and dropped it.",
    )


def _dead_letters(receiver: str, queue: str, tells: str) -> AlarmArgs:
    visible = "ApproximateNumberOfMessagesVisible"
    return AlarmArgs(
        metric=_metric("AWS/SQS", visible, "Maximum", QueueName=queue),
        threshold={"above": 0},
        missing=Missing.NOT_BREACHING,
        severity=tells,
        description=f"Messages that {receiver} never got wait in the queue {queue}.",
    )


def _metric(namespace: str, name: str, statistic: str, **dimensions: str) -> MetricArgs:
    return MetricArgs(
        namespace=namespace, name=name, statistic=statistic, period=60, dimensions=dimensions
    )
