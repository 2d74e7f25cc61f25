"""The alarms to begin with, for one resource."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from alerting.catalog.catalogue import UnknownPresetError, find, service
from alerting.catalog.preset import DimensionSet, Preset, Service
from alerting.problems import Problem


def watch_set(
    kind: str,
    *,
    id: Any = None,
    dimensions: Mapping[str, Any] | None = None,
    off: Sequence[str] = (),
    alarms: Mapping[str, Mapping[str, Any]] | None = None,
    severities: Mapping[str, str] | None = None,
) -> tuple[dict[str, dict[str, Any]], list[Problem]]:
    """Alarms that name presets, by the preset's key, and what is wrong with what was asked.

    Those are the service's recommended ones that go with the dimensions, and those named in
    `alarms`. Each has the largest of its sets of dimensions that was given.

    Args:
        kind: The service, such as `rds`.
        id: Value of the service's one dimension, where it has one.
        dimensions: Instead of `id`: values by name.
        off: Keys of recommended presets to leave out.
        alarms: What alarms say otherwise, by key; a key that is not recommended adds its preset.
        severities: By weight, `high` and `low`. Default: an alarm's own, else the default one.
    """
    own = alarms or {}
    try:
        chosen = service(kind)
    except UnknownPresetError as error:
        return {}, [Problem(("kind",), str(error))]
    given, problems = _given(chosen, id, dimensions)
    problems += _key_problems(kind, off, own)
    if problems:
        return {}, problems
    made: dict[str, dict[str, Any]] = {}
    for key, preset in chosen.presets.items():
        if key in off or not (preset.recommended or key in own):
            continue
        fitting = _fitting(preset, given)
        if fitting is None and key not in own:
            continue  # it is about another part of the service: a target group, a stage
        values = given if fitting is None else {name: given[name] for name in fitting.asked}
        severity = (severities or {}).get(preset.weight)
        said = {"severity": severity} if severity is not None else {}
        made[key] = {"preset": preset.name, "dimensions": values, **said, **own.get(key, {})}
    if not made:
        problems.append(Problem((), f"no alarm to begin with goes with {', '.join(given) or kind}"))
    return made, problems


def _given(
    chosen: Service, id: Any, dimensions: Mapping[str, Any] | None
) -> tuple[Mapping[str, Any], list[Problem]]:
    if id is not None and dimensions is not None:
        return {}, [Problem((), "needs one of id and dimensions, not both")]
    if id is not None:
        first = next(preset for preset in chosen.presets.values() if preset.recommended)
        asked = first.dimensions[0].asked
        if len(asked) != 1:
            wanted = ", ".join(asked) or "none"
            return {}, [Problem(("id",), f"give dimensions instead: {chosen.name} has {wanted}")]
        return {asked[0]: id}, []
    given = dimensions or {}
    return given, list(_name_problems(chosen, given))


def _name_problems(chosen: Service, given: Mapping[str, Any]) -> Iterator[Problem]:
    known = sorted({n for p in chosen.presets.values() for one in p.dimensions for n in one.asked})
    for name in given:
        if name not in known:
            near = [one for one in known if one.lower() == name.lower()]
            near = near or difflib.get_close_matches(name, known, n=1, cutoff=0.6)
            hint = f"did you mean {near[0]!r}? " if near else ""
            told = f"is no dimension of {chosen.name}; {hint}there are {', '.join(known)}"
            yield Problem(("dimensions", name), told)
    recommended = [preset for preset in chosen.presets.values() if preset.recommended]
    unasked = all(one.asked for preset in recommended for one in preset.dimensions)
    if recommended and unasked and not given:
        yield Problem(("dimensions",), f"say which: id, or dimensions among {', '.join(known)}")


def _key_problems(
    kind: str, off: Sequence[str], own: Mapping[str, Mapping[str, Any]]
) -> Iterator[Problem]:
    for where, keys in (("off", off), ("alarms", own)):
        for key in keys:
            try:
                find(f"{kind}.{key}")
            except UnknownPresetError as error:
                yield Problem((where, key), str(error))
    for key in own:
        if key in off:
            yield Problem(("alarms", key), "is switched off too")
        for taken in ("preset", "metric", "math"):
            if taken in own[key]:
                yield Problem(("alarms", key, taken), "belongs to an alarm of its own")


def _fitting(preset: Preset, given: Mapping[str, Any]) -> DimensionSet | None:
    sets = [one for one in preset.dimensions if set(one.asked) <= given.keys()]
    return max(sets, key=lambda one: len(one.asked), default=None)
