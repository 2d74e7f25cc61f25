"""Where a replay's bands come from: learned from the series itself, from its past alone."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from alerting.account.model import Account, Item, Kind
from alerting.band import Band, BandSettings, learn_band
from alerting.cloudwatch.bounds import bounds
from alerting.cloudwatch.detector import learned_for, what_it_learns
from alerting.replay import Bands, MetricKey, NotReplayableError, Series, watched
from alerting.replay.series import Values

LEAST_PERIOD = 60
"""Seconds (CloudWatch user guide, "Using metric math": no high-resolution metrics in a band)."""

ESTIMATE = (
    "The band is this project's own estimate: the model behind CloudWatch's is not public, and "
    "CloudWatch's own band will differ."
)
"""Said wherever a band is shown."""

_Edges = tuple[Values, Values]


def learned_bands(account: Account, settings: BandSettings | None = None) -> Bands:
    """Bands learned as `alerting.band` does, each series once however many alarms look at it.

    Args:
        account: Its detectors say what is not learned from, and in which time zone.
        settings: How they are learned. What the metric can be is added where AWS says so.
    """
    chosen = settings or BandSettings()
    detectors = {what_it_learns(one.data): one.data for one in account.of(Kind.DETECTOR)}
    learned: dict[tuple[int, BandSettings], tuple[Series, Band]] = {}

    def bands(alarm: Item, series: Series, width: float) -> _Edges:
        if series.spacing < LEAST_PERIOD:
            raise NotReplayableError(f"no band is learned below {LEAST_PERIOD} seconds")
        told = told_by(detectors.get(learned_for(alarm.data) or ""), chosen)
        here = settings_of(watched(alarm.data).metric, told)
        key = id(series), here
        if key not in learned:
            band = learn_band(series.stamps, series.values, period=series.spacing, settings=here)
            learned[key] = series, band  # with the series, so that its id stays its own
        return learned[key][1].at(width)

    return bands


def told_by(detector: Mapping[str, Any] | None, settings: BandSettings) -> BandSettings:
    """Settings with what a detector is told, in the shape of DescribeAnomalyDetectors.

    What it is told of periodic spikes makes no difference here: those that come at the same minute,
    hour or day of the week are learned anyway, and others are not.
    """
    configuration = (detector or {}).get("Configuration") or {}
    ranges = [
        (_epoch(one["StartTime"]), _epoch(one["EndTime"]))
        for one in configuration.get("ExcludedTimeRanges") or ()
    ]
    zone = configuration.get("MetricTimezone") if settings.timezone == "UTC" else None
    return replace(
        settings, excluded=(*settings.excluded, *ranges), timezone=zone or settings.timezone
    )


def _epoch(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def settings_of(metric: MetricKey | None, settings: BandSettings) -> BandSettings:
    """Settings with what a metric can be, where AWS says so and they do not; None: metric math."""
    if metric is None:
        return settings
    floor, ceiling = bounds(metric.namespace, metric.name, metric.statistic)
    return replace(
        settings,
        floor=floor if settings.floor is None else settings.floor,
        ceiling=ceiling if settings.ceiling is None else settings.ceiling,
    )
