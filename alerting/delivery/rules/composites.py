"""Rules about composite alarms."""

from collections.abc import Iterator

from alerting.cloudwatch.composite import RuleError
from alerting.delivery.composites import cycles, rule_of, suppressor_ref
from alerting.delivery.paths import Paths
from alerting.delivery.rules.rule import Found, Level, listed, rule
from alerting.delivery.troubles import troubles

_WAITS = ("ActionsSuppressorWaitPeriod", "ActionsSuppressorExtensionPeriod")


@rule(
    "composite-child-missing",
    Level.ERROR,
    why="The child was renamed or removed, or is in another Region or account.",
    consequence="CloudWatch refuses the composite: “Could not save the composite alarm as alarms "
    "... in the alarm rule do not exist”.",
    fix="Build the rule from the names of alarms that are declared beside it.",
    source="CloudWatch user guide, Create a composite alarm",
)
def composite_child_missing(paths: Paths) -> Iterator[Found]:
    """A composite alarm over an alarm that is not there."""
    for trouble in troubles(paths).get("composite-child-missing", ()):
        yield Found(trouble.about, f"{trouble.label}: {trouble.why}.")


@rule(
    "composite-cycle",
    Level.ERROR,
    why="Composites may be children of composites.",
    consequence="CloudWatch stops evaluating all of them, and none can be deleted until the rule "
    "of one is set to FALSE.",
    fix="Take one of them out of the other's rule.",
    source="CloudWatch API reference, PutCompositeAlarm (cycles)",
)
def composite_cycle(paths: Paths) -> Iterator[Found]:
    """Composite alarms whose rules lead back to themselves."""
    for cycle in cycles(paths.account):
        names = [alarm.label for alarm in (*cycle, cycle[0])]
        shown = names if len(names) <= 8 else [*names[:4], f"({len(names) - 6} more)", *names[-2:]]
        yield Found(cycle[0], f"{names[0]} hangs on itself: {' -> '.join(shown)}.")


@rule(
    "composite-refused",
    Level.ERROR,
    why="The rule is a small language of its own, which nothing checks before AWS.",
    consequence="CloudWatch refuses the alarm.",
    fix="Quote every name, close every parenthesis; at most 100 children and 10,240 characters; "
    "a suppressor needs both of its periods.",
    source="CloudWatch API reference, PutCompositeAlarm (AlarmRule, ActionsSuppressor)",
)
def composite_refused(paths: Paths) -> Iterator[Found]:
    """A composite alarm with a rule or a suppressor CloudWatch does not take."""
    for alarm in paths.account.alarms:
        try:
            rule_of(alarm)
        except RuleError as error:
            yield Found(alarm, f"The rule of {alarm.label} {error}.")
        absent = [key for key in _WAITS if alarm.get(key) is None]
        if suppressor_ref(alarm) is not None and absent:
            yield Found(alarm, f"{alarm.label} has a suppressor and no {listed(absent)}.")


@rule(
    "suppressor-missing",
    Level.ERROR,
    why="The suppressor was renamed or removed, or is in another Region or account.",
    consequence="CloudWatch refuses the composite, or nothing suppresses its actions.",
    fix="Name an alarm that is declared beside it.",
    source="CloudWatch API reference, PutCompositeAlarm (ActionsSuppressor)",
)
def suppressor_missing(paths: Paths) -> Iterator[Found]:
    """A composite alarm whose suppressor is not there."""
    for trouble in troubles(paths).get("suppressor-missing", ()):
        yield Found(trouble.about, f"{trouble.label}: {trouble.why}.")


RULES = (composite_child_missing, composite_cycle, composite_refused, suppressor_missing)
