"""Composite alarms, driven by the timelines of the alarms they hang on.

CloudWatch user guide, "Create a composite alarm": the rule is evaluated whenever a child changes
its state, it holds (ALARM) or does not (OK), INSUFFICIENT_DATA occurs only right after creation,
and a cycle stops the evaluation. A suppressor stops actions, not the evaluation: see `suppression`.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter
from itertools import groupby

from alerting.account.model import Account, Item, Kind, Ref, Unknown
from alerting.cloudwatch.composite import Rule, RuleError, children, evaluate, parse_rule
from alerting.cloudwatch.state import State
from alerting.cloudwatch.trigger import Child, Trigger
from alerting.replay.held import arn_of
from alerting.replay.history import Change, History, Skipped
from alerting.replay.metric import NotReplayableError
from alerting.replay.suppression import Suppression, Suppressor
from alerting.replay.timeline import stepped


def is_composite(alarm: Item) -> bool:
    """Whether an alarm has a rule over other alarms."""
    return alarm.get("AlarmRule") is not None


@dataclass(frozen=True, slots=True, eq=False)
class Composite:
    """A composite alarm whose rule can be evaluated."""

    alarm: Item
    rule: Rule
    children: Mapping[str, Item]
    """By the name or ARN in the rule; never empty."""
    suppressor: Suppressor | NotReplayableError | None
    """Who has a say in when people are told, or why that cannot be said; None: nobody."""


@dataclass(frozen=True, slots=True, eq=False)
class Family:
    """Some alarms, all those they hang on, and the suppressors of the former."""

    members: tuple[Item, ...]
    """Each once, children before parents; those in a cycle, and above one, last."""
    composites: Mapping[int, Composite | NotReplayableError]
    """Of each composite among them, by `id`, what it hangs on, or why that cannot be told."""

    def why_not(self, alarm: Item) -> str | None:
        """Why a composite cannot be replayed whatever the data is; None where it can.

        Neither its children nor its suppressor are looked at.
        """
        found = self.composites[id(alarm)]
        if isinstance(found, Composite) and not isinstance(found.suppressor, NotReplayableError):
            return None
        return str(found.suppressor if isinstance(found, Composite) else found)


def family(account: Account, alarms: Iterable[Item]) -> Family:
    """Alarms of an account, all those they hang on, and their suppressors.

    A suppressor's say ends with the composite it suppresses: whoever hangs on that sees its states.
    """
    items: dict[int, Item] = {}
    composites: dict[int, Composite | NotReplayableError] = {}
    below: dict[int, list[int]] = {}
    todo = list(alarms)
    asked = set(map(id, todo))
    while todo:
        alarm = todo.pop()
        if id(alarm) in items:
            continue
        items[id(alarm)], found = alarm, list[Item]()
        if is_composite(alarm):
            try:
                composites[id(alarm)] = composite = _composite(account, alarm)
                found = list(composite.children.values())
                if id(alarm) in asked and isinstance(composite.suppressor, Suppressor):
                    todo.append(composite.suppressor.alarm)
            except NotReplayableError as error:
                composites[id(alarm)] = error
        below[id(alarm)] = list(map(id, found))
        todo += found
    order = _children_first(below)
    stuck = items.keys() - set(order)
    for key in below:
        if key in stuck:
            itself = _reaches(key, key, below)
            whose = "itself" if itself else "a composite that leads back to itself"
            way = "back" if itself else "down"
            composites[key] = NotReplayableError(f"its rule leads {way} to {whose}")
            order.append(key)
    return Family(tuple(items[key] for key in order), composites)


def driven(
    account: Account, kin: Family, metric_alarms: Mapping[int, History | Skipped], end: int
) -> dict[int, History | Skipped]:
    """What becomes of the composites of a family, by `id`.

    Args:
        account: Where they are.
        kin: The family.
        metric_alarms: What became of its metric alarms, by `id`.
        end: Where the replay ends.
    """
    outcomes = dict(metric_alarms)
    # A suppressor that is not replayed keeps a composite's own history out of the result, not from
    # its parents.
    histories = {key: one for key, one in outcomes.items() if isinstance(one, History)}
    for alarm in kin.members:
        if not is_composite(alarm):
            continue
        found, why = kin.composites[id(alarm)], kin.why_not(alarm)
        if isinstance(found, Composite):
            lost = [one for one in found.children.values() if id(one) not in histories]
            if lost:
                why = f"its child {_not_replayed(lost[0], outcomes[id(lost[0])])}"
            else:
                histories[id(alarm)] = _history(account, found, histories, end)
        outcomes[id(alarm)] = Skipped(alarm, why) if why else histories[id(alarm)]
    return {key: _suppressed(kin, outcomes, histories, key) for key in kin.composites}


def _suppressed(
    kin: Family,
    outcomes: Mapping[int, History | Skipped],
    histories: Mapping[int, History],
    key: int,
) -> History | Skipped:
    """What became of a composite, with what its suppressor did."""
    outcome, found = outcomes[key], kin.composites[key]
    if isinstance(outcome, Skipped) or not isinstance(found, Composite):
        return outcome
    if not isinstance(found.suppressor, Suppressor) or id(found.suppressor.alarm) not in outcomes:
        return outcome  # of a child that nobody asks for
    suppressor = found.suppressor.alarm
    if id(suppressor) not in histories:
        why = _not_replayed(suppressor, outcomes[id(suppressor)])
        return Skipped(found.alarm, f"its actions suppressor {why}")
    timeline = histories[id(suppressor)].timeline
    return replace(outcome, suppression=Suppression.of(found.suppressor, timeline))


def _composite(account: Account, alarm: Item) -> Composite:
    text = alarm.get("AlarmRule")
    if isinstance(text, Unknown):
        raise NotReplayableError("its rule is not known yet")
    try:
        rule = parse_rule(str(text))
    except RuleError as error:
        raise NotReplayableError(f"its rule {error}") from None
    named: dict[str, Item] = {}
    for name in children(rule):
        named[name] = _alarm(account, name, "its rule names")
    if not named:
        raise NotReplayableError("its rule names no alarm, so that nothing ever evaluates it")
    try:
        suppressor = _suppressor(account, alarm)
    except NotReplayableError as error:
        suppressor = error
    return Composite(alarm, rule, named, suppressor)


def _suppressor(account: Account, alarm: Item) -> Suppressor | None:
    ref = alarm.get("ActionsSuppressor")
    if not ref:
        return None
    found = _alarm(account, ref, "its actions suppressor is")
    keys = "ActionsSuppressorWaitPeriod", "ActionsSuppressorExtensionPeriod"
    periods = [alarm.get(key) for key in keys]
    for key, period in zip(keys, periods, strict=True):
        if not isinstance(period, int | float):
            raise NotReplayableError(f"it has an actions suppressor, and its {key} is not known")
    return Suppressor(found, *map(int, periods))


def _alarm(account: Account, ref: Ref, how: str) -> Item:
    match account.find(Kind.ALARM, ref):
        case (one,):
            return one
        case ():
            where = "not known yet" if isinstance(ref, Unknown) else "not among the alarms"
            raise NotReplayableError(f"{how} {str(ref)!r}, which is {where}")
        case several:
            raise NotReplayableError(f"{how} {str(ref)!r}, as {len(several)} are called")


def _history(
    account: Account, what: Composite, histories: Mapping[int, History], end: int
) -> History:
    alarm = what.alarm
    items = {id(child): child for child in what.children.values()}
    lines = {key: histories[key].timeline for key in items}
    starts = [line.start for line in lines.values() if line.start is not None]
    if not starts:
        return History(alarm, None, stepped(None, end, ()), (), None)
    arn, arns = arn_of(account, alarm), {key: arn_of(account, one) for key, one in items.items()}
    place = {key: at for at, key in enumerate(items)}
    steps = sorted(
        ((time, key, state) for key, line in lines.items() for time, state in line.changes),
        key=lambda step: (step[0], place[step[1]]),
    )
    start = min(starts)
    states = {key: line.at(start) for key, line in lines.items()}
    born = [Child(arns[key], state, start) for key, state in states.items()]
    old = _verdict(what, states)
    first = Trigger(arn, born, created=True)
    changes = [Change(start, alarm, State.INSUFFICIENT_DATA, old, first)]
    for time, group in groupby(steps, key=lambda step: step[0]):
        if time == start:
            continue
        moved = {key: state for _, key, state in group}
        states |= moved
        new = _verdict(what, states)
        if new != old:
            trigger = Trigger(arn, [Child(arns[key], one, time) for key, one in moved.items()])
            changes.append(Change(time, alarm, old, new, trigger))
            old = new
    line = stepped(start, end, [(change.time, change.new) for change in changes])
    return History(alarm, None, line, tuple(changes), None)


def _verdict(what: Composite, states: Mapping[int, State]) -> State:
    holds = evaluate(what.rule, lambda name: states[id(what.children[name])])
    return State.ALARM if holds else State.OK


def _not_replayed(child: Item, outcome: History | Skipped) -> str:
    """Why a parent is not; the causes of composites are listed with these."""
    why = f": {outcome.reason}" if isinstance(outcome, Skipped) and not is_composite(child) else ""
    return f"{child.label} was not replayed{why}"


def _children_first(below: Mapping[int, Iterable[int]]) -> list[int]:
    """An order in which children come before parents, without those that a cycle blocks."""
    sorter = TopologicalSorter(below)
    with suppress(CycleError):
        sorter.prepare()
    order: list[int] = []
    while ready := sorter.get_ready():
        order += ready
        sorter.done(*ready)
    return order


def _reaches(start: int, goal: int, below: Mapping[int, Iterable[int]]) -> bool:
    seen: set[int] = set()
    todo = list(below[start])
    while todo:
        key = todo.pop()
        if key == goal:
            return True
        if key not in seen:
            seen.add(key)
            todo += below[key]
    return False
