"""What a metric can be, and how often it comes, as far as AWS's own metrics are known.

Sources: the metric tables of the services' user guides. Of a metric that is not listed here nothing
is assumed, except what its statistic alone says.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from alerting.account import Unknown
from alerting.cloudwatch import Comparison
from alerting.cloudwatch.evaluation import Evaluation

_PERCENT = {
    "AWS/AmazonMQ": {"CpuUtilization", "HeapUsage", "StorePercentUsage"},
    "AWS/CloudFront": {"TotalErrorRate", "4xxErrorRate", "5xxErrorRate"},
    "AWS/DAX": {"CPUUtilization"},
    "AWS/DocDB": {"CPUUtilization", "BufferCacheHitRatio"},
    "AWS/EBS": {"BurstBalance"},
    "AWS/EC2": {"CPUUtilization", "EBSIOBalance%", "EBSByteBalance%"},
    "AWS/ECS": {"CPUReservation", "MemoryReservation", "EBSFilesystemUtilization"},
    "AWS/EFS": {"PercentIOLimit"},
    "AWS/ElastiCache": {
        "CPUUtilization",
        "EngineCPUUtilization",
        "DatabaseMemoryUsagePercentage",
        "CacheHitRate",
    },
    "AWS/ES": {
        "CPUUtilization",
        "MasterCPUUtilization",
        "JVMMemoryPressure",
        "MasterJVMMemoryPressure",
        "OldGenJVMMemoryPressure",
        "MasterOldGenJVMMemoryPressure",
    },
    "AWS/Kafka": {
        "CpuUser",
        "CpuSystem",
        "CpuIdle",
        "KafkaDataLogsDiskUsed",
        "HeapMemoryAfterGC",
    },
    "AWS/Neptune": {"CPUUtilization", "BufferCacheHitRatio"},
    "AWS/RDS": {
        "CPUUtilization",
        "EBSIOBalance%",
        "EBSByteBalance%",
        "BurstBalance",
        "BufferCacheHitRatio",
        "ACUUtilization",
    },
    "AWS/Redshift": {"CPUUtilization", "PercentageDiskSpaceUsed"},
    "CWAgent": {"mem_used_percent", "disk_used_percent", "swap_used_percent"},
}
"""Every sample is from 0 to 100. Not here: service utilisations of ECS, which may exceed 100."""

_ZERO_OR_ONE = {
    "AWS/ApiGateway": {"4XXError", "5XXError"},
    "AWS/EBS": {"VolumeStalledIOCheck"},
    "AWS/EC2": {
        "StatusCheckFailed",
        "StatusCheckFailed_Instance",
        "StatusCheckFailed_System",
        "StatusCheckFailed_AttachedEBS",
    },
    "AWS/ES": {"ClusterStatus.red", "ClusterStatus.yellow", "ClusterIndexWritesBlocked"},
    "AWS/Lambda": {"Errors", "Throttles"},
    "AWS/Route53": {"HealthCheckStatus"},
    "AWS/VPN": {"TunnelState"},
}
"""Every sample is 0 or 1, so that an average is a rate."""

_NEVER_NEGATIVE = frozenset(
    {
        *_PERCENT,
        *_ZERO_OR_ONE,
        "AWS/ApplicationELB",
        "AWS/AutoScaling",
        "AWS/Billing",
        "AWS/DynamoDB",
        "AWS/ELB",
        "AWS/Events",
        "AWS/Firehose",
        "AWS/Kinesis",
        "AWS/Logs",
        "AWS/NATGateway",
        "AWS/NetworkELB",
        "AWS/S3",
        "AWS/SNS",
        "AWS/SQS",
        "AWS/States",
    }
)
"""Name spaces of counts, bytes, seconds and percentages; lags aside, which say -1 for "none"."""

_HOUR, _DAY = 3600, 86_400
_EVERY = {
    ("AWS/Billing", "EstimatedCharges"): 4 * _HOUR,
    ("AWS/EC2", "CPUCreditBalance"): 300,
    ("AWS/EC2", "CPUCreditUsage"): 300,
    ("AWS/EC2", "CPUSurplusCreditBalance"): 300,
    ("AWS/EC2", "CPUSurplusCreditsCharged"): 300,
    ("AWS/EC2", "EBSIOBalance%"): 300,
    ("AWS/EC2", "EBSByteBalance%"): 300,
    ("AWS/RDS", "CPUCreditBalance"): 300,
    ("AWS/RDS", "CPUCreditUsage"): 300,
    ("AWS/S3", "BucketSizeBytes"): _DAY,
    ("AWS/S3", "NumberOfObjects"): _DAY,
}
"""Seconds between two datapoints, at the least."""

_EXTREMES = re.compile(r"Average|Minimum|Maximum|IQM|p\d.*|(?:tm|wm)\d.*|(?:TM|WM)\(.*")
"""Statistics that stay between the lowest and the highest sample."""
_COUNTS = re.compile(r"SampleCount|tc\d.*|TC\(.*")
_RANKS = re.compile(r"PR\(.*")


@dataclass(frozen=True, slots=True)
class Watched:
    """The one metric an alarm compares with its limit."""

    namespace: str
    name: str
    statistic: str

    @property
    def bounds(self) -> tuple[float, float]:
        """The lowest and the highest value it can have; infinite where nothing is known."""
        if _RANKS.fullmatch(self.statistic):
            return 0, 100
        if _COUNTS.fullmatch(self.statistic):
            return 0, math.inf
        extreme = _EXTREMES.fullmatch(self.statistic)
        for highest, known in ((100, _PERCENT), (1, _ZERO_OR_ONE)):
            if extreme and self.name in known.get(self.namespace, ()):
                return 0, highest
        lag = "lag" in self.name.lower()
        return (0 if self.namespace in _NEVER_NEGATIVE and not lag else -math.inf), math.inf

    @property
    def interval(self) -> int | None:
        """Seconds between two datapoints, at the least; None where nothing is known."""
        known = _EVERY.get((self.namespace, self.name))
        return known or (60 if self.namespace in _NEVER_NEGATIVE - {"CWAgent"} else None)

    @property
    def basic_interval(self) -> int | None:
        """Seconds between two datapoints of an instance without detailed monitoring.

        EC2 user guide, "Manage detailed monitoring": five minutes, status checks aside.
        """
        slow = self.namespace == "AWS/EC2" and not self.name.startswith("StatusCheck")
        return 300 if slow else None


def watched(alarm: Mapping[str, Any]) -> Watched | None:
    """The metric an alarm looks at; None where it is math, or not known."""
    source: Mapping[str, Any] = alarm
    statistic = alarm.get("Statistic") or alarm.get("ExtendedStatistic")
    if alarm.get("Metrics"):
        stat = _watched_query(alarm).get("MetricStat")
        if not isinstance(stat, Mapping) or not isinstance(stat.get("Metric"), Mapping):
            return None
        source, statistic = stat["Metric"], stat.get("Stat")
    parts = source.get("Namespace"), source.get("MetricName"), statistic
    namespace, name, statistic = parts
    if isinstance(namespace, str) and isinstance(name, str) and isinstance(statistic, str):
        return Watched(namespace, name, statistic)
    return None


def _watched_query(alarm: Mapping[str, Any]) -> Mapping[str, Any]:
    """The query that is compared: it returns data and is not the band."""
    queries = alarm.get("Metrics")
    found = [
        query
        for query in (queries if isinstance(queries, list | tuple) else ())
        if isinstance(query, Mapping)
        and query.get("ReturnData", True) is True
        and query.get("Id") != alarm.get("ThresholdMetricId")
    ]
    return found[0] if len(found) == 1 else {}


class Possible:
    """What one alarm can do, given what its metric can be."""

    def __init__(self, alarm: Mapping[str, Any]) -> None:
        self._alarm = alarm
        self.watched = watched(alarm)

    @property
    def threshold(self) -> float | None:
        """The number the metric is compared with; None where there is none, or it is not known."""
        given = self._alarm.get("Threshold")
        try:
            return float(given) if isinstance(given, int | float) else None
        except OverflowError:
            return None

    @property
    def crossing(self) -> bool | None:
        """True where every value crosses the threshold, False where none can, None if some may."""
        threshold = self.threshold
        if self.watched is None or threshold is None:
            return None
        low, high = self.watched.bounds
        match self._alarm.get("ComparisonOperator"):
            case Comparison.ABOVE:
                never, always = threshold >= high, threshold < low
            case Comparison.ABOVE_OR_AT:
                never, always = threshold > high, threshold <= low
            case Comparison.BELOW:
                never, always = threshold <= low, threshold > high
            case Comparison.BELOW_OR_AT:
                never, always = threshold < low, threshold >= high
            case _:
                return None
        return False if never else True if always else None

    @property
    def evaluation(self) -> Evaluation | None:
        """How the alarm looks; None where that is not known."""
        used = ("EvaluationPeriods", "DatapointsToAlarm", "Period", "TreatMissingData", "Metrics")
        if any(isinstance(self._alarm.get(key), Unknown) for key in used):
            return None
        try:
            return Evaluation.of(self._alarm)
        except (AttributeError, KeyError, TypeError, ValueError):
            return None

    def most_points(self, interval: int | None) -> int | None:
        """How many datapoints, `interval` seconds apart, the evaluation range can hold.

        None where that is not known.
        """
        rule = self.evaluation
        if rule is None or interval is None or rule.period < 1 or rule.timezone:
            return None
        slots = rule.evaluation_range()
        return slots if interval <= rule.period else math.ceil(slots * rule.period / interval)
