"""An alarm on what is logged: written out as one on a metric, with what makes that metric.

A metric filter counts log events, or takes a figure out of them; a log anomaly detector learns what
a log looks like and counts what does not fit. Both are called as their alarm.
"""

from collections.abc import Iterator, Mapping
from typing import Any, cast

import pulumi
from pulumi_aws import cloudwatch

from alerting.cloudwatch import logs
from alerting.components.alarm_args import (
    AlarmArgs,
    LogAnomaliesArgs,
    LogPriority,
    LogsArgs,
    Missing,
)
from alerting.components.preset_alarm import stray_problems
from alerting.problems import Problem, must
from alerting.spans import parse_span

KINDS = ("logs", "log_anomalies")
"""The keys that say so."""
DEFAULT_EVERY = "5m"
"""How often a detector looks at its log."""

_DAY = 86_400


def written_out(alarm: AlarmArgs, name: str) -> tuple[AlarmArgs, list[Problem]]:
    """The alarm with the metric that is made of its logs, and its defaults.

    Args:
        alarm: the alarm, which has one of `KINDS`.
        name: its physical name.
    """
    problems = stray_problems(alarm)
    for kind in KINDS:
        if not isinstance(alarm.get(kind, {}), Mapping):
            problems.append(must(kind, "a map", alarm.get(kind)))
    if problems:
        return alarm, problems
    made: dict[str, Any] = {"missing": Missing.NOT_BREACHING}
    if "logs" in alarm:
        made["metric"] = _filtered(alarm["logs"], name)
    elif "log_anomalies" in alarm:
        made["metric"] = _counted(alarm["log_anomalies"], name)
        if "band" not in alarm:
            made["threshold"] = {"above": 0}
    return cast("AlarmArgs", {**made, **alarm}), []


def _filtered(given: LogsArgs, name: str) -> dict[str, Any]:
    value: object = given.get("value", "1")
    field = isinstance(value, str) and not logs.is_count(value)
    return {
        "namespace": logs.NAMESPACE,
        "name": name,
        "statistic": given.get("statistic", "Average" if field else "Sum"),
        "period": given.get("period", 300),
    }


def _counted(given: LogAnomaliesArgs, name: str) -> dict[str, Any]:
    priority = given.get("priority", LogPriority.LOW)
    return {
        "namespace": logs.ANOMALIES,
        "name": logs.ANOMALY_COUNT,
        "statistic": "Sum",
        "period": _seconds(given.get("every", DEFAULT_EVERY)) or 300,
        "dimensions": {logs.DETECTOR: name, logs.PRIORITY: str(priority)},
    }


def _seconds(span: object) -> int | None:
    try:
        return parse_span(str(span))
    except ValueError:
        return None


def as_asked(problem: Problem, alarm: AlarmArgs) -> Problem:
    """A problem of an alarm that was written out, at the key that it has as it was declared."""
    kind = next(kind for kind in KINDS if kind in alarm)
    match problem.path:
        case ("metric", "name"):
            return Problem(("name",), problem.message)
        case ("metric", *rest):
            return Problem((kind, *rest), problem.message)
        case _:
            return problem


def log_problems(alarm: AlarmArgs, *, name: str, region: str) -> Iterator[Problem]:
    """What is wrong with what an alarm says of its logs.

    Args:
        alarm: the alarm, written out.
        name: its physical name.
        region: the alarms' Region.
    """
    if "logs" in alarm:
        given = alarm["logs"]
        found = [*logs.group_problems(given.get("group"))]
        found += logs.pattern_problems(given.get("pattern"))
        found += logs.value_problems(given.get("value", "1"))
        yield from (problem.under("logs") for problem in found)
        yield from logs.metric_name_problems(name)
    if "log_anomalies" in alarm:
        given = alarm["log_anomalies"]
        found = [*logs.group_arn_problems(given.get("group"), region)]
        found += logs.pattern_problems(given.get("pattern"))
        found += _detector_problems(given)
        yield from (problem.under("log_anomalies") for problem in found)
        if "band" in alarm:
            yield Problem(
                ("band",),
                "cannot be had on log anomalies: the detector has learned what is usual, and what "
                "it counts is unusual already; say a threshold, or nothing for any at all",
            )


def _detector_problems(given: LogAnomaliesArgs) -> Iterator[Problem]:
    if "every" in given and _seconds(given["every"]) not in logs.FREQUENCIES:
        yield must("every", "one of 1m, 5m, 10m, 15m, 30m and 1h", given["every"])
    if "remember" in given:
        days, rest = divmod(_seconds(given["remember"]) or 0, _DAY)
        if rest or not logs.MIN_VISIBLE <= days <= logs.MAX_VISIBLE:
            allowed = f"whole days, {logs.MIN_VISIBLE}d to {logs.MAX_VISIBLE}d"
            yield must("remember", allowed, given["remember"])


def make_log_source(
    name: str,
    alarm: AlarmArgs,
    *,
    called: str,
    tags: Mapping[str, pulumi.Input[str]],
    opts: pulumi.ResourceOptions,
) -> pulumi.Resource:
    """Declare what makes the metric of an alarm on logs.

    Args:
        name: of the resource.
        alarm: the alarm, which is sound.
        called: the alarm's physical name.
        tags: the alarm's, and those of its component.
        opts: of the resource.
    """
    if "logs" in alarm:
        return cloudwatch.LogMetricFilter(name, **_filter_inputs(alarm["logs"], called), opts=opts)
    assert "log_anomalies" in alarm
    inputs = _detector_inputs(alarm["log_anomalies"], called)
    return cloudwatch.LogAnomalyDetector(name, **inputs, tags=tags or None, opts=opts)


def _filter_inputs(given: LogsArgs, called: str) -> dict[str, Any]:
    value = given.get("value", "1")
    return {
        "name": called,
        "log_group_name": given["group"],
        "pattern": given["pattern"],
        "metric_transformation": cloudwatch.LogMetricFilterMetricTransformationArgs(
            namespace=logs.NAMESPACE,
            name=called,
            value=value,
            # Log events that do not match count for nothing, rather than being missing data.
            default_value="0" if logs.is_count(value) else None,
        ),
    }


def _detector_inputs(given: LogAnomaliesArgs, called: str) -> dict[str, Any]:
    every = logs.FREQUENCIES[parse_span(given.get("every", DEFAULT_EVERY))]
    inputs: dict[str, Any] = {
        "detector_name": called,
        "log_group_arn_lists": [given["group"]],
        "enabled": True,
        "evaluation_frequency": every,
    }
    if "pattern" in given:
        inputs["filter_pattern"] = given["pattern"]
    if "remember" in given:
        inputs["anomaly_visibility_time"] = parse_span(given["remember"]) // _DAY
    return inputs
