"""The alarms that are made of what is declared: an alarm, or a family of them.

A traffic guard, a second limit and an actions suppressor each need a composite alarm: CloudWatch
compares a metric with its band and with nothing else, and suppressors are composites' alone
(CloudWatch API reference, PutMetricAlarm and PutCompositeAlarm). So an alarm `X` that asks for one
becomes a composite `X`, called `X-alert` in AWS, over alarms that tell nobody:

| key | what it is |
|---|---|
| `X-band` or `X-threshold` | the metric against the limit; tells nobody |
| `X-volume` | the traffic; tells nobody |
| `X-escalated` | the second limit, told to its own severity; it suppresses `X` |
| `X-escalated-band` or `-threshold` | the metric against it, where that is a composite too |
| `X-quiet` | where `X` has two suppressors: one for both; tells nobody |
| `X` | the composite of `X-band` and `X-volume` |
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

from alerting.cloudwatch.composite import (
    And,
    Is,
    Not,
    Or,
    Rule,
    RuleError,
    children,
    parse_rule,
)
from alerting.cloudwatch.state import State
from alerting.components.alarm_args import (
    AlarmArgs,
    AlarmsArgs,
    EscalateArgs,
    QuietWhileArgs,
)
from alerting.components.alarm_members import (
    guard_alarm,
    later,
    limit_of,
    second_limit,
    watched,
)
from alerting.components.declared_alarm import COMBINING, physical_name, written_out
from alerting.sns.arn import parse_arn
from alerting.spans import parse_span

FAMILY = ("only_when", "escalate", "quiet_while")
"""The keys that make a family of an alarm on a metric."""
DEFAULT_WAIT = "1m"
"""Of a suppressor, before and after (CloudWatch user guide, "Composite alarm action suppression").
"""

_COMPOSED = "-alert"
"""Ends the physical name of a composite that tells. CloudWatch tells alarms apart by name alone,
metric alarms and composites alike: an alarm that becomes a family, or is one no more, would else be
overwritten by the new one or deleted with the old one."""


class AlarmKind(StrEnum):
    """What a made alarm looks at."""

    METRIC = "metric"
    """A metric, or math over metrics."""
    COMPOSITE = "composite"
    """Other alarms."""


@dataclass(frozen=True, slots=True)
class Suppressor:
    """The alarm that holds back a composite alarm's actions."""

    alarm: str
    """Key or ARN."""
    wait: int
    """Seconds."""
    extension: int
    """Seconds."""


@dataclass(frozen=True, slots=True)
class MadeAlarm:
    """One alarm in AWS."""

    key: str
    """Names the resource, and is the alarm's key in `Alarms.alarm_ids`."""
    origin: str
    """Key in `AlarmsArgs.alarms` of what it is made of."""
    name: str
    """The physical name, which CloudWatch knows it by."""
    severity: str | None
    """Whose topic it tells; None where it tells nobody."""
    alarm: AlarmArgs
    """What is watched, written out, and what is said of it; of a composite the latter alone."""
    rule: Rule | None = None
    """Of a composite, over keys and ARNs."""
    suppressor: Suppressor | None = None

    @property
    def kind(self) -> AlarmKind:
        """What it looks at."""
        return AlarmKind.METRIC if self.rule is None else AlarmKind.COMPOSITE

    @property
    def tells(self) -> bool:
        """Whether it tells anybody of its states."""
        return self.severity is not None

    @property
    def hangs_on(self) -> tuple[str, ...]:
        """Keys and ARNs of the alarms that have to be there before it."""
        suppressor = () if self.suppressor is None else (self.suppressor.alarm,)
        return (*(() if self.rule is None else children(self.rule)), *suppressor)


def made_alarms(args: AlarmsArgs) -> dict[str, MadeAlarm]:
    """Every alarm that `Alarms` makes of its args, by key; nothing of Pulumi's is needed for it.

    Args that are not sound are expanded as far as they go; what is wrong with them is said by
    `alerting.components.alarms.alarms_problems`.
    """
    declared = args.get("alarms", {}).items()
    return all_made({key: written_out(key, alarm, args)[0] for key, alarm in declared}, args)


def all_made(alarms: Mapping[str, AlarmArgs], args: AlarmsArgs) -> dict[str, MadeAlarm]:
    """The same of alarms that are written out already."""
    made: dict[str, MadeAlarm] = {}
    for key, alarm in alarms.items():
        for one in family_of(key, alarm, args):
            made.setdefault(one.key, one)
    return made


def family_of(key: str, alarm: AlarmArgs, args: AlarmsArgs) -> Iterator[MadeAlarm]:
    """The alarms that are made of one, which is written out.

    Args:
        key: its key.
        alarm: what is declared, without a preset.
        args: those it is declared in, for severities and names.
    """
    severity = None
    if alarm.get("tell", True):
        severity = alarm.get("severity") or args.get("default_severity")
        severity = severity or next(iter(args.get("topics", {})), None)
    name = physical_name(key, alarm, args)
    if any(part in alarm for part in COMBINING):
        suppressor = _suppressor(alarm.get("quiet_while"))
        yield MadeAlarm(key, key, name, severity, alarm, combined(alarm), suppressor)
    elif any(part in alarm for part in FAMILY):
        yield from _Family(key, name, severity, alarm).members()
    else:
        yield MadeAlarm(key, key, name, severity, alarm)


def combined(alarm: AlarmArgs) -> Rule:
    """The rule of an alarm on others; without any alarm where it says nothing sound."""
    if "rule" in alarm:
        try:
            return parse_rule(str(alarm["rule"]))
        except RuleError:
            return And(())
    one_of = tuple(map(_on, _keys(alarm.get("any"))))
    parts: list[Rule] = [*map(_on, _keys(alarm.get("all")))]
    parts += [Or(one_of)] if len(one_of) > 1 else one_of
    parts += [Not(_on(ref)) for ref in _keys(alarm.get("not_"))]
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def is_band(one: MadeAlarm) -> bool:
    """Whether an alarm compares its metric with a band."""
    return one.kind is AlarmKind.METRIC and "band" in one.alarm


def is_over_fleet(one: MadeAlarm) -> bool:
    """Whether an alarm looks at all members of a fleet."""
    return one.kind is AlarmKind.METRIC and "fleet" in one.alarm


def is_arn(ref: str) -> bool:
    """Whether an alarm is named by its ARN rather than by a key."""
    return parse_arn(ref) is not None


def seconds(span: object) -> int:
    """A suppressor's period; the default where it is not sound."""
    try:
        return parse_span(str(span))
    except ValueError:
        return parse_span(DEFAULT_WAIT)


def _on(ref: str) -> Is:
    return Is(State.ALARM, ref)


def _keys(given: object) -> list[str]:
    return [str(ref) for ref in given] if isinstance(given, list | tuple) else []


def _suppressor(quiet: QuietWhileArgs | None) -> Suppressor | None:
    if not quiet or "alarm" not in quiet:
        return None
    wait, extension = (quiet.get(key, DEFAULT_WAIT) for key in ("wait", "extension"))
    return Suppressor(quiet["alarm"], seconds(wait), seconds(extension))


_SAID = ("description", "runbook", "tell_ok")
"""What an alarm says of itself that goes for its second limit too."""


class _Family:
    """What is made of one alarm on a metric."""

    def __init__(self, key: str, name: str, severity: str | None, alarm: AlarmArgs) -> None:
        self._key, self._name, self._severity, self._alarm = key, name, severity, alarm
        self._quiet = _suppressor(alarm.get("quiet_while"))
        self._guard = alarm.get("only_when")

    def members(self) -> Iterator[MadeAlarm]:
        alarm, suppressor = self._alarm, self._quiet
        limit = self._member(limit_of(alarm), watched(alarm))
        yield limit
        if self._guard:
            yield self._member("volume", guard_alarm(self._guard, alarm))
        if "escalate" in alarm:
            yield from self._escalated(alarm["escalate"])
            suppressor = self._held_by(alarm["escalate"])
            if self._quiet:
                either = Or((_on(self._quiet.alarm), _on(f"{self._key}-escalated")))
                yield self._member("quiet", AlarmArgs(), rule=either)
        yield MadeAlarm(
            self._key,
            self._key,
            f"{self._name}{_COMPOSED}",
            self._severity,
            alarm,
            self._guarded(limit.key),
            suppressor,
        )

    def _escalated(self, escalate: EscalateArgs) -> Iterator[MadeAlarm]:
        """Told by the metric alarm itself, unless guard or suppressor need a composite for it."""
        alarm, severity = second_limit(escalate, self._alarm), escalate.get("severity")
        said = cast("AlarmArgs", {k: v for k, v in self._alarm.items() if k in _SAID})
        if not self._guard and not self._quiet:
            yield self._member("escalated", {**alarm, **said}, severity=severity)
            return
        limit = self._member(f"escalated-{limit_of(alarm)}", alarm)
        yield limit
        yield self._member(
            "escalated",
            {**alarm, **said},
            severity=severity,
            rule=self._guarded(limit.key),
            suppressor=self._quiet,
        )

    def _held_by(self, escalate: EscalateArgs) -> Suppressor:
        """A composite has one suppressor, so that two need an alarm that stands for both."""
        alarm = self._alarm
        wait = seconds(escalate["wait"]) if "wait" in escalate else later(escalate, alarm)
        extension = seconds(escalate.get("extension", DEFAULT_WAIT))
        if self._quiet is None:
            return Suppressor(f"{self._key}-escalated", wait, extension)
        longest = max(wait, self._quiet.wait), max(extension, self._quiet.extension)
        return Suppressor(f"{self._key}-quiet", *longest)

    def _guarded(self, key: str) -> Rule:
        return And((_on(key), _on(f"{self._key}-volume"))) if self._guard else _on(key)

    def _member(
        self,
        suffix: str,
        alarm: AlarmArgs,
        *,
        severity: str | None = None,
        rule: Rule | None = None,
        suppressor: Suppressor | None = None,
    ) -> MadeAlarm:
        if "tags" in self._alarm:
            alarm = {**alarm, "tags": self._alarm["tags"]}
        key, name = f"{self._key}-{suffix}", f"{self._name}-{suffix}"
        name += _COMPOSED if rule is not None and severity is not None else ""
        return MadeAlarm(key, self._key, name, severity, alarm, rule, suppressor)
