"""An alarm, and sets of alarms."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from alerting.components.alarm_args import LowSamples, Missing
from alerting.settings.models.limit import Band, Escalate, Guard, QuietWhile, Threshold
from alerting.settings.models.metric import LogAnomalies, Logs, Math, Metric
from alerting.settings.models.model import Keys, Model, listed
from alerting.settings.tagged import MAX_RESOURCES


def _over(value: object) -> object:
    if isinstance(value, bool):
        return [] if value else None
    return listed(value)


Fleet = Annotated[
    list[str] | None, BeforeValidator(_over, json_schema_input_type=bool | str | list[str] | None)
]
"""Dimensions; all there are for `true`, which is an empty list to the components."""


def _named(value: object) -> object:
    return {"alarm": value} if isinstance(value, str) else value


class Alarm(Model):
    """One alarm: a metric, math, a preset or logs with a threshold or a band; or other alarms."""

    metric: Metric | None = None
    """Exactly one of this, `math`, `preset`, `logs` and `logAnomalies`."""
    math: Math | None = None
    """Instead of `metric`: an expression over several."""
    preset: str | None = None
    """A good alarm by its name in the catalogue (docs/presets.md), such as `rds.free-storage`: it
    brings metric, limit, datapoints and missing data, each of which can be said otherwise here."""
    logs: Logs | None = None
    """`{group, pattern}`: a metric out of log events, instead of one that is there (docs/logs.md).
    """
    log_anomalies: LogAnomalies | None = None
    """`{group}`: how many anomalies a log has, above 0 unless said otherwise (docs/logs.md)."""
    dimensions: dict[str, str] | None = None
    """With `preset`: which resource."""
    of: float | None = None
    """With `preset`: what its figure is a share of, such as a function's timeout."""
    gate: Annotated[int, Field(ge=1)] | None = None
    """With `preset`: from how much traffic in a period on a share counts. Default: the preset's."""
    statistic: str | None = None
    """With `preset`: as in `metric`. Default: the preset's."""
    period: int | None = None
    """With `preset`: seconds. Default: the preset's."""
    fleet: Fleet = None
    """`[InstanceId]`: one alarm over all there are, told apart by these dimensions; with `preset`
    also `true`. Those in `dimensions` narrow it (docs/watch.md). Default: false."""
    threshold: Threshold | None = None
    """Exactly one of this and `band`; with `preset` neither, for the preset's own."""
    band: Band | None = None
    """Exactly one of this and `threshold`; with `preset` neither, for the preset's own."""
    datapoints: str | None = None
    """`M/N`: M breaching datapoints among N. Default: the preset's, else `1/1`, with a band
    `3/5`."""
    missing: Annotated[Missing, Field(strict=False)] = Missing.MISSING
    """What a missing datapoint counts as; with `preset` as the preset says and on logs
    `notBreaching`, unless said here."""
    all: list[str] | None = None
    """Instead of a metric: alarms by name or ARN that must all be in ALARM
    (docs/family/composites.md)."""
    any: list[str] | None = None
    """Alarms of which one must be in ALARM; together with `all` and `not`, all must hold."""
    not_: list[str] | None = Field(default=None, alias="not")
    """Alarms that must not be in ALARM."""
    rule: str | None = None
    """Instead of the three: `ALARM(a) AND NOT OK(b)`, in CloudWatch's words."""
    only_when: Guard | None = None
    """`{metric, atLeast}`: tells only while there is traffic. Default: always."""
    escalate: Escalate | None = None
    """`{width or threshold, severity}`: a second limit, during which the alarm itself is quiet.
    Default: none."""
    quiet_while: (
        Annotated[QuietWhile, BeforeValidator(_named, json_schema_input_type=str | QuietWhile)]
        | None
    ) = None
    """The alarm during whose ALARM this one is quiet: its name, or `{alarm, wait, extension}`."""
    tell: bool = True
    """Whether anybody is told; `false` is for alarms that others hang on."""
    low_samples: Annotated[LowSamples, Field(strict=False)] | None = None
    """Percentiles of too few samples: `evaluate` (CloudWatch's default) or `ignore`."""
    severity: str | None = None
    """Which topic is told. Default: the default severity."""
    name: str | None = None
    """Physical name. Default: `STACK-ALARM`."""
    formerly: Keys | None = None
    """The key it had before, or a list: without it, a renamed alarm that keeps its `name` is lost
    (docs/recovery.md)."""
    description: str | None = None
    """Default: a sentence made from the rest."""
    runbook: str | None = None
    """A link, appended to the description."""
    learn_until: str | None = None
    """On a band: a date in quotes until which the alarm tells nobody, because its band is still
    being learned. Default: the stack's `learnUntil`."""
    tell_ok: bool = True
    """Whether the topic hears of the way back."""
    tell_insufficient_data: bool = False
    """Whether the topic hears that data is missing."""
    actions: list[str] | None = None
    """Further ARNs told of the same states, in the alarm's Region."""
    tags: dict[str, str] | None = None
    """Added to the stack's tags."""


class WeightSeverities(Model):
    """Severities by the weight of a preset."""

    high: str | None = None
    """Something is down, or data is lost or about to be."""
    low: str | None = None
    """To be looked at in working hours."""


class WatchSet(Model):
    """The alarms to begin with, for one resource or for all that have some tags."""

    kind: str
    """The service, as `python -m alerting presets` lists them: `rds`."""
    id: str | None = None
    """The resource, where one dimension names it; else `dimensions`."""
    dimensions: dict[str, str] | None = None
    """Instead of `id`: the dimensions that name the resource."""
    tags: dict[str, str] | None = None
    """Instead of `id`: every resource of the kind that has all these tags when the stack is
    deployed (docs/watch.md)."""
    fleet: Fleet = None
    """Instead of `id`: `true` for alarms over all resources, which `dimensions` narrow; or the
    dimensions that tell them apart (docs/watch.md)."""
    max_resources: Annotated[int, Field(ge=1)] = MAX_RESOURCES
    """With `tags`: how many resources they may match; more are refused."""
    may_be_empty: bool = False
    """With `tags`: whether they may match nothing, which else is refused."""
    off: list[str] = []
    """Presets to leave out, by key: `[cpu]`."""
    alarms: dict[str, Alarm] = {}
    """What alarms say otherwise, by the preset's key; another preset's key adds it."""
    severities: WeightSeverities | None = None
    """Which severity hears of a preset, by its weight. Default: the default severity."""
