"""What an alarm watches."""

from typing import Annotated

from pydantic import Field

from alerting.components.alarm_args import LogPriority
from alerting.components.log_alarm import DEFAULT_EVERY
from alerting.settings.models.model import Model


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
