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
    """One alarm: a metric or math, a threshold or a band."""

    metric: Metric | None = None
    """Exactly one of this and `math`."""
    math: Math | None = None
    """Exactly one of this and `metric`."""
    threshold: Threshold | None = None
    """Exactly one of this and `band`."""
    band: Band | None = None
    """Exactly one of this and `threshold`."""
    datapoints: str | None = None
    """`M/N`: M breaching datapoints among N. Default: `1/1`, with a band `3/5`."""
    missing: Annotated[Missing, Field(strict=False)] = Missing.MISSING
    """What a missing datapoint counts as."""
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
