"""A composite alarm: what is declared of it, as the inputs of its resource."""

from collections.abc import Callable, Mapping
from typing import Any

import pulumi
from pulumi_aws import cloudwatch

from alerting.cloudwatch.composite import children
from alerting.cloudwatch.composite_text import rule_text, rule_words
from alerting.components.alarm_family import MadeAlarm
from alerting.components.metric_alarm import sentence

_LONGEST_RULE = 500
"""Characters of a rule that still fit a description."""

Named = Callable[[str], pulumi.Input[str]]
"""The name or ARN of an alarm by what declarations call it."""


def composite_alarm_inputs(composite: MadeAlarm, named: Named) -> dict[str, Any]:
    """What a sound composite hangs on; neither its name nor what it tells.

    Args:
        composite: the alarm.
        named: given an output of the other alarm's resource, the composite is made after it and
            deleted before it, as CloudWatch demands (CloudWatch API reference, DeleteAlarms).
    """
    assert composite.rule is not None
    inputs: dict[str, Any] = {"alarm_rule": _rule(composite, named)}
    if composite.suppressor is not None:
        inputs["actions_suppressor"] = cloudwatch.CompositeAlarmActionsSuppressorArgs(
            alarm=named(composite.suppressor.alarm),
            wait_period=composite.suppressor.wait,
            extension_period=composite.suppressor.extension,
        )
    return inputs


def _rule(composite: MadeAlarm, named: Named) -> pulumi.Input[str]:
    rule = composite.rule
    assert rule is not None
    names = {ref: named(ref) for ref in children(rule)}
    plain = {ref: name for ref, name in names.items() if isinstance(name, str)}
    if len(plain) == len(names):
        return rule_text(rule, plain.__getitem__)
    # Not by key: an ARN as a keyword is none.
    return pulumi.Output.all(*names.values()).apply(
        lambda known: rule_text(rule, dict(zip(names, known, strict=True)).__getitem__)
    )


def composite_sentence(composite: MadeAlarm, made: Mapping[str, MadeAlarm]) -> pulumi.Input[str]:
    """What has happened when this alarm fires, without a full stop.

    Of a family it is what its members have seen, else the rule in the words of the declaration.
    """
    rule = composite.rule
    assert rule is not None
    alarm = composite.alarm
    if "metric" not in alarm and "math" not in alarm:
        text = rule_words(rule)
        over = f"the rule over {len(children(rule))} alarms holds"
        return text if len(text) <= _LONGEST_RULE else over
    members = [made[ref].alarm for ref in children(rule)]
    parts = [sentence(one, first=at == 0) for at, one in enumerate(members)]
    plain = [part for part in parts if isinstance(part, str)]
    if len(plain) == len(parts):
        return ", while ".join(plain)
    return pulumi.Output.all(*parts).apply(", while ".join)
