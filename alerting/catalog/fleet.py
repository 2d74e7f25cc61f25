"""Which presets can be over a fleet, and what tells its members apart."""

from collections.abc import Mapping, Sequence
from typing import Any

from alerting.catalog.preset import DimensionSet, Limit, Preset
from alerting.cloudwatch.insights import FUNCTIONS, MAX_RANGE
from alerting.cloudwatch.limits import parse_datapoints


def fleet_set(
    preset: Preset, given: Mapping[str, Any], fleet: Sequence[str]
) -> DimensionSet | None:
    """The smallest of a preset's sets that has more dimensions than are given; the first of equals.

    Args:
        preset: The preset.
        given: The dimensions that have a value.
        fleet: Names of those that have none; empty: all the others of a set.
    """
    fitting = [
        one
        for one in preset.dimensions
        if given.keys() < set(one.asked)
        and (not fleet or set(fleet) == set(one.asked) - given.keys())
    ]
    return min(fitting, key=lambda one: len(one.asked), default=None)


def unfit(preset: Preset, said: Mapping[str, Any]) -> str | None:
    """Why a preset cannot be over a fleet; None where it can.

    Args:
        preset: The preset.
        said: What the alarm says otherwise.
    """
    if preset.expression is not None:
        return "metric math"
    statistic = said.get("statistic", preset.metrics["observed"].statistic)
    if statistic not in FUNCTIONS:
        return str(statistic)
    if "band" in said or (preset.limits[0] is Limit.BAND and "threshold" not in said):
        return "a band"
    _, n = parse_datapoints(said.get("datapoints", preset.datapoints)) or (0, 0)
    period = said.get("period", preset.period)
    return "more than 3 hours" if isinstance(period, int) and n * period > MAX_RANGE else None
