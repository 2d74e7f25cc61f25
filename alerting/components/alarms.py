"""CloudWatch alarms, on a learned band or on a fixed threshold."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, NotRequired, TypedDict, cast

import pulumi
from pulumi_aws import cloudwatch

from alerting.cloudwatch import words
from alerting.cloudwatch.limits import (
    MAX_DESCRIPTION,
    STATISTICS,
    action_problems,
    alarm_problems,
    name_problems,
    parse_datapoints,
    tag_problems,
)
from alerting.components._args import key_problems, refuse
from alerting.problems import Problem, must
from alerting.sns.arn import parse_arn

METRIC_ID = "observed"
"""Id of the watched series in an alarm that has several queries."""
BAND_ID = "expected"
"""Id of the band, which is the alarm's threshold metric."""


class Side(StrEnum):
    """Which side of the band counts as an anomaly."""

    ABOVE = "above"
    """Only values over the band."""
    BELOW = "below"
    """Only values under the band."""
    OUTSIDE = "outside"
    """Either side."""


class Missing(StrEnum):
    """What a missing datapoint counts as; the values are CloudWatch's."""

    MISSING = "missing"
    """Nothing; all of them missing is INSUFFICIENT_DATA."""
    IGNORE = "ignore"
    """The alarm keeps its state."""
    BREACHING = "breaching"
    """A breach: silence is bad (heartbeats)."""
    NOT_BREACHING = "notBreaching"
    """No breach: silence is good (error counts)."""


class LowSamples(StrEnum):
    """What a percentile of too few samples counts for; the values are CloudWatch's."""

    EVALUATE = "evaluate"
    """It is evaluated like any other."""
    IGNORE = "ignore"
    """The alarm keeps its state."""


class MetricArgs(TypedDict):
    """One CloudWatch metric and how it is aggregated."""

    namespace: pulumi.Input[str]
    """For example `AWS/EC2`."""
    name: pulumi.Input[str]
    """For example `CPUUtilization`."""
    statistic: NotRequired[str]
    """`Average`, `Sum`, `Minimum`, `Maximum`, `SampleCount`, or an extended one such as `p99`.
    Default: `Average`."""
    period: NotRequired[int]
    """Seconds: 10, 20, 30 or a multiple of 60; 60 or more under a band. Default: 300."""
    dimensions: NotRequired[Mapping[str, pulumi.Input[str]]]
    """The dimensions that pick one series. Default: none."""


class MathArgs(TypedDict):
    """Metric math over named metrics."""

    expression: str
    """For example `100 * errors / requests`; must give one series."""
    using: Mapping[str, MetricArgs]
    """The metrics by the name they have in the expression, without a period of their own."""
    period: NotRequired[int]
    """Seconds, for all of them. Default: 300."""


class ThresholdArgs(TypedDict):
    """A fixed limit: exactly one of the four."""

    above: NotRequired[float]
    """Breaches when the value is greater."""
    at_least: NotRequired[float]
    """Breaches when the value is greater or equal."""
    below: NotRequired[float]
    """Breaches when the value is less."""
    at_most: NotRequired[float]
    """Breaches when the value is less or equal."""


class BandArgs(TypedDict):
    """A band CloudWatch learns from the metric's own past (ANOMALY_DETECTION_BAND)."""

    width: NotRequired[float]
    """Half-width in standard deviations, above 0, need not be whole. Default: 3."""
    side: NotRequired[Side]
    """Default: `Side.OUTSIDE`."""


class AlarmArgs(TypedDict):
    """One alarm: a metric or math, a threshold or a band."""

    metric: NotRequired[MetricArgs]
    """Exactly one of this and `math`."""
    math: NotRequired[MathArgs]
    """Exactly one of this and `metric`."""
    threshold: NotRequired[ThresholdArgs]
    """Exactly one of this and `band`."""
    band: NotRequired[BandArgs]
    """Exactly one of this and `threshold`."""
    datapoints: NotRequired[str]
    """`M/N`: M breaching datapoints among N. Default: `1/1`, with a band `3/5`."""
    missing: NotRequired[Missing]
    """Default: `Missing.MISSING`."""
    low_samples: NotRequired[LowSamples]
    """Percentiles only. Default: CloudWatch's, which is `evaluate`."""
    severity: NotRequired[str]
    """Which topic is told; a key of `AlarmsArgs.topics`. Default: `AlarmsArgs.default_severity`."""
    name: NotRequired[str]
    """Physical name. Default: `AlarmsArgs.prefix` and the alarm's key."""
    description: NotRequired[str]
    """Default: a sentence made from the rest."""
    runbook: NotRequired[str]
    """A link, appended to the description. Default: none."""
    tell_ok: NotRequired[bool]
    """Whether the topic hears of the way back. Default: True."""
    tell_insufficient_data: NotRequired[bool]
    """Whether the topic hears that data is missing. Default: False."""
    actions: NotRequired[Sequence[pulumi.Input[str]]]
    """Further ARNs told of the same states. Default: none."""
    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Added to `AlarmsArgs.tags`. Default: none."""


class AlarmsArgs(TypedDict):
    """What `Alarms` needs to know."""

    alarms: Mapping[str, AlarmArgs]
    """The alarms by a name of your choice, which names the resource too."""
    topics: Mapping[str, pulumi.Input[str]]
    """Topic ARNs by severity."""
    region: str
    """The alarms' Region; every topic must be in it."""
    default_severity: NotRequired[str]
    """Default: the only key of `topics`."""
    prefix: NotRequired[str]
    """Put before an alarm's key to make its physical name. Default: nothing."""
    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of every alarm. Default: none."""


class Alarms(pulumi.ComponentResource):
    """Any number of alarms, each telling the topic of its severity.

    They are children of one component: a component each costs a third to two thirds more.

    Raises:
        ValueError: what CloudWatch would refuse, or accept and never act on; all of it at once.
    """

    alarm_ids: pulumi.Output[Mapping[str, str]]
    """Physical names (CloudWatch's ids) by the key in `AlarmsArgs.alarms`."""

    def __init__(
        self, name: str, args: AlarmsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        refuse(f"Alarms {name!r}", alarms_problems(args))
        super().__init__("alerting:index:Alarms", name, {**args}, opts)

        ids: dict[str, pulumi.Output[str]] = {}
        for key, alarm in args["alarms"].items():
            made = cloudwatch.MetricAlarm(
                f"{name}-{key}",
                **_inputs(key, alarm, args),
                opts=pulumi.ResourceOptions(parent=self),
            )
            ids[key] = made.id
        self.alarm_ids = pulumi.Output.all(**ids)
        self.register_outputs({"alarm_ids": self.alarm_ids})


def physical_name(key: str, alarm: AlarmArgs, args: AlarmsArgs) -> str:
    """The name CloudWatch knows the alarm by."""
    return alarm.get("name", f"{args.get('prefix', '')}{key}")


def alarms_problems(args: AlarmsArgs) -> Iterator[Problem]:
    """Everything that can be told about a set of alarms from its own plain values."""
    yield from key_problems(args, AlarmsArgs)
    topics = args.get("topics", {})
    default = args.get("default_severity")
    if default is None and len(topics) > 1:
        yield Problem(("default_severity",), "is required where there are several topics")
    elif default is not None and default not in topics:
        yield must("default_severity", f"one of {', '.join(sorted(topics))}", default)
    yield from tag_problems(args.get("tags"))
    named: dict[str, str] = {}
    for key, alarm in args.get("alarms", {}).items():
        for problem in _one_alarm_problems(key, alarm, args):
            yield problem.under("alarms", key)
        name = physical_name(key, alarm, args)
        if name in named:
            yield Problem(
                ("alarms", key, "name"),
                f"is {name!r}, and so is that of {named[name]!r}: one would overwrite the other",
            )
        named.setdefault(name, key)


def _one_alarm_problems(key: str, alarm: AlarmArgs, args: AlarmsArgs) -> Iterator[Problem]:
    yield from key_problems(alarm, AlarmArgs)
    yield from alarm_problems(alarm)
    if "name" not in alarm:
        yield from name_problems("name", physical_name(key, alarm, args))
    topics, severity = args.get("topics", {}), alarm.get("severity")
    if severity is not None and severity not in topics:
        yield must("severity", f"one of {', '.join(sorted(topics))}", severity)
    actions = alarm.get("actions", ())
    yield from action_problems("actions", [severity, *actions])
    for action in actions:
        if isinstance(action, str):
            yield from _action_arn_problems(action, args.get("region", ""))
    sentence = _description(alarm)
    if isinstance(sentence, str) and len(sentence) > MAX_DESCRIPTION:
        allowed = f"at most {MAX_DESCRIPTION} characters, the runbook's link included"
        yield must("description", allowed, sentence)
    count = len({**args.get("tags", {}), **alarm.get("tags", {})})
    if count > 50 and len(alarm.get("tags", {})) <= 50:
        yield must("tags", "at most 50 tags together with those of the stack", count)


def _action_arn_problems(action: str, region: str) -> Iterator[Problem]:
    parsed = parse_arn(action)
    if parsed is None:
        yield must("actions", "ARNs", action)
    elif parsed.region not in ("", region):
        yield must("actions", f"in {region}: an action is in the alarm's own Region", action)


_OPERATORS = {
    "above": "GreaterThanThreshold",
    "at_least": "GreaterThanOrEqualToThreshold",
    "below": "LessThanThreshold",
    "at_most": "LessThanOrEqualToThreshold",
}
_BAND_OPERATORS = {
    Side.ABOVE: "GreaterThanUpperThreshold",
    Side.BELOW: "LessThanLowerThreshold",
    Side.OUTSIDE: "LessThanLowerOrGreaterThanUpperThreshold",
}


def _limit(alarm: AlarmArgs) -> tuple[str, float]:
    """Comparison operator, and the threshold or the band's width."""
    band = alarm.get("band")
    if band is not None:
        return _BAND_OPERATORS[Side(band.get("side", Side.OUTSIDE))], band.get("width", 3)
    threshold = cast("dict[str, float]", alarm.get("threshold", {}))
    key = next(key for key in _OPERATORS if key in threshold)
    return _OPERATORS[key], threshold[key]


def _datapoints(alarm: AlarmArgs) -> tuple[int, int]:
    default = "3/5" if "band" in alarm else "1/1"
    parsed = parse_datapoints(alarm.get("datapoints", default))
    assert parsed is not None
    return parsed


def _inputs(key: str, alarm: AlarmArgs, args: AlarmsArgs) -> dict[str, Any]:
    m, n = _datapoints(alarm)
    operator, figure = _limit(alarm)
    topics = args["topics"]
    severity = alarm.get("severity") or args.get("default_severity") or next(iter(topics))
    actions = [topics[severity], *alarm.get("actions", ())]
    inputs: dict[str, Any] = {
        "name": physical_name(key, alarm, args),
        "alarm_description": _description(alarm),
        "comparison_operator": operator,
        "evaluation_periods": n,
        "datapoints_to_alarm": m,
        "treat_missing_data": Missing(alarm.get("missing", Missing.MISSING)).value,
        "alarm_actions": actions,
        "ok_actions": actions if alarm.get("tell_ok", True) else None,
        "insufficient_data_actions": actions if alarm.get("tell_insufficient_data") else None,
        "tags": {**args.get("tags", {}), **alarm.get("tags", {})} or None,
    }
    if "low_samples" in alarm:
        inputs["evaluate_low_sample_count_percentiles"] = LowSamples(alarm["low_samples"]).value
    if "band" in alarm:
        return inputs | _band_inputs(alarm, figure)
    inputs["threshold"] = figure
    if "math" in alarm:
        return inputs | {"metric_queries": _math_queries(alarm["math"])}
    assert "metric" in alarm
    return inputs | _metric_inputs(alarm["metric"])


def _metric_inputs(metric: MetricArgs) -> dict[str, Any]:
    statistic = metric.get("statistic", "Average")
    return {
        "namespace": metric["namespace"],
        "metric_name": metric["name"],
        "period": metric.get("period", 300),
        "dimensions": metric.get("dimensions", {}),
        "statistic" if statistic in STATISTICS else "extended_statistic": statistic,
    }


def _band_inputs(alarm: AlarmArgs, width: float) -> dict[str, Any]:
    """Exactly two queries that return data: the watched series and its band.

    `return_data` is False unless said, here as in Terraform; with either of the two left out,
    CloudWatch refuses the alarm ("Exactly two elements of the metrics list should return data").
    """
    if "math" in alarm:
        queries = _math_queries(alarm["math"])
    else:
        assert "metric" in alarm
        metric = alarm["metric"]
        queries = [_query(METRIC_ID, metric, metric.get("period", 300), return_data=True)]
    queries.append(
        cloudwatch.MetricAlarmMetricQueryArgs(
            id=BAND_ID,
            expression=f"ANOMALY_DETECTION_BAND({METRIC_ID}, {width:.15g})",
            label="expected",
            return_data=True,
        )
    )
    return {"metric_queries": queries, "threshold_metric_id": BAND_ID}


def _math_queries(math: MathArgs) -> list[cloudwatch.MetricAlarmMetricQueryArgs]:
    period = math.get("period", 300)
    queries = [
        _query(key, metric, period, return_data=False)
        for key, metric in sorted(math["using"].items())
    ]
    watched = cloudwatch.MetricAlarmMetricQueryArgs(
        id=METRIC_ID, expression=math["expression"], label=math["expression"], return_data=True
    )
    return [*queries, watched]


def _query(
    key: str, metric: MetricArgs, period: int, *, return_data: bool
) -> cloudwatch.MetricAlarmMetricQueryArgs:
    return cloudwatch.MetricAlarmMetricQueryArgs(
        id=key,
        return_data=return_data,
        metric=cloudwatch.MetricAlarmMetricQueryMetricArgs(
            namespace=metric["namespace"],
            metric_name=metric["name"],
            period=period,
            stat=metric.get("statistic", "Average"),
            dimensions=metric.get("dimensions", {}),
        ),
    )


def _description(alarm: AlarmArgs) -> pulumi.Input[str]:
    """What happened when this alarm fires, and where to read what to do."""
    runbook = alarm.get("runbook")
    tail = f"\nRunbook: {runbook}" if runbook else ""
    if "description" in alarm:
        return alarm["description"] + tail
    try:
        operator, figure = _limit(alarm)
        m, n = _datapoints(alarm)
    except (StopIteration, AssertionError, ValueError):
        return tail  # refused elsewhere, in words of its own
    limit = words.limit(operator, figure)
    if "math" in alarm:
        math = alarm["math"]
        return (
            f"{math['expression']} is {limit} {words.periods(m, n, math.get('period', 300))}{tail}"
        )
    metric = alarm.get("metric")
    if metric is None:
        return tail
    parts = {"name": metric["name"], **metric.get("dimensions", {})}
    statistic, when = (
        metric.get("statistic", "Average"),
        words.periods(m, n, metric.get("period", 300)),
    )

    def sentence(known: Mapping[str, str]) -> str:
        dimensions = {k: v for k, v in known.items() if k != "name"}
        subject = words.subject(statistic, known["name"], dimensions)
        return f"{subject[0].upper()}{subject[1:]} is {limit} {when}{tail}"

    if all(isinstance(value, str) for value in parts.values()):
        return sentence(cast("Mapping[str, str]", parts))
    return pulumi.Output.all(**parts).apply(sentence)
