"""From an odd CloudWatch metric to a person who was told.

The components, for Pulumi programs of your own; everything else (rehearsing, backtesting,
explaining, verifying) is behind `python -m alerting` and `alerting.testing`.
"""

from alerting.components.alarm_args import (
    AlarmArgs,
    AlarmsArgs,
    BandArgs,
    EscalateArgs,
    GuardArgs,
    GuardMetricArgs,
    LogAnomaliesArgs,
    LogPriority,
    LogsArgs,
    LowSamples,
    MathArgs,
    MetricArgs,
    Missing,
    QuietWhileArgs,
    Side,
    ThresholdArgs,
)
from alerting.components.alarms import Alarms
from alerting.components.alert_topic import AlertTopic, AlertTopicArgs, Place
from alerting.components.dashboard import Dashboard, DashboardArgs
from alerting.components.heartbeat import Heartbeat, HeartbeatArgs
from alerting.components.receiver_args import QueuePolicy, ReceiverArgs, ReceiversArgs
from alerting.components.receivers import Receivers
from alerting.components.reminders import RemindArgs, Reminders, RemindersArgs
from alerting.components.second_path import DeadLettersArgs, SecondPath, SecondPathArgs
from alerting.components.watch import Watch, WatchArgs
from alerting.components.window_args import TimeRangeArgs, WindowArgs
from alerting.sns.limits import Protocol

__all__ = [
    "AlarmArgs",
    "Alarms",
    "AlarmsArgs",
    "AlertTopic",
    "AlertTopicArgs",
    "BandArgs",
    "Dashboard",
    "DashboardArgs",
    "DeadLettersArgs",
    "EscalateArgs",
    "GuardArgs",
    "GuardMetricArgs",
    "Heartbeat",
    "HeartbeatArgs",
    "LogAnomaliesArgs",
    "LogPriority",
    "LogsArgs",
    "LowSamples",
    "MathArgs",
    "MetricArgs",
    "Missing",
    "Place",
    "Protocol",
    "QueuePolicy",
    "QuietWhileArgs",
    "ReceiverArgs",
    "Receivers",
    "ReceiversArgs",
    "RemindArgs",
    "Reminders",
    "RemindersArgs",
    "SecondPath",
    "SecondPathArgs",
    "Side",
    "ThresholdArgs",
    "TimeRangeArgs",
    "Watch",
    "WatchArgs",
    "WindowArgs",
]
