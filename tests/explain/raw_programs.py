"""Programs of plain pulumi_aws resources, to be explained."""

import json
from collections.abc import Callable
from typing import Any

from pulumi_aws import cloudwatch, sns

from alerting.account import Deployment
from alerting.explain.explanation import Explained, Explanation, explanation_of
from alerting.testing import record

ACCOUNT = "111122223333"
CPU: dict[str, Any] = {
    "namespace": "AWS/EC2",
    "metric_name": "CPUUtilization",
    "dimensions": {"InstanceId": "i-1234567890abcdef0"},
    "statistic": "Average",
    "period": 300,
    "evaluation_periods": 1,
    "comparison_operator": "GreaterThanThreshold",
    "threshold": 80,
}


def alarm(name: str, *actions: Any, **more: Any) -> cloudwatch.MetricAlarm:
    """An alarm on a CPU that tells of ALARM."""
    return cloudwatch.MetricAlarm(name, name=name, alarm_actions=list(actions), **{**CPU, **more})


def topic_with(*receivers: tuple[str, str, Any], name: str = "alerts", **more: Any) -> sns.Topic:
    """A topic, and its receivers as (name, protocol, endpoint)."""
    topic = sns.Topic(name, **more)
    for receiver, protocol, endpoint in receivers:
        sns.TopicSubscription(receiver, topic=topic.arn, protocol=protocol, endpoint=endpoint)
    return topic


def closed_policy() -> str:
    """A topic's policy that lets events in and nothing else."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": "*",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def recorded(program: Callable[[], Any]) -> Deployment:
    """What a program declares."""
    return record(program, account=ACCOUNT, project="shop")


def explained(program: Callable[[], Any]) -> Explanation:
    """The explanation of a program."""
    return explanation_of(recorded(program))


def the_alarm(program: Callable[[], Any], name: str) -> Explained:
    """The explanation of one alarm of a program."""
    return next(e for e in explained(program).alarms if e.alarm.label == name)
