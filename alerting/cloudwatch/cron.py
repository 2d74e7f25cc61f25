"""A field of a cron expression, as alarm mute rules and EventBridge Scheduler both write it."""

from collections.abc import Sequence

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
WEEKDAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")


def numbers(
    field: str, low: int, high: int, names: Sequence[str] = (), *, every: Sequence[str] = ("*",)
) -> frozenset[int]:
    """What `*`, `5`, `1-5`, `*/15` and `MON,WED` stand for.

    Args:
        field: the text.
        low: the least there is; the first of the names.
        high: the most there is; a range that ends in the first of seven names, `FRI-SUN`, goes on
            to it where it is a day past the last (mute rules count Sunday as 0 and as 7).
        names: what may stand for numbers, in upper case. Default: nothing.
        every: what stands for all of them.

    Raises:
        ValueError: it stands for nothing; the message is the part that does not.
    """
    found: set[int] = set()
    for part in field.upper().split(","):
        reach, _, step = part.partition("/")
        first, dash, last = reach.partition("-")
        try:
            start = low if reach in every else number(first, low, names)
            end = high if reach in every or (step and not dash) else start
            if dash:
                end = number(last, low, names)
                end = high if end == low and high - low == len(names) else end
            if not low <= start <= end <= high:
                raise ValueError
            found |= set(range(start, end + 1, int(step or 1)))
        except ValueError:
            raise ValueError(part) from None
    return frozenset(found)


def number(text: str, low: int, names: Sequence[str] = ()) -> int:
    """A number or a name that stands for one.

    Raises:
        ValueError: it is neither.
    """
    word = text.upper()
    return names.index(word) + low if word in names else int(text)
