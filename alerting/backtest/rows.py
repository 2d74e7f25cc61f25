"""The CSV a backtest writes for each input: `timestamp,lower,upper,alarm`."""

import csv
from pathlib import Path

import numpy as np

from alerting.backtest.trial import Outcome
from alerting.output import BadInput
from alerting.replay import Recording, Series

HEADER = ("timestamp", "lower", "upper", "alarm")


def write_rows(target: Path, recording: Recording, series: Series, outcome: Outcome) -> None:
    """One row per row of the recording, in its order, timestamps as written there.

    `lower` and `upper` are the band the row's value was compared with, empty where there is none;
    `alarm` is 1 where the alarm was in ALARM after the tick at which the row was first seen. Rows
    that were put together share what became of them.

    Args:
        target: The file.
        recording: The rows as they were read.
        series: What was tried: the recording's series, or that put together to longer periods.
        outcome: What became of it.

    Raises:
        BadInput: the file cannot be written.
    """
    stamps = recording.series.stamps[recording.index]
    at = np.searchsorted(series.stamps, stamps, side="right") - 1
    lower, upper = (_text(edge[at]) for edge in outcome.edges)
    alarm = outcome.in_alarm[at].astype(int).tolist()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(HEADER)
            writer.writerows(zip(recording.timestamps, lower, upper, alarm, strict=True))
    except OSError as error:
        raise BadInput(f"{target}: cannot be written: {error.strerror}") from None


def _text(edge: np.ndarray) -> list[str]:
    return ["" if value != value else repr(value) for value in edge.tolist()]
