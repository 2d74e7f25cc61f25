"""What CloudWatch accepts in an alarm, checked before anything is registered.

The figures are those of the PutMetricAlarm API reference and the CloudWatch quotas page. The
rules look at plain values only: a value that a Pulumi output will supply later is left to AWS.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from alerting.problems import Problem, must

MAX_NAME = 255
MAX_DESCRIPTION = 1024
MAX_ACTIONS = 5
MAX_DIMENSIONS = 30
MAX_METRICS = 10
MAX_EXPRESSION = 2048
MAX_TAGS = 50
DAY = 86_400
WEEK = 7 * DAY

STATISTICS = ("SampleCount", "Average", "Sum", "Minimum", "Maximum")
"""The plain statistics; anything else goes to CloudWatch as an extended statistic."""

_NUMBER = r"\d+(?:\.\d+)?"
_EXTENDED = re.compile(
    rf"(?:p|tm|tc|ts|wm){_NUMBER}|IQM"
    rf"|(?:PR|TC|TM|TS|WM)\((?:{_NUMBER}%?)?:(?:{_NUMBER}%?)?\)"
)
_QUERY_ID = re.compile(r"[a-z][A-Za-z0-9_]*")
_IDENTIFIER = re.compile(r"\"[^\"]*\"|'[^']*'|\b[A-Za-z_][A-Za-z0-9_]*")
_DATAPOINTS = re.compile(r"(\d+)\s*/\s*(\d+)")
_THRESHOLDS = ("above", "at_least", "below", "at_most")


def parse_datapoints(text: object) -> tuple[int, int] | None:
    """Datapoints to alarm and evaluation periods from `M/N`; None where it is not of that form."""
    match = _DATAPOINTS.fullmatch(text.strip()) if isinstance(text, str) else None
    return (int(match[1]), int(match[2])) if match else None


def is_statistic(text: str) -> bool:
    """Whether CloudWatch knows this statistic, plain or extended."""
    if text in STATISTICS:
        return True
    if not _EXTENDED.fullmatch(text):
        return False
    number = re.fullmatch(rf"(?:p|tm|tc|ts|wm)({_NUMBER})", text)
    return number is None or 0 <= float(number[1]) <= 100


def is_percentile(text: str) -> bool:
    """Whether the statistic is of the kind the low-sample switch applies to."""
    return bool(re.fullmatch(rf"p{_NUMBER}", text))


def name_problems(path: str, name: object) -> Iterator[Problem]:
    """An alarm's physical name: 1-255 printable ASCII characters.

    AWS would take any UTF-8; `aws:SourceArn` conditions on a topic's policy match ASCII names
    only, so another name would be a notification lost (CloudWatch user guide, "Amazon SNS").
    """
    if not isinstance(name, str):
        return
    if not 1 <= len(name) <= MAX_NAME:
        yield must(path, f"1 to {MAX_NAME} characters", name)
    elif not name.isascii():
        yield must(path, "ASCII (a topic's SourceArn condition fails on other characters)", name)
    elif not name.isprintable():
        yield must(path, "free of control characters", name)


def metric_problems(args: Mapping[str, Any], *, path: str = "") -> Iterator[Problem]:
    """Namespace, name, statistic, period and dimensions of one metric."""
    here = f"{path}." if path else ""
    namespace, name = args.get("namespace"), args.get("name")
    if isinstance(namespace, str):
        if not 1 <= len(namespace) <= MAX_NAME:
            yield must(f"{here}namespace", f"1 to {MAX_NAME} characters", namespace)
        elif namespace.startswith(":"):
            yield must(f"{here}namespace", "a name that does not start with a colon", namespace)
    if isinstance(name, str) and not 1 <= len(name) <= MAX_NAME:
        yield must(f"{here}name", f"1 to {MAX_NAME} characters", name)
    statistic = args.get("statistic", "Average")
    if isinstance(statistic, str) and not is_statistic(statistic):
        allowed = f"{', '.join(STATISTICS)}, or an extended one such as p99, tm90, IQM, TM(2%:98%)"
        yield must(f"{here}statistic", allowed, statistic)
    if "period" in args:
        yield from period_problems(f"{here}period", args["period"])
    dimensions = args.get("dimensions", {})
    if isinstance(dimensions, Mapping):
        yield from _dimension_problems(f"{here}dimensions", dimensions)


def _dimension_problems(path: str, dimensions: Mapping[Any, Any]) -> Iterator[Problem]:
    if len(dimensions) > MAX_DIMENSIONS:
        yield must(path, f"at most {MAX_DIMENSIONS} dimensions", len(dimensions))
    for key, value in dimensions.items():
        if not (isinstance(key, str) and 1 <= len(key) <= 255 and key.isascii() and key.strip()):
            yield must(path, "named by 1 to 255 ASCII characters", key)
        if isinstance(value, str) and not (1 <= len(value) <= 1024 and value.isascii()):
            yield must(f"{path}.{key}", "1 to 1024 ASCII characters", value)


def period_problems(path: str, period: object) -> Iterator[Problem]:
    """A period in seconds: 10, 20, 30 or a multiple of 60."""
    if isinstance(period, bool) or not isinstance(period, int):
        yield must(path, "a whole number of seconds", period)
    elif period not in (10, 20, 30) and (period < 60 or period % 60):
        yield must(path, "10, 20, 30 or a multiple of 60", period)


def math_problems(args: Mapping[str, Any], *, band: bool, path: str = "math") -> Iterator[Problem]:
    """An expression over named metrics."""
    expression, using = args.get("expression", ""), args.get("using", {})
    yield from period_problems(f"{path}.period", args.get("period", 300))
    if not isinstance(using, Mapping) or not isinstance(expression, str):
        return
    if not 1 <= len(expression) <= MAX_EXPRESSION:
        yield must(f"{path}.expression", f"1 to {MAX_EXPRESSION} characters", expression)
    if not 1 <= len(using) <= MAX_METRICS:
        yield must(f"{path}.using", f"1 to {MAX_METRICS} metrics", len(using))
    words = set(_IDENTIFIER.findall(expression))
    if "SEARCH" in words:
        yield Problem((path, "expression"), "SEARCH is not supported on metric alarms")
    if "ANOMALY_DETECTION_BAND" in words:
        yield Problem(
            (path, "expression"), "leave ANOMALY_DETECTION_BAND to `band`, which writes it for you"
        )
    if band and "METRICS" in words:
        yield Problem((path, "expression"), "METRICS() cannot be used under a band")
    for key, metric in using.items():
        at = f"{path}.using.{key}"
        if not isinstance(key, str) or not _QUERY_ID.fullmatch(key) or len(key) > 255:
            yield must(
                f"{path}.using", "named by letters, digits and _, starting in lower case", key
            )
        elif key not in words and "METRICS" not in words:
            yield must(at, f"used in the expression {expression!r}", key)
        if isinstance(metric, Mapping):
            if "period" in metric:
                yield Problem((path, "using", str(key), "period"), "belongs beside the expression")
            yield from metric_problems({k: v for k, v in metric.items() if k != "period"}, path=at)
    lower = {word for word in words if _QUERY_ID.fullmatch(word)}
    for word in sorted(lower - set(using)):
        yield Problem(
            (path, "expression"),
            f"uses {word!r}, which `using` does not define (it has {', '.join(map(str, using))})",
        )


def evaluation_problems(
    datapoints: object, period: object, *, band: bool, path: str = "datapoints"
) -> Iterator[Problem]:
    """M of N, and how far N periods may reach back."""
    parsed = parse_datapoints(datapoints)
    if parsed is None:
        yield must(path, "M/N, for example 3/5", datapoints)
        return
    m, n = parsed
    if m < 1:
        yield must(path, "at least 1 datapoint", datapoints)
    elif m > n:
        yield must(path, f"at most as many datapoints as periods ({m} > {n})", datapoints)
    if isinstance(period, bool) or not isinstance(period, int):
        return
    if band and period < 60:
        yield must("period", "60 or more under a band (no high-resolution bands)", period)
    reach, limit = period * n, DAY if period < 3600 else WEEK
    if period > limit:
        yield must("period", f"at most {limit} ({limit // DAY} d)", period)
    elif reach > limit:
        allowed = f"at most {limit // period} periods of {period} s ({limit // DAY} d in all)"
        yield must(path, allowed, datapoints)


def limit_problems(args: Mapping[str, Any]) -> Iterator[Problem]:
    """Exactly one of a threshold and a band, and its figures."""
    threshold, band = args.get("threshold"), args.get("band")
    if (threshold is None) == (band is None):
        both = "both" if threshold is not None else "neither"
        yield Problem((), f"needs exactly one of threshold and band, got {both}")
    if isinstance(threshold, Mapping):
        given = [key for key in _THRESHOLDS if key in threshold]
        if len(given) != 1:
            said = ", ".join(given) or "none"
            yield Problem(
                ("threshold",), f"needs exactly one of {', '.join(_THRESHOLDS)}, got {said}"
            )
        for key in given:
            if not _is_number(threshold[key]):
                yield must(f"threshold.{key}", "a finite number", threshold[key])
    if isinstance(band, Mapping):
        width = band.get("width", 3)
        if not _is_number(width) or width <= 0:
            yield must("band.width", "a finite number above 0", width)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def tag_problems(tags: object, *, path: str = "tags") -> Iterator[Problem]:
    """At most 50 tags, keys of 1-128 and values of up to 256 characters, none from `aws:`."""
    if not isinstance(tags, Mapping):
        return
    if len(tags) > MAX_TAGS:
        yield must(path, f"at most {MAX_TAGS} tags", len(tags))
    for key, value in tags.items():
        if not 1 <= len(str(key)) <= 128 or str(key).lower().startswith("aws:"):
            yield must(path, "keyed by 1 to 128 characters that do not start with aws:", key)
        if isinstance(value, str) and len(value) > 256:
            yield must(f"{path}.{key}", "at most 256 characters", value)


def alarm_problems(args: Mapping[str, Any]) -> Iterator[Problem]:
    """Everything that can be told about one declared alarm from its own plain values.

    `args` are an `AlarmArgs` of `alerting.components`.
    """
    metric, expression = args.get("metric"), args.get("math")
    band = args.get("band") is not None
    if (metric is None) == (expression is None):
        both = "both" if metric is not None else "neither"
        yield Problem((), f"needs exactly one of metric and math, got {both}")
    yield from name_problems("name", args.get("name"))
    if isinstance(metric, Mapping):
        yield from metric_problems(metric, path="metric")
    if isinstance(expression, Mapping):
        yield from math_problems(expression, band=band)
    yield from limit_problems(args)
    source = metric if isinstance(metric, Mapping) else expression
    period = source.get("period", 300) if isinstance(source, Mapping) else 300
    datapoints = args.get("datapoints", "3/5" if band else "1/1")
    for problem in evaluation_problems(datapoints, period, band=band):
        at_source = problem.path == ("period",)
        yield (
            problem.under("metric" if isinstance(metric, Mapping) else "math")
            if at_source
            else (problem)
        )
    if args.get("low_samples") is not None and not _has_percentile(args):
        yield Problem(("low_samples",), "applies to percentile statistics only, such as p99")
    yield from tag_problems(args.get("tags"))


def _has_percentile(args: Mapping[str, Any]) -> bool:
    statistic = (args.get("metric") or {}).get("statistic", "Average")
    return isinstance(statistic, str) and is_percentile(statistic)


def action_problems(path: str, actions: Sequence[object]) -> Iterator[Problem]:
    """At most five actions a state, the severity's topic included."""
    if len(actions) > MAX_ACTIONS:
        allowed = f"at most {MAX_ACTIONS} actions a state, the severity's topic included"
        yield must(path, allowed, len(actions))
