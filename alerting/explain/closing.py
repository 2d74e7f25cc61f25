"""The last line of an explanation."""

from collections import Counter

from alerting.delivery import Level
from alerting.explain.explanation import Explanation
from alerting.explain.upkeep import declared


def closing_line(explanation: Explanation) -> str:
    """The counts; of alarms first those that are listed, then all there will be in CloudWatch."""
    listed, made = len(declared(explanation)), len(explanation.alarms)
    receivers = {
        (hearer.name, hearer.protocol)
        for explained in explanation.alarms
        for told in explained.hearers.values()
        for hearer in told
        if hearer.told
    }
    levels = Counter(finding.level for finding in explanation.findings)
    counts = (
        (len(receivers), "receiver"),
        *((levels[level], str(level)) for level in Level),
    )
    alarms = f"{_count(listed, 'alarm')}{f' ({made} in CloudWatch)' if made != listed else ''}"
    return ", ".join([alarms, *(_count(n, noun) for n, noun in counts)])


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
