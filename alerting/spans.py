"""Spans of time as people write them, `2h5m`, and as AWS does, `PT2H5M`."""

import re

_UNITS = {"w": 604_800, "d": 86_400, "h": 3600, "m": 60, "s": 1}
_SPAN = re.compile("".join(rf"(?:(\d+){unit})?" for unit in _UNITS), re.ASCII)
_ISO = re.compile(r"P(?!$)(?:(\d+)D)?(?:T(?!$)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", re.ASCII)
_LONGEST = 10 * 365 * 86_400


def parse_span(text: str) -> int:
    """Seconds of `90s`, `2h5m`, `1w2d`; largest unit first, each once; `0` needs none.

    Raises:
        ValueError: the text is no span; the message says how to write one.
    """
    if text == "0":
        return 0
    match = _SPAN.fullmatch(text)
    if not text or match is None:
        raise ValueError("write a duration with s, m, h, d or w, the largest first, as in 2h5m")
    parts = zip(match.groups(), _UNITS.values(), strict=True)
    seconds = sum(int(count) * size for count, size in parts if count)
    if seconds > _LONGEST:
        raise ValueError("a duration is at most ten years")
    return seconds


def span(seconds: int) -> str:
    """The duration as people write it: `2h5m`; weeks are not used; `0` for none."""
    text, rest = "", abs(seconds)
    for unit, size in list(_UNITS.items())[1:]:
        count, rest = divmod(rest, size)
        text += f"{count}{unit}" if count else ""
    return f"{'-' if seconds < 0 else ''}{text or '0'}"


def parse_iso_span(text: str) -> int:
    """Seconds of an ISO 8601 duration of days, hours, minutes and seconds: `P1DT2H`, `PT90S`.

    Raises:
        ValueError: the text is no such duration.
    """
    match = _ISO.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no ISO 8601 duration such as PT2H30M")
    sizes = (86_400, 3600, 60, 1)
    return sum(
        int(count) * size for count, size in zip(match.groups(), sizes, strict=True) if count
    )


def iso_span(seconds: int) -> str:
    """The duration in ISO 8601, as AWS has it: `P1DT2H`; `PT0S` for none."""
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3600)
    minutes, rest = divmod(rest, 60)
    date = f"{days}D" if days else ""
    time = "".join(f"{n}{u}" for n, u in ((hours, "H"), (minutes, "M"), (rest, "S")) if n)
    return f"P{date}{'T' + time if time else ''}" if date or time else "PT0S"
