"""Alarms and dashboards."""

from collections.abc import Mapping
from typing import Any

from alerting.account.model import Kind
from alerting.account.scribe import Scribe
from alerting.cloudwatch.actions import ACTIONS_OF


def put_metric_alarm(scribe: Scribe, params: Mapping[str, Any]) -> Mapping[str, Any]:
    return _put_alarm(scribe, params, TreatMissingData=params.get("TreatMissingData", "missing"))


def put_composite_alarm(scribe: Scribe, params: Mapping[str, Any]) -> Mapping[str, Any]:
    return _put_alarm(scribe, params)


def put_dashboard(scribe: Scribe, params: Mapping[str, Any]) -> Mapping[str, Any]:
    name = params["DashboardName"]
    resource = f"dashboard/{name}" if isinstance(name, str) else name
    arn = scribe.arn("cloudwatch", resource, regional=False)
    scribe.add(Kind.DASHBOARD, arn, {**params, "DashboardArn": arn}, name)
    return {}


def put_alarm_mute_rule(scribe: Scribe, params: Mapping[str, Any]) -> Mapping[str, Any]:
    name, expression = params["Name"], params["Rule"]["Schedule"].get("Expression")
    arn = scribe.arn("cloudwatch", f"alarm-mute-rule:{name}" if isinstance(name, str) else name)
    data = {
        **{key: value for key, value in params.items() if key != "Tags"},
        "AlarmMuteRuleArn": arn,
    }
    if isinstance(expression, str):
        data["MuteType"] = "ONE_TIME" if expression.startswith("at(") else "RECURRING"
    scribe.add(Kind.MUTE_RULE, arn, data, name)
    return {}


def _put_alarm(scribe: Scribe, params: Mapping[str, Any], **more: Any) -> Mapping[str, Any]:
    name = params["AlarmName"]
    arn = scribe.arn("cloudwatch", f"alarm:{name}" if isinstance(name, str) else name)
    data = {
        **{key: value for key, value in params.items() if key != "Tags"},
        "AlarmArn": arn,
        **{key: params.get(key, []) for key in ACTIONS_OF.values()},
        "StateValue": "INSUFFICIENT_DATA",
        **more,
    }
    scribe.add(Kind.ALARM, arn, data, name)
    return {}
