"""The shape of a stack file: what it may say, in frozen pydantic models.

The field names are those of the components' args, in the spelling of YAML (`tellOk`), so that a
model dumps straight into what a component takes.
"""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from alerting.components.alarm_args import LowSamples, Missing, Side
from alerting.components.receiver_args import QueuePolicy
from alerting.sns.limits import Protocol


class Model(BaseModel):
    """Frozen, strict, and free of keys nobody knows."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        alias_generator=to_camel,
        populate_by_name=False,
        use_attribute_docstrings=True,
        allow_inf_nan=True,
    )


class SecretRef(Model):
    """A value kept in a secure config key of its own."""

    secret: str = Field(min_length=1)
    """Name of the key, as in `pulumi config set --secret NAME`."""


class Metric(Model):
    """One CloudWatch metric and how it is aggregated."""

    namespace: str
    """For example `AWS/EC2`."""
    name: str
    """For example `CPUUtilization`."""
    statistic: str = "Average"
    """`Average`, `Sum`, `Minimum`, `Maximum`, `SampleCount`, or an extended one such as `p99`."""
    period: int = 300
    """Seconds: 10, 20, 30 or a multiple of 60; 60 or more under a band."""
    dimensions: dict[str, str] = {}
    """The dimensions that pick one series."""


class MathMetric(Model):
    """A metric inside an expression; the period stands beside the expression."""

    namespace: str
    """For example `AWS/ApplicationELB`."""
    name: str
    """For example `RequestCount`."""
    statistic: str = "Average"
    """As in `metric`."""
    dimensions: dict[str, str] = {}
    """As in `metric`."""


class Math(Model):
    """Metric math over named metrics."""

    expression: str
    """For example `100 * errors / requests`."""
    using: dict[str, MathMetric]
    """The metrics, by the name they have in the expression."""
    period: int = 300
    """Seconds, for all of them."""


class Threshold(Model):
    """A fixed limit: exactly one of the four."""

    above: float | None = None
    """Breaches when the value is greater."""
    at_least: float | None = None
    """Breaches when the value is greater or equal."""
    below: float | None = None
    """Breaches when the value is less."""
    at_most: float | None = None
    """Breaches when the value is less or equal."""


class Band(Model):
    """The range CloudWatch learns from the metric's own past."""

    width: float = 3
    """Half-width in standard deviations, above 0."""
    side: Annotated[Side, Field(strict=False)] = Side.OUTSIDE
    """Which side counts as an anomaly: `above`, `below` or `outside` (either)."""


class Alarm(Model):
    """One alarm: a metric, math or a preset; a threshold or a band."""

    metric: Metric | None = None
    """Exactly one of this, `math` and `preset`."""
    math: Math | None = None
    """Exactly one of this, `metric` and `preset`."""
    preset: str | None = None
    """A good alarm by its name in the catalogue (docs/presets.md), such as `rds.free-storage`: it
    brings metric, limit, datapoints and missing data, each of which can be said otherwise here."""
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
    threshold: Threshold | None = None
    """Exactly one of this and `band`; with `preset` neither, for the preset's own."""
    band: Band | None = None
    """Exactly one of this and `threshold`; with `preset` neither, for the preset's own."""
    datapoints: str | None = None
    """`M/N`: M breaching datapoints among N. Default: the preset's, else `1/1`, with a band
    `3/5`."""
    missing: Annotated[Missing, Field(strict=False)] = Missing.MISSING
    """What a missing datapoint counts as; with `preset` as the preset says, unless said here."""
    low_samples: Annotated[LowSamples, Field(strict=False)] | None = None
    """Percentiles of too few samples: `evaluate` (CloudWatch's default) or `ignore`."""
    severity: str | None = None
    """Which topic is told. Default: the default severity."""
    name: str | None = None
    """Physical name. Default: `STACK-ALARM`."""
    description: str | None = None
    """Default: a sentence made from the rest."""
    runbook: str | None = None
    """A link, appended to the description."""
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
    """The alarms to begin with, for one resource."""

    kind: str
    """The service, as `python -m alerting presets` lists them: `rds`."""
    id: str | None = None
    """The resource, where one dimension names it; else `dimensions`."""
    dimensions: dict[str, str] | None = None
    """Instead of `id`: the dimensions that name the resource."""
    off: list[str] = []
    """Presets to leave out, by key: `[cpu]`."""
    alarms: dict[str, Alarm] = {}
    """What alarms say otherwise, by the preset's key; another preset's key adds it."""
    severities: WeightSeverities | None = None
    """Which severity hears of a preset, by its weight. Default: the default severity."""


class Receiver(Model):
    """One destination."""

    protocol: Annotated[Protocol, Field(strict=False)]
    """How it is reached."""
    endpoint: str | SecretRef
    """Mail address, phone number (E.164, quoted), URL or ARN; or `{secret: KEY}`."""
    severities: list[str] | None = None
    """Which severities it hears. Default: all."""
    raw: bool | None = None
    """Without the SNS envelope: sqs, http, https, firehose."""
    filter: dict[str, Any] | None = None
    """SNS filter policy on the alarm message; not for email and sms."""
    dead_letter: bool | str | None = None
    """A queue for what cannot be delivered: true, false or an ARN. Default: true where SNS can."""
    queue_policy: Annotated[QueuePolicy, Field(strict=False)] | None = None
    """sqs: `theirs` (default: the queue's owner adds a statement, which is printed) or `own` (we
    set the queue's policy, replacing theirs)."""
    role: str | None = None
    """firehose: ARN of the role SNS writes with. Default: one made here."""
    auto_confirms: bool | None = None
    """http, https: the endpoint confirms by itself."""
    delivery: dict[str, Any] | None = None
    """http, https: SNS's `healthyRetryPolicy`."""
    throttle: Annotated[int, Field(ge=1)] | None = None
    """http, https: messages a second at most."""


class Severity(Model):
    """A topic of its own, because an alarm message carries nothing to filter a severity by."""

    encryption: str | None = None
    """`own` (a key made here, the default), `none`, or the ARN of a customer-managed key."""
    topic_arn: str | None = None
    """An existing topic instead of one made here."""
    publishers: list[str] | None = None
    """Further publishers: services and IAM ARNs."""
    default: bool = False
    """Whether alarms that name no severity tell this one."""


class StackConfig(Model):
    """The config of one stack, below the project's prefix."""

    topic_name: str = "{stack}-alerts"
    """Physical name of the default severity's topic; the others are called `TOPIC-SEVERITY`.
    `{stack}` stands for the stack's name."""
    tags: dict[str, str] = {}
    """Tags of everything that takes tags."""
    severities: dict[str, Severity] = {}
    """The severities by name, a topic each. Default: `{notify: {}}`."""
    receivers: dict[str, Receiver] = {}
    """Who is told, by name."""
    alarms: dict[str, Alarm] = {}
    """The alarms by name."""
    watch: dict[str, WatchSet] = {}
    """Sets of alarms by name, a resource each; the alarms are called `SET-PRESET`."""
