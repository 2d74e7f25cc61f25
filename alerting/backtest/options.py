"""What is said on the command line, made into a question."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from alerting.backtest.choice import read_datapoints
from alerting.backtest.incidents import NO_LABELS, read_labels
from alerting.backtest.question import Question
from alerting.band import BandSettings
from alerting.cloudwatch.comparison import Comparison
from alerting.cloudwatch.state import MissingData
from alerting.components.alarm_args import Missing, Side
from alerting.output import BadInput
from alerting.replay.table import parse_time


def read_question(
    *,
    widths: Sequence[float] = (),
    datapoints: Sequence[str] = (),
    period: int | None = None,
    side: Side = Side.OUTSIDE,
    missing: Missing = Missing.MISSING,
    per_week: float = 1.0,
    incidents: Path | None = None,
    timezone: str = "UTC",
    exclude: Sequence[str] = (),
    floor: float | None = None,
    ceiling: float | None = None,
    adaptive: bool = False,
) -> Question:
    """Check what was said.

    Raises:
        BadInput: an option that cannot be meant.
    """
    for width in widths:
        if not 0 < width < float("inf"):
            raise BadInput(f"--width must be above 0, got {width:g}")
    if period is not None and period < 1:
        raise BadInput(f"--period must be at least a second, got {period}")
    if not 0 <= per_week < float("inf"):
        raise BadInput(f"--per-week must be 0 or more, got {per_week:g}")
    try:
        settings = BandSettings(
            adaptive=adaptive,
            excluded=tuple(_ranges(exclude)),
            timezone=timezone,
            floor=floor,
            ceiling=ceiling,
        )
    except ValueError as error:
        raise BadInput(f"--{error}") from None
    return Question(
        widths=tuple(widths),
        datapoints=tuple(_datapoints(text) for text in datapoints),
        period=period,
        comparison=Comparison[f"{side.name}_BAND"],
        missing=MissingData(missing),
        settings=settings,
        per_week=per_week,
        labels=read_labels(incidents) if incidents is not None else NO_LABELS,
    )


def _datapoints(text: str) -> tuple[int, int]:
    try:
        return read_datapoints(text)
    except ValueError as error:
        raise BadInput(f"--datapoints {error}") from None


def _ranges(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    for text in texts:
        start, _, end = text.partition("/")
        times = parse_time(start), parse_time(end)
        if times[0] is None or times[1] is None or times[0] >= times[1]:
            raise BadInput(
                f"--exclude {text}: must be START/END, for example "
                "2026-01-31T13:00:00Z/2026-01-31T15:00:00Z"
            )
        yield times[0], times[1]
