"""The queries of an alarm on several series: metric math and bands."""

from collections.abc import Mapping
from typing import Any

from alerting.account import Item, Unknown
from alerting.cloudwatch import Comparison

BAND = "ANOMALY_DETECTION_BAND"
BAND_OPERATORS = frozenset(str(c) for c in Comparison if c.of_band)


def queries(alarm: Item) -> list[Mapping[str, Any]] | None:
    """The alarm's `Metrics`; None where they are not known."""
    given = alarm.get("Metrics")
    if isinstance(given, Unknown):
        return None
    found = given if isinstance(given, list | tuple) else ()
    return [query for query in found if isinstance(query, Mapping)]


def is_band(alarm: Item) -> bool:
    """Whether an alarm is meant to be on a band, rightly made or not."""
    return bool(
        alarm.get("ThresholdMetricId")
        or str(alarm.get("ComparisonOperator")) in BAND_OPERATORS
        or any(BAND in str(query.get("Expression")) for query in queries(alarm) or ())
    )


def returned(alarm: Item) -> int | None:
    """How many queries return data; None where there are none, or it is not known."""
    flags = [query.get("ReturnData", True) for query in queries(alarm) or ()]
    known = flags and all(isinstance(flag, bool) for flag in flags)
    return sum(flags) if known else None
