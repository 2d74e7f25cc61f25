"""Metric alarms and composite alarms."""

from collections.abc import Mapping
from typing import Any

from alerting.account.model import Unknown
from alerting.account.row import (
    Call,
    Declared,
    Done,
    Gone,
    Row,
    Steps,
    retag,
    some,
    tags,
    tags_read,
)

_METRIC_ALARM = {
    "alarmDescription": "AlarmDescription",
    "okActions": "OKActions",
    "alarmActions": "AlarmActions",
    "insufficientDataActions": "InsufficientDataActions",
    "metricName": "MetricName",
    "namespace": "Namespace",
    "statistic": "Statistic",
    "extendedStatistic": "ExtendedStatistic",
    "period": "Period",
    "unit": "Unit",
    "evaluationPeriods": "EvaluationPeriods",
    "datapointsToAlarm": "DatapointsToAlarm",
    "comparisonOperator": "ComparisonOperator",
    "evaluateLowSampleCountPercentiles": "EvaluateLowSampleCountPercentile",
    "thresholdMetricId": "ThresholdMetricId",
}
"""The parameters that are inputs as they stand."""

_COMPOSITE_ALARM = {
    "alarmRule": "AlarmRule",
    "alarmDescription": "AlarmDescription",
    "okActions": "OKActions",
    "alarmActions": "AlarmActions",
    "insufficientDataActions": "InsufficientDataActions",
}


def _dimensions(dimensions: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"Name": name, "Value": value} for name, value in sorted(dimensions.items())]


def _dimensions_read(given: Any) -> dict[str, str] | None:
    return {dimension["Name"]: dimension["Value"] for dimension in given or []} or None


def _query(query: Mapping[str, Any]) -> dict[str, Any]:
    metric = query.get("metric")
    stat = metric and {
        "Metric": {
            **some(Namespace=metric.get("namespace"), MetricName=metric.get("metricName")),
            "Dimensions": _dimensions(metric.get("dimensions") or {}),
        },
        "Period": metric.get("period"),
        "Stat": metric.get("stat"),
        **some(Unit=metric.get("unit")),
    }
    return {
        "Id": query["id"],
        **some(
            Expression=query.get("expression"),
            MetricStat=stat,
            Label=query.get("label"),
            AccountId=query.get("accountId"),
            Period=query.get("period"),
        ),
        # The provider's default is False where the API's is True, and it always sends it.
        "ReturnData": query.get("returnData") or False,
    }


def _query_read(query: Mapping[str, Any]) -> dict[str, Any]:
    stat = query.get("MetricStat")
    metric = stat and {
        "namespace": stat["Metric"].get("Namespace"),
        "metricName": stat["Metric"].get("MetricName"),
        "dimensions": _dimensions_read(stat["Metric"].get("Dimensions")),
        "period": stat["Period"],
        "stat": stat["Stat"],
        "unit": stat.get("Unit"),
    }
    return {
        "id": query["Id"],
        "expression": query.get("Expression"),
        "metric": metric,
        "label": query.get("Label"),
        "accountId": query.get("AccountId"),
        "period": query.get("Period"),
        "returnData": query.get("ReturnData", True),
    }


def _put_metric_alarm(r: Declared, name: Any) -> Call:
    dimensions = r.get("dimensions")
    params = some(
        AlarmName=name,
        **{parameter: r.get(key) for key, parameter in _METRIC_ALARM.items()},
        Dimensions=_dimensions(dimensions) if isinstance(dimensions, Mapping) else dimensions,
        TreatMissingData=r.get("treatMissingData", "missing"),
        Metrics=[_query(query) for query in r.get("metricQueries", [])],
        Tags=tags(r),
    )
    params["ActionsEnabled"] = r.get("actionsEnabled", True)
    if r.get("threshold") is not None:
        params["Threshold"] = r.get("threshold")
    return Call("cloudwatch", "put_metric_alarm", params)


def _create_metric_alarm(r: Declared) -> Steps:
    name = r.physical_name
    yield _put_metric_alarm(r, name)
    return {"id": name, "name": name, "arn": _arn(r, name)}


def _read_metric_alarm(r: Declared) -> Steps:
    found = yield Call(
        "cloudwatch", "describe_alarms", {"AlarmNames": [r.id], "AlarmTypes": ["MetricAlarm"]}
    )
    if not found["MetricAlarms"]:
        raise Gone(r.id)
    alarm = found["MetricAlarms"][0]
    tagged = yield Call("cloudwatch", "list_tags_for_resource", {"ResourceARN": alarm["AlarmArn"]})
    queries = alarm.get("Metrics") or []
    # An alarm with queries has none of these; where they are answered all the same, they are empty.
    single = {} if queries else {"dimensions": _dimensions_read(alarm.get("Dimensions"))}
    return {
        **{key: alarm.get(parameter) or None for key, parameter in _METRIC_ALARM.items()},
        **single,
        "name": alarm["AlarmName"],
        "arn": alarm["AlarmArn"],
        "actionsEnabled": alarm["ActionsEnabled"],
        "threshold": None if alarm.get("ThresholdMetricId") else alarm.get("Threshold"),
        "treatMissingData": alarm.get("TreatMissingData"),
        "metricQueries": [_query_read(query) for query in queries] or None,
        "tags": tags_read(tagged["Tags"]),
    }


def _update_metric_alarm(old: Declared, new: Declared) -> Done:
    """Puts the whole alarm, which keeps its state; the tags in it are ignored by CloudWatch."""
    yield _put_metric_alarm(new, old.id)
    yield from _retag(old, new)


def _retag(old: Declared, new: Declared) -> Done:
    yield from retag(old, new, "cloudwatch", {"ResourceARN": _arn(old, old.id)})


def _delete_alarm(r: Declared) -> Done:
    yield Call("cloudwatch", "delete_alarms", {"AlarmNames": [r.id]})


def _put_composite_alarm(r: Declared, name: Any) -> Call:
    suppressor = r.get("actionsSuppressor") or {}
    params = some(
        AlarmName=name,
        **{parameter: r.get(key) for key, parameter in _COMPOSITE_ALARM.items()},
        ActionsSuppressor=suppressor.get("alarm"),
        ActionsSuppressorWaitPeriod=suppressor.get("waitPeriod"),
        ActionsSuppressorExtensionPeriod=suppressor.get("extensionPeriod"),
        Tags=tags(r),
    )
    params["ActionsEnabled"] = r.get("actionsEnabled", True)
    return Call("cloudwatch", "put_composite_alarm", params)


def _create_composite_alarm(r: Declared) -> Steps:
    name = r.get("alarmName")
    yield _put_composite_alarm(r, name)
    return {"id": name, "arn": _arn(r, name)}


def _read_composite_alarm(r: Declared) -> Steps:
    found = yield Call(
        "cloudwatch", "describe_alarms", {"AlarmNames": [r.id], "AlarmTypes": ["CompositeAlarm"]}
    )
    alarms = [alarm for alarm in found["CompositeAlarms"] if alarm["AlarmName"] == r.id]
    if not alarms:
        raise Gone(r.id)
    alarm = alarms[0]
    tagged = yield Call("cloudwatch", "list_tags_for_resource", {"ResourceARN": alarm["AlarmArn"]})
    suppressor = some(
        alarm=alarm.get("ActionsSuppressor"),
        waitPeriod=alarm.get("ActionsSuppressorWaitPeriod"),
        extensionPeriod=alarm.get("ActionsSuppressorExtensionPeriod"),
    )
    return {
        **{key: alarm.get(parameter) or None for key, parameter in _COMPOSITE_ALARM.items()},
        "alarmName": alarm["AlarmName"],
        "arn": alarm["AlarmArn"],
        "actionsEnabled": alarm["ActionsEnabled"],
        "actionsSuppressor": suppressor or None,
        "tags": tags_read(tagged["Tags"]),
    }


def _update_composite_alarm(old: Declared, new: Declared) -> Done:
    yield _put_composite_alarm(new, old.id)
    yield from _retag(old, new)


def _arn(r: Declared, name: Any) -> Any:
    if isinstance(name, Unknown):
        return Unknown((r.urn,))
    return f"arn:{r.partition}:cloudwatch:{r.region}:{r.account_id}:alarm:{name}"


METRIC_ALARM = Row(
    create=_create_metric_alarm,
    read=_read_metric_alarm,
    update=_update_metric_alarm,
    delete=_delete_alarm,
    replaced_by=frozenset({"name", "region"}),
    defaults={"actionsEnabled": True, "treatMissingData": "missing"},
    named="name",
)
COMPOSITE_ALARM = Row(
    create=_create_composite_alarm,
    read=_read_composite_alarm,
    update=_update_composite_alarm,
    delete=_delete_alarm,
    replaced_by=frozenset({"alarmName", "region"}),
    defaults={"actionsEnabled": True},
)
