"""Wires a stack's settings to the components."""

import json
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi.runtime.config import CONFIG

from alerting.components.alarms import Alarms
from alerting.components.alert_topic import AlertTopic, Place
from alerting.components.receivers import Receivers
from alerting.settings import Settings


@dataclass(frozen=True)
class AlertingStack:
    """What a stack is made of, and what it tells the outside."""

    settings: Settings
    topics: dict[str, AlertTopic]
    receivers: Receivers
    alarms: Alarms

    @property
    def outputs(self) -> dict[str, pulumi.Output[Any]]:
        """The stack's outputs by name."""
        arns = {severity: topic.topic_arn for severity, topic in self.topics.items()}
        ids = self.alarms.alarm_ids
        return {
            "sns_topic_arn": arns[self.settings.default_severity],
            "sns_topic_arns": pulumi.Output.all(**arns),
            "cloudwatch_alarm_id": ids.apply(lambda known: known[min(known)]),
            "cloudwatch_alarm_ids": ids,
        }


def load_settings(config: pulumi.Config) -> Settings:
    """Read the stack's config, and which account and Region it is deployed to.

    Raises:
        SettingsError: with every mistake in it.
    """
    values: dict[str, Any] = {}
    secrets: set[str] = set()
    prefix = f"{config.name}:"
    for full_key, text in CONFIG.get().items():
        key = full_key.removeprefix(prefix)
        if key == full_key:
            continue
        if pulumi.runtime.is_config_secret(full_key):
            secrets.add(key)
        else:
            values[key] = _decoded(key, text)
    return Settings.parse(values, stack=pulumi.get_stack(), place=_place(), secrets=secrets)


def deploy(settings: Settings, config: pulumi.Config) -> AlertingStack:
    """Declare the topics, who is told, and the alarms."""
    topics = {name: AlertTopic(name, settings.topic_args(name)) for name in settings.severities}
    arns = {name: topic.topic_arn for name, topic in topics.items()}
    secrets = {name: config.require_secret(name) for name in settings.secret_names}
    receivers = Receivers("receivers", settings.receivers_args(arns, secrets))
    alarms = Alarms("alarms", settings.alarms_args(arns))
    return AlertingStack(settings, topics, receivers, alarms)


def _decoded(key: str, text: str) -> Any:
    """The engine hands maps over as JSON and text as it is."""
    if key == "topicName":
        return text
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text  # refused by the settings, with its path


def _place() -> Place:
    caller = aws.get_caller_identity()
    region = pulumi.Config("aws").get("region") or aws.get_region().region
    return Place(account_id=caller.account_id, region=region, partition=caller.arn.split(":")[1])
