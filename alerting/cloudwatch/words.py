"""Alarms in words, the same in descriptions, explanations and reports."""

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from alerting.cloudwatch.composite import RuleError, parse_rule
from alerting.cloudwatch.composite_text import rule_words
from alerting.cloudwatch.insights import members, parse_fleet

_STATISTIC_WORDS = {
    "Average": "the average {}",
    "Sum": "the sum of {}",
    "Minimum": "the lowest {}",
    "Maximum": "the highest {}",
    "SampleCount": "the number of samples of {}",
}


def duration(seconds: float) -> str:
    """A span as people say it: `5 minutes`, `1 hour`, `1 h 30 min`.

    >>> duration(300), duration(86400), duration(5400), duration(90)
    ('5 minutes', '1 day', '1 h 30 min', '1 min 30 s')
    """
    parts: list[tuple[int, str, str]] = []
    rest = round(seconds)
    for size, word, short in ((86_400, "day", "d"), (3600, "hour", "h"), (60, "minute", "min")):
        count, rest = divmod(rest, size)
        if count:
            parts.append((count, word, short))
    if rest or not parts:
        parts.append((rest, "second", "s"))
    if len(parts) == 1:
        count, word, _ = parts[0]
        return f"{count} {word}{'' if count == 1 else 's'}"
    return " ".join(f"{count} {short}" for count, _, short in parts[:2])


def subject(statistic: str, name: str, dimensions: Mapping[str, str]) -> str:
    """What is looked at: `the average CPUUtilization of i-1234567890abcdef0`."""
    phrase = _STATISTIC_WORDS.get(statistic, f"the {statistic} of {{}}").format(name)
    return f"{phrase} of {' / '.join(dimensions.values())}" if dimensions else phrase


def periods(m: int, n: int, period: int) -> str:
    """`for 3 of 5 periods of 5 minutes`."""
    return f"for {m} of {n} periods of {duration(period)}"


def number(value: float) -> str:
    """A figure without a needless `.0`, and without an exponent where people would not use one."""
    whole = math.isfinite(value) and value == int(value) and abs(value) < 1e15
    return f"{value:.0f}" if whole else f"{value:.15g}"


COMPARISON_WORDS = {
    "GreaterThanThreshold": "above {}",
    "GreaterThanOrEqualToThreshold": "at least {}",
    "LessThanThreshold": "below {}",
    "LessThanOrEqualToThreshold": "at most {}",
    "GreaterThanUpperThreshold": "above its band ({} standard deviations)",
    "LessThanLowerThreshold": "below its band ({} standard deviations)",
    "LessThanLowerOrGreaterThanUpperThreshold": "outside its band ({} standard deviations)",
}
"""CloudWatch's comparison operators; the figure is the threshold or the band's width."""


def limit(operator: str, figure: float) -> str:
    """The comparison in words: `above 80`, `outside its band (3 standard deviations)`."""
    return COMPARISON_WORDS[operator].format(number(figure))


_BAND = re.compile(r"ANOMALY_DETECTION_BAND\(\s*(\w+)\s*(?:,\s*([\d.]+)\s*)?\)")


Namer = Callable[[str, str, str, Mapping[str, str]], str]
"""Says what is looked at, of a metric's namespace, its name, the statistic and the dimensions."""


def _plainly(namespace: str, name: str, statistic: str, dimensions: Mapping[str, str]) -> str:  # noqa: ARG001  (a Namer)
    return subject(statistic, name, dimensions)


def condition(
    alarm: Mapping[str, Any], *, called: Namer = _plainly, named: Callable[[str], str] = str
) -> str:
    """When an alarm fires, from its DescribeAlarms form.

    `the average CPUUtilization of i-1234567890abcdef0 is above 80 for 1 of 1 periods of 5 minutes`;
    of a composite its rule, in words where there are any.

    Args:
        alarm: the alarm.
        called: what a metric is called. Default: as `subject` has it.
        named: what people call an alarm of a rule. Default: as in the rule.
    """
    if "AlarmRule" in alarm:
        try:
            return rule_words(parse_rule(str(alarm["AlarmRule"])), named)
        except RuleError:
            return f"this holds: {alarm['AlarmRule']}"
    what, period, figure = _watched(alarm, called)
    operator = alarm.get("ComparisonOperator")
    known = COMPARISON_WORDS.get(operator if isinstance(operator, str) else "", "beyond {}")
    shown = number(figure) if isinstance(figure, int | float) else str(figure)
    n = alarm.get("EvaluationPeriods", 1)
    m = alarm.get("DatapointsToAlarm", n)
    when = periods(m, n, period) if isinstance(period, int) else f"for {m} of {n} periods"
    return f"{what} is {known.format(shown)} {when}"


def _watched(alarm: Mapping[str, Any], called: Namer) -> tuple[str, Any, Any]:
    """What is looked at, the period, and the threshold or the band's width."""
    queries = alarm.get("Metrics")
    if not isinstance(queries, list) or not queries:
        statistic = alarm.get("Statistic") or alarm.get("ExtendedStatistic") or "Average"
        dimensions = _dimensions(alarm.get("Dimensions"))
        name = str(alarm.get("MetricName"))
        what = called(str(alarm.get("Namespace")), name, str(statistic), dimensions)
        return what, alarm.get("Period"), alarm.get("Threshold")
    by_id = {query["Id"]: query for query in queries}
    figure, watched = alarm.get("Threshold"), None
    limit_id = alarm.get("ThresholdMetricId")
    if limit_id in by_id:
        band = _BAND.search(str(by_id[limit_id].get("Expression", "")))
        figure = float(band[2] or 2) if band else None
        watched = by_id.get(band[1]) if band else None
    watched = watched or next((q for q in queries if q.get("ReturnData", True)), queries[0])
    period = next(
        (q["MetricStat"].get("Period") for q in queries if q.get("MetricStat")),
        watched.get("Period"),
    )
    stat = watched.get("MetricStat")
    fleet = parse_fleet(watched.get("Expression"))
    if fleet is not None:
        which = {"of": members(fleet.over, tuple(fleet.where.values()))}
        return subject(fleet.statistic, fleet.metric, which), period, figure
    if not stat:
        return str(watched.get("Expression")), period, figure
    metric = stat["Metric"]
    dimensions = _dimensions(metric.get("Dimensions"))
    name, statistic = str(metric.get("MetricName")), str(stat.get("Stat"))
    return called(str(metric.get("Namespace")), name, statistic, dimensions), period, figure


def _dimensions(given: Any) -> dict[str, str]:
    if not isinstance(given, list):
        return {}
    return {str(pair["Name"]): str(pair["Value"]) for pair in given}
