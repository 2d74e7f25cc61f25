"""Anomaly detectors that need settings, and so are made rather than left to CloudWatch.

CloudWatch makes a detector by itself once an alarm on its band is evaluated, with no settings.
pulumi-aws has no resource for one, and CloudFormation has: each is a stack of CloudFormation of its
own. One stack for all would be changed before an alarm is removed, and a detector that is deleted
while its alarm is there comes back (CloudWatch user guide, "Using CloudWatch anomaly detection");
of a stack that an alarm depends on, the alarm goes first.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

import pulumi
from pulumi_aws import cloudformation

from alerting.cloudwatch.detector import MAX_EXCLUDED
from alerting.cloudwatch.wall_clock import moment_of, range_problems, zone_of, zone_problems
from alerting.components.alarm_args import AlarmArgs, AlarmsArgs, BandArgs
from alerting.components.learned_series import learned, slug
from alerting.components.window_args import WindowArgs
from alerting.problems import Problem, must

Ranges = frozenset[tuple[datetime, datetime]]
"""Stretches of time in UTC."""

_SETTINGS = ("exclude", "timezone", "spiky")
"""The keys of a band that are about its detector."""
_NONE: Ranges = frozenset()


@dataclass(frozen=True)
class Detector:
    """One detector with settings, and the alarms on its band."""

    alarms: tuple[str, ...]
    """Their keys, in order."""
    of: AlarmArgs
    """One of them, for what it watches."""
    exclude: Ranges
    timezone: str | None
    spiky: bool | None
    slug: str
    """What it is called: the metric, and digits that stay the same while what it learns does."""

    def template(self) -> dict[str, Any]:
        """The CloudFormation template; values of dimensions may be outputs."""
        ranges = [
            {"StartTime": f"{start:%Y-%m-%dT%H:%M:%S}", "EndTime": f"{end:%Y-%m-%dT%H:%M:%S}"}
            for start, end in sorted(self.exclude)
        ]
        configuration: dict[str, Any] = {}
        if ranges:
            configuration["ExcludedTimeRanges"] = ranges
        if self.timezone is not None:
            configuration["MetricTimeZone"] = self.timezone  # the API spells it MetricTimezone
        properties = learned(self.of)
        if configuration:
            properties["Configuration"] = configuration
        if self.spiky is not None:
            properties["MetricCharacteristics"] = {"PeriodicSpikes": self.spiky}
        detector = {"Type": "AWS::CloudWatch::AnomalyDetector", "Properties": properties}
        return {"Resources": {"Detector": detector}}


def make_detectors(
    parent: pulumi.Resource,
    name: str,
    args: AlarmsArgs,
    alarms: Mapping[str, AlarmArgs],
) -> dict[str, pulumi.Resource]:
    """Declare the detectors; what the alarms that need one have to depend on, by key.

    Args:
        parent: the component they belong to.
        name: its name.
        args: its args.
        alarms: its alarms, written out and sound.
    """
    made: dict[str, pulumi.Resource] = {}
    for detector in detectors_of(alarms, args.get("windows", {})):
        stack = cloudformation.Stack(
            f"{name}-{detector.slug}-detector",
            name=_stack_name(args.get("prefix", ""), detector.slug),
            template_body=pulumi.Output.json_dumps(detector.template(), sort_keys=True),
            tags=args.get("tags") or None,
            opts=pulumi.ResourceOptions(parent=parent),
        )
        made |= dict.fromkeys(detector.alarms, stack)
    return made


def detectors_of(
    alarms: Mapping[str, AlarmArgs], windows: Mapping[str, WindowArgs]
) -> list[Detector]:
    """The detectors that need settings, of alarms that are written out and sound.

    Args:
        alarms: by key; those without a band are passed over.
        windows: times that are not learned from either, where they are there once.
    """
    found: list[Detector] = []
    for keys in _by_series(alarms).values():
        bands = [_band(alarms[key]) for key in keys]
        excluded = _NONE.union(
            *(_excluded(band) for band in bands), *_window_ranges(keys, windows).values()
        )
        timezone = next((band["timezone"] for band in bands if "timezone" in band), None)
        spiky = next((band["spiky"] for band in bands if "spiky" in band), None)
        if excluded or timezone is not None or spiky is not None:
            of = alarms[keys[0]]
            called = slug(keys[0], of)
            found.append(Detector(tuple(keys), of, excluded, timezone, spiky, called))
    return found


def detector_problems(
    alarms: Mapping[str, AlarmArgs], windows: Mapping[str, WindowArgs]
) -> Iterator[Problem]:
    """What is wrong with the settings of detectors, each by itself and together."""
    for key, alarm in alarms.items():
        for problem in _band_problems(_band(alarm)):
            yield problem.under("alarms", key, "band")
    for keys in _by_series(alarms).values():
        yield from _contradictions(keys, alarms)
        own = _NONE.union(*(_excluded(_band(alarms[k])) for k in keys))
        if len(own) > MAX_EXCLUDED:
            allowed = f"at most {MAX_EXCLUDED} time ranges for one metric and statistic"
            yield must(f"alarms.{keys[-1]}.band.exclude", allowed, len(own))
            continue
        for window, ranges in sorted(_window_ranges(keys, windows).items()):
            own |= ranges
            if len(own) > MAX_EXCLUDED:
                yield Problem(
                    ("windows", window),
                    f"is one time range more than the {MAX_EXCLUDED} that the detector of "
                    f"{' and '.join(keys)} can leave out; let it cover other alarms, or take out "
                    "a window that is over",
                )


def _band(alarm: AlarmArgs) -> BandArgs:
    return alarm.get("band", BandArgs())


def _band_problems(band: BandArgs) -> Iterator[Problem]:
    if "timezone" in band:
        yield from zone_problems("timezone", band["timezone"])
    if not isinstance(band.get("spiky", False), bool):
        yield must("spiky", "true or false", band.get("spiky"))
    zone = zone_of(band.get("timezone", "UTC"))
    for at, one in enumerate(band.get("exclude", ())):
        for problem in range_problems(one, zone):
            yield problem.under("exclude", str(at))


def _excluded(band: BandArgs) -> Ranges:
    zone = zone_of(band.get("timezone", "UTC"))
    return frozenset(
        found for one in band.get("exclude", ()) if zone and (found := _moments(one, zone))
    )


def _moments(one: Mapping[str, object], zone: tzinfo) -> tuple[datetime, datetime] | None:
    start, end = moment_of(one.get("from_"), zone), moment_of(one.get("to"), zone)
    return (start, end) if start and end and start < end else None


def _window_ranges(keys: Sequence[str], windows: Mapping[str, WindowArgs]) -> dict[str, Ranges]:
    """By name, the windows that are there once and cover one of these alarms."""
    found: dict[str, Ranges] = {}
    for name, window in windows.items():
        zone, covered = zone_of(window.get("timezone")), window.get("alarms")
        if zone and (covered is None or not set(covered).isdisjoint(keys)):
            moments = _moments(window, zone)
            if moments:
                found[name] = frozenset({moments})
    return found


def _contradictions(keys: Sequence[str], alarms: Mapping[str, AlarmArgs]) -> Iterator[Problem]:
    """Alarms on one band that want it to be learned differently."""
    for setting in _SETTINGS:
        first: str | None = None
        for key in keys:
            band = _band(alarms[key])
            if setting not in band:
                continue
            if first is None:
                first = key
            elif _meant(band, setting) != _meant(_band(alarms[first]), setting):
                yield Problem(
                    ("alarms", key, "band", setting),
                    f"is another than that of {first}: CloudWatch learns one band for both",
                )


def _meant(band: BandArgs, setting: str) -> object:
    return _excluded(band) if setting == "exclude" else band.get(setting)


def _by_series(alarms: Mapping[str, AlarmArgs]) -> dict[str, list[str]]:
    """Keys of the band alarms by what CloudWatch learns for them; an output is only like itself."""
    found: dict[str, list[str]] = {}
    for key in sorted(alarms):
        alarm = alarms[key]
        if "band" in alarm and ("metric" in alarm or "math" in alarm):
            series = json.dumps(learned(alarm), sort_keys=True, default=id)
            found.setdefault(series, []).append(key)
    return found


def _stack_name(prefix: str, slug: str) -> str:
    """Letters, digits and hyphens, at most 128 (CloudFormation API reference, CreateStack)."""
    return f"detector-{re.sub(r'[^A-Za-z0-9-]', '-', prefix)[:64]}{slug}"
