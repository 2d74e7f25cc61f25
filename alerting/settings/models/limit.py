"""What an alarm compares with, and when it counts."""

from typing import Annotated

from pydantic import Field

from alerting.components.alarm_args import Side
from alerting.settings.models.metric import Metric
from alerting.settings.models.model import Model


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

    statistic: str = "Sum"
    """As in `metric`; `Sum` unless said, because it counts traffic."""
    period: int = 300
    """As in `metric`. Default: the alarm's own, 60 at least."""
    region: str | None = None
    """Can only be the stack's: an alarm cannot be guarded from another Region."""


class Guard(Model):
    """How much traffic there has to be for an alarm to tell anybody."""

    metric: GuardMetric
    """What counts the traffic, such as `RequestCount`."""
    at_least: float
    """From how much on there is traffic; missing data is no traffic."""
    datapoints: str | None = None
    """`M/N`: M datapoints with traffic among N. Default: the alarm's own, which delays no alarm
    whose breaching datapoints all had traffic; under a period below 60 those that cover the same
    time."""


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
