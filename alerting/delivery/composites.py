"""Composite alarms: which alarms they hang on."""

from collections.abc import Iterator

from alerting.account import Account, Item, Kind, Ref, Unknown
from alerting.cloudwatch.composite import MAX_CHILDREN, Rule, RuleError, children, parse_rule
from alerting.delivery.judging import look_up
from alerting.delivery.requests import alarm_place, place
from alerting.delivery.steps import Outcome, Step
from alerting.sns.arn import parse_arn


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


def composite_steps(account: Account) -> Iterator[tuple[Item, Step]]:
    """For each composite alarm, whether the alarms it names are there.

    A name means an alarm of the composite's own account and Region, which has to exist before the
    composite does; it is missing where every alarm in the picture has another name. An ARN that
    leads out of the picture may be somebody else's alarm.
    """
    all_named = all(isinstance(alarm.get("AlarmName"), str) for alarm in account.alarms)
    for alarm in account.alarms:
        for ref in child_refs(alarm):
            step = _named(account, alarm, ref, "child", "composite-child-missing", all_named)
            yield alarm, step
        suppressor = suppressor_ref(alarm)
        if suppressor is not None:
            step = _named(account, alarm, suppressor, "suppressor", "suppressor-missing", all_named)
            yield alarm, step


def _named(account: Account, alarm: Item, ref: Ref, name: str, rule: str, all_named: bool) -> Step:
    here, there = alarm_place(account, alarm), place(account, ref)
    if (here.region, here.account) != (there.region, there.account):
        why = f"{ref} is in {there.region} of account {there.account}, the composite is not"
        return Step(name, Outcome.BROKEN, why, rule, about=alarm)
    item, found = look_up(account, Kind.ALARM, ref, name, owner=alarm, missing=rule)
    by_name = isinstance(ref, str) and parse_arn(ref) is None
    if item is None and by_name and all_named and ref not in account.unreadable:
        return Step(name, Outcome.BROKEN, f"there is no alarm {ref!r}", rule, about=alarm)
    return found


def used_by_others(account: Account) -> frozenset[int]:
    """Ids (`id`) of the alarms that composites name, or may name, as children or suppressors."""
    refs = [
        ref
        for alarm in account.alarms
        for ref in (*child_refs(alarm), suppressor_ref(alarm))
        if ref is not None
    ]
    found = [account.find(Kind.ALARM, ref) for ref in refs]
    used = [alarm for alarms in found for alarm in alarms]
    if not all(found):
        # What leads nowhere may mean an alarm whose name is not known yet.
        used += [alarm for alarm in account.alarms if not isinstance(alarm.get("AlarmName"), str)]
    return frozenset(map(id, used))


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
