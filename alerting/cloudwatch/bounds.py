"""What the values of a metric can be, where AWS says so.

CloudWatch clips a band to that: a percentage stays within 0 and 100, a count does not go below 0
(CloudWatch user guide, "Using CloudWatch anomaly detection").
"""

import re

_CPU = "CPUUtilization"
_PERCENTAGES = {
    "AWS/DMS": {_CPU},
    "AWS/DocDB": {_CPU, "BufferCacheHitRatio"},
    "AWS/EBS": {"BurstBalance"},
    "AWS/EC2": {_CPU, "EBSByteBalance%", "EBSIOBalance%"},
    "AWS/EFS": {"PercentIOLimit"},
    "AWS/ES": {_CPU, "JVMMemoryPressure", "MasterCPUUtilization", "MasterJVMMemoryPressure"},
    "AWS/ElastiCache": {_CPU, "DatabaseMemoryUsagePercentage", "EngineCPUUtilization"},
    "AWS/Neptune": {_CPU, "BufferCacheHitRatio"},
    "AWS/RDS": {_CPU, "BurstBalance", "EBSByteBalance%", "EBSIOBalance%"},
    "AWS/Redshift": {_CPU, "PercentageDiskSpaceUsed"},
    "CWAgent": {"disk_used_percent", "mem_used_percent", "swap_used_percent"},
}
"""By namespace, the metrics whose unit is Percent and which cannot be above 100. Not here: those of
ECS and Lambda, where a task may use more than it reserved."""
_COUNTED = re.compile(r"SampleCount|tc\d.*|TC\(.*")
_SUMMED = re.compile(r"Sum|ts\d.*|TS\(.*")
_RANK = re.compile(r"PR\(.*")


def bounds(namespace: str, name: str, statistic: str) -> tuple[float | None, float | None]:
    """The least and the most a statistic of a metric can be; None where that is not known.

    >>> bounds("AWS/EC2", "CPUUtilization", "Average"), bounds("Shop", "Orders", "SampleCount")
    ((0.0, 100.0), (0.0, None))
    """
    if _RANK.fullmatch(statistic):
        return 0.0, 100.0
    if _COUNTED.fullmatch(statistic):
        return 0.0, None
    if name not in _PERCENTAGES.get(namespace, ()):
        return None, None
    return 0.0, None if _SUMMED.fullmatch(statistic) else 100.0
