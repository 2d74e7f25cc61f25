"""Where what AWS holds differs from what is declared, in a form made comparable."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from alerting.account.model import Item, Kind, Unknown
from alerting.cloudwatch.actions import ACTIONS_OF

Difference = tuple[str, Any, Any]
"""Path, declared, in AWS; None for what is not there."""

_ALARM = (
    "ActionsEnabled",
    "AlarmActions",
    "OKActions",
    "InsufficientDataActions",
    "AlarmDescription",
    "Namespace",
    "MetricName",
    "Dimensions",
    "Statistic",
    "ExtendedStatistic",
    "Period",
    "Unit",
    "Metrics",
    "ThresholdMetricId",
    "ComparisonOperator",
    "Threshold",
    "EvaluationPeriods",
    "DatapointsToAlarm",
    "TreatMissingData",
    "EvaluateLowSampleCountPercentile",
    "AlarmRule",
    "ActionsSuppressor",
    "ActionsSuppressorWaitPeriod",
    "ActionsSuppressorExtensionPeriod",
)
_SETTINGS = {
    Kind.TOPIC: ("Policy", "DisplayName", "DeliveryPolicy", "FifoTopic"),
    Kind.SUBSCRIPTION: (
        "RawMessageDelivery",
        "FilterPolicy",
        "FilterPolicyScope",
        "RedrivePolicy",
        "DeliveryPolicy",
    ),
    Kind.KEY: ("Policy", "Enabled"),
    Kind.QUEUE: ("Policy",),
    Kind.ROLE: ("AssumeRolePolicyDocument",),
    Kind.MUTE_RULE: ("Rule", "MuteTargets", "StartDate", "ExpireDate"),
}
_DOCUMENTS = frozenset(
    {
        "Policy",
        "DeliveryPolicy",
        "FilterPolicy",
        "RedrivePolicy",
        "AssumeRolePolicyDocument",
        "Rule",
        "MuteTargets",
    }
)


def differences(declared: Item, live: Item, *, partial: bool = False) -> list[Difference]:
    """Every setting that differs. What is not known on one side counts as the same.

    Args:
        declared: as the program has it.
        live: as AWS has it.
        partial: whether something of the live one could not be read.
    """
    if declared.kind is Kind.ALARM:
        return list(_compared("", _alarm(declared.data), _alarm(live.data)))
    found: list[Difference] = []
    for key in _SETTINGS.get(declared.kind, ()):
        unread = partial and key not in live.data
        if key not in declared.data or isinstance(live.get(key), Unknown) or unread:
            continue  # what is not declared has a default of AWS's
        read = _document if key in _DOCUMENTS else _text
        found += _compared(key, read(declared.data[key]), read(live.get(key)))
    if declared.kind is Kind.FUNCTION:
        found += _lost_statements(declared, live)
    if declared.kind is Kind.ROLE:
        found += _lost_policies(declared, live)
    return found


def _compared(path: str, ours: Any, theirs: Any) -> Iterator[Difference]:
    if isinstance(ours, Unknown) or ours == theirs:
        return
    if isinstance(ours, Mapping) and isinstance(theirs, Mapping):
        for key in (*ours, *(key for key in theirs if key not in ours)):
            inner = f"{path}.{key}" if path else str(key)
            yield from _compared(inner, ours.get(key), theirs.get(key))
        return
    yield path, ours, theirs


def _alarm(data: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of an alarm, with the values AWS takes where none is given."""
    shape = {key: _plain(data[key]) for key in _ALARM if data.get(key) not in (None, "", [])}
    shape.setdefault("ActionsEnabled", True)
    if "AlarmRule" not in shape:
        shape.setdefault("TreatMissingData", "missing")
        if "EvaluationPeriods" in shape:
            shape.setdefault("DatapointsToAlarm", shape["EvaluationPeriods"])
    for key in ACTIONS_OF.values():
        given = shape.get(key, [])
        shape[key] = given if isinstance(given, Unknown) else _sorted(given)
    if isinstance(shape.get("Dimensions"), list):
        shape["Dimensions"] = _dimensions(shape["Dimensions"])
    if isinstance(shape.get("Metrics"), list):
        shape["Metrics"] = {query["Id"]: _query(query) for query in shape["Metrics"]}
    return shape


def _query(query: Mapping[str, Any]) -> dict[str, Any]:
    shape = {key: value for key, value in query.items() if value is not None and key != "Id"}
    shape.setdefault("ReturnData", True)
    stat = shape.get("MetricStat")
    if isinstance(stat, Mapping):
        metric = stat["Metric"]
        dimensions = _dimensions(metric.get("Dimensions") or [])
        shape["MetricStat"] = {**stat, "Metric": {**metric, "Dimensions": dimensions}}
    return shape


def _dimensions(given: list[Mapping[str, Any]]) -> dict[str, Any]:
    return {str(one["Name"]): one["Value"] for one in given}


def _plain(value: Any) -> Any:
    """Numbers as one type, so that 80 is 80.0."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value


def _text(value: Any) -> Any:
    """SNS and SQS hold everything as text."""
    if isinstance(value, Unknown) or value is None:
        return value
    return (
        str(value).lower() if isinstance(value, bool) or value in ("True", "False") else str(value)
    )


def _document(value: Any) -> Any:
    """A policy as what it says: one or a list of one, in any order, is the same to AWS."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return value
    if isinstance(value, Mapping):
        return {key: _clause(key, inner) for key, inner in value.items()}
    return value


def _clause(key: str, value: Any) -> Any:
    if isinstance(value, Unknown):
        return value
    if isinstance(value, Mapping):
        return {inner: _clause(inner, one) for inner, one in value.items()}
    if key == "Statement":
        statements = value if isinstance(value, list) else [value]
        return {_name_of(one, at): _document(one) for at, one in enumerate(statements)}
    if isinstance(value, list):
        return _clause(key, value[0]) if len(value) == 1 else _sorted(map(_plain, value))
    if key == "AWS" and isinstance(value, str) and value.isdigit():
        return f"arn:aws:iam::{value}:root"  # AWS gives an account back as its root
    return _plain(value)


def _name_of(statement: Any, at: int) -> str:
    sid = statement.get("Sid") if isinstance(statement, Mapping) else None
    return str(sid or at)


def _sorted(values: Any) -> list[Any]:
    key: Callable[[Any], str] = repr
    return sorted(values, key=key)


def _lost_statements(declared: Item, live: Item) -> Iterator[Difference]:
    """Permissions of a function that are gone; others may well have been added by others."""
    ours, theirs = _document(declared.get("Policy")), _document(live.get("Policy"))
    if not isinstance(ours, Mapping) or "Policy" not in live.data:
        return
    held = theirs.get("Statement", {}) if isinstance(theirs, Mapping) else {}
    for sid, statement in ours.get("Statement", {}).items():
        if statement not in held.values() and sid not in held:
            yield f"Policy.Statement.{sid}", statement, None
        elif sid in held:
            yield from _compared(f"Policy.Statement.{sid}", statement, held[sid])


def _lost_policies(declared: Item, live: Item) -> Iterator[Difference]:
    """Policies of a role that are gone, whatever they are called now."""
    if "Policies" not in live.data:
        return
    held = [_document(policy) for policy in live.get("Policies", {}).values()]
    for name, policy in declared.get("Policies", {}).items():
        ours = _document(policy)
        if not isinstance(ours, Unknown) and ours not in held:
            yield f"Policies.{name}", ours, None
    for arn in declared.get("AttachedPolicies", ()):
        if isinstance(arn, str) and arn not in live.get("AttachedPolicies", ()):
            yield "AttachedPolicies", arn, None
