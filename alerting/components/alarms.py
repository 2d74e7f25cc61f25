"""CloudWatch alarms, on a learned band or on a fixed threshold."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

import pulumi
from pulumi_aws import cloudwatch

from alerting.cloudwatch import words
from alerting.cloudwatch.limits import (
    MAX_DESCRIPTION,
    MAX_TAGS,
    STATISTICS,
    action_problems,
    alarm_problems,
    name_problems,
    parse_datapoints,
    tag_problems,
)
from alerting.components._args import refuse, shape_problems
from alerting.components.alarm_args import (
    AlarmArgs,
    AlarmsArgs,
    LowSamples,
    MathArgs,
    MetricArgs,
    Missing,
    Side,
)
from alerting.components.preset_alarm import as_asked, written_out
from alerting.problems import Problem, must
from alerting.sns.arn import parse_arn

METRIC_ID = "observed"
"""Id of the watched series in an alarm that has several queries."""
BAND_ID = "expected"
"""Id of the band, which is the alarm's threshold metric."""


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
        for key, declared in args["alarms"].items():
            alarm, _ = written_out(declared, args["region"])
            made = cloudwatch.MetricAlarm(
                f"{name}-{key}",
                **_inputs(key, alarm, args),
                opts=pulumi.ResourceOptions(parent=self),
            )
            ids[key] = made.id
        self.alarm_ids = pulumi.Output.all(**ids).apply(dict)  # of nothing, `all` gives a list
        self.register_outputs({"alarm_ids": self.alarm_ids})


def physical_name(key: str, alarm: AlarmArgs, args: AlarmsArgs) -> str:
    """The name CloudWatch knows the alarm by."""
    return alarm.get("name", f"{args.get('prefix', '')}{key}")


def alarms_problems(args: AlarmsArgs) -> Iterator[Problem]:
    """Everything that can be told about a set of alarms from its own plain values."""
    yield from shape_problems(args, AlarmsArgs)
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
    declared = alarm
    alarm, found = written_out(declared, args.get("region", ""))
    found = found or [
        as_asked(problem, declared)
        for problem in (*alarm_problems(alarm), *_query_id_problems(alarm))
    ]
    if "name" not in alarm:
        found += name_problems("name", physical_name(key, alarm, args))
    topics, severity = args.get("topics", {}), alarm.get("severity")
    if severity is not None and severity not in topics:
        found.append(must("severity", f"one of {', '.join(sorted(topics))}", severity))
    actions = alarm.get("actions", ())
    found += action_problems("actions", [severity, *actions])
    for action in actions:
        if isinstance(action, str):
            found += _action_arn_problems(action, args.get("region", ""))
    tags, more = args.get("tags", {}), alarm.get("tags", {})
    if len({**tags, **more}) > MAX_TAGS >= max(len(tags), len(more)):
        allowed = f"at most {MAX_TAGS} tags together with those of the stack"
        found.append(must("tags", allowed, len({**tags, **more})))
    yield from found
    sound = not found and not any(shape_problems(alarm, AlarmArgs))
    if sound or "description" in alarm:
        sentence = _description(alarm)
        if isinstance(sentence, str) and len(sentence) > MAX_DESCRIPTION:
            allowed = f"at most {MAX_DESCRIPTION} characters, the runbook's link included"
            yield must("description", allowed, sentence)


def _query_id_problems(alarm: AlarmArgs) -> Iterator[Problem]:
    """A metric of an expression must not be called as what we add to the expression."""
    ours = (METRIC_ID, BAND_ID) if "band" in alarm else (METRIC_ID,)
    for key in alarm.get("math", {}).get("using", {}):
        if key in ours:
            yield Problem(("math", "using", key), "has a name that is taken; give it another")


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
    limit = words.limit(*_limit(alarm))
    m, n = _datapoints(alarm)
    if "math" in alarm:
        math = alarm["math"]
        when = words.periods(m, n, math.get("period", 300))
        return f"{math['expression']} is {limit} {when}{tail}"
    assert "metric" in alarm
    metric = alarm["metric"]
    statistic = metric.get("statistic", "Average")
    when = words.periods(m, n, metric.get("period", 300))
    dimensions = metric.get("dimensions", {})

    def sentence(known: Sequence[str]) -> str:
        subject = words.subject(statistic, known[0], dict(zip(dimensions, known[1:], strict=True)))
        return f"{subject[0].upper()}{subject[1:]} is {limit} {when}{tail}"

    parts = [metric["name"], *dimensions.values()]
    if all(isinstance(part, str) for part in parts):
        return sentence(cast("Sequence[str]", parts))
    return pulumi.Output.all(*parts).apply(sentence)
