"""Rows of a recording, understood: from text to a series, with a word on all that is odd."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from alerting.cloudwatch.words import duration
from alerting.replay.series import Series, Times, commonest_spacing

_SHOWN = 3
_PLAIN_TIMES = re.compile(r"(?:\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\dZ?\n)+", re.ASCII)
_EPOCH = re.compile(r"\d{9,}(?:\.\d*)?", re.ASCII)
_MILLISECONDS_FROM = 1e11
"""As seconds, year 5138; as milliseconds, 1973."""


class RecordingError(ValueError):
    """A file that cannot be used; the message names file and line and says what to change."""


class WrongColumnsError(RecordingError):
    """A CSV that does not have the columns of a recording; it may be something else altogether."""


@dataclass(frozen=True, eq=False)
class Recording:
    """One series read from a file, with what is needed to write a row for every row read."""

    source: str
    """The file, and the result or column in it where there are several."""
    name: str
    """The series' name in the file: Id of a result, label of a column; else the file's stem."""
    label: str
    """What people read: a result's Label; else the name."""
    series: Series
    timestamps: tuple[str, ...]
    """The rows' timestamps as written, in the order of the file."""
    index: NDArray[np.intp]
    """Of each row, where its stamp stands in `series`."""
    warnings: tuple[str, ...] = field(default=())
    """What is odd about the file without making it useless; each names file and line."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one series, not yet understood."""

    source: str
    name: str
    label: str
    places: Sequence[str]
    """How a message names each row: `file:12`."""
    stamps: Sequence[object]
    values: Sequence[object]
    ordered: bool = True
    """Whether rows are expected to go forward in time."""

    def recording(self, spacing: int | None) -> Recording:
        """The rows understood.

        Raises:
            RecordingError: a cell is neither a time nor a number, or no value is a number.
        """
        values = self._numbers()
        times = self._times()
        if not np.isfinite(values).any():
            raise RecordingError(
                f"{self.places[0]}: none of the {values.size} values from here on is a number; "
                "a recording needs one"
            )
        inferred = commonest_spacing(times if self.ordered else np.sort(times))
        series = Series.of(times, values, spacing=spacing or inferred)
        warnings = [
            *self._list("the value is infinite and taken as missing", np.isinf(values)),
            *self._order_warnings(times, series),
            *self._spacing_warnings(times, series),
        ]
        if spacing is None and inferred is None:
            warnings.append(
                f"{self.places[0]}: one row does not tell the period; "
                f"{duration(series.spacing)} is assumed, say otherwise if you know better"
            )
        return Recording(
            source=self.source,
            name=self.name,
            label=self.label,
            series=series,
            timestamps=tuple(map(str, self.stamps)),
            index=np.searchsorted(series.stamps, times),
            warnings=tuple(warnings),
        )

    def _numbers(self) -> NDArray[np.float64]:
        try:
            return np.array([*map(float, self.values)])  # type: ignore[arg-type]
        except (TypeError, ValueError):
            return np.array([*map(self._number, self.places, self.values)])

    @staticmethod
    def _number(place: str, value: object) -> float:
        if value is None or (isinstance(value, str) and not value.strip()):
            return np.nan
        try:
            return float(value)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            raise RecordingError(
                f"{place}: the value {value!r} is not a number; "
                "write one with a decimal point, or nothing where it is missing"
            ) from None

    def _times(self) -> Times:
        try:
            lines = "\n".join([*self.stamps, ""])  # type: ignore[list-item]
            if _PLAIN_TIMES.fullmatch(lines):
                plain = np.array(lines.replace("Z", "").splitlines(), dtype="datetime64[s]")
                return plain.astype(np.int64)
        except (TypeError, ValueError):
            pass  # epoch seconds from JSON, or a 31st of February: the slow way finds the line
        return np.array([*map(self._time, self.places, self.stamps)], dtype=np.int64)

    @staticmethod
    def _time(place: str, stamp: object) -> int:
        time = parse_time(stamp)
        if time is None:
            raise RecordingError(
                f"{place}: the timestamp {stamp!r} is not a time; write it as "
                "2026-01-31 13:55:00 (UTC), with an offset, or as epoch seconds"
            )
        return time

    def _order_warnings(self, times: Times, series: Series) -> Iterator[str]:
        if self.ordered:
            yield from self._list(
                "the timestamp lies before the one above", np.append(False, np.diff(times) < 0)
            )
        if series.stamps.size < times.size:
            by_time = np.argsort(times, kind="stable")
            again = np.zeros(times.size, dtype=np.bool_)
            again[by_time[1:]] = np.diff(times[by_time]) == 0
            yield from self._list("the timestamp was there before; the last value counts", again)

    def _spacing_warnings(self, times: Times, series: Series) -> Iterator[str]:
        steps = np.diff(series.stamps)
        late = np.flatnonzero(steps * 2 >= series.spacing * 3)
        if late.size:
            first_row = np.full(series.stamps.size, times.size)
            np.minimum.at(first_row, np.searchsorted(series.stamps, times), np.arange(times.size))
            gaps = [
                f"{self.places[int(first_row[at + 1])]}: a gap of {duration(float(steps[at]))} "
                f"before this row; rows are {duration(series.spacing)} apart"
                for at in late[:_SHOWN]
            ]
            yield from _limited(gaps, late.size, "gaps")
        usual = np.count_nonzero(steps == series.spacing)
        if usual * 2 < steps.size:
            yield (
                f"{self.places[0]}: only {usual} of {steps.size} rows follow at the usual "
                f"{duration(series.spacing)}; the period may be another one"
            )

    def _list(self, what: str, rows: NDArray[np.bool_]) -> Iterator[str]:
        where = np.flatnonzero(rows)
        yield from _limited(
            [f"{self.places[int(row)]}: {what}" for row in where[:_SHOWN]],
            where.size,
            "rows like this",
        )


def parse_time(stamp: object) -> int | None:
    """Epoch seconds of a time as found in files; None where it is none.

    Read are ISO 8601 with a blank or T, slashes for dashes, `Z` or an offset (without one it is
    UTC), and epoch seconds or milliseconds. Fractions of a second are dropped.
    """
    if isinstance(stamp, int | float) and not isinstance(stamp, bool):
        seconds = stamp / 1000 if abs(stamp) >= _MILLISECONDS_FROM else stamp
        return int(seconds) if abs(seconds) < _MILLISECONDS_FROM else None
    if not isinstance(stamp, str):
        return None
    text = stamp.strip()
    if _EPOCH.fullmatch(text):
        return parse_time(float(text))
    try:
        time = datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return None
    return int((time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp() // 1)


def _limited(shown: Iterable[str], total: int, what: str) -> Iterator[str]:
    lines = list(shown)
    if lines and total > len(lines):
        lines[-1] += f" (and {total - len(lines)} more {what})"
    yield from lines
