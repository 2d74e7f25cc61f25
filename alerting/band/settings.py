"""What a band may be told besides the data."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class BandSettings:
    """How a band is learned.

    `excluded` and `timezone` are `ExcludedTimeRanges` and `MetricTimezone` of CloudWatch's
    PutAnomalyDetector.

    Raises:
        ValueError: an unknown time zone, an empty excluded range, or limits that leave no room.
    """

    adaptive: bool = False
    """Follow the level of the last hours. Sharper, but it follows slow incidents too and then
    misses them. Default: no."""
    excluded: tuple[tuple[int, int], ...] = ()
    """Time ranges [start, end), epoch seconds, that teach nothing. Default: none."""
    timezone: str = "UTC"
    """IANA name of the zone whose days and hours the metric follows, daylight saving included."""
    floor: float | None = None
    """The least the metric can be. Default: 0 until a negative value has been seen, then none."""
    ceiling: float | None = None
    """The most the metric can be, 100 for a percentage. Default: none."""

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.timezone)
        except (KeyError, ValueError, OSError):  # unknown, not a name at all, a directory
            raise ValueError(
                f"timezone must be an IANA name such as Europe/Berlin, got {self.timezone!r}"
            ) from None
        for start, end in self.excluded:
            if not start < end:
                raise ValueError(
                    f"an excluded range must end after its start, got {start} to {end}"
                )
        least = 0.0 if self.floor is None else self.floor
        if self.ceiling is not None and not least < self.ceiling:
            raise ValueError(f"ceiling must be above {least:g}, got {self.ceiling:g}")
