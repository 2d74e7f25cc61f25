"""Recorded metric data, read from files.

Three forms are read: CSV with the columns `timestamp` and `value` (others are left alone), the CSV
which CloudWatch's console downloads, and the JSON of `aws cloudwatch get-metric-data`.

AWS documents no form for the console's download. What is taken for one starts with a line
`Full label,...` or `Label,...`; its data begins with the first line whose first cell is a time,
and every further column is a series.
"""

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from alerting.replay.table import Recording, RecordingError, Table, WrongColumnsError, parse_time

_CONSOLE_FIRST_CELLS = ("full label", "label")
_TWO_COLUMNS = re.compile(r'(?:[^",\r\n]*,[^",\r\n]*\n)+')


def read_recording(path: Path, *, name: str | None = None, spacing: int | None = None) -> Recording:
    """The one series in a file, or the one of that name.

    Args:
        path: The file.
        name: Id or label of a result, label of a column; needed where there are several.
        spacing: Seconds one datapoint covers. Default: the commonest spacing of the first 100 rows.

    Raises:
        RecordingError: the file cannot be used, or it holds several series and none is named.
        OSError: the file cannot be opened.
    """
    found = list(read_recordings(path, spacing=spacing))
    names = ", ".join(recording.name for recording in found)
    if name is not None:
        found = [one for one in found if name in (one.name, one.label)]
        if not found:
            raise RecordingError(f"{path}: has no series {name!r}; there is: {names}")
    if len(found) > 1:
        raise RecordingError(f"{path}: holds {len(found)} series; name one of: {names}")
    return found[0]


def read_recordings(path: Path, *, spacing: int | None = None) -> tuple[Recording, ...]:
    """All series in a file, in its order; at least one.

    Args:
        path: The file.
        spacing: Seconds one datapoint covers. Default: the commonest spacing of the first 100 rows.

    Raises:
        RecordingError: the file cannot be used.
        OSError: the file cannot be opened.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise RecordingError(f"{path}: is not text in UTF-8; save it as CSV in UTF-8") from None
    if not text.strip():
        raise RecordingError(
            f"{path}:1: is empty; the first line must be timestamp,value and rows must follow"
        )
    tables = _from_json(path, text) if text.lstrip()[0] == "{" else _from_csv(path, text)
    return tuple(table.recording(spacing) for table in tables)


def _from_csv(path: Path, text: str) -> Iterator[Table]:
    if (plain := _two_columns(path, text)) is not None:
        yield plain
        return
    lines, rows = _rows(path, text)
    line, header = lines[0], rows[0]
    names = [cell.strip().lower() for cell in header]
    if names[0] in _CONSOLE_FIRST_CELLS:
        yield from _from_console(path, lines, rows)
        return
    if "timestamp" not in names or "value" not in names:
        raise WrongColumnsError(
            f"{path}:{line}: the columns are {', '.join(header)[:80]}; "
            "a recording needs timestamp and value in its first line"
        )
    when, what = names.index("timestamp"), names.index("value")
    table = _column(path, path.stem, str(path), lines[1:], rows[1:], when, what)
    if not table.stamps:
        raise RecordingError(f"{path}:{line}: has no rows below its header; add the datapoints")
    yield table


def _two_columns(path: Path, text: str) -> Table | None:
    """The usual file, timestamp and value alone and nothing quoted, read four times as fast."""
    whole = text if text.endswith("\n") else f"{text}\n"
    if not _TWO_COLUMNS.fullmatch(whole):
        return None
    cells = whole[:-1].replace("\n", ",").split(",")
    names = [cell.strip().lower() for cell in cells[:2]]
    if sorted(names) != ["timestamp", "value"] or len(cells) == 2:
        return None
    when, what = names.index("timestamp"), names.index("value")
    lines = _Lines(path, range(2, len(cells) // 2 + 1))
    return Table(str(path), path.stem, path.stem, lines, cells[2 + when :: 2], cells[2 + what :: 2])


def _rows(path: Path, text: str) -> tuple[Sequence[int], Sequence[Sequence[str]]]:
    """The rows that are not empty, and beside them the line each ends on."""
    reader = csv.reader(text.splitlines())
    try:
        rows = list(reader)
        if len(rows) == reader.line_num and all(rows):  # a line a row: there is nothing to count
            return range(1, len(rows) + 1), rows
        reader = csv.reader(text.splitlines())
        numbered = [(reader.line_num, row) for row in reader if row]
    except csv.Error as error:
        raise RecordingError(f"{path}:{reader.line_num}: is not CSV: {error}") from None
    return [line for line, _ in numbered], [row for _, row in numbered]


def _from_console(
    path: Path, lines: Sequence[int], rows: Sequence[Sequence[str]]
) -> Iterator[Table]:
    start = next((at for at, row in enumerate(rows) if parse_time(row[0]) is not None), None)
    if start is None:
        raise RecordingError(f"{path}:{lines[-1]}: no line starts with a time; add the datapoints")
    labels = next((row for row in rows[:start] if row[0].strip().lower() == "label"), rows[0])
    width = len(rows[start])
    if width < 2:
        raise RecordingError(f"{path}:{lines[start]}: has a time but no value beside it")
    for column in range(1, width):
        name = labels[column].strip() if column < len(labels) else f"column {column + 1}"
        source = str(path) if width == 2 else f"{path} ({name})"
        yield _column(path, name, source, lines[start:], rows[start:], 0, column)


def _column(
    path: Path,
    name: str,
    source: str,
    lines: Sequence[int],
    rows: Sequence[Sequence[str]],
    when: int,
    what: int,
) -> Table:
    try:
        stamps = [row[when] for row in rows]
        values = [row[what] for row in rows]
    except IndexError:
        wanted = max(when, what) + 1
        at = next(at for at, row in enumerate(rows) if len(row) < wanted)
        raise RecordingError(
            f"{path}:{lines[at]}: has {len(rows[at])} of {wanted} columns; "
            "write an empty value as timestamp,"
        ) from None
    return Table(source, name, name, _Lines(path, lines), stamps, values)


class _Lines(Sequence[str]):
    """`file:line` of each row, put together only where a message needs it."""

    def __init__(self, path: Path, lines: Sequence[int]) -> None:
        self._path, self._lines = path, lines

    def __len__(self) -> int:
        return len(self._lines)

    def __getitem__(self, row: Any) -> Any:
        return f"{self._path}:{self._lines[row]}"


def _from_json(path: Path, text: str) -> Iterator[Table]:
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise RecordingError(f"{path}:{error.lineno}: is not JSON: {error.msg}") from None
    results = document.get("MetricDataResults")
    if not isinstance(results, list) or not all(isinstance(one, Mapping) for one in results):
        raise RecordingError(
            f"{path}:1: has no list MetricDataResults; "
            "save the whole answer of aws cloudwatch get-metric-data"
        )
    # The pages of a long answer repeat Id and Label; a band's two lines differ in the Label only.
    merged: dict[tuple[str, str], tuple[list[object], list[object]]] = {}
    for result in results:
        name, label = str(result.get("Id", "")), str(result.get("Label", ""))
        stamps, values = result.get("Timestamps") or [], result.get("Values") or []
        if len(stamps) != len(values):
            raise RecordingError(
                f"{path}:1: result {name!r} has {len(stamps)} Timestamps and {len(values)} Values"
            )
        whole = merged.setdefault((name, label), ([], []))
        whole[0].extend(stamps)
        whole[1].extend(values)
    filled = {key: rows for key, rows in merged.items() if rows[0]}
    if not filled:
        raise RecordingError(
            f"{path}:1: no result holds a datapoint; check the metric's name, dimensions and times"
        )
    for (name, label), (stamps, values) in filled.items():
        yield Table(
            source=str(path) if len(filled) == 1 else f"{path} ({label or name})",
            name=name or label,
            label=label or name,
            places=[f"{path}:1: result {name!r}, datapoint {at + 1}" for at in range(len(stamps))],
            stamps=stamps,
            values=values,
            ordered=False,
        )
