"""What people call the things a program declares."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from alerting.account.deployment import Deployment, Resource
from alerting.account.model import Account, Item
from alerting.cloudwatch.detector import what_it_learns

_COMPONENT = "alerting:index:Alarms"
_MUTE_RULE = "aws:cloudwatch/alarmMuteRule:AlarmMuteRule"
_ALARMS = (
    "aws:cloudwatch/metricAlarm:MetricAlarm",
    "aws:cloudwatch/compositeAlarm:CompositeAlarm",
)
_ADDING = tuple(f"alerting:index:{name}" for name in ("Heartbeat", "SecondPath", "Watch"))


def metric_filter_arn(place: str, group: str, name: str) -> str:
    """What tells a metric filter from others; AWS itself gives them no ARN.

    Args:
        place: the start of the account's ARNs, `arn:aws:logs:us-east-1:123456789012`.
        group: the log group's name.
        name: the filter's name.
    """
    return f"{place}:log-group:{group}:metric-filter:{name}"


def detector_arn(place: str, detector: Mapping[str, Any]) -> str:
    """What tells an anomaly detector from others; AWS itself gives them no ARN.

    Args:
        place: the start of the account's ARNs, `arn:aws:cloudwatch:us-east-1:123456789012`.
        detector: in the shape of DescribeAnomalyDetectors.
    """
    return f"{place}:anomaly-detector:{uuid.uuid5(uuid.NAMESPACE_URL, what_it_learns(detector))}"


def names_of(deployment: Deployment) -> dict[str, str]:
    """The name a declaration has in a stack file or in a component's args, by URN.

    A receiver's subscriptions carry the receiver's name, an alarm its key, a mute rule that of its
    window, a topic its severity (by ARN, where the topic exists already). What no component of ours
    declares is called by its logical name.
    """
    found = {resource.urn: resource.name for resource in deployment.resources}
    children: dict[tuple[str, str], str] = {
        (resource.parent, resource.name): resource.urn
        for resource in deployment.resources
        if resource.parent is not None
    }
    components = {one.urn: one for one in deployment.resources if one.type == _COMPONENT}
    for component in deployment.resources:
        existing = component.inputs.get("topic_arn")
        if component.type == "alerting:index:AlertTopic" and isinstance(existing, str):
            found[existing] = component.name
        for child, name in _called(component):
            urn = children.get((component.urn, child))
            if urn is not None:
                found[urn] = name
    for child in deployment.resources:
        component = components.get(child.parent or "")
        if component is None:
            continue
        key = child.name.removeprefix(f"{component.name}-")
        if child.type in _ALARMS:
            found[child.urn] = f"{_watched(component)}{key}"
        if child.type == _MUTE_RULE:
            found[child.urn] = _window(key)
    return found


def declared_by(account: Account, deployment: Deployment) -> Account:
    """The account with each item pointing back to the resource that declares it, by ARN."""
    names = names_of(deployment)
    urns: dict[str, str] = {}
    for resource in deployment.resources:
        arn = resource.outputs.get("arn")
        if isinstance(arn, str):
            urns.setdefault(arn, resource.urn)  # a topic's policy has the topic's ARN, and is later
    items: list[Item] = []
    for item in account.items:
        urn = urns.get(item.arn) if isinstance(item.arn, str) else None
        name = names.get(urn or str(item.arn))
        items.append(item if name is None else replace(item, urn=urn, called=name))
    return account.with_items(items)


def _called(component: Resource) -> Iterator[tuple[str, str]]:
    """Logical names of a component's children, and what its args call them."""
    match component.type:
        case "alerting:index:AlertTopic":
            yield f"{component.name}-topic", component.name
        case "alerting:index:Dashboard":
            yield f"{component.name}-dashboard", component.name
        case "alerting:index:Reminders":
            yield f"{component.name}-machine", component.name
            for severity in _keys(component.inputs.get("severities")):
                yield f"{component.name}-{severity}-rule", f"{component.name} of {severity}"
        case "alerting:index:Receivers":
            for receiver in _keys(component.inputs.get("receivers")):
                yield f"{component.name}-{receiver}-dead-letters", f"{receiver}'s dead letters"
                for severity in _keys(component.inputs.get("topics")):
                    yield f"{component.name}-{receiver}-{severity}", receiver
        case _:
            pass


def _window(key: str) -> str:
    """The name of the window a mute rule is of, which may be one of several for many alarms."""
    return key.removeprefix("window-").partition(".")[0]


def _watched(alarms: Resource) -> str:
    """What the names of alarms begin with that a component of ours adds; of others nothing."""
    path, _, parent = (alarms.parent or "").rpartition("::")
    return f"{parent}-" if path.endswith(_ADDING) else ""


def _keys(value: Any) -> Iterator[str]:
    return iter(value) if isinstance(value, Mapping) else iter(())
