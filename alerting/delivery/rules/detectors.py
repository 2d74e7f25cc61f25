"""Rules about anomaly detectors."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from alerting.account import Item, Kind
from alerting.cloudwatch.detector import MATH, MAX_EXCLUDED, MEMORY, learned_for, what_it_learns
from alerting.cloudwatch.wall_clock import zone_of
from alerting.delivery.paths import Paths
from alerting.delivery.rules.rule import Found, Level, rule

_Range = tuple[datetime, datetime]


@rule(
    "detector-refused",
    Level.ERROR,
    why="Settings of a detector are text in a template, which nothing checks before AWS.",
    consequence="CloudWatch refuses the detector, and the deployment stops.",
    fix=f"At most {MAX_EXCLUDED} excluded time ranges, each with an end after its start, and a "
    "time zone of the tz database.",
    source="CloudWatch API reference, AnomalyDetectorConfiguration",
)
def detector_refused(paths: Paths) -> Iterator[Found]:
    """A detector with settings CloudWatch does not take."""
    for one in paths.account.of(Kind.DETECTOR):
        ranges, zone = _ranges(one), _configuration(one).get("MetricTimezone")
        if len(ranges) > MAX_EXCLUDED:
            yield Found(one, f"{_called(one)} has {len(ranges)} excluded time ranges.")
        for start, end in ranges:
            if end <= start:
                yield Found(
                    one, f"{_called(one)} excludes a range that ends at {end}, not after it begins."
                )
        if zone is not None and zone_of(zone) is None:
            yield Found(one, f"{_called(one)} has the time zone {zone!r}, which there is not.")


@rule(
    "detector-learns-nothing",
    Level.WARNING,
    why="CloudWatch learns from up to two weeks; a range that is as long leaves nothing of them.",
    consequence="There is no band for a time, or one that is learned from almost nothing.",
    fix="Exclude the hours that were odd, not the weeks.",
    source="CloudWatch user guide, Using CloudWatch anomaly detection",
)
def detector_learns_nothing(paths: Paths) -> Iterator[Found]:
    """Excluded time ranges that swallow the two weeks a detector learns from."""
    for one in paths.account.of(Kind.DETECTOR):
        longest = max((end - start for start, end in _merged(_ranges(one))), default=None)
        if longest is not None and longest.total_seconds() >= MEMORY:
            yield Found(one, f"{_called(one)} leaves out {longest.days} days on end.")


@rule(
    "detector-unused",
    Level.WARNING,
    why="The alarm looks at another metric or statistic than the detector, or is no more.",
    consequence="The settings change no band that anybody is told by; the alarm's own band is "
    "learned without them.",
    fix="Let the detector have the alarm's metric, dimensions and statistic, or remove it.",
    source="CloudWatch user guide, Using CloudWatch anomaly detection (a model is of one metric "
    "and statistic)",
)
def detector_unused(paths: Paths) -> Iterator[Found]:
    """A detector with settings whose band no alarm is on."""
    used = {learned_for(alarm.data) for alarm in paths.account.alarms}
    for one in paths.account.of(Kind.DETECTOR):
        # In a whole account there are detectors of everybody's graphs.
        if one.urn is not None and what_it_learns(one.data) not in used:
            yield Found(one, f"{_called(one)} is of a band that no alarm here is on.")


@rule(
    "detector-twice",
    Level.ERROR,
    why="Two declarations, or two stacks of one account, of one detector.",
    consequence="They are one detector: the settings of whoever came last hold, and removing one "
    "removes it for both.",
    fix="Declare it once.",
    source="CloudWatch API reference, PutAnomalyDetector (an existing one is updated)",
)
def detector_twice(paths: Paths) -> Iterator[Found]:
    """A detector that is declared twice."""
    seen: set[str] = set()
    for one in paths.account.of(Kind.DETECTOR):
        learned = what_it_learns(one.data)
        if learned in seen:
            yield Found(one, f"{_called(one)} is declared twice.")
        seen.add(learned)


def _called(one: Item) -> str:
    what = "an expression" if MATH in one.data else f"{one.get('Stat')} {one.get('MetricName')}"
    return f"The detector of {what}"


def _configuration(one: Item) -> Mapping[str, Any]:
    given = one.get("Configuration")
    return given if isinstance(given, Mapping) else {}


def _ranges(one: Item) -> list[_Range]:
    given = _configuration(one).get("ExcludedTimeRanges") or ()
    moments = datetime.fromisoformat
    return [(moments(each["StartTime"]), moments(each["EndTime"])) for each in given]


def _merged(ranges: list[_Range]) -> Iterator[_Range]:
    """Those that touch or overlap as one."""
    whole: _Range | None = None
    for start, end in sorted(ranges):
        if whole is not None and start <= whole[1]:
            whole = whole[0], max(whole[1], end)
            continue
        if whole is not None:
            yield whole
        whole = start, end
    if whole is not None:
        yield whole


RULES = (detector_refused, detector_learns_nothing, detector_unused, detector_twice)
