"""Log groups that a stack file names, and whose ARN their alarms take."""

from collections.abc import Mapping
from typing import Any

from alerting.cloudwatch.logs import is_group
from alerting.components.alert_topic import Place


def with_group_arns(alarms: Mapping[str, Mapping[str, Any]], place: Place) -> dict[str, Any]:
    """The alarms with the ARNs of the log groups whose anomalies they count.

    A group that is neither named nor given by its ARN is left for the alarm to refuse.

    Args:
        alarms: in snake_case, by name.
        place: where the stack is deployed to, and the log groups are.
    """
    return {name: _with_arn(alarm, place) for name, alarm in alarms.items()}


def _with_arn(alarm: Mapping[str, Any], place: Place) -> Mapping[str, Any]:
    anomalies = alarm.get("log_anomalies")
    if anomalies is None or not is_group(anomalies.get("group", "")):
        return alarm
    here = f"{place['region']}:{place['account_id']}"
    arn = f"arn:{place.get('partition', 'aws')}:logs:{here}:log-group:{anomalies['group']}"
    return {**alarm, "log_anomalies": {**anomalies, "group": arn}}
