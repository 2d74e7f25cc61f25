"""The alarms to begin with, for one resource or for each of those that were found."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from alerting.catalog.catalogue import UnknownPresetError, find, service
from alerting.catalog.fleet import fleet_set, unfit
from alerting.catalog.preset import DimensionSet, Preset, Service
from alerting.problems import Problem, nearest
from alerting.resource import Resource


def watch_set(
    kind: str,
    *,
    id: Any = None,
    dimensions: Mapping[str, Any] | None = None,
    off: Sequence[str] = (),
    alarms: Mapping[str, Mapping[str, Any]] | None = None,
    severities: Mapping[str, str] | None = None,
    fleet: Sequence[str] | None = None,
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
        fleet: Each alarm is over all resources there are, told apart by these dimensions, or if
            empty by all that have no value; `dimensions` are what they have in common.
    """
    own = alarms or {}
    try:
        chosen = service(kind)
    except UnknownPresetError as error:
        return {}, [Problem(("kind",), str(error))]
    given, problems = _given(chosen, id, dimensions, fleet)
    problems += _key_problems(kind, off, own)
    if problems:
        return {}, problems
    made: dict[str, dict[str, Any]] = {}
    unfitting: dict[str, str] = {}
    for key, preset in _asked_for(chosen, off, own):
        fitting = fleet_set(preset, given, fleet) if fleet is not None else _fitting(preset, given)
        if fitting is None and key not in own:
            continue  # it is about another part of the service: a target group, a stage
        if fleet is not None and (reason := unfit(preset, own.get(key, {}))):
            unfitting[key] = reason
        names = given if fitting is None else fitting.asked
        values = {name: given[name] for name in names if name in given}
        made[key] = {**_said(preset, severities), "dimensions": values, **own.get(key, {})}
        if fleet is not None:
            made[key].setdefault("fleet", fleet)
    if unfitting:
        return {}, [_unfit_problem(unfitting, off)]
    if not made:
        of = f"a fleet over {', '.join(fleet)}" if fleet else ""
        what = of or ", ".join(given) or kind
        problems.append(Problem((), f"no alarm to begin with goes with {what}"))
    return made, problems


def _unfit_problem(unfitting: Mapping[str, str], off: Sequence[str]) -> Problem:
    told = ", ".join(f"{key} ({reason})" for key, reason in unfitting.items())
    line = f"off: [{', '.join((*off, *unfitting))}]"
    text = f"cannot be had of {told}: it takes one metric, a plain statistic and a threshold"
    return Problem(("fleet",), f"{text}; say {line}")


def found_set(
    kind: str,
    resources: Sequence[Resource],
    *,
    off: Sequence[str] = (),
    alarms: Mapping[str, Mapping[str, Any]] | None = None,
    severities: Mapping[str, str] | None = None,
) -> tuple[dict[tuple[str, str], dict[str, Any]], list[Problem]]:
    """The same for each of several resources: by the resource's id and the preset's key.

    An alarm is made for the resources whose dimensions are exactly those of one of its preset's
    sets; for a part (a target group) only where its whole (the load balancer) has no such alarm.

    Args:
        kind: The service, such as `rds`.
        resources: What `Search.resources` returned, or its stand-ins.
        off: As for `watch_set`.
        alarms: As for `watch_set`; names and dimensions are those of one resource, and refused.
        severities: As for `watch_set`.
    """
    own = alarms or {}
    try:
        chosen = service(kind)
    except UnknownPresetError as error:
        return {}, [Problem(("kind",), str(error))]
    problems = list(_key_problems(kind, off, own))
    for key, said in own.items():
        for one in ("name", "formerly", "dimensions"):
            if one in said:
                text = "is that of one resource, and this set is of all that have the tags"
                problems.append(Problem(("alarms", key, one), text))
    if problems:
        return {}, problems
    asked = list(_asked_for(chosen, off, own))
    bases = {key: {**_said(preset, severities), **own.get(key, {})} for key, preset in asked}
    wholes = chosen.search.wholes
    fitting: dict[tuple[str, ...], list[str]] = {}
    made: dict[tuple[str, str], dict[str, Any]] = {}
    for resource in resources:
        names = tuple(sorted(resource.dimensions))
        if names not in fitting:
            fitting[names] = [key for key, preset in asked if _is_about(preset, names, wholes)]
        for key in fitting[names]:
            made[resource.id, key] = {**bases[key], "dimensions": resource.dimensions}
    return made, problems


def _is_about(preset: Preset, names: tuple[str, ...], wholes: Sequence[tuple[str, ...]]) -> bool:
    sets = [tuple(sorted(one.asked)) for one in preset.dimensions]
    of_a_whole = any(one in wholes for one in sets)
    return names in sets and (names in wholes or not of_a_whole)


def _asked_for(
    chosen: Service, off: Sequence[str], own: Mapping[str, Any]
) -> Iterator[tuple[str, Preset]]:
    """The recommended presets and those named, without those switched off, by key."""
    for key, preset in chosen.presets.items():
        if key not in off and (preset.recommended or key in own):
            yield key, preset


def _said(preset: Preset, severities: Mapping[str, str] | None) -> dict[str, Any]:
    """What an alarm of a set says before anything is said otherwise."""
    severity = (severities or {}).get(preset.weight)
    return {"preset": preset.name, **({} if severity is None else {"severity": severity})}


def _given(
    chosen: Service,
    id: Any,
    dimensions: Mapping[str, Any] | None,
    fleet: Sequence[str] | None,
) -> tuple[Mapping[str, Any], list[Problem]]:
    if id is not None and dimensions is not None:
        return {}, [Problem((), "needs one of id and dimensions, not both")]
    if id is not None and fleet is not None:
        return {}, [Problem(("id",), "is one resource, and a fleet is all there are")]
    if id is not None:
        first = next(preset for preset in chosen.presets.values() if preset.recommended)
        asked = first.dimensions[0].asked
        if len(asked) != 1:
            wanted = ", ".join(asked) or "none"
            return {}, [Problem(("id",), f"give dimensions instead: {chosen.name} has {wanted}")]
        return {asked[0]: id}, []
    given = dimensions or {}
    return given, list(_name_problems(chosen, given, fleet=fleet is not None))


def _name_problems(chosen: Service, given: Mapping[str, Any], *, fleet: bool) -> Iterator[Problem]:
    known = sorted({n for p in chosen.presets.values() for one in p.dimensions for n in one.asked})
    for name in given:
        if name not in known:
            spelt = (one for one in known if one.lower() == name.lower())
            near = next(spelt, None) or nearest(name, known)
            hint = f"did you mean {near!r}? " if near else ""
            told = f"is no dimension of {chosen.name}; {hint}there are {', '.join(known)}"
            yield Problem(("dimensions", name), told)
    recommended = [preset for preset in chosen.presets.values() if preset.recommended]
    unasked = all(one.asked for preset in recommended for one in preset.dimensions)
    if recommended and unasked and not given and not fleet:
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
        for taken in ("preset", "metric", "math", "logs", "log_anomalies"):
            if taken in own[key]:
                yield Problem(("alarms", key, taken), "belongs to an alarm of its own")


def _fitting(preset: Preset, given: Mapping[str, Any]) -> DimensionSet | None:
    sets = [one for one in preset.dimensions if set(one.asked) <= given.keys()]
    return max(sets, key=lambda one: len(one.asked), default=None)
