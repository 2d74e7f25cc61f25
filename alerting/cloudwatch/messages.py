"""The notification CloudWatch publishes when an alarm changes its state.

Sources: SNS messages and e-mails of real alarms; CloudWatch user guide, "Using Amazon CloudWatch
alarms". CloudWatch publishes one body per protocol: `default` (JSON), `sms` and `email` (text).
Each function is given the alarm in the shape of DescribeAlarms, with a known `AlarmArn`.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from alerting.cloudwatch.actions import ACTIONS_OF, actions
from alerting.cloudwatch.evaluation import Evaluation
from alerting.cloudwatch.mail import email_text
from alerting.cloudwatch.reason import long_time
from alerting.cloudwatch.regions import region_name
from alerting.cloudwatch.transition import Transition

_SUBJECT = 100
_SMS_NAME = 90
_STATISTICS = {"SampleCount": "SAMPLE_COUNT"}


def bodies(alarm: Mapping[str, Any], change: Transition) -> dict[str, str]:
    """The message per protocol; a protocol without a key of its own gets `default`."""
    return {
        "default": json.dumps(default_body(alarm, change), separators=(",", ":"), default=str),
        "sms": sms_text(alarm, change),
        "email": email_text(alarm, change),
    }


def subject(alarm: Mapping[str, Any], change: Transition) -> str:
    """`ALARM: "name" in US East (N. Virginia)`: ASCII, at most 100 characters, the name cut."""
    name = re.sub(r"[^\x00-\x7f]+", "_", alarm["AlarmName"])
    room = _SUBJECT - len(f'{change.new}: "" in {region_name(_region(alarm))}')
    return f'{change.new}: "{_cut(name, room)}" in {region_name(_region(alarm))}'


def sms_text(alarm: Mapping[str, Any], change: Transition) -> str:
    """`ALARM: "name" in US East (N. Virginia)`, the name cut to 90 characters."""
    name = _cut(alarm["AlarmName"], _SMS_NAME)
    return f'{change.new}: "{name}" in {region_name(_region(alarm))}'


def default_body(alarm: Mapping[str, Any], change: Transition) -> dict[str, Any]:
    """The JSON body as a document, keys in CloudWatch's order."""
    if "AlarmRule" in alarm:
        return _composite_body(alarm, change)
    return {
        **_about(alarm),
        "AlarmConfigurationUpdatedTimestamp": _timestamp(
            alarm.get("AlarmConfigurationUpdatedTimestamp")
        ),
        **_news(alarm, change),
        "OldStateValue": change.old,
        "ActionExecutedAfterMuteWindow": change.after_mute_window,
        **_actions(alarm),
        "Trigger": _trigger(alarm),
    }


def _about(alarm: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "AlarmName": alarm["AlarmName"],
        "AlarmDescription": alarm.get("AlarmDescription"),
        "AWSAccountId": _account(alarm),
    }


def _news(alarm: Mapping[str, Any], change: Transition) -> dict[str, Any]:
    return {
        "NewStateValue": str(change.new),
        "NewStateReason": change.reason,
        "StateChangeTime": long_time(change.time),
        "Region": region_name(_region(alarm)),
        "AlarmArn": alarm["AlarmArn"],
    }


def _actions(alarm: Mapping[str, Any]) -> dict[str, Any]:
    return {key: [*map(str, actions(alarm, state))] for state, key in ACTIONS_OF.items()}


def _composite_body(alarm: Mapping[str, Any], change: Transition) -> dict[str, Any]:
    return {
        **_about(alarm),
        **_news(alarm, change),
        **_actions(alarm),
        "ActionExecutedAfterMuteWindow": change.after_mute_window,
        "OldStateValue": change.old,
        "AlarmRule": alarm["AlarmRule"],
        "TriggeringChildren": [dict(child) for child in change.children],
    }


def _trigger(alarm: Mapping[str, Any]) -> dict[str, Any]:
    of_metrics = bool(alarm.get("Metrics"))
    trigger: dict[str, Any] = {} if of_metrics else _metric(alarm)
    trigger |= {
        "Period": Evaluation.of(alarm).period,
        "EvaluationPeriods": int(alarm["EvaluationPeriods"]),
    }
    if alarm.get("DatapointsToAlarm"):
        trigger["DatapointsToAlarm"] = int(alarm["DatapointsToAlarm"])
    trigger["ComparisonOperator"] = alarm["ComparisonOperator"]
    if alarm.get("ThresholdMetricId"):
        trigger["ThresholdMetricId"] = alarm["ThresholdMetricId"]
    else:
        trigger["Threshold"] = float(alarm["Threshold"])
    trigger |= {
        "TreatMissingData": alarm.get("TreatMissingData") or "missing",
        "EvaluateLowSampleCountPercentile": alarm.get("EvaluateLowSampleCountPercentile") or "",
    }
    if of_metrics:
        trigger["Metrics"] = [_query(query) for query in alarm["Metrics"]]
    return trigger


def _metric(alarm: Mapping[str, Any]) -> dict[str, Any]:
    extended = alarm.get("ExtendedStatistic")
    plain = alarm.get("Statistic") or ""
    statistic = (
        {"StatisticType": "ExtendedStatistic", "ExtendedStatistic": extended}
        if extended
        else {"StatisticType": "Statistic", "Statistic": _STATISTICS.get(plain, plain.upper())}
    )
    return {
        "MetricName": alarm["MetricName"],
        "Namespace": alarm["Namespace"],
        **statistic,
        "Unit": alarm.get("Unit"),
        "Dimensions": _dimensions(alarm.get("Dimensions")),
    }


def _query(query: Mapping[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    if query.get("Expression"):
        shown["Expression"] = query["Expression"]
    shown["Id"] = query["Id"]
    if query.get("Label"):
        shown["Label"] = query["Label"]
    if stat := query.get("MetricStat"):
        metric = stat["Metric"]
        shown["MetricStat"] = {
            "Metric": {
                "Dimensions": _dimensions(metric.get("Dimensions")),
                "MetricName": metric["MetricName"],
                "Namespace": metric["Namespace"],
            },
            "Period": int(stat["Period"]),
            "Stat": stat["Stat"],
        }
        if stat.get("Unit"):
            shown["MetricStat"]["Unit"] = stat["Unit"]
    if query.get("Period"):
        shown["Period"] = int(query["Period"])
    # The API's default; DescribeAlarms leaves the key out where the caller did.
    shown["ReturnData"] = query.get("ReturnData", True)
    if query.get("AccountId"):
        shown["AccountId"] = query["AccountId"]
    return shown


def _dimensions(dimensions: Sequence[Mapping[str, Any]] | None) -> list[dict[str, str]]:
    return [{"value": str(one["Value"]), "name": one["Name"]} for one in dimensions or ()]


def _cut(name: str, room: int) -> str:
    return name if len(name) <= room else f"{name[: room - 3]}..."


def _timestamp(value: object) -> str | None:
    """As boto3 (a datetime) or the AWS CLI (ISO 8601) gives it."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return long_time(value.timestamp()) if isinstance(value, datetime) else None


def _region(alarm: Mapping[str, Any]) -> str:
    return alarm["AlarmArn"].split(":")[3]


def _account(alarm: Mapping[str, Any]) -> str:
    return alarm["AlarmArn"].split(":")[4]
