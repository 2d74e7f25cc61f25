"""The shape of a stack file: what it may say, in frozen pydantic models.

The field names are those of the components' args, in the spelling of YAML (`tellOk`), so that a
model dumps straight into what a component takes.
"""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from alerting.components.alarm_args import LogPriority, LowSamples, Missing, Side
from alerting.components.log_alarm import DEFAULT_EVERY
from alerting.components.receiver_args import QueuePolicy
from alerting.settings.tagged import MAX_RESOURCES
from alerting.sns.limits import Protocol


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


Keys = Annotated[list[str], BeforeValidator(_listed, json_schema_input_type=str | list[str])]
"""A key, or a list of them."""


def _over(value: object) -> object:
    if isinstance(value, bool):
        return [] if value else None
    return _listed(value)


Fleet = Annotated[
    list[str] | None, BeforeValidator(_over, json_schema_input_type=bool | str | list[str] | None)
]
"""Dimensions; all there are for `true`, which is an empty list to the components."""


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


class Logs(Model):
    """A metric out of log events."""

    group: str
    """Name of the log group, which is there."""
    pattern: str
    """Which log events count, in CloudWatch's filter pattern syntax; empty: all."""
    value: str = "1"
    """What each of them counts for: a number or a field, such as `$.latency`."""
    statistic: str | None = None
    """As in `metric`. Default: `Sum`, of a field `Average`."""
    period: int = 300
    """Seconds, as in `metric`."""


class LogAnomalies(Model):
    """What does not fit a log's own past."""

    group: str
    """Name or ARN of the log group, which is there."""
    priority: Annotated[LogPriority, Field(strict=False)] = LogPriority.LOW
    """From which priority on anomalies count: `HIGH`, `MEDIUM` or `LOW` (any)."""
    every: str = DEFAULT_EVERY
    """How often the log is looked at: `1m`, `5m`, `10m`, `15m`, `30m` or `1h`."""
    pattern: str | None = None
    """Which log events are looked at. Default: all."""
    remember: str | None = None
    """After how long an anomaly is taken for normal: `7d` to `90d`. Default: AWS's."""


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


class TimeRange(Model):
    """A stretch of time."""

    from_: str = Field(alias="from")
    """Its first moment, a local time in quotes: `"2026-12-01T20:00"`; a date is its midnight."""
    to: str
    """The moment after it."""


class Band(Model):
    """The range CloudWatch learns from the metric's own past."""

    width: float = 3
    """Half-width in standard deviations, above 0."""
    side: Annotated[Side, Field(strict=False)] = Side.OUTSIDE
    """Which side counts as an anomaly: `above`, `below` or `outside` (either)."""
    exclude: list[TimeRange] | None = None
    """Times that teach the band nothing, at most ten: `[{from, to}]` (docs/family/detectors.md)."""
    timezone: str | None = None
    """IANA name of the zone whose days and hours the metric follows, and in which `exclude` is
    written. Default: UTC."""
    spiky: bool | None = None
    """Whether spikes that come again and again are to be expected. Default: false."""


class GuardMetric(Metric):
    """The metric of a guard."""

    period: int = 300
    """As in `metric`. Default: the alarm's own."""
    region: str | None = None
    """Can only be the stack's: an alarm cannot be guarded from another Region."""


class Guard(Model):
    """How much traffic there has to be for an alarm to tell anybody."""

    metric: GuardMetric
    """What counts the traffic, such as the `Sum` of `RequestCount`."""
    at_least: float
    """From how much on there is traffic; missing data is no traffic."""
    datapoints: str | None = None
    """`M/N`: M datapoints with traffic among N. Default: the alarm's own, which delays no alarm
    whose breaching datapoints all had traffic."""


class Escalate(Model):
    """A second limit on what an alarm watches, for another severity."""

    severity: str
    """Which topic is told when it is crossed; meanwhile the alarm itself is quiet."""
    width: float | None = None
    """Of the second band. Default: the alarm's own, and then `datapoints` has to differ."""
    threshold: Threshold | None = None
    """Instead of `width`."""
    datapoints: str | None = None
    """`M/N`. Default: the alarm's own."""
    wait: str | None = None
    """How long what the alarm itself tells waits for the second limit. Default: for as long as a
    jump over both takes to be seen over the second, and a minute."""
    extension: str = "1m"
    """How long the alarm itself stays quiet after the second limit is no longer crossed."""


class QuietWhile(Model):
    """The alarm that holds back what another one tells."""

    alarm: str
    """Name or ARN of the alarm that holds back while it is in ALARM."""
    wait: str = "1m"
    """How long every notification waits for it to go into ALARM."""
    extension: str = "1m"
    """How long it holds back after its ALARM."""


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


class Receiver(Model):
    """One destination."""

    protocol: Annotated[Protocol, Field(strict=False)]
    """How it is reached."""
    endpoint: str | SecretRef
    """Mail address, phone number (E.164, quoted), URL or ARN; or `{secret: KEY}`."""
    severities: list[str] | None = None
    """Which severities it hears. Default: all."""
    formerly: Keys | None = None
    """The key it had before, or a list: without it, a renamed receiver that keeps its endpoint is
    lost (docs/recovery.md)."""
    raw: bool | None = None
    """Without the SNS envelope: sqs, http, https, firehose."""
    filter: dict[str, Any] | None = None
    """SNS filter policy on the alarm message; not for email and sms."""
    heartbeat: bool | None = None
    """Whether it hears the heartbeats of its severities. Default: false; email and sms always do.
    """
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


class Heartbeat(Model):
    """An alarm of its own that is set off at regular times, to see that its path works."""

    every: str = "1d"
    """From one beat to the next: whole minutes, `1m` to `6d23h`."""


class Remind(Model):
    """Telling again of an alarm that is still on."""

    after: str = "1h"
    """In ALARM for how long before each reminder: `1m` to `365d`."""
    at_most: Annotated[int, Field(ge=1)] = 3
    """How many reminders an ALARM gets, up to 100."""


class Severity(Model):
    """A topic of its own, because an alarm message carries nothing to filter a severity by."""

    encryption: str | None = None
    """`own` (a key made here, the default), `none`, or the ARN of a customer-managed key."""
    topic_arn: str | None = None
    """An existing topic instead of one made here."""
    publishers: list[str] | None = None
    """Further publishers: services and IAM ARNs."""
    accounts: list[str] | None = None
    """Other accounts whose alarms in this Region may tell this topic (docs/family/accounts.md)."""
    heartbeat: Heartbeat | None = None
    """Tries the topic at regular times, and the second path is told when nothing is delivered any
    more (docs/family/second-path.md). Default: never; `{}`: once a day."""
    remind: Remind | None = None
    """`{after: 1h, atMost: 3}` (or `{}` for these): tells again of alarms that stay in ALARM
    (docs/family/reminders.md). Default: never."""
    default: bool = False
    """Whether alarms that name no severity tell this one."""
    formerly: Keys | None = None
    """The name it had before, or a list: without it, a renamed severity whose topic keeps its name
    is lost (docs/recovery.md)."""


class SecondPath(Model):
    """Who is told when telling fails: the severity whose topic hears of the others."""

    severity: str
    """Which severity is told of undelivered messages, of messages a filter could not read, of
    dead letters and of heartbeats that stop."""
    own_failures: str | None = None
    """Which severity is told of the same of that topic. Default: the default severity."""


class Dashboard(Model):
    """A CloudWatch dashboard of the stack's alarms."""

    name: str = "{stack}-alerts"
    """Physical name; `{stack}` stands for the stack's name."""


class Window(Model):
    """When alarms tell nobody: once (`from`, `to`) or again and again (`cron`, `lasts`)."""

    timezone: str | None = None
    """Required: IANA name of the zone whose clocks it follows, such as `Europe/Berlin`."""
    from_: str | None = Field(default=None, alias="from")
    """Once: when it opens, a local time in quotes, without seconds: `"2026-12-01T20:00"`. Bands do
    not learn from it."""
    to: str | None = None
    """Once: when it closes, after a minute to 15 days."""
    cron: str | None = None
    """Again and again: when it opens each time: minute, hour, day of the month, month, day of the
    week, as in `0 2 * * SUN`."""
    lasts: str | None = None
    """Again and again: how long it is open each time, `1m` to `15d`."""
    alarms: list[str] | None = None
    """Which alarms tell nobody in it; the name of a set in `watch` stands for all of its alarms.
    Default: all of the stack."""


class StackConfig(Model):
    """The config of one stack, below the project's prefix."""

    topic_name: str = "{stack}-alerts"
    """Physical name of the default severity's topic; the others are called `TOPIC-SEVERITY`.
    `{stack}` stands for the stack's name."""
    tags: dict[str, str] = {}
    """Tags of everything that takes tags."""
    severities: dict[str, Severity] = {}
    """The severities by name, a topic each. Default: `{notify: {}}`."""
    second_path: SecondPath | None = None
    """`{severity: ...}`: who is told when telling fails (docs/family/second-path.md). Default:
    nobody."""
    receivers: dict[str, Receiver] = {}
    """Who is told, by name."""
    alarms: dict[str, Alarm] = {}
    """The alarms by name."""
    watch: dict[str, WatchSet] = {}
    """Sets of alarms by name; the alarms are called `SET-PRESET`, and `SET-RESOURCE-PRESET` where
    resources are found by tag."""
    windows: dict[str, Window] = {}
    """Deploy and maintenance windows by name, in which alarms tell nobody
    (docs/family/detectors.md)."""
    learn_until: str | None = None
    """A date in quotes, `"2026-12-15"`, until which every alarm on a band tells nobody that has no
    `learnUntil` of its own. Default: none."""
    dashboard: Dashboard | None = None
    """`{}` or `{name: ...}` makes a dashboard of the alarms, called `{stack}-alerts` unless named
    (docs/family/dashboard.md). Default: none."""
    budget: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    """USD a month the stack may cost at most, what is paid by use aside; a preview of a dearer one
    fails (docs/family/dashboard.md). Default: none."""
