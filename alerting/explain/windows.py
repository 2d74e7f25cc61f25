"""When alarms tell nobody, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from alerting.account import Account, Item, Kind
from alerting.cloudwatch.mute_schedule import Cron, MuteSchedule, MuteScheduleError
from alerting.delivery.composites import child_refs
from alerting.delivery.mutes import is_learning, names_in, schedule_of
from alerting.delivery.queries import is_band
from alerting.delivery.rules.rule import listed
from alerting.explain.explanation import Explanation
from alerting.explain.upkeep import declared
from alerting.spans import span


@dataclass(frozen=True, slots=True)
class Silence:
    """When some alarms tell nobody."""

    name: str
    kind: str
    """`once`, `recurring` or `learning`."""
    schedule: str
    """`at 0 2 * * SUN (UTC) for 1h30m`; of learning the date at which it ends, in UTC."""
    alarms: tuple[str, ...]
    what: str
    """All of it, in words."""


def windows(explanation: Explanation) -> list[tuple[str, str]]:
    """The windows and the learning of a stack: what each is called, and what it does."""
    return [(one.name, one.what) for one in silences(explanation)]


def silences(explanation: Explanation) -> list[Silence]:
    """The same in parts."""
    account, together = explanation.account, dict[tuple[str, str, str], list[Item]]()
    for one in account.of(Kind.MUTE_RULE):
        schedule = schedule_of(one)
        if isinstance(schedule, MuteScheduleError):
            continue  # there is a finding about it
        learning = is_learning(one)
        name = "learning" if learning else one.label
        recurs = isinstance(schedule.opens, Cron)
        kind = "learning" if learning else "recurring" if recurs else "once"
        key = kind, name, _until(schedule) if learning else _when(one, schedule)
        together.setdefault(key, []).extend(_alarms(account, names_in(one)))
    telling = {id(one.alarm) for one in declared(explanation) if one.alarm.get("AlarmActions")}
    found: list[Silence] = []
    for (kind, name, when), alarms in sorted(together.items(), key=_in_order):
        every = len(telling) > 1 and telling <= {id(alarm) for alarm in alarms}
        who = f"all {len(alarms)} alarms" if every else listed(alarm.label for alarm in alarms)
        who += " tells nobody" if len(alarms) == 1 else " tell nobody"
        said = f"{who} until {when} (UTC), while the band is learned"
        if kind != "learning":
            said = f"{when}: {who}{_taught(account, kind, alarms)}"
        found.append(Silence(name, kind, when, tuple(alarm.label for alarm in alarms), said))
    return found


def _in_order(one: tuple[tuple[str, str, str], list[Item]]) -> tuple[bool, str, str]:
    """Windows by name, and learning after them."""
    (kind, name, when), _ = one
    return kind == "learning", name, when


def _taught(account: Account, kind: str, alarms: list[Item]) -> str:
    """What bands make of a window: detectors take stretches of time, and no recurring ones."""
    refs = (ref for alarm in alarms for ref in child_refs(alarm))
    children = (child for ref in refs for child in account.find(Kind.ALARM, ref))
    if not any(map(is_band, (*alarms, *children))):
        return ""
    return "; no band learns from it" if kind == "once" else "; muted only, bands learn from it"


def _when(one: Item, schedule: MuteSchedule) -> str:
    expression = str(one.get("Rule")["Schedule"]["Expression"])
    zone, length = str(schedule.zone), span(schedule.length)
    if isinstance(schedule.opens, Cron):
        return f"at {expression.removeprefix('cron(').removesuffix(')')} ({zone}) for {length}"
    return f"once, {schedule.opens:%Y-%m-%d %H:%M} ({zone}) for {length}"


def _until(schedule: MuteSchedule) -> str:
    return f"{datetime.fromtimestamp(schedule.expires or 0, UTC):%Y-%m-%d}"


def _alarms(account: Account, names: Iterable[str]) -> list[Item]:
    return [alarm for name in names for alarm in account.find(Kind.ALARM, name)]
