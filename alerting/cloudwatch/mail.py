"""The e-mail that SNS sends of an alarm's change.

Source: e-mails of real alarms; the wording is not documented, and of bands and composites none was
seen, so that their part is put in the same form.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from alerting.cloudwatch.actions import actions
from alerting.cloudwatch.comparison import Comparison
from alerting.cloudwatch.evaluation import Evaluation
from alerting.cloudwatch.reason import java_double
from alerting.cloudwatch.regions import region_name
from alerting.cloudwatch.state import State
from alerting.cloudwatch.transition import Transition


def email_text(alarm: Mapping[str, Any], change: Transition) -> str:
    """The text of the e-mail."""
    name = alarm["AlarmName"]
    _, _, _, region, account, *_ = alarm["AlarmArn"].split(":")
    when = spelled_time(change.time)
    lines = [
        f'You are receiving this email because your Amazon CloudWatch Alarm "{name}" in the '
        f"{region_name(region)} region has entered the {change.new} state, because "
        f'"{change.reason}" at "{when}".',
        "",
        "View this alarm in the AWS Management Console:",
        f"https://{region}.console.aws.amazon.com/cloudwatch/deeplink.js?region={region}"
        f"#alarmsV2:alarm/{quote(name, safe='')}",
        "",
        "Alarm Details:",
        *_fields(
            {
                "Name": name,
                "Description": alarm.get("AlarmDescription") or "",
                "State Change": f"{change.old} -> {change.new}",
                "Reason for State Change": change.reason,
                "Timestamp": when,
                "AWS Account": account,
                "Alarm Arn": alarm["AlarmArn"],
            }
        ),
        "",
        *_watched_text(alarm),
        "",
        "State Change Actions:",
        *_fields({state: _action_list(alarm, state) for state in State}),
        "",
    ]
    return "\n".join(lines)


def spelled_time(time: float) -> str:
    """`Monday 14 September, 2026 11:18:44 UTC`, as in e-mails and composites' reasons."""
    return f"{datetime.fromtimestamp(time, UTC):%A %d %B, %Y %H:%M:%S} UTC"


def _watched_text(alarm: Mapping[str, Any]) -> list[str]:
    if "AlarmRule" in alarm:
        return ["Alarm Rule:", f"- {alarm['AlarmRule']}"]
    rule, comparison = Evaluation.of(alarm), Comparison(alarm["ComparisonOperator"])
    figure = "" if comparison.of_band else f" {java_double(alarm['Threshold'])}"
    lines = [
        "Threshold:",
        f"- The alarm is in the ALARM state when the metric is {comparison}{figure} for at least "
        f"{rule.datapoints_to_alarm} of the last {rule.evaluation_periods} period(s) "
        f"of {rule.period} seconds.",
        "",
    ]
    if not alarm.get("Metrics"):
        dimensions = ", ".join(
            f"{one['Name']} = {one['Value']}" for one in alarm.get("Dimensions") or ()
        )
        return [
            *lines,
            "Monitored Metric:",
            *_fields(
                {
                    "MetricNamespace": alarm["Namespace"],
                    "MetricName": alarm["MetricName"],
                    "Dimensions": f"[{dimensions}]",
                    "Period": f"{rule.period} seconds",
                    "Statistic": alarm.get("Statistic") or alarm.get("ExtendedStatistic"),
                    "Unit": alarm.get("Unit") or "not specified",
                    "TreatMissingData": rule.treat_missing_data,
                }
            ),
        ]
    lines.append("Monitored Metrics:")
    for query in alarm["Metrics"]:
        stat = query.get("MetricStat")
        shown = query.get("Expression") or f"{stat['Metric']['MetricName']} {stat['Stat']}"
        lines += _fields(
            {"MetricExpression": shown, "MetricLabel": query.get("Label") or "No Label"}
        )
    return lines


def _action_list(alarm: Mapping[str, Any], state: State) -> str:
    told = actions(alarm, state)
    return f"[{', '.join(map(str, told))}]" if told else ""


def _fields(values: Mapping[str, object]) -> list[str]:
    width = max(map(len, values)) + 2
    return [f"- {f'{key}:':<{width}}{value}".rstrip() for key, value in values.items()]
