"""An alarm as it is declared, written out: as a metric or math with a limit."""

from alerting.components import log_alarm, preset_alarm
from alerting.components.alarm_args import AlarmArgs, AlarmsArgs
from alerting.problems import Problem

COMBINING = ("all", "any", "not_", "rule")
"""The keys of an alarm on other alarms."""
SOURCES = ("metric", "math", "preset", *log_alarm.KINDS)
"""The keys that say what an alarm watches; it has one."""


def physical_name(key: str, alarm: AlarmArgs, args: AlarmsArgs) -> str:
    """The name CloudWatch knows the alarm by."""
    return alarm.get("name", f"{args.get('prefix', '')}{key}")


def written_out(key: str, alarm: AlarmArgs, args: AlarmsArgs) -> tuple[AlarmArgs, list[Problem]]:
    """The alarm with what its preset or its logs come to, and what is wrong with what it asks.

    What the alarm says itself wins. An alarm without either is returned as it is.

    Args:
        key: its key.
        alarm: what is declared.
        args: those it is declared in, for its name and Region.
    """
    given = [source for source in SOURCES if source in alarm]
    of_logs = [kind for kind in log_alarm.KINDS if kind in alarm]
    if not of_logs or any(part in alarm for part in COMBINING):
        return preset_alarm.written_out(alarm, args.get("region", ""))
    if len(given) > 1:
        every = f"{', '.join(SOURCES[:-1])} and {SOURCES[-1]}"
        return alarm, [Problem((), f"needs exactly one of {every}, got {' and '.join(given)}")]
    return log_alarm.written_out(alarm, physical_name(key, alarm, args))


def as_asked(problem: Problem, alarm: AlarmArgs) -> Problem:
    """A problem of an alarm that was written out, at the key that it has as it was declared."""
    if any(kind in alarm for kind in log_alarm.KINDS):
        return log_alarm.as_asked(problem, alarm)
    return preset_alarm.as_asked(problem, alarm)
