"""The recordings a rehearsal plays: those that ship with the project, and those a user names."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alerting.account.model import Account, Item
from alerting.output import BadInput
from alerting.replay import (
    MetricKey,
    NotReplayableError,
    RecordingError,
    Series,
    read_recording,
    watched,
)
from alerting.replay.composites import is_composite

Incident = tuple[int, int]
"""A labelled window, [start, end] in epoch seconds."""


@dataclass(frozen=True)
class Shipped:
    """A recording of the project's own."""

    path: Path
    namespace: str
    metric: str
    incidents: tuple[Incident, ...]


@dataclass(frozen=True)
class Source:
    """What feeds one metric in a rehearsal."""

    path: Path
    incidents: tuple[Incident, ...] = ()


@dataclass(frozen=True)
class Feed:
    """The metric data of a rehearsal."""

    data: Mapping[MetricKey, Series]
    sources: Mapping[MetricKey, Source]
    warnings: tuple[str, ...]


def shipped_recordings(folder: Path) -> tuple[Shipped, ...]:
    """What `folder/recordings.toml` lists; nothing where there is no such file.

    Raises:
        BadInput: the list cannot be read.
    """
    index = folder / "recordings.toml"
    if not index.is_file():
        return ()
    try:
        raw = tomllib.loads(index.read_text())
        return tuple(
            Shipped(
                path=folder / entry["file"],
                namespace=entry["namespace"],
                metric=entry["metric"],
                incidents=tuple((_epoch(a), _epoch(b)) for a, b in entry.get("incidents", [])),
            )
            for entry in raw["recording"]
        )
    except (tomllib.TOMLDecodeError, KeyError, ValueError) as error:
        raise BadInput(f"{index}: {error}") from None


def feed(account: Account, named: Mapping[str, Path], shipped: Sequence[Shipped]) -> Feed:
    """Find a recording for every metric that an alarm watches.

    Args:
        account: whose alarms.
        named: recordings by alarm, as the user gave them; the first wins where two alarms watch
            one metric.
        shipped: the recordings that are there anyway.

    Raises:
        BadInput: an alarm that is not there, or a recording that cannot be used.
    """
    alarms = {alarm.label: alarm for alarm in account.alarms}
    for name in named:
        if name not in alarms:
            known = ", ".join(sorted(alarms))
            raise BadInput(f"--recording {name}=...: there is no such alarm; there are: {known}")
    sources: dict[MetricKey, Source] = {}
    for name, path in named.items():
        for key in metrics_of(alarms[name]):
            sources.setdefault(key, Source(path))
    for alarm in account.alarms:
        for key in metrics_of(alarm):
            found = next(
                (s for s in shipped if (s.namespace, s.metric) == (key.namespace, key.name)), None
            )
            if found is not None:
                sources.setdefault(key, Source(found.path, found.incidents))
    data: dict[MetricKey, Series] = {}
    warnings: list[str] = []
    for key, source in sources.items():
        recording = _read(source.path)
        data[key] = recording.series
        warnings += recording.warnings
    return Feed(data, sources, tuple(dict.fromkeys(warnings)))


def metrics_of(alarm: Item) -> set[MetricKey]:
    """The metrics an alarm reads; none where it cannot be replayed anyway."""
    try:
        return set(watched(alarm.data).metrics.values())
    except NotReplayableError:
        return set()


def never_replayed(alarm: Item) -> str | None:
    """Why an alarm on metrics could not be replayed whatever there is a recording of; else None."""
    if is_composite(alarm):
        return None
    try:
        watched(alarm.data)
    except NotReplayableError as error:
        return str(error)
    return None


def _read(path: Path) -> Any:
    try:
        return read_recording(path)
    except RecordingError as error:
        raise BadInput(str(error)) from None
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from None


def _epoch(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())
