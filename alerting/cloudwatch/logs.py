"""CloudWatch Logs as alarms see it: metrics out of log events, and log anomaly detectors.

Limits and patterns are those of the CloudWatch Logs API reference, PutMetricFilter,
MetricTransformation and CreateLogAnomalyDetector.
"""

import re
from collections.abc import Iterator, Mapping

from alerting.cloudwatch import words
from alerting.problems import Problem, must
from alerting.sns.arn import parse_arn

NAMESPACE = "LogAlarms"
"""Of the metrics that the filters of alarms write."""
ANOMALIES, ANOMALY_COUNT = "AWS/Logs", "AnomalyCount"
"""Namespace and name of the metric of log anomaly detectors (CloudWatch Logs user guide, "Create an
alarm on an anomaly detector")."""
DETECTOR, PRIORITY = "LogAnomalyDetector", "LogAnomalyPriority"
"""The dimensions of that metric."""
FREQUENCIES: Mapping[int, str] = {
    60: "ONE_MIN",
    300: "FIVE_MIN",
    600: "TEN_MIN",
    900: "FIFTEEN_MIN",
    1800: "THIRTY_MIN",
    3600: "ONE_HOUR",
}
"""How often a detector can look at the log, in seconds."""
MAX_PATTERN = 1024
MAX_VALUE = 100
MIN_VISIBLE, MAX_VISIBLE = 7, 90
"""Days that an anomaly is one, before it is taken for normal."""

_GROUP = re.compile(r"[.\-_/#A-Za-z0-9]{1,512}")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
_PRIORITIES = {"HIGH": " of high priority", "MEDIUM": " of high or medium priority"}
"""What the dimension of the priority takes in."""


def is_group(name: str) -> bool:
    """Whether a log group can be called so."""
    return _GROUP.fullmatch(name) is not None


def is_count(value: str) -> bool:
    """Whether a filter writes a figure of its own, rather than a field of the log event."""
    return not value.startswith("$")


def group_problems(group: object) -> Iterator[Problem]:
    """A log group's name."""
    if isinstance(group, str) and not is_group(group):
        yield must(
            "group", "the name of a log group: 1 to 512 letters, digits and . - _ / #", group
        )


def group_arn_problems(group: object, region: str) -> Iterator[Problem]:
    """A log group's ARN, of the alarms' Region."""
    if not isinstance(group, str):
        return
    arn = parse_arn(group)
    kind, _, name = arn.resource.partition(":") if arn else ("", "", "")
    if arn is None or arn.service != "logs" or kind != "log-group" or not is_group(name):
        allowed = "a log group's ARN without :* at its end; in a stack file its name will do"
        yield must("group", allowed, group)
    elif arn.region != region:
        yield must("group", f"in {region}, where its alarm is", group)


def pattern_problems(pattern: object) -> Iterator[Problem]:
    """A filter pattern; its syntax is left to AWS."""
    if isinstance(pattern, str) and len(pattern) > MAX_PATTERN:
        yield must("pattern", f"at most {MAX_PATTERN} characters", pattern)


def value_problems(value: object) -> Iterator[Problem]:
    """What a filter writes for each log event: a number, or a field of it."""
    if not isinstance(value, str):
        yield must("value", 'a number or a field, as text: "1" or "$.latency"', value)
    elif len(value) > MAX_VALUE:
        yield must("value", f"at most {MAX_VALUE} characters", value)
    elif is_count(value) and not _NUMBER.fullmatch(value):
        yield must("value", "a number, or a field such as $.latency or $bytes", value)


def metric_name_problems(name: object) -> Iterator[Problem]:
    """The name of a metric that a filter writes, and the filter's own."""
    if isinstance(name, str) and set(name) & set(":*$"):
        yield must("name", "free of : * and $, as the metric of its log filter has it too", name)


def filtered(statistic: str, value: str, group: str, pattern: str) -> str:
    """What an alarm on a metric out of log events looks at.

    >>> filtered("Sum", "1", "/shop/web", "ERROR")
    'the number of log events in /shop/web that match ERROR'
    >>> filtered("Average", "$.latency", "/shop/web", "")
    'the average $.latency of log events in /shop/web'
    """
    events = f"log events in {group}" + (f" that match {pattern}" if pattern else "")
    if statistic == "Sum" and value == "1":
        return f"the number of {events}"
    return words.subject(statistic, value, {"of": events})


def odd(arn: str, priority: str) -> str:
    """What an alarm on a log anomaly detector looks at, given the log group's ARN.

    >>> odd("arn:aws:logs:us-east-1:123456789012:log-group:/shop/web", "HIGH")
    'the number of log anomalies of high priority in /shop/web'
    """
    return f"the number of log anomalies{_PRIORITIES.get(priority, '')} in {_name(arn)}"


def _name(arn: str) -> str:
    return arn.partition(":log-group:")[2] or arn
