"""Rules about composite alarms."""

from collections import Counter
from collections.abc import Iterator, Sequence

from alerting.account import Account, Item, Kind, Ref, Unknown
from alerting.cloudwatch.composite import RuleError
from alerting.cloudwatch.composite_text import MAX_PARENTS, size_problems
from alerting.delivery.composites import child_refs, cycles, rule_of, suppressor_ref
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
    "a suppressor needs both of its periods; at most 500 elements, and 150 composites a child.",
    source="CloudWatch API reference, PutCompositeAlarm (AlarmRule, ActionsSuppressor)",
)
def composite_refused(paths: Paths) -> Iterator[Found]:
    """A composite alarm with a rule or a suppressor CloudWatch does not take."""
    for alarm in paths.account.alarms:
        try:
            rule = rule_of(alarm)
        except RuleError as error:
            rule = None
            yield Found(alarm, f"The rule of {alarm.label} {error}.")
        if rule is not None and not isinstance(rule, Unknown):
            whys = size_problems(rule, str(alarm.get("AlarmRule")))
            yield from (Found(alarm, f"The rule of {alarm.label} {why}.") for why in whys)
        absent = [key for key in _WAITS if alarm.get(key) is None]
        if suppressor_ref(alarm) is not None and absent:
            yield Found(alarm, f"{alarm.label} has a suppressor and no {listed(absent)}.")
    for child, count in _parents(paths.account):
        if count > MAX_PARENTS:
            yield Found(child, f"{child.label} is a child of {count} composites.")


def _parents(account: Account) -> Iterator[tuple[Item, int]]:
    """In how many rules each alarm is named."""
    counts = Counter(
        id(child)
        for alarm in account.alarms
        for ref in child_refs(alarm)
        for child in account.find(Kind.ALARM, ref)
    )
    return ((alarm, counts[id(alarm)]) for alarm in account.alarms)


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


@rule(
    "suppressor-own-child",
    Level.WARNING,
    why="The alarm that explains others was added to the composite that it explains.",
    consequence="Whenever that child is in ALARM the composite's actions are held: of this child "
    "the composite never tells anybody.",
    fix="Take it out of the rule, or give the composite another suppressor.",
    source="CloudWatch user guide, Composite alarm action suppression",
)
def suppressor_own_child(paths: Paths) -> Iterator[Found]:
    """A composite alarm that is suppressed by one of its own children."""
    for alarm in paths.account.alarms:
        suppressors = _named(paths.account, suppressor_ref(alarm))
        children = {id(c) for ref in child_refs(alarm) for c in _named(paths.account, ref)}
        for suppressor in suppressors:
            if id(suppressor) in children:
                what = f"{alarm.label} hangs on {suppressor.label}, which suppresses it."
                yield Found(alarm, what)


def _named(account: Account, ref: Ref | None) -> Sequence[Item]:
    return () if ref is None else account.find(Kind.ALARM, ref)


RULES = (
    composite_child_missing,
    composite_cycle,
    composite_refused,
    suppressor_missing,
    suppressor_own_child,
)
