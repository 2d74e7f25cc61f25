"""Mute rules: the windows of a stack, and band alarms that are still learning."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pulumi
from pulumi_aws import cloudwatch

from alerting.cloudwatch.composite import children
from alerting.cloudwatch.mute_schedule import (
    LONGEST,
    SHORTEST,
    Cron,
    MuteScheduleError,
    parse_expression,
)
from alerting.cloudwatch.wall_clock import (
    date_problems,
    moment_of,
    range_problems,
    zone_of,
    zone_problems,
)
from alerting.components.alarm_args import AlarmArgs, AlarmsArgs
from alerting.components.alarm_family import MadeAlarm
from alerting.components.window_args import WindowArgs
from alerting.problems import Problem, must, nearest
from alerting.spans import iso_span, parse_span

MAX_ALARMS = 100
"""Names in a mute rule (CloudWatch API reference, MuteTargets)."""
MAX_NAME = 255
"""Characters of its name (CloudWatch API reference, PutAlarmMuteRule)."""
LEARNING = {"expression": "cron(0 * * * *)", "duration": "PT2H", "timezone": "UTC"}
"""Mutes without a gap: it opens every hour for two, so that one window is open when another ends.
The first opens at the latest an hour after the rule was made; a new band takes up to three
(CloudWatch user guide, "Using CloudWatch anomaly detection")."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}")
_CRON_FIELD = re.compile(r"[A-Za-z0-9*,-]+", re.ASCII)
_ONCE, _AGAIN = ("from_", "to"), ("cron", "lasts")


def make_mute_rules(
    parent: pulumi.Resource,
    name: str,
    args: AlarmsArgs,
    alarms: Mapping[str, AlarmArgs],
    made: Mapping[str, MadeAlarm],
    told: Mapping[str, Mapping[str, pulumi.Resource]],
) -> None:
    """Declare the rules of windows and of learning.

    Args:
        parent: the component they belong to.
        name: its name.
        args: its args.
        alarms: its alarms, written out and sound.
        made: what is made of them.
        told: by the key of an alarm, all that tells somebody because of it: names in AWS, and what
            is declared of it.
    """
    learning = learning_until(args, alarms)
    rules: dict[str, tuple[dict[str, Any], Iterable[str]]] = {}
    for key, window in args.get("windows", {}).items():
        inputs = {"description": _description(window), "rule": {"schedule": schedule_of(window)}}
        rules[f"window-{key}"] = inputs, window.get("alarms", told)
    for date in sorted(set(learning.values())):
        inputs = {
            "description": f"Bands that are being learned until {date}",
            "rule": {"schedule": LEARNING},
            "expire_date": f"{date}T00:00:00Z",
        }
        young = [key for key in learning if learning[key] == date]
        rules[f"learning-{date}"] = inputs, [*young, *combining(young, made)]
    for rule, (inputs, keys) in rules.items():
        targets = {each: made for key in keys for each, made in told[key].items()}
        for part, names in split(sorted(targets)).items():
            cloudwatch.AlarmMuteRule(
                f"{name}-{rule}{part}",
                name=f"{args.get('prefix', '')}{rule}{part}",
                mute_targets={"alarm_names": names},
                tags=args.get("tags") or None,
                **inputs,
                # CloudWatch takes the names of alarms that exist.
                opts=pulumi.ResourceOptions(parent=parent, depends_on=[targets[n] for n in names]),
            )


def schedule_of(window: WindowArgs) -> dict[str, str]:
    """The schedule of a sound window, in pulumi-aws's words."""
    zone = window.get("timezone", "")
    if "cron" in window and "lasts" in window:
        length = parse_span(window["lasts"])
        expression = f"cron({' '.join(window['cron'].split())})"
    else:
        start = window.get("from_", "")
        length = round(_length(window) or 0)
        expression = f"at({start if 'T' in start else f'{start}T00:00'})"
    return {"expression": expression, "duration": iso_span(length), "timezone": zone}


def split(names: Sequence[str]) -> dict[str, list[str]]:
    """Names shared out among as few rules as hold them, by the end of each rule's name.

    Each goes where the bits of its digest lead, so that one more alarm never moves another from
    rule to rule: for a moment it would be in neither, and tell. No window has a dot in its name,
    so that no part is called as the rule of another one.
    """
    if len(names) <= MAX_ALARMS:
        return {"": list(names)} if names else {}
    return dict(sorted(_halves(".", names, 0)))


def _halves(path: str, names: Sequence[str], depth: int) -> Iterator[tuple[str, list[str]]]:
    for bit in "01":
        half = [name for name in names if _digest(name)[depth] == bit]
        if len(half) > MAX_ALARMS:
            yield from _halves(f"{path}{bit}", half, depth + 1)
        elif half:
            yield f"{path}{bit}", half


def _digest(name: str) -> str:
    """In bits."""
    return f"{int.from_bytes(hashlib.sha256(name.encode()).digest()):0256b}"


def window_problems(args: AlarmsArgs) -> Iterator[Problem]:
    """What is wrong with the windows of a component, and with its date for learning."""
    known = list(args.get("alarms", {}))
    for name, window in args.get("windows", {}).items():
        found = [*_name_problems(name, args.get("prefix", "")), *_schedule_problems(window)]
        found += _alarm_problems(window.get("alarms"), known)
        for problem in found:
            yield problem.under("windows", name)
    if "learn_until" in args:
        yield from date_problems("learn_until", args["learn_until"])


def _name_problems(name: str, prefix: str) -> Iterator[Problem]:
    if not _NAME.fullmatch(name):
        yield Problem((), "must be named by 1 to 63 letters, digits, hyphens and underscores")
    elif len(f"{prefix}window-{name}.") + 8 > MAX_NAME:
        yield must("", f"named by fewer characters ({MAX_NAME} with {prefix!r} before it)", name)


def _schedule_problems(window: WindowArgs) -> Iterator[Problem]:
    if "timezone" in window:
        yield from zone_problems("timezone", window["timezone"])
    else:
        yield Problem(("timezone",), "is required: an IANA time zone such as Europe/Berlin, or UTC")
    once, again = ([key for key in keys if key in window] for keys in (_ONCE, _AGAIN))
    if bool(once) == bool(again):
        said = "both" if once else "neither"
        yield Problem((), f"needs either from_ and to, or cron and lasts, got {said}")
        return
    missing = [key for key in (_ONCE if once else _AGAIN) if key not in window]
    yield from (Problem((key,), "is required") for key in missing)
    if not missing:
        yield from _once_problems(window) if once else _again_problems(window)


def _once_problems(window: WindowArgs) -> Iterator[Problem]:
    zone = zone_of(window.get("timezone"))
    found = list(range_problems(window, zone))
    yield from found
    length = _length(window)
    if not found and length is not None and length > LONGEST:
        yield must(
            "to", f"at most {LONGEST // 86_400} days after {window.get('from_')}", window.get("to")
        )


def _length(window: WindowArgs) -> float | None:
    """Seconds between the two moments of a window that is there once."""
    zone = zone_of(window.get("timezone"))
    if zone is None:
        return None
    opens, closes = (moment_of(window.get(key), zone) for key in _ONCE)
    return (closes - opens).total_seconds() if opens and closes else None


def _again_problems(window: WindowArgs) -> Iterator[Problem]:
    cron, lasts = window.get("cron"), window.get("lasts")
    fields = cron.split() if isinstance(cron, str) else []
    if len(fields) != 5:
        form = "five fields: minute, hour, day of the month, month, day of the week"
        yield must("cron", f'{form}, such as "0 2 * * SUN"', cron)
    elif odd := [field for field in fields if not _CRON_FIELD.fullmatch(field)]:
        yield must("cron", "made of numbers, names of months and days, and * , -", odd[0])
    elif "*" not in (fields[2], fields[4]):
        both = "a day of the month or a day of the week, with * for the other"
        yield must("cron", f"{both}: CloudWatch does not say what both mean", cron)
    else:
        yield from _cron_problems(str(cron))
    try:
        length = parse_span(lasts) if isinstance(lasts, str) else None
    except ValueError as error:
        yield Problem(("lasts",), f"is not understood: {error}")
        return
    if length is None or length % 60 or not SHORTEST <= length <= LONGEST:
        yield must("lasts", f"whole minutes, from 1m to {LONGEST // 86_400}d", lasts)


def _cron_problems(cron: str) -> Iterator[Problem]:
    try:
        opens = parse_expression(f"cron({cron})")
    except MuteScheduleError as error:
        yield Problem(("cron",), f"is not understood: {error}")
        return
    if isinstance(opens, Cron) and not opens.falls_on_some_day:
        yield must("cron", "a day that some year has", cron)


def _alarm_problems(named: object, known: Sequence[str]) -> Iterator[Problem]:
    if named is None:
        return
    if not isinstance(named, Sequence) or isinstance(named, str) or not named:
        yield must("alarms", "a list of at least one alarm", named)
        return
    for at, key in enumerate(named):
        if key not in known:
            near = nearest(str(key), known)
            hint = f"; did you mean {near!r}?" if near else ""
            yield Problem(("alarms", str(at)), f"there is no alarm {key!r}{hint}")


def learning_until(args: AlarmsArgs, alarms: Mapping[str, AlarmArgs]) -> dict[str, str]:
    """The dates until which alarms on a band tell nobody, by key: their own, else the stack's."""
    found = {
        key: alarm.get("learn_until", args.get("learn_until"))
        for key, alarm in alarms.items()
        if "band" in alarm
    }
    return {key: date for key, date in found.items() if date is not None}


def combining(keys: Iterable[str], made: Mapping[str, MadeAlarm]) -> list[str]:
    """The keys of the alarms whose rule names one of these, or one that does so itself.

    What is made of one alarm names its own members, and counts as that alarm.
    """
    found = set(keys)
    given = frozenset(found)
    while more := {
        key
        for key, one in made.items()
        if key == one.origin
        and key not in found
        and one.rule is not None
        and any(made[ref].origin in found for ref in children(one.rule) if ref in made)
    }:
        found |= more
    return sorted(found - given)


def learning_problems(alarm: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with the date until which an alarm learns."""
    if "learn_until" not in alarm:
        return
    yield from date_problems("learn_until", alarm["learn_until"])
    if "band" not in alarm:
        yield Problem(("learn_until",), "is for alarms on a band: a threshold has nothing to learn")


def _description(window: WindowArgs) -> str:
    """What AWS's console says of the rule."""
    zone = window.get("timezone", "")
    if "cron" in window:
        return f"Muted for {window.get('lasts')} at {window['cron']} ({zone})"
    return f"Muted from {window.get('from_')} to {window.get('to')} ({zone})"
