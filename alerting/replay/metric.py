"""What an alarm watches."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from alerting.account.model import Ref, Unknown
from alerting.cloudwatch.evaluation import period_of
from alerting.replay import metric_math
from alerting.replay.expression import (
    Array,
    Call,
    Expression,
    MathError,
    Name,
    Negative,
    Number,
    Operation,
    parse,
    parts,
)

_BAND = "ANOMALY_DETECTION_BAND"
_DEFAULT_WIDTH = 2.0
_ONLY_METRIC = "m1"


class NotReplayableError(ValueError):
    """An alarm that cannot be replayed; the message says why, to be read after its name."""


@dataclass(frozen=True, slots=True)
class MetricKey:
    """A metric and a statistic of it; what a series of datapoints belongs to."""

    namespace: str
    name: str
    dimensions: tuple[tuple[str, Ref], ...] = ()
    """Pairs of name and value, by name; a value may be unknown in a preview."""
    statistic: str = "Average"
    """One of CloudWatch's statistics, plain or extended."""

    @classmethod
    def of(
        cls,
        namespace: str,
        name: str,
        dimensions: Mapping[str, Ref] | Sequence[Mapping[str, Any]] = (),
        statistic: str = "Average",
    ) -> "MetricKey":
        """From dimensions as a mapping or in AWS's form, `[{"Name", "Value"}]`."""
        pairs: Mapping[str, Any] = (
            dimensions
            if isinstance(dimensions, Mapping)
            else {one["Name"]: one["Value"] for one in dimensions}
        )
        return cls(namespace, name, tuple(sorted(pairs.items(), key=lambda p: p[0])), statistic)

    def __str__(self) -> str:
        where = ", ".join(f"{name}={value}" for name, value in self.dimensions)
        return f"{self.statistic} of {self.namespace} {self.name}{f' ({where})' if where else ''}"


@dataclass(frozen=True, slots=True)
class Watched:
    """What an alarm compares with its limit."""

    period: int
    """Seconds."""
    metrics: Mapping[str, MetricKey]
    """The metrics it reads, by the Id of their query; `m1` for an alarm on one plain metric."""
    expression: Expression
    """What it makes of them; an Id alone where it watches the metric as it is."""
    band_width: float | None = None
    """Standard deviations of its band; None for a fixed threshold."""

    @property
    def metric(self) -> MetricKey | None:
        """The metric, if it watches one as it is; None for metric math."""
        return self.metrics[self.expression.name] if isinstance(self.expression, Name) else None


def watched(alarm: Mapping[str, Any]) -> Watched:
    """What a metric alarm watches.

    Args:
        alarm: In the shape of DescribeAlarms.

    Raises:
        NotReplayableError: it is no metric alarm, or uses what is not replayed or not known yet.
    """
    for key, what in (
        ("AlarmRule", "a composite alarm watches other alarms, not a metric"),
        ("EvaluationCriteria", "PromQL alarms are not replayed"),
    ):
        if alarm.get(key):
            raise NotReplayableError(what)
    try:
        if alarm.get("Metrics"):
            return _of_queries(alarm)
        return Watched(period_of(alarm), {_ONLY_METRIC: _plain_key(alarm)}, Name(_ONLY_METRIC))
    except MathError as error:
        raise NotReplayableError(f"its expression {error}") from None
    except NotReplayableError:
        raise
    except KeyError as error:
        raise NotReplayableError(f"lacks {error}") from None
    except TypeError:
        raise NotReplayableError("has a value that is not known yet") from None
    except ValueError as error:
        raise NotReplayableError(str(error)) from None


def _plain_key(alarm: Mapping[str, Any]) -> MetricKey:
    statistic = alarm.get("Statistic") or alarm.get("ExtendedStatistic")
    return _key(alarm, statistic)


def _key(metric: Mapping[str, Any], statistic: Any) -> MetricKey:
    for what in (metric.get("Namespace"), metric.get("MetricName"), metric.get("Dimensions")):
        if isinstance(what, Unknown):
            raise NotReplayableError("the metric it watches is not known yet")
    if not statistic:
        raise NotReplayableError("names no statistic")
    return MetricKey.of(
        metric["Namespace"], metric["MetricName"], metric.get("Dimensions") or (), statistic
    )


def _of_queries(alarm: Mapping[str, Any]) -> Watched:
    queries: dict[str, Mapping[str, Any]] = {query["Id"]: query for query in alarm["Metrics"]}
    metrics = {
        name: _key(query["MetricStat"]["Metric"], query["MetricStat"]["Stat"])
        for name, query in queries.items()
        if query.get("MetricStat")
    }
    expressions = {
        name: _parsed(name, query["Expression"])
        for name, query in queries.items()
        if query.get("Expression")
    }
    band, width = alarm.get("ThresholdMetricId"), None
    shown = [n for n, query in queries.items() if n != band and query.get("ReturnData", True)]
    if band is not None:
        argument, width = _band(band, expressions.pop(band, None))
        watched_one = Name(shown[0]) if len(shown) == 1 else argument
    elif len(shown) == 1:
        watched_one = Name(shown[0])
    else:
        raise NotReplayableError(f"returns data of {len(shown)} metrics; an alarm watches one")
    whole = _inlined(watched_one, expressions, ())
    metric_math.check(whole)
    used = dict.fromkeys(_ids(whole, metrics))
    return Watched(period_of(alarm), {name: metrics[name] for name in used}, whole, width)


def _parsed(name: str, text: object) -> Expression:
    if isinstance(text, Unknown):
        raise NotReplayableError(f"the expression {name} is not known yet")
    if str(text).lstrip().upper().startswith("SELECT"):
        raise NotReplayableError(
            f"the expression {name} is a Metrics Insights query; none is replayed"
        )
    try:
        return parse(str(text))
    except MathError as error:
        raise NotReplayableError(f"the expression {name} {error}") from None


def _band(name: str, expression: Expression | None) -> tuple[Expression, float]:
    match expression:
        case Call("ANOMALY_DETECTION_BAND", (argument,)):
            return argument, _DEFAULT_WIDTH
        case Call("ANOMALY_DETECTION_BAND", (argument, Number(width))):
            return argument, width
        case _:
            raise NotReplayableError(
                f"its threshold {name} is not an {_BAND} of a metric and a number"
            )


def _inlined(
    expression: Expression, named: Mapping[str, Expression], within: tuple[str, ...]
) -> Expression:
    """The expression with those it names put in their place."""
    match expression:
        case Name(name) if name in within:
            raise NotReplayableError(f"the expression {name} is made of itself")
        case Name(name) if name in named:
            return _inlined(named[name], named, (*within, name))
        case Negative(operand):
            return Negative(_inlined(operand, named, within))
        case Operation(sign, left, right):
            return Operation(sign, _inlined(left, named, within), _inlined(right, named, within))
        case Call(function, arguments):
            return Call(function, tuple(_inlined(one, named, within) for one in arguments))
        case Array(items):
            return Array(tuple(_inlined(one, named, within) for one in items))
        case _:
            return expression


def _ids(expression: Expression, metrics: Mapping[str, MetricKey]) -> Iterator[str]:
    for part in parts(expression):
        match part:
            case Call("METRICS", _):
                yield from metrics
            case Name(name) if name in metrics:
                yield name
            case Name("REPEAT" | "LINEAR"):
                pass
            case Name(name):
                raise NotReplayableError(f"its expression names {name!r}, which is no Id in it")
            case _:
                pass
