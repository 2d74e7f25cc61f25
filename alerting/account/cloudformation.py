"""Reads the alarms and the anomaly detectors of a CloudFormation template.

Ref, Fn::GetAtt, Fn::Sub and Fn::Join are resolved. What only a deployment would tell has a
stand-in: the default of a parameter or its name, the name of a resource or its logical id.
An alarm that uses anything else is skipped, by name.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from alerting.account.model import Item, Kind
from alerting.cloudwatch.detector import MATH, SINGLE

ACCOUNT, REGION, PARTITION = "123456789012", "us-east-1", "aws"
"""Where a template is taken to be deployed: it does not say."""

_METRIC_ALARM, _COMPOSITE = "AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"
_DETECTOR = "AWS::CloudWatch::AnomalyDetector"

_PSEUDO = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Region": REGION,
    "AWS::Partition": PARTITION,
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::StackName": "stack",
    "AWS::StackId": f"arn:{PARTITION}:cloudformation:{REGION}:{ACCOUNT}:stack/stack/0",
}
_NAMES = {
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::CloudWatch::CompositeAlarm": "AlarmName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::SNS::Topic": "TopicName",
    "AWS::SQS::Queue": "QueueName",
}
"""The property that gives a resource its name in AWS; without it the logical id stands in."""
_ARNS = {
    "AWS::CloudWatch::Alarm": "cloudwatch:{region}:{account}:alarm:{name}",
    "AWS::CloudWatch::CompositeAlarm": "cloudwatch:{region}:{account}:alarm:{name}",
    "AWS::Lambda::Function": "lambda:{region}:{account}:function:{name}",
    "AWS::SNS::Topic": "sns:{region}:{account}:{name}",
    "AWS::SQS::Queue": "sqs:{region}:{account}:{name}",
}
_ARN_IS_REF = ("AWS::SNS::Topic",)
_WHOLE = ("Period", "EvaluationPeriods", "DatapointsToAlarm")
_TRUTH = ("ActionsEnabled", "ReturnData")
_VARIABLE = re.compile(r"\$\{(!?)([^}]*)\}")
_NOTHING = object()


class MacroError(ValueError):
    """A template that only CloudFormation itself can expand."""


class _UnresolvedError(ValueError):
    """A value that is not known here; the message says why, to be read after the alarm's name."""


@dataclass(frozen=True, slots=True)
class Unread:
    """An alarm that is there but could not be read."""

    name: str
    """Its logical id."""
    reason: str
    """To be read after the name."""


def alarms_in(template: Mapping[str, Any]) -> tuple[Mapping[str, Item], tuple[Unread, ...]]:
    """The alarms of a template by their logical ids, and those that cannot be read.

    An alarm is called by its name, where the template gives it one, else by its logical id.

    Raises:
        MacroError: the template uses a macro.
    """
    for macro in _macros(template):
        raise MacroError(macro)
    reader = _Reader(template)
    items: dict[str, Item] = {}
    unread: list[Unread] = []
    for name, resource in template["Resources"].items():
        if not isinstance(resource, Mapping) or resource.get("Type") not in (
            _METRIC_ALARM,
            _COMPOSITE,
        ):
            continue
        try:
            items[name] = reader.alarm(name, resource)
        except _UnresolvedError as error:
            unread.append(Unread(name, str(error)))
    return items, tuple(unread)


def detectors_in(
    body: object, parameters: Mapping[str, str] | None = None
) -> Iterator[dict[str, Any]]:
    """The anomaly detectors of a template, each as what PutAnomalyDetector would be asked for.

    CloudFormation spells `MetricTimeZone` what the API calls `MetricTimezone`, and writes times
    without a zone, which are taken as UTC.

    Args:
        body: the template, as text or read. What is no JSON (YAML, not known yet) has none that can
            be seen.
        parameters: values of the template's parameters. Default: their own defaults.
    """
    try:
        template = json.loads(body) if isinstance(body, str) else body
    except ValueError:
        return
    if not isinstance(template, Mapping) or not isinstance(template.get("Resources"), Mapping):
        return
    given = {name: {"Default": value} for name, value in (parameters or {}).items()}
    reader = _Reader({**template, "Parameters": {**(template.get("Parameters") or {}), **given}})
    for resource in template["Resources"].values():
        if isinstance(resource, Mapping) and resource.get("Type") == _DETECTOR:
            try:
                yield _detector(reader.properties(resource))
            except (ValueError, KeyError, TypeError, AttributeError):
                continue  # not known here, or of a form that AWS refuses


def _detector(said: Mapping[str, Any]) -> dict[str, Any]:
    top = {
        key: said[key] for key in ("Namespace", "MetricName", "Dimensions", "Stat") if key in said
    }
    form = {MATH: said[MATH]} if MATH in said else {SINGLE: said.get(SINGLE) or top}
    settings = said.get("Configuration") or {}
    ranges = [
        {key: _moment(one[key]) for key in ("StartTime", "EndTime")}
        for one in settings.get("ExcludedTimeRanges", ())
    ]
    configuration = {
        **({"ExcludedTimeRanges": ranges} if ranges else {}),
        **({"MetricTimezone": settings["MetricTimeZone"]} if "MetricTimeZone" in settings else {}),
    }
    characteristics = said.get("MetricCharacteristics")
    return {
        **form,
        **({"Configuration": configuration} if configuration else {}),
        **({"MetricCharacteristics": characteristics} if characteristics else {}),
    }


def _moment(text: str) -> str:
    """A time as the rest of the account has it: `2026-12-01T19:00:00Z`."""
    moment = datetime.fromisoformat(text)
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return f"{aware:%Y-%m-%dT%H:%M:%SZ}"


def _macros(node: Any) -> Iterator[str]:
    """Names of the macros a template uses, as a whole or inside."""
    if not isinstance(node, Mapping):
        if isinstance(node, list):
            for one in node:
                yield from _macros(one)
        return
    whole = node.get("Transform") if "Resources" in node else None
    for one in whole if isinstance(whole, list) else [whole]:
        if one:
            yield str(one.get("Name") if isinstance(one, Mapping) else one)
    if isinstance(inner := node.get("Fn::Transform"), Mapping):
        yield str(inner.get("Name"))
    for value in node.values():
        yield from _macros(value)


class _Reader:
    def __init__(self, template: Mapping[str, Any]) -> None:
        self._resources: Mapping[str, Any] = template["Resources"]
        self._parameters: Mapping[str, Any] = template.get("Parameters") or {}

    def alarm(self, name: str, resource: Mapping[str, Any]) -> Item:
        """One alarm in the shape of DescribeAlarms."""
        data = self.properties(resource)
        data = _typed({key: value for key, value in data.items() if key != "Tags"})
        data["AlarmName"] = self._name(name)
        arn = self._arn(name)
        data["AlarmArn"] = arn
        return Item(Kind.ALARM, arn, data, called=data["AlarmName"])

    def properties(self, resource: Mapping[str, Any]) -> Any:
        """The properties of a resource, resolved."""
        if resource.get("Condition"):
            raise _UnresolvedError(f"hangs on the condition {resource['Condition']}")
        return self._value(resource.get("Properties") or {})

    def _value(self, node: Any) -> Any:
        if isinstance(node, list):
            found = [self._value(one) for one in node]
            return [one for one in found if one is not _NOTHING]
        if not isinstance(node, Mapping):
            return node
        if len(node) == 1:
            ((key, argument),) = node.items()
            if key == "Ref" or key.startswith("Fn::") or key == "Condition":
                return self._called(key, argument)
        found = {str(key): self._value(value) for key, value in node.items()}
        return {key: value for key, value in found.items() if value is not _NOTHING}

    def _called(self, function: str, argument: Any) -> Any:
        match function, argument:
            case "Ref", str():
                return self._ref(argument)
            case "Fn::GetAtt", [str(name), str(attribute)]:
                return self._attribute(name, attribute)
            case "Fn::GetAtt", str() if "." in argument:
                return self._attribute(*argument.split(".", 1))
            case "Fn::Join", [str(between), list(parts)]:
                return between.join(self._text(part) for part in parts)
            case "Fn::Sub", str():
                return self._substituted(argument, {})
            case "Fn::Sub", [str(text), Mapping() as given]:
                return self._substituted(text, given)
            case _:
                raise _UnresolvedError(f"uses {function}, which is not resolved here")

    def _text(self, node: Any) -> str:
        value = self._value(node)
        if isinstance(value, list | Mapping) or value is _NOTHING:
            raise _UnresolvedError("joins what is no text")
        return str(value)

    def _substituted(self, text: str, given: Mapping[str, Any]) -> str:
        def put(match: re.Match[str]) -> str:
            literal, name = match.groups()
            name = name.strip()
            if literal:
                return f"${{{name}}}"
            if name in given:
                return self._text(given[name])
            function = "Fn::GetAtt" if "." in name else "Ref"
            return str(self._called(function, name))

        return _VARIABLE.sub(put, text)

    def _ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return _NOTHING
        if name in _PSEUDO:
            return _PSEUDO[name]
        if name in self._parameters:
            return self._parameters[name].get("Default", name)
        if name not in self._resources:
            raise _UnresolvedError(f"refers to {name!r}, which the template does not have")
        return self._arn(name) if self._type(name) in _ARN_IS_REF else self._name(name)

    def _attribute(self, name: str, attribute: str) -> str:
        if name not in self._resources:
            raise _UnresolvedError(f"refers to {name!r}, which the template does not have")
        kind = self._type(name)
        if attribute in ("Arn", "TopicArn") and kind in _ARNS:
            return self._arn(name)
        if attribute == _NAMES.get(kind):
            return self._name(name)
        return f"{name}.{attribute}"

    def _type(self, name: str) -> str:
        return str(self._resources[name].get("Type"))

    def _name(self, name: str) -> str:
        """The name in AWS."""
        properties = self._resources[name].get("Properties") or {}
        given = properties.get(_NAMES.get(self._type(name), ""))
        return name if given is None else self._text(given)

    def _arn(self, name: str) -> str:
        form = _ARNS[self._type(name)]
        tail = form.format(region=REGION, account=ACCOUNT, name=self._name(name))
        return f"arn:{PARTITION}:{tail}"


def _typed(node: Any) -> Any:
    """Numbers and truth values that a template may write as text."""
    if isinstance(node, list):
        return [_typed(one) for one in node]
    if not isinstance(node, Mapping):
        return node
    found = {key: _typed(value) for key, value in node.items()}
    for key, value in found.items():
        try:
            if key in _WHOLE:
                found[key] = int(value)
            elif key == "Threshold":
                found[key] = float(value)
        except (TypeError, ValueError):
            raise _UnresolvedError(f"has the {key} {value!r}, which is no number") from None
        if key in _TRUTH and isinstance(value, str):
            found[key] = value.lower() == "true"
    return found
