"""A heartbeat of one severity: its path is used at regular times, and missed when it is not."""

import json
from collections.abc import Iterator, Mapping
from typing import NotRequired, TypedDict

import pulumi
from pulumi_aws import iam, scheduler

from alerting.cloudwatch.limits import DAY, WEEK
from alerting.components._args import refuse, shape_problems
from alerting.components.alarm_args import AlarmArgs, AlarmsArgs, MetricArgs, Missing
from alerting.components.alarms import Alarms, alarms_problems
from alerting.components.alert_topic import Place
from alerting.problems import Problem, must
from alerting.spans import span

_HOUR, _MINUTE = 3600, 60
_UNITS = ((DAY, "day"), (_HOUR, "hour"), (_MINUTE, "minute"))
_MAX_NAME = 64
"""Of a role, and of a schedule (IAM and Scheduler API references)."""
_SUFFIX = 8
"""Characters Pulumi adds to a logical name where it makes a physical one of it."""


class HeartbeatArgs(TypedDict):
    """What `Heartbeat` needs to know; the component is called as the severity."""

    topics: Mapping[str, pulumi.Input[str]]
    """Topic ARNs by severity."""
    topic_name: str
    """Name of the topic of the severity whose heart this is."""
    second_path: str
    """The severity told when nothing is delivered any more; another key of `topics`."""
    place: Place
    """Account and Region of the topics."""
    every: NotRequired[int]
    """Seconds from one beat to the next: whole minutes, 60 to 601,200 (6d23h). Default: 86400."""
    prefix: NotRequired[str]
    """Put before `SEVERITY-heartbeat` to make physical names. Default: nothing."""
    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of alarms and role. Default: none."""


class Heartbeat(pulumi.ComponentResource):
    """An alarm that a schedule sets off, and one on whether the topic still delivers anything.

    CloudWatch publishes what the first one tells as it does an alarm in earnest, with the same
    permission and the same key. It is set to ALARM and goes back to OK at its next evaluation,
    because its metric never has a datapoint (CloudWatch API reference, SetAlarmState: a metric
    alarm returns to its actual state quickly).

    Raises:
        ValueError: a time between beats that cannot be watched, or a watch over the same topic.
    """

    alarm_ids: pulumi.Output[Mapping[str, str]]
    """Physical names (CloudWatch's ids) by `heartbeat` and `heartbeat-missed`."""

    def __init__(
        self, name: str, args: HeartbeatArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        refuse(f"Heartbeat {name!r}", heartbeat_problems(args, name=name))
        super().__init__("alerting:index:Heartbeat", name, {**args}, opts)

        child = pulumi.ResourceOptions(parent=self)
        place, every = args["place"], args.get("every", DAY)
        partition, account = place.get("partition", "aws"), place["account_id"]
        alarm = alarm_name(args.get("prefix", ""), name)
        alarms = Alarms(f"{name}-alarms", alarms_of(args, name=name), child)
        trust = {
            "Effect": "Allow",
            "Principal": {"Service": "scheduler.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"aws:SourceAccount": account}},
        }
        role = iam.Role(
            f"{name}-heartbeat-role",
            assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
            tags=args.get("tags") or None,
            opts=child,
        )
        allowed = {
            "Effect": "Allow",
            "Action": "cloudwatch:SetAlarmState",
            "Resource": f"arn:{partition}:cloudwatch:{place['region']}:{account}:alarm:{alarm}",
        }
        may = iam.RolePolicy(
            f"{name}-heartbeat-role-policy",
            role=role.id,
            policy=json.dumps({"Version": "2012-10-17", "Statement": [allowed]}),
            opts=child,
        )
        how_often = span(every)
        scheduler.Schedule(
            f"{name}-heartbeat-schedule",
            name=alarm,
            description=f"Sets off {alarm}, which tells that its path works",
            schedule_expression=_rate(every),
            flexible_time_window={"mode": "OFF"},
            target={
                "arn": f"arn:{partition}:scheduler:::aws-sdk:cloudwatch:setAlarmState",
                "role_arn": role.arn,
                "input": json.dumps(
                    {
                        "AlarmName": alarm,
                        "StateValue": "ALARM",
                        "StateReason": f"A heartbeat, every {how_often}: nothing is wrong.",
                    }
                ),
            },
            # A rate begins at once, with the first beat (Scheduler user guide, "Schedule types").
            opts=pulumi.ResourceOptions(parent=self, depends_on=[alarms, may]),
        )
        self.shapes = alarms.shapes
        """As those of `Alarms`, for a `Dashboard`."""
        self.alarm_ids = alarms.alarm_ids
        self.register_outputs({"alarm_ids": self.alarm_ids})


def alarm_name(prefix: str, severity: str) -> str:
    """The physical name of the alarm that beats; filters leave it out by this name."""
    return f"{prefix}{severity}-heartbeat"


def watched_for(every: int) -> tuple[int, int] | None:
    """Period and number of periods over which beats are missed, if they can be.

    Longer than from beat to beat by what SNS's metrics may be late and the clocks apart, within
    CloudWatch's limits (PutMetricAlarm API reference: a day in all, for periods of an hour and
    more a week).
    """
    if every <= _HOUR:
        return _MINUTE, every // _MINUTE + 10
    period = 5 * _MINUTE
    periods = -(-every // period) + 2
    if period * periods <= DAY:
        return period, periods
    periods = -(-every // _HOUR) + 1
    return (_HOUR, periods) if _HOUR * periods <= WEEK else None


def heartbeat_problems(args: HeartbeatArgs, *, name: str) -> Iterator[Problem]:
    """Everything that can be told about a heartbeat from its own plain values.

    `name` is that of the component, which is the severity.
    """
    yield from shape_problems(args, HeartbeatArgs)
    topics, told = args.get("topics", {}), args.get("second_path")
    others = [each for each in sorted(topics) if each != name]
    known = name in topics
    if not known:
        yield must("topics", f"topics by severity, {name!r} among them", sorted(topics))
    if told not in others:
        yield must("second_path", f"one of {', '.join(others) or 'several severities'}", told)
    every = args.get("every", DAY)
    if every < _MINUTE or every % _MINUTE:
        yield must("every", "at least a minute, and whole minutes", span(every))
    elif watched_for(every) is None:
        yield must("every", f"at most {span(WEEK - _HOUR)}, or it could not be missed", span(every))
    elif known and told in others:
        yield from alarms_problems(alarms_of(args, name=name))
    schedule = alarm_name(args.get("prefix", ""), name)
    role = f"{name}-heartbeat-role-{'x' * (_SUFFIX - 1)}"
    for kind, made in (("schedule", schedule), ("role", role)):
        if len(made) > _MAX_NAME:
            yield Problem((), f"would have a {kind} called {made!r}, over {_MAX_NAME} characters")


def alarms_of(args: HeartbeatArgs, *, name: str) -> AlarmsArgs:
    """The two alarms of a heartbeat; `name` is that of the component, which is the severity."""
    period, periods = watched_for(args.get("every", DAY)) or (_HOUR, 1)
    topic = args["topic_name"]
    beats = AlarmArgs(
        # Nothing is ever published there, so that silence puts the alarm back to OK.
        metric=MetricArgs(namespace="Heartbeats", name=alarm_name(args.get("prefix", ""), name)),
        threshold={"above": 0},
        missing=Missing.NOT_BREACHING,
        severity=name,
        description=f"The heartbeat of {name}: it shows that its path works; nothing is wrong.",
    )
    missed = AlarmArgs(
        metric=MetricArgs(
            namespace="AWS/SNS",
            name="NumberOfNotificationsDelivered",
            statistic="Sum",
            period=period,
            dimensions={"TopicName": topic},
        ),
        threshold={"below": 1},
        datapoints=f"{periods}/{periods}",
        missing=Missing.BREACHING,
        severity=args["second_path"],
        description=f"The topic {topic} has delivered nothing for {span(period * periods)}, not "
        "even its heartbeat.",
    )
    return AlarmsArgs(
        alarms={"heartbeat": beats, "heartbeat-missed": missed},
        topics=args["topics"],
        region=args["place"]["region"],
        default_severity=name,
        prefix=f"{args.get('prefix', '')}{name}-",
        tags=args.get("tags", {}),
    )


def _rate(seconds: int) -> str:
    """A rate expression, in the largest unit that fits (Scheduler user guide, "Schedule types")."""
    for size, unit in _UNITS:
        count, rest = divmod(seconds, size)
        if not rest:
            return f"rate({count} {unit}{'' if count == 1 else 's'})"
    raise ValueError(f"{seconds} s are no whole minutes")
