"""Points of time as a scenario writes them: `2h5m` after zero, `2024-03-31T00:00+01:00`."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from alerting.spans import parse_span

_ABSOLUTE = re.compile(r"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?)\s*(.*)", re.ASCII)
_OFFSET = re.compile(r"Z|[+-]\d\d:?\d\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time: so many seconds after zero, or an instant of the calendar."""

    seconds: int
    absolute: bool = False
    """Whether `seconds` are epoch seconds."""

    def epoch(self, zero: int) -> int:
        """Epoch seconds, for a scenario whose zero is given."""
        return self.seconds if self.absolute else zero + self.seconds


ZERO = Moment(0)
"""Where a series begins unless it says otherwise."""


def parse_moment(text: str) -> Moment:
    """A duration after zero, or an absolute time with its zone.

    The zone is `Z`, an offset (`+01:00`) or a name (`2024-03-31T00:00 Europe/Berlin`).

    Raises:
        ValueError: the text is neither, has no zone, or is a time that the zone's clock skips or
            shows twice.
    """
    match = _ABSOLUTE.fullmatch(text)
    if match is None:
        try:
            return Moment(parse_span(text))
        except ValueError as error:
            raise ValueError(f"{error}, or a time with its zone, as in 2024-01-31T09:00Z") from None
    local, zone = match[1], match[2].removeprefix("[").removesuffix("]")
    try:
        naive = datetime.fromisoformat(local)
    except ValueError:
        raise ValueError(f"{local} is not in the calendar") from None
    if not zone:
        raise ValueError(f"a time needs its zone, as in {local}Z or {local} Europe/Berlin")
    if _OFFSET.fullmatch(zone):
        return Moment(int(datetime.fromisoformat(f"{local}{zone}").timestamp()), absolute=True)
    try:
        place = ZoneInfo(zone)
    except (KeyError, OSError, ValueError):
        raise ValueError(f"there is no time zone {zone!r}") from None
    early, late = (naive.replace(tzinfo=place, fold=fold).astimezone(UTC) for fold in (0, 1))
    if early != late:
        skipped = early.astimezone(place).replace(tzinfo=None) != naive
        what = "does not exist" if skipped else "happens twice"
        raise ValueError(f"{local} {what} in {zone}, where the clocks change; give an offset")
    return Moment(int(early.timestamp()), absolute=True)
