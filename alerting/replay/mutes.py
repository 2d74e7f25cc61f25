"""The mute windows of the alarms of an account.

CloudWatch user guide, "Alarm Mute Rules": a rule names alarms; while its window is open the actions
of all their states are held back, and the alarms are evaluated as ever.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from alerting.account.model import Account, Item, Kind
from alerting.cloudwatch.mute_schedule import MuteSchedule, MuteScheduleError


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """One stretch of time in which a rule mutes; windows of one rule that touch are one."""

    rule: Item
    opens: int
    """Epoch seconds."""
    closes: int


def mute_windows(account: Account, start: int, end: int) -> Mapping[int, list[Window]]:
    """The windows of alarms that are open at some time from `start` to `end`, included.

    By the `id` of the alarm; rules that cannot be read mute nothing.
    """
    found: dict[int, list[Window]] = {}
    for rule in account.of(Kind.MUTE_RULE):
        try:
            schedule = MuteSchedule.of(rule.data)
        except MuteScheduleError:
            continue
        windows = [Window(rule, *times) for times in schedule.windows(start, end)]
        for alarm in _targets(account, rule):
            found.setdefault(id(alarm), []).extend(windows)
    return found


def unread_mute_rules(account: Account) -> Iterator[str]:
    """The rules whose windows cannot be told, and why."""
    for rule in account.of(Kind.MUTE_RULE):
        try:
            MuteSchedule.of(rule.data)
        except MuteScheduleError as error:
            yield f"the mute rule {rule.label}: {error}"


def _targets(account: Account, rule: Item) -> Iterator[Item]:
    targets = rule.get("MuteTargets")
    names = targets.get("AlarmNames") if isinstance(targets, Mapping) else None
    for name in names if isinstance(names, list | tuple) else ():
        yield from account.find(Kind.ALARM, name)
