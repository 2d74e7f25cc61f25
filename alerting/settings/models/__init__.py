"""The shape of a stack file: what it may say, in frozen pydantic models.

The field names are those of the components' args, in the spelling of YAML (`tellOk`), so that a
model dumps straight into what a component takes.
"""

from alerting.settings.models.alarm import Alarm, WatchSet, WeightSeverities
from alerting.settings.models.limit import (
    Band,
    Escalate,
    Guard,
    GuardMetric,
    QuietWhile,
    Threshold,
    TimeRange,
)
from alerting.settings.models.metric import LogAnomalies, Logs, Math, MathMetric, Metric
from alerting.settings.models.model import Keys, Model, SecretRef
from alerting.settings.models.receiver import Receiver
from alerting.settings.models.severity import Heartbeat, Remind, SecondPath, Severity
from alerting.settings.models.stack import Dashboard, StackConfig, Window

__all__ = [
    "Alarm",
    "Band",
    "Dashboard",
    "Escalate",
    "Guard",
    "GuardMetric",
    "Heartbeat",
    "Keys",
    "LogAnomalies",
    "Logs",
    "Math",
    "MathMetric",
    "Metric",
    "Model",
    "QuietWhile",
    "Receiver",
    "Remind",
    "SecondPath",
    "SecretRef",
    "Severity",
    "StackConfig",
    "Threshold",
    "TimeRange",
    "WatchSet",
    "WeightSeverities",
    "Window",
]
