"""A preset and a resource made into an alarm's declaration."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from alerting.catalog.fleet import fleet_set
from alerting.catalog.preset import DimensionSet, Limit, Preset
from alerting.problems import Problem, must, nearest

_THRESHOLD_KEYS = {"above": "above", "atLeast": "at_least", "below": "below", "atMost": "at_most"}
_BAND_SIDES = {"above": "above", "atLeast": "above", "below": "below", "atMost": "below"}


def declared(
    preset: Preset,
    dimensions: Mapping[str, Any],
    *,
    of: float | None = None,
    gate: int | None = None,
    threshold: Mapping[str, Any] | None = None,
    band: Mapping[str, Any] | None = None,
    statistic: str | None = None,
    period: int | None = None,
    fleet: Sequence[str] | None = None,
) -> tuple[dict[str, Any], list[Problem]]:
    """What `Alarms` takes, in its spelling, and what is wrong with what was asked.

    Args:
        preset: The preset.
        dimensions: Values by name; exactly those of one of the preset's sets.
        of: What the preset's figure is a share of, for presets that say so.
        gate: Instead of the preset's.
        threshold: A threshold of one's own instead of the preset's limit.
        band: A band instead of the preset's limit; its side is the preset's unless given.
        statistic: Instead of the preset's; of a plain metric.
        period: Instead of the preset's.
        fleet: One alarm over all resources, told apart by these dimensions, or if empty by all that
            have no value; `dimensions` are what they have in common.
    """
    if fleet is None:
        chosen, problems = _chosen(preset, dimensions)
    else:
        chosen, problems = _fleet_of(preset, dimensions, fleet)
    limit = _limit(preset, of=of, threshold=threshold, band=band)
    problems += limit[1]
    if statistic is not None and preset.expression is not None:
        problems.append(Problem(("statistic",), f"{preset.name} is math; it has several"))
    if gate is not None and preset.gate is None:
        problems.append(Problem(("gate",), f"{preset.name} has no gate"))
    elif gate is not None and gate < 1:
        problems.append(must("gate", "at least 1", gate))
    values = {**dimensions, **chosen.fixed} if chosen else {}
    seconds = preset.period if period is None else period
    using = {
        key: {
            "namespace": preset.namespace,
            "name": metric.name,
            "statistic": statistic or metric.statistic,
            "dimensions": values,
        }
        for key, metric in preset.metrics.items()
    }
    alarm: dict[str, Any] = {"datapoints": preset.datapoints, "missing": preset.missing}
    if preset.expression is None:
        alarm["metric"] = {**using["observed"], "period": seconds}
        if preset.is_percentile and statistic is None:
            alarm["low_samples"] = "ignore"
    else:
        expression = preset.expression.replace("{gate}", str(gate or preset.gate))
        alarm["math"] = {"expression": expression, "using": using, "period": seconds}
    if fleet is not None and chosen:
        alarm["fleet"] = [name for name in chosen.asked if name not in dimensions]
    return {**alarm, **limit[0]}, problems


def _fleet_of(
    preset: Preset, given: Mapping[str, Any], fleet: Sequence[str]
) -> tuple[DimensionSet | None, list[Problem]]:
    chosen = fleet_set(preset, given, fleet)
    if chosen is not None:
        return chosen, []
    sets = " or ".join(f"({one})" for one in preset.dimensions)
    with_these = f" with {', '.join(given)}" if given else ""
    over = f"no fleet over {', '.join(fleet)}" if fleet else "nothing to be over"
    text = f"has {over}{with_these}: {preset.name} is published with {sets}"
    return None, [Problem(("fleet",), text)]


def _chosen(preset: Preset, given: Mapping[str, Any]) -> tuple[DimensionSet | None, list[Problem]]:
    for one in preset.dimensions:
        if set(one.asked) == given.keys() - one.fixed.keys() and _agrees(one, given):
            return one, []
    return None, list(_dimension_problems(preset, given))


def _agrees(one: DimensionSet, given: Mapping[str, Any]) -> bool:
    return all(given.get(name, value) == value for name, value in one.fixed.items())


def _dimension_problems(preset: Preset, given: Mapping[str, Any]) -> Iterator[Problem]:
    names = {name for one in preset.dimensions for name in (*one.asked, *one.fixed)}
    spelt = {name.lower(): name for name in names}
    misspelt = False
    for name in given:
        if name in names:
            continue
        right = spelt.get(name.lower()) or nearest(name, names)
        if right is not None:
            misspelt = True
            yield Problem(
                ("dimensions", name), f"did you mean {right!r}? CloudWatch minds the case"
            )
    if not misspelt:
        sets = " or ".join(f"({one})" for one in preset.dimensions)
        got = ", ".join(given) or "none"
        yield Problem(
            ("dimensions",),
            f"must be {sets}, got {got}: {preset.name} is published with no other set",
        )


def _limit(
    preset: Preset,
    *,
    of: float | None,
    threshold: Mapping[str, Any] | None,
    band: Mapping[str, Any] | None,
) -> tuple[dict[str, Any], list[Problem]]:
    problems: list[Problem] = []
    if threshold is not None and band is not None:
        return {}, [Problem((), "needs one of threshold and band, not both")]
    if of is not None and (preset.of is None or threshold is not None or band is not None):
        problems.append(Problem(("of",), f"means nothing here: {preset.name} takes no share of it"))
    if threshold is not None:
        return {"threshold": threshold}, problems
    if band is not None or (preset.limits[0] is Limit.BAND):
        if Limit.BAND not in preset.limits:
            problems.append(
                Problem(("band",), f"{preset.name} cannot have one: {_lowered(preset.why)}")
            )
        side = _BAND_SIDES.get(preset.side, "outside")
        return {"band": {"side": side, **(band or {})}}, problems
    key = _THRESHOLD_KEYS[preset.side]
    if preset.figure is None:
        wanted = f"{{{key}: NUMBER}}"
        problems.append(Problem(("threshold",), f"give one, {wanted}: only you can know it"))
        return {}, problems
    if preset.of is None:
        return {"threshold": {key: preset.figure}}, problems
    if of is None:
        share = f"the threshold is {preset.figure:g} times that"
        problems.append(Problem(("of",), f"give {preset.of}; {share}"))
        return {}, problems
    if of <= 0:
        problems.append(must("of", f"above 0, {preset.of}", of))
    return {"threshold": {key: preset.figure * of}}, problems


def _lowered(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]
