"""An alarm that names a preset, written out."""

from typing import Any, cast

from alerting.components.alarm_args import AlarmArgs
from alerting.components.fleet_problems import names_problems
from alerting.problems import Problem, must

_PRESET_KEYS = ("dimensions", "of", "gate", "statistic", "period")
"""What an alarm says to its preset, and without one to nobody."""
_ASKED = ("preset", "fleet", *_PRESET_KEYS)
"""All that it says to its preset."""


def written_out(alarm: AlarmArgs, region: str) -> tuple[AlarmArgs, list[Problem]]:
    """The alarm with what its preset says, and what is wrong with what was asked of the preset.

    What the alarm says itself wins. An alarm without a preset is returned as it is.
    """
    if "preset" not in alarm:
        return alarm, stray_problems(alarm)
    own: dict[str, Any] = {key: value for key, value in alarm.items() if key not in _ASKED}
    if "metric" in own or "math" in own:
        return alarm, [Problem((), "needs exactly one of preset, metric and math")]
    problems = _plain_problems(alarm)
    if problems:
        return alarm, problems
    # Reading the catalogue takes some milliseconds, which a stack without presets need not pay.
    from alerting.catalog import UnknownPresetError, declared, find

    try:
        preset = find(alarm["preset"])
    except UnknownPresetError as error:
        return alarm, [Problem(("preset",), str(error))]
    if preset.region not in (None, region):
        problems.append(
            Problem(
                ("preset",),
                f"{preset.name} has its metrics in {preset.region} only, and this is {region}: "
                f"make a stack of its own there",
            )
        )
    made, found = declared(
        preset,
        alarm.get("dimensions", {}),
        of=alarm.get("of"),
        gate=alarm.get("gate"),
        threshold=cast("dict[str, float] | None", alarm.get("threshold")),
        band=cast("dict[str, Any] | None", alarm.get("band")),
        statistic=alarm.get("statistic"),
        period=alarm.get("period"),
        fleet=alarm.get("fleet"),
    )
    kept = {key: value for key, value in own.items() if key not in ("threshold", "band")}
    return cast("AlarmArgs", {**made, **kept}), [*problems, *found]


def stray_problems(alarm: AlarmArgs) -> list[Problem]:
    """What an alarm without a preset says to one."""
    lost = [key for key in _PRESET_KEYS if key in alarm]
    return [Problem((key,), "belongs to a preset; there is none") for key in lost]


def as_asked(problem: Problem, alarm: AlarmArgs) -> Problem:
    """A problem of an alarm that was written out, at the key that an alarm with a preset has."""
    if "preset" not in alarm:
        return problem
    match problem.path:
        case ("metric", *rest) | ("math", "using", _, *rest) | ("math", *rest):
            return Problem(tuple(rest), problem.message)
        case _:
            return problem


def _plain_problems(alarm: AlarmArgs) -> list[Problem]:
    """Figures that are no figures; the shape of the rest is checked with that of the alarms."""
    problems: list[Problem] = []
    if not isinstance(alarm.get("preset"), str):
        problems.append(must("preset", "the name of a preset", alarm.get("preset")))
    for key in ("of", "gate"):
        value: object = alarm.get(key, 1)
        if isinstance(value, bool) or not isinstance(value, int | float):
            problems.append(must(key, "a number", value))
    if alarm.get("fleet"):
        problems += names_problems(alarm.get("fleet"))
    return problems
