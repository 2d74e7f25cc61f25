"""What `Alarms` takes: the shapes of an alarm's declaration."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NotRequired, TypedDict

import pulumi


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
    """One alarm: a metric, math or a preset; a threshold or a band."""

    metric: NotRequired[MetricArgs]
    """Exactly one of this, `math` and `preset`."""
    math: NotRequired[MathArgs]
    """Exactly one of this, `metric` and `preset`."""
    preset: NotRequired[str]
    """A good alarm by its name in the catalogue, such as `rds.free-storage`: it brings metric,
    limit, datapoints and missing data, of which every one can be said otherwise here."""
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
    threshold: NotRequired[ThresholdArgs]
    """Exactly one of this and `band`; with `preset` neither, for the preset's own."""
    band: NotRequired[BandArgs]
    """Exactly one of this and `threshold`; with `preset` neither, for the preset's own."""
    datapoints: NotRequired[str]
    """`M/N`: M breaching datapoints among N. Default: the preset's, else `1/1`, with a band
    `3/5`."""
    missing: NotRequired[Missing]
    """Default: the preset's, else `Missing.MISSING`."""
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
