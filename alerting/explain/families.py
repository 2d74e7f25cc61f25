"""Composite alarms together with the alarms that speak through them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from alerting.account import Account, Item, Kind, Ref, Unknown
from alerting.cloudwatch import State
from alerting.cloudwatch.bill import money
from alerting.cloudwatch.composite import And, Is, Or, Rule, RuleError, children
from alerting.delivery.composites import rule_of, suppressor_ref
from alerting.delivery.publishing import actions
from alerting.explain.explained import Explained


def with_families(account: Account, alarms: Iterable[Explained]) -> tuple[Explained, ...]:
    """The alarms, each composite with those that are shown in its place."""
    by_id = {id(one.alarm): one for one in alarms}
    silent = {id(a) for a in account.alarms if not any(actions(a, state) for state in State)}
    members: dict[int, list[Explained]] = {}
    for child, parents in _parents(account).items():
        telling = next((parent for parent in parents if parent not in silent), None)
        if child in silent and telling is not None:
            members.setdefault(telling, []).append(by_id[child])
    found: list[Explained] = []
    for one in by_id.values():
        told = _told(account, one, by_id, silent)
        inside = tuple(members.get(id(one.alarm), ()))
        parts = {id(child) for ref in children_of(one.alarm) for child in _found(account, ref)}
        unspoken = () if told.conditions else tuple(m for m in inside if id(m.alarm) in parts)
        found.append(replace(told, members=inside, unspoken=unspoken))
    return tuple(found)


def shown(alarms: Iterable[Explained]) -> tuple[Explained, ...]:
    """The alarms without those that are shown with a composite."""
    alarms = tuple(alarms)
    inside = {id(member.alarm) for one in alarms for member in one.members}
    return tuple(one for one in alarms if id(one.alarm) not in inside)


def cost(explained: Explained) -> str:
    """USD a month, of a composite with those that are shown with it."""
    certain = all(one.charge.certain for one in (explained, *explained.members))
    return money(amount(explained), certain=certain)


def amount(explained: Explained) -> Decimal | None:
    """The same as a number, the least where only AWS knows a quantity; None: not known."""
    amounts = [one.charge.amount for one in (explained, *explained.members)]
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal()) if len(known) == len(amounts) else None


def _found(account: Account, ref: Ref) -> Sequence[Item]:
    return account.find(Kind.ALARM, ref)


def _parents(account: Account) -> dict[int, list[int]]:
    """By the `id` of an alarm, those of the composites that hang on it, in the order of names."""
    found: dict[int, list[int]] = {}
    for composite in account.alarms:
        for child in _hangs_on(account, composite):
            found.setdefault(id(child), []).append(id(composite))
    return found


def _hangs_on(account: Account, composite: Item) -> Iterator[Item]:
    suppressor = suppressor_ref(composite)
    refs = (*children_of(composite), *(() if suppressor is None else (suppressor,)))
    for ref in dict.fromkeys(refs):
        yield from _found(account, ref)


def children_of(composite: Item) -> tuple[str, ...]:
    """The alarms of its rule, where that is known and sound."""
    rule = _rule(composite)
    return () if rule is None else children(rule)


def _rule(composite: Item) -> Rule | None:
    try:
        rule = rule_of(composite)
    except RuleError:
        return None
    return None if isinstance(rule, Unknown) else rule


def _told(
    account: Account, one: Explained, by_id: dict[int, Explained], silent: set[int]
) -> Explained:
    """A composite with what it hangs on in words, where that can be said shortly."""
    suppressor = suppressor_ref(one.alarm)
    if suppressor is not None:
        held = tuple(_suppressors(account, _found(account, suppressor), silent))
        one = replace(one, quiet_while=held)
    rule = _rule(one.alarm)
    operands = rule.operands if isinstance(rule, And) else (rule,)
    together: list[Explained] = []
    for operand in operands:
        if not isinstance(operand, Is) or operand.state is not State.ALARM:
            return one
        found = _found(account, operand.alarm)
        if len(found) != 1 or id(found[0]) not in silent or found[0].get("AlarmRule") is not None:
            return one
        together.append(by_id[id(found[0])])
    wait = one.alarm.get("ActionsSuppressorWaitPeriod", 0)
    spans = [child.earliest for child in together]
    known = [span for span in spans if span is not None]
    earliest = max(known) + wait if len(known) == len(spans) and isinstance(wait, int) else None
    conditions = tuple(child.condition for child in together)
    return replace(one, conditions=conditions, earliest=earliest)


def _suppressors(account: Account, held: Iterable[Item], silent: set[int]) -> Iterator[str]:
    """What holds a composite back; of one that only stands for others, those."""
    for item in held:
        inner = _either_of(account, item) if id(item) in silent else []
        yield from (one.label for one in inner or [item])


def _either_of(account: Account, composite: Item) -> list[Item]:
    """The alarms of a rule that is about any of them being in ALARM; else none."""
    rule = _rule(composite)
    operands = rule.operands if isinstance(rule, Or) else ()
    if not all(isinstance(one, Is) and one.state is State.ALARM for one in operands):
        return []
    refs = (one.alarm for one in operands if isinstance(one, Is))
    return [child for ref in refs for child in _found(account, ref)]
