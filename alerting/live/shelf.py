"""Metric history on disk, so that a second look costs nothing."""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

_VERSION = 1
_FRESH = 86_400
"""Seconds. What was read up to so long before the end that is asked for will do."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What CloudWatch answered to one query."""

    start: int
    """From when on was asked, in epoch seconds."""
    end: int
    """Up to when, not included."""
    stamps: Sequence[int]
    """Rising."""
    columns: Sequence[Sequence[float]]
    """The values beside them; of a band two columns, its lower and its upper edge."""


class Shelf:
    """A folder with a file per query."""

    def __init__(self, folder: Path, *, fresh: bool = False) -> None:
        """Nothing is made before the first `put`.

        Args:
            folder: Where.
            fresh: Keep what is put here, and give none of what was here before.
        """
        self._folder, self._fresh = folder, fresh

    @classmethod
    def usual(cls, *, fresh: bool = False) -> "Shelf":
        """Where programs keep what they can get again."""
        base = os.environ.get("XDG_CACHE_HOME")
        folder = Path(base) if base else Path.home() / ".cache"
        return cls(folder / "anomaly-alerting/metrics", fresh=fresh)

    def get(self, name: Mapping[str, Any], start: int, end: int) -> Stored | None:
        """What is kept of a query, if it reaches from `start` to about `end`; it may be a day old.

        Args:
            name: All that tells one query from another: account, Region, metric, period, ...
            start: Epoch seconds.
            end: Epoch seconds.
        """
        if self._fresh:
            return None
        try:
            raw = json.loads(self._file(name).read_text(encoding="utf-8"))
            if raw["version"] != _VERSION or raw["name"] != json.loads(json.dumps(name)):
                return None
            stored = Stored(raw["start"], raw["end"], raw["stamps"], raw["columns"])
        except (OSError, ValueError, KeyError, TypeError):
            return None  # not there, or not ours: it is fetched again
        covers = stored.start <= start + _FRESH and stored.end >= end - _FRESH
        return stored if covers else None

    def put(self, name: Mapping[str, Any], stored: Stored) -> None:
        """Keep it; a disk that cannot be written to is no reason to stop."""
        document = {
            "version": _VERSION,
            "name": name,
            "start": stored.start,
            "end": stored.end,
            "stamps": stored.stamps,
            "columns": stored.columns,
        }
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile("w", dir=self._folder, delete=False, encoding="utf-8") as file:
                json.dump(document, file, separators=(",", ":"))
            Path(file.name).replace(self._file(name))
        except OSError:
            return

    def _file(self, name: Mapping[str, Any]) -> Path:
        digest = hashlib.sha256(json.dumps(name, sort_keys=True).encode()).hexdigest()
        return self._folder / f"{digest[:32]}.json"
