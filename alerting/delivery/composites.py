"""Composite alarms: which alarms they hang on."""

from collections.abc import Iterator

from alerting.account import Account, Item, Kind, Ref, Unknown
from alerting.cloudwatch.composite import MAX_CHILDREN, Rule, RuleError, children, parse_rule
from alerting.delivery.judging import look_up
from alerting.delivery.requests import alarm_place, place
from alerting.delivery.steps import Outcome, Step


def rule_of(alarm: Item) -> Rule | Unknown | None:
    """The rule of a composite alarm; None for a metric alarm.

    Raises:
        RuleError: CloudWatch would not take it.
    """
    text = alarm.get("AlarmRule")
    if text is None or isinstance(text, Unknown):
        return text
    if not isinstance(text, str):
        raise RuleError(f"must be text, got {text!r}")
    rule = parse_rule(text)
    named = len(children(rule))
    if named > MAX_CHILDREN:
        raise RuleError(f"names {named} alarms, at most {MAX_CHILDREN} are allowed")
    return rule


def child_refs(alarm: Item) -> tuple[Ref, ...]:
    """The alarms a composite's rule names; a rule that is not known yet is a reference itself."""
    try:
        rule = rule_of(alarm)
    except RuleError:
        return ()
    if rule is None or isinstance(rule, Unknown):
        return () if rule is None else (rule,)
    return children(rule)


def suppressor_ref(alarm: Item) -> Ref | None:
    """The alarm that suppresses a composite's actions."""
    given = alarm.get("ActionsSuppressor")
    return given if isinstance(given, str | Unknown) and given else None


def composite_steps(account: Account, alarm: Item) -> Iterator[Step]:
    """Whether the alarms a composite names are there."""
    for ref in child_refs(alarm):
        yield _named(account, alarm, ref, "child", "composite-child-missing")
    suppressor = suppressor_ref(alarm)
    if suppressor is not None:
        yield _named(account, alarm, suppressor, "suppressor", "suppressor-missing")


def _named(account: Account, alarm: Item, ref: Ref, name: str, rule: str) -> Step:
    here, there = alarm_place(account, alarm), place(account, ref)
    if (here.region, here.account) != (there.region, there.account):
        why = f"{ref} is in {there.region} of account {there.account}, the composite is not"
        return Step(name, Outcome.BROKEN, why, rule, alarm)
    item, found = look_up(account, Kind.ALARM, ref, name, rule)
    if item is None and found.outcome is Outcome.BROKEN:
        return Step(name, Outcome.BROKEN, found.why, rule, alarm)
    return found


def used_by_others(account: Account) -> frozenset[int]:
    """Ids (`id`) of the alarms that composites name, as children or suppressors."""
    refs = (
        ref
        for alarm in account.alarms
        for ref in (*child_refs(alarm), suppressor_ref(alarm))
        if ref is not None
    )
    return frozenset(id(item) for ref in refs for item in account.find(Kind.ALARM, ref))


def cycles(account: Account) -> tuple[tuple[Item, ...], ...]:
    """Composite alarms that hang on themselves, each cycle once."""
    composites = {id(alarm): alarm for alarm in account.alarms if alarm.get("AlarmRule")}
    below = {
        key: [
            id(child)
            for ref in child_refs(alarm)
            for child in account.find(Kind.ALARM, ref)
            if id(child) in composites
        ]
        for key, alarm in composites.items()
    }
    found: list[tuple[Item, ...]] = []
    done: set[int] = set()
    for start in composites:
        # Depth first without recursion: a chain of composites may be long.
        path: dict[int, None] = {}
        stack = [(start, iter([start]))]
        while stack:
            node, rest = stack[-1]
            child = next(rest, None)
            if child is None:
                stack.pop()
                if node in path:
                    del path[node]
                    done.add(node)
            elif child in path:
                nodes = list(path)
                found.append(tuple(composites[key] for key in nodes[nodes.index(child) :]))
            elif child not in done:
                path[child] = None
                stack.append((child, iter(below[child])))
    return tuple(found)
