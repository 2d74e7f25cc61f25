"""From a scenario as written to metric data: names looked up, series laid out in time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from alerting.account import Item
from alerting.replay import (
    MetricKey,
    NotReplayableError,
    RecordingError,
    Series,
    Watched,
    read_recording,
)
from alerting.replay.composites import family, is_composite
from alerting.scenarios.mistakes import (
    Mistake,
    Place,
    ScenarioError,
    all_of,
    did_you_mean,
    with_caret,
)
from alerting.scenarios.moments import Moment
from alerting.scenarios.scenario import Expectation, Scenario, SeriesSpec
from alerting.scenarios.stage import Stage
from alerting.scenarios.values import MAX_POINTS, ValuesError, parse_values
from alerting.spans import span

_MOST_BYTES = 64 * MAX_POINTS
"""Of a recording: a file that has more is not even read."""

MONDAY = 1_704_067_200
"""2024-01-01T00:00Z: zero of a scenario that names no absolute start."""


@dataclass(frozen=True, eq=False)
class Staged:
    """All a replay needs."""

    zero: int
    """Epoch seconds."""
    end: int
    """Where the longest series ends."""
    data: Mapping[MetricKey, Series]
    warnings: tuple[str, ...]
    """What is odd about recordings."""


@dataclass(frozen=True, slots=True)
class _Laid:
    place: Place
    series: Series


def zero_of(specs: tuple[SeriesSpec, ...]) -> int:
    """The earliest absolute start, else the Monday."""
    absolute = [spec.start.seconds for spec in specs if spec.start.absolute]
    return min(absolute, default=MONDAY)


def series_of(
    specs: tuple[SeriesSpec, ...], stage: Stage
) -> tuple[int, dict[MetricKey, Series], list[str]]:
    """Zero, the metric data, and what is odd about the recordings.

    Raises:
        ScenarioError: with every mistake in them.
    """
    zero = zero_of(specs)
    mistakes: list[Mistake] = []
    warnings: list[str] = []
    laid: dict[MetricKey, list[_Laid]] = {}
    for spec in specs:
        try:
            key = _key(spec, stage)
            series, odd = _laid_out(spec, key, stage, zero)
        except ScenarioError as error:
            mistakes += error.mistakes
            continue
        warnings += odd
        laid.setdefault(key, []).append(_Laid(spec.place, series))
    data: dict[MetricKey, Series] = {}
    for key, parts in laid.items():
        parts.sort(key=lambda part: part.series.start)
        wrong = list(_clashes(key, parts, zero))
        mistakes += wrong
        if not wrong:
            data[key] = _joined([part.series for part in parts])
    all_of(mistakes)
    return zero, data, warnings


def staged(scenario: Scenario, stage: Stage) -> Staged:
    """Everything that can be checked before the replay, checked.

    Raises:
        ScenarioError: names that are not there, series that do not parse or overlap, alarms
            without data, expectations past the data; all of them at once.
    """
    mistakes = list(_unknown_names(scenario, stage))
    try:
        zero, data, warnings = series_of(scenario.series, stage)
    except ScenarioError as error:
        all_of([*mistakes, *error.mistakes])
        raise
    end = max(series.end for series in data.values())
    for test in scenario.tests:
        for expectation in test.expectations:
            mistakes += _past_the_data(expectation, zero, end)
            if expectation.alarm in stage.alarms:
                alarm = stage.alarms[expectation.alarm]
                mistakes += (
                    Mistake(expectation.place, reason)
                    for reason in without_data(alarm, expectation.alarm, stage, data)
                )
    all_of(mistakes)
    return Staged(zero, end, data, tuple(warnings))


def _unknown_names(scenario: Scenario, stage: Stage) -> Iterator[Mistake]:
    for test in scenario.tests:
        for one in test.expectations:
            if one.alarm not in stage.alarms:
                yield Mistake(one.place, stage.no_alarm(one.alarm))
            for receiver in one.tells or ():
                if receiver not in stage.receivers:
                    hint = did_you_mean(receiver, stage.receivers)
                    yield Mistake(one.place, f"{stage.name} has no receiver {receiver!r}{hint}")
            if one.held is not None and one.held not in stage.holders:
                hint = did_you_mean(one.held, stage.holders)
                what = "mute rule or actions suppressor"
                yield Mistake(one.place, f"{stage.name} has no {what} {one.held!r}{hint}")


def _past_the_data(expectation: Expectation, zero: int, end: int) -> Iterator[Mistake]:
    place = expectation.place
    for key, moment in expectation.moments.items():
        if moment.epoch(zero) > end:
            yield Mistake(
                place,
                f"{key} {_said(moment, zero)} is past the data, which ends at {span(end - zero)}",
            )
        if moment.epoch(zero) < zero:
            yield Mistake(place, f"{key} {_said(moment, zero)} lies before the data begins")
    after, before = expectation.after, expectation.before
    if after and before and after.epoch(zero) > before.epoch(zero):
        yield Mistake(place, "after lies behind before, so that nothing is between them")


def without_data(
    alarm: Item, name: str, stage: Stage, data: Mapping[MetricKey, Series]
) -> Iterator[str]:
    """Why nothing can be expected of an alarm; nothing where something can.

    Args:
        alarm: The alarm.
        name: How it was asked for.
        stage: Where it is.
        data: The metric data there is.
    """
    if is_composite(alarm):
        yield from _without_children(alarm, name, stage, data)
        return
    what = stage.watched(alarm)
    if not isinstance(what, Watched):
        yield f"{name} cannot be replayed: {what}"
        return
    lacking = [str(key) for key in dict.fromkeys(what.metrics.values()) if key not in data]
    if lacking:
        yield f"{name} gets no data: no series gives the {'; '.join(lacking)}"


def _without_children(
    alarm: Item, name: str, stage: Stage, data: Mapping[MetricKey, Series]
) -> Iterator[str]:
    why = stage.family.why_not(alarm)
    if why is not None:
        yield f"{name} cannot be replayed: {why}"
        return
    for one in family(stage.account, [alarm]).members:
        found = stage.family.composites.get(id(one))
        if found is None:
            reasons = without_data(one, one.label, stage, data)
            yield from (f"{name} cannot be replayed: {reason}" for reason in reasons)
        elif isinstance(found, NotReplayableError):
            yield f"{name} cannot be replayed: {one.label} cannot: {found}"


def _key(spec: SeriesSpec, stage: Stage) -> MetricKey:
    """The metric a series is of."""
    if spec.metric is not None:
        if spec.metric not in stage.readers:
            hint = did_you_mean(str(spec.metric), map(str, stage.readers))
            raise ScenarioError(
                Mistake(spec.place, f"no alarm reads the {spec.metric}{hint}"),
            )
        return spec.metric
    name = spec.alarm or ""
    if name not in stage.alarms:
        raise ScenarioError(Mistake(spec.place, stage.no_alarm(name)))
    alarm = stage.alarms[name]
    if is_composite(alarm):
        reads = "is a composite alarm and reads no metric; give data to the alarms it hangs on"
        raise ScenarioError(Mistake(spec.place, f"{name} {reads}"))
    what = stage.watched(alarm)
    if not isinstance(what, Watched):
        raise ScenarioError(Mistake(spec.place, f"{name} cannot be replayed: {what}"))
    keys = list(dict.fromkeys(what.metrics.values()))
    if len(keys) != 1:
        listed = "".join(f"\n    the {key}" for key in keys)
        raise ScenarioError(
            Mistake(spec.place, f"{name} reads {len(keys)} metrics; name one with metric:{listed}")
        )
    return keys[0]


def _laid_out(
    spec: SeriesSpec, key: MetricKey, stage: Stage, zero: int
) -> tuple[Series, tuple[str, ...]]:
    start = spec.start.epoch(zero)
    if spec.file is not None:
        return _from_file(spec, start)
    every = spec.every or stage.period(key)
    try:
        values = parse_values(spec.values or "", every)
    except ValuesError as error:
        message = with_caret(f"values: {error}", spec.values or "", error.at)
        raise ScenarioError(Mistake(spec.values_place or spec.place, message)) from None
    stamps = start + np.arange(values.size) * every
    return Series.of(stamps, values, spacing=every), ()


def _from_file(spec: SeriesSpec, start: int) -> tuple[Series, tuple[str, ...]]:
    assert spec.file is not None
    try:
        size = spec.file.stat().st_size
        if size > _MOST_BYTES:
            raise RecordingError(
                f"{spec.file}: has {size / 1e6:.0f} MB, more than {MAX_POINTS:,} datapoints take"
            )
        recording = read_recording(spec.file, name=spec.result, spacing=spec.every)
    except RecordingError as error:
        raise ScenarioError(Mistake(spec.place, f"file: {error}")) from None
    except OSError as error:
        raise ScenarioError(Mistake(spec.place, f"file: {spec.file}: {error.strerror}")) from None
    series = recording.series
    if series.stamps.size > MAX_POINTS:
        raise ScenarioError(
            Mistake(
                spec.place,
                f"file: {spec.file}: holds {series.stamps.size:,} datapoints, "
                f"at most {MAX_POINTS:,} are read",
            )
        )
    shifted = series.stamps + (start - series.start)
    return Series.of(shifted, series.values, spacing=series.spacing), recording.warnings


def _clashes(key: MetricKey, parts: list[_Laid], zero: int) -> Iterator[Mistake]:
    for before, after in pairwise(parts):
        if after.series.start < before.series.end:
            yield Mistake(
                after.place,
                f"overlaps with the series of line {before.place.line}, which gives the {key} "
                f"up to {span(before.series.end - zero)}; series of one metric follow each other",
            )
        if after.series.spacing != before.series.spacing:
            yield Mistake(
                after.place,
                f"has datapoints every {span(after.series.spacing)}, the series of line "
                f"{before.place.line} every {span(before.series.spacing)}; for one metric "
                "they must be the same",
            )


def _joined(parts: list[Series]) -> Series:
    if len(parts) == 1:
        return parts[0]
    return Series.of(
        np.concatenate([part.stamps for part in parts]),
        np.concatenate([part.values for part in parts]),
        spacing=parts[0].spacing,
        start=parts[0].start,
        end=parts[-1].end,
    )


def _said(moment: Moment, zero: int) -> str:
    return span(moment.epoch(zero) - zero)


def alarms_fed(stage: Stage, data: Mapping[MetricKey, Series]) -> list[Item]:
    """The alarms that read some of the data, and the composites, in the account's order."""
    fed = {id(alarm) for key in data for alarm in stage.readers.get(key, ())}
    return [one for one in stage.account.alarms if id(one) in fed or is_composite(one)]
