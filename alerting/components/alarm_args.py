"""What `Alarms` takes: the shapes of an alarm's declaration."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NotRequired, TypedDict

import pulumi

from alerting.components.window_args import TimeRangeArgs, WindowArgs


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


class LogsArgs(TypedDict):
    """A metric out of log events: a metric filter writes it, in the namespace `LogAlarms`."""

    group: pulumi.Input[str]
    """Name of the log group, which is there."""
    pattern: str
    """Which log events count, in CloudWatch's filter pattern syntax; empty: all."""
    value: NotRequired[str]
    """What each of them counts for: a number or a field, such as `$.latency`. Default: `1`."""
    statistic: NotRequired[str]
    """As in `metric`. Default: `Sum`, of a field `Average`."""
    period: NotRequired[int]
    """Seconds, as in `metric`. Default: 300."""


class LogPriority(StrEnum):
    """From which priority on a log anomaly counts; the values are CloudWatch's."""

    HIGH = "HIGH"
    """High alone."""
    MEDIUM = "MEDIUM"
    """Medium and high."""
    LOW = "LOW"
    """Any."""


class LogAnomaliesArgs(TypedDict):
    """What does not fit a log's own past, as a log anomaly detector counts it."""

    group: pulumi.Input[str]
    """ARN of the log group, without `:*` at its end."""
    priority: NotRequired[LogPriority]
    """From which priority on anomalies count. Default: `LogPriority.LOW`."""
    every: NotRequired[str]
    """How often the log is looked at, which is the alarm's period too: `1m`, `5m`, `10m`, `15m`,
    `30m` or `1h`. Default: `5m`."""
    pattern: NotRequired[str]
    """Which log events are looked at. Default: all."""
    remember: NotRequired[str]
    """After how long an anomaly is taken for normal, in days: `7d` to `90d`. Default: AWS's."""


class BandArgs(TypedDict):
    """A band CloudWatch learns from the metric's own past (ANOMALY_DETECTION_BAND)."""

    width: NotRequired[float]
    """Half-width in standard deviations, above 0, need not be whole. Default: 3."""
    side: NotRequired[Side]
    """Default: `Side.OUTSIDE`."""
    exclude: NotRequired[Sequence[TimeRangeArgs]]
    """Times that teach the band nothing, at most ten. Default: none."""
    timezone: NotRequired[str]
    """IANA name of the zone whose days and hours the metric follows, daylight saving included, and
    in which `exclude` is written. Default: UTC."""
    spiky: NotRequired[bool]
    """Whether spikes that come again and again are to be expected. Default: False."""


class GuardMetricArgs(MetricArgs):
    """The metric of a guard, `Sum` unless said, as it counts traffic; its period is the alarm's.

    Unless said, the period is 60 seconds at least.
    """

    region: NotRequired[str]
    """Can only be that of the alarms. Default: just that."""


class GuardArgs(TypedDict):
    """How much traffic there has to be for an alarm to tell anybody."""

    metric: GuardMetricArgs
    """What counts the traffic, such as `RequestCount`."""
    at_least: float
    """From how much on there is traffic; missing data is no traffic."""
    datapoints: NotRequired[str]
    """`M/N`: M datapoints with traffic among N. Default: the alarm's own (with the guard's
    period raised to a minute, as many as cover the same time), so that an alarm all of whose
    breaching datapoints had traffic is not delayed."""


class EscalateArgs(TypedDict):
    """A second limit on what an alarm watches, for another severity."""

    severity: str
    """Who is told when it is crossed; a key of `AlarmsArgs.topics`."""
    width: NotRequired[float]
    """Of the second band. Default: the alarm's own, and then `datapoints` has to differ."""
    threshold: NotRequired[ThresholdArgs]
    """Instead of `width`."""
    datapoints: NotRequired[str]
    """Default: the alarm's own."""
    wait: NotRequired[str]
    """How long what the alarm itself tells waits for the second limit, such as `1m`. Default: for
    as long as a jump over both takes to be seen over the second, and a minute."""
    extension: NotRequired[str]
    """How long it is held on after the second limit is no longer crossed. Default: `1m`."""


class QuietWhileArgs(TypedDict):
    """The alarm that holds back what another one tells."""

    alarm: str
    """Key or ARN of the alarm that holds back while it is in ALARM."""
    wait: NotRequired[str]
    """How long every notification waits for it to go into ALARM, such as `1m`. Default: `1m`."""
    extension: NotRequired[str]
    """How long it holds back after its ALARM. Default: `1m`."""


class AlarmArgs(TypedDict):
    """One alarm: a metric, math, a preset or logs with a threshold or a band; or other alarms."""

    metric: NotRequired[MetricArgs]
    """Exactly one of this, `math`, `preset`, `logs` and `log_anomalies`."""
    math: NotRequired[MathArgs]
    """Instead of `metric`: an expression over several."""
    preset: NotRequired[str]
    """A good alarm by its name in the catalogue, such as `rds.free-storage`: it brings metric,
    limit, datapoints and missing data, of which every one can be said otherwise here."""
    logs: NotRequired[LogsArgs]
    """Instead of a metric: one that is made of log events. Missing data is not breaching."""
    log_anomalies: NotRequired[LogAnomaliesArgs]
    """Instead of a metric: how many anomalies a log has. Default threshold: above 0. Missing data
    is not breaching."""
    dimensions: NotRequired[Mapping[str, pulumi.Input[str]]]
    """With `preset`: which resource. Default: none."""
    of: NotRequired[float]
    """With `preset`: what its figure is a share of, such as a function's timeout."""
    gate: NotRequired[int]
    """With `preset`: from how much traffic in a period on a share counts. Default: the preset's."""
    statistic: NotRequired[str]
    """With `preset`: as in `metric`. Default: the preset's."""
    period: NotRequired[int]
    """With `preset`: seconds. Default: the preset's."""
    fleet: NotRequired[Sequence[str]]
    """One alarm over all there are, told apart by these dimensions; those that have a value narrow
    it. With `preset` it may be empty: all those that have none. Default: no fleet."""
    threshold: NotRequired[ThresholdArgs]
    """Exactly one of this and `band`; with `preset` neither, for the preset's own."""
    band: NotRequired[BandArgs]
    """Exactly one of this and `threshold`; with `preset` neither, for the preset's own."""
    datapoints: NotRequired[str]
    """`M/N`: M breaching datapoints among N. Default: the preset's, else `1/1`, with a band
    `3/5`."""
    missing: NotRequired[Missing]
    """Default: the preset's, on logs `Missing.NOT_BREACHING`, else `Missing.MISSING`."""
    all: NotRequired[Sequence[str]]
    """Instead of a metric: alarms by key or ARN, which must all be in ALARM."""
    any: NotRequired[Sequence[str]]
    """Alarms of which one must be in ALARM; together with `all` and `not_`, all must hold."""
    not_: NotRequired[Sequence[str]]
    """Alarms that must not be in ALARM."""
    rule: NotRequired[str]
    """Instead of the three: a rule over alarms by key or ARN, `ALARM(a) AND NOT OK(b)`."""
    only_when: NotRequired[GuardArgs]
    """Tells only while there is traffic. Default: always."""
    escalate: NotRequired[EscalateArgs]
    """A second limit, told to another severity. Default: none."""
    quiet_while: NotRequired[QuietWhileArgs]
    """Tells nobody while another alarm is in ALARM. Default: none."""
    tell: NotRequired[bool]
    """Whether anybody is told; False for alarms that others hang on. Default: True."""
    low_samples: NotRequired[LowSamples]
    """Percentiles only. Default: CloudWatch's, which is `evaluate`."""
    severity: NotRequired[str]
    """Which topic is told; a key of `AlarmsArgs.topics`. Default: `AlarmsArgs.default_severity`."""
    name: NotRequired[str]
    """Physical name. Default: `AlarmsArgs.prefix` and the alarm's key."""
    formerly: NotRequired[Sequence[str]]
    """Keys it had before, by which a renamed alarm that has a `name` is kept. Default: none."""
    description: NotRequired[str]
    """Default: a sentence made from the rest."""
    runbook: NotRequired[str]
    """A link, appended to the description. Default: none."""
    learn_until: NotRequired[str]
    """On a band: a date, `2026-12-15`, until whose midnight (UTC) the alarm tells nobody, because
    its band is still being learned. Default: `AlarmsArgs.learn_until`."""
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
    windows: NotRequired[Mapping[str, WindowArgs]]
    """Deploy and maintenance windows by name. Default: none."""
    learn_until: NotRequired[str]
    """The date until which band alarms tell nobody that have none of their own. Default: none."""
    dashboard_url: NotRequired[str]
    """Where the console shows these alarms; appended to every description. Default: none."""
    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of every alarm. Default: none."""
