"""Labelled incidents: when something was known to be wrong, and how well an alarm told of it."""

import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from statistics import median
from typing import Any

from alerting.output import BadInput
from alerting.replay.table import parse_time

_SHOWN = 3

Incident = tuple[int, int]
"""First and last stamp of a labelled window, in epoch seconds."""
Span = tuple[int, int]
"""From a tick on, up to another one."""


@dataclass(frozen=True, slots=True)
class Ticks:
    """An incident as an alarm can know of it."""

    begins: int
    """First stamp of the incident."""
    first: int
    """The tick at which its first datapoint can be seen."""
    last: int
    """The tick at which its last one can."""


@dataclass(frozen=True, slots=True)
class Score:
    """How an alarm did on labelled incidents."""

    true: int
    """Alarms that began within an incident."""
    false: int
    """Alarms that began outside of all."""
    found: int
    """Incidents during which it was in ALARM at some time."""
    incidents: int
    """How many there were to find."""
    delay: float | None
    """From the begin of an incident to ALARM, in seconds; the median over those found."""

    @property
    def precision(self) -> float | None:
        """Share of the alarms that meant something; None where there was none."""
        alarms = self.true + self.false
        return self.true / alarms if alarms else None

    @property
    def recall(self) -> float:
        """Share of the incidents that were found."""
        return self.found / self.incidents


def score(alarms: Sequence[Span], incidents: Sequence[Ticks]) -> Score:
    """Hold alarms against incidents, of which there is at least one.

    An alarm that began before an incident and is still on finds it, without delay.
    """
    true = sum(any(one.first <= start <= one.last for one in incidents) for start, _ in alarms)
    delays: list[int] = []
    for one in incidents:
        first = next((s for s, end in alarms if s <= one.last and end > one.first), None)
        if first is not None:
            delays.append(max(first - one.begins, 0) if first >= one.first else 0)
    return Score(
        true=true,
        false=len(alarms) - true,
        found=len(delays),
        incidents=len(incidents),
        delay=median(delays) if delays else None,
    )


class Labels:
    """The incidents of a file, by the recording or alarm they belong to."""

    def __init__(
        self, by_name: Mapping[str, Sequence[Incident]], everywhere: Sequence[Incident] = ()
    ) -> None:
        """Names are paths or their ends, file names, or names of alarms."""
        self._by_name = {PurePath(name).parts: tuple(them) for name, them in by_name.items()}
        self._everywhere = tuple(everywhere)
        self._used = False

    def of(self, name: str | Path) -> tuple[Incident, ...]:
        """The incidents of one metric, by its path or by its alarm's name."""
        parts = PurePath(name).parts
        found = [key for key in self._by_name if _ends_alike(parts, key)]
        best = max(found, key=len, default=None)
        if best is None:
            return self._everywhere
        self._used = True
        return self._by_name[best]

    @property
    def fit_nothing(self) -> bool:
        """Whether there are names, and no metric was asked for by any of them."""
        return bool(self._by_name) and not self._used

    def __str__(self) -> str:
        names = ["/".join(key) for key in self._by_name]
        return ", ".join(names[:_SHOWN]) + (", ..." if len(names) > _SHOWN else "")


NO_LABELS = Labels({})


def read_labels(path: Path) -> Labels:
    """Read a file of incidents.

    JSON: a list of `[start, end]` for every metric alike, or a map from recordings (the end of
    their path) or alarms to such lists. TOML: a list of recordings as in `examples/recordings`.

    Raises:
        BadInput: the file cannot be read, or is of another form; with the place.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        raw = _of_toml(text) if path.suffix.lower() == ".toml" else json.loads(text)
    except json.JSONDecodeError as error:
        raise BadInput(f"{path}:{error.lineno}: is not JSON: {error.msg}") from None
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{path}: is not TOML: {error}") from None
    except UnicodeDecodeError:
        raise BadInput(f"{path}: is not text in UTF-8") from None
    except OSError as error:
        raise BadInput(f"{path}: cannot be read: {error.strerror}") from None
    if isinstance(raw, list):
        return Labels({}, _windows(f"{path}", raw))
    if isinstance(raw, Mapping):
        return Labels({name: _windows(f"{path}: {name}", them) for name, them in raw.items()})
    raise BadInput(f"{path}: must be a list of [start, end], or a map from names to such lists")


def _of_toml(text: str) -> Any:
    recordings = tomllib.loads(text).get("recording", [])
    return {str(one.get("file")): one.get("incidents", []) for one in recordings}


def _windows(where: str, raw: Any) -> tuple[Incident, ...]:
    if not isinstance(raw, list):
        raise BadInput(f"{where}: must be a list of [start, end], got {raw!r}")
    found: list[Incident] = []
    for at, pair in enumerate(raw, 1):
        times = [parse_time(one) for one in pair] if isinstance(pair, list) else []
        match times:
            case [int(start), int(end)] if start <= end:
                found.append((start, end))
            case _:
                raise BadInput(
                    f"{where}: incident {at} must be [start, end], two times of which the second "
                    f"is the later one, got {json.dumps(pair)}"
                )
    return tuple(sorted(found))


def _ends_alike(one: Sequence[str], other: Sequence[str]) -> bool:
    shorter = min(len(one), len(other))
    return shorter > 0 and list(one[-shorter:]) == list(other[-shorter:])


def known_by(incidents: Iterable[Ticks], start: int, end: int) -> tuple[Ticks, ...]:
    """Those an alarm could have told of between two ticks."""
    return tuple(one for one in incidents if one.last >= start and one.first <= end)
