"""Times as the language has them: the profile of ISO 8601 in RFC 3339."""

import re
from datetime import UTC, datetime
from typing import Any

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)


def is_timestamp(value: Any) -> bool:
    """Whether it is text of that form; `+0000` without a colon, as CloudWatch writes, is not."""
    return isinstance(value, str) and _RFC3339.fullmatch(value) is not None


def moment(text: str) -> datetime:
    """The time of a timestamp."""
    return datetime.fromisoformat(text).astimezone(UTC)


def timestamp(time: float) -> str:
    """Epoch seconds as AWS writes them: `2019-03-26T20:14:13.192Z`."""
    text = datetime.fromtimestamp(time, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")
