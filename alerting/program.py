"""Wires a stack's settings to the components."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi.runtime.config import CONFIG

from alerting.components.alarms import Alarms
from alerting.components.alert_topic import AlertTopic, Place
from alerting.components.dashboard import Dashboard
from alerting.components.heartbeat import Heartbeat
from alerting.components.receivers import Receivers
from alerting.components.reminders import Reminders
from alerting.components.renames import aliases
from alerting.components.second_path import SecondPath
from alerting.settings import Settings, SettingsError, reminders, second_path
from alerting.settings.mistakes import prefix_problems


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
        outputs: dict[str, pulumi.Output[Any]] = {
            "sns_topic_arn": arns[self.settings.default_severity],
            "sns_topic_arns": pulumi.Output.all(**arns),
            "cloudwatch_alarm_id": ids.apply(lambda known: known[min(known)] if known else None),
            "cloudwatch_alarm_ids": ids,
        }
        if self.settings.queries:
            outputs["watched_resources"] = pulumi.Output.from_input(self.settings.watched)
        return outputs


def load_settings(config: pulumi.Config) -> Settings:
    """Read the stack's config, and which account and Region it is deployed to.

    Raises:
        SettingsError: with every mistake in it.
    """
    misspelt = list(prefix_problems(CONFIG.get(), config.name))
    if misspelt:
        raise SettingsError(misspelt)
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
    settings = Settings.parse(values, stack=pulumi.get_stack(), place=_place(), secrets=secrets)
    return _with_found(settings) if settings.queries else settings


def deploy(settings: Settings, config: pulumi.Config) -> AlertingStack:
    """Declare the topics, who is told, and the alarms."""
    topics = {name: _topic(name, settings) for name in settings.severities}
    arns = {name: topic.topic_arn for name, topic in topics.items()}
    secrets = {name: config.require_secret(name) for name in settings.secret_names}
    receivers = Receivers("receivers", settings.receivers_args(arns, secrets))
    alarms = Alarms("alarms", settings.alarms_args(arns))
    watching_over = _watch_over(settings, arns)
    dashboard = settings.dashboard_args({**alarms.shapes, **watching_over})
    if dashboard is not None:
        Dashboard("dashboard", dashboard)
    return AlertingStack(settings, topics, receivers, alarms)


def _watch_over(
    settings: Settings, arns: Mapping[str, pulumi.Output[str]]
) -> dict[str, Mapping[str, Any]]:
    """Declare the second path, the heartbeats and the reminders; the shapes of their alarms."""
    shapes: dict[str, Mapping[str, Any]] = {}
    path = settings.second_path_args(arns)
    if path is not None:
        made = SecondPath(second_path.NAME, path)
        shapes |= {f"{second_path.NAME}-{key}": one for key, one in made.shapes.items()}
    for severity, args in settings.heartbeat_args(arns).items():
        beating = Heartbeat(severity, args)
        shapes |= {f"{severity}-{key}": one for key, one in beating.shapes.items()}
    reminding = settings.reminders_args(arns)
    if reminding is not None:
        Reminders(reminders.NAME, reminding)
    return shapes


def _topic(severity: str, settings: Settings) -> AlertTopic:
    renamed = aliases(settings.severities[severity].formerly or ())
    opts = pulumi.ResourceOptions(aliases=renamed)
    return AlertTopic(severity, settings.topic_args(severity), opts)


def _with_found(settings: Settings) -> Settings:
    # A stack that finds nothing by tag need not load what finds it.
    from alerting.finding import find_all

    return settings.with_found(find_all(settings.queries))


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
