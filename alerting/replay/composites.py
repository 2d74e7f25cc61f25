"""Composite alarms, driven by the timelines of the alarms they hang on.

CloudWatch user guide, "Create a composite alarm": the rule is evaluated whenever a child changes
its state, it holds (ALARM) or does not (OK), INSUFFICIENT_DATA occurs only right after creation,
and a cycle stops the evaluation. A suppressor stops actions, not the evaluation.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import groupby

from alerting.account.model import Account, Item, Kind, Unknown
from alerting.cloudwatch.composite import Rule, RuleError, children, evaluate, parse_rule
from alerting.cloudwatch.state import State
from alerting.cloudwatch.trigger import Child, Trigger
from alerting.replay.held import arn_of
from alerting.replay.history import Change, History, Skipped
from alerting.replay.metric import NotReplayableError
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

    @property
    def suppressed(self) -> bool:
        """Whether an actions suppressor has a say in who is told."""
        return bool(self.alarm.get("ActionsSuppressor"))


@dataclass(frozen=True, slots=True, eq=False)
class Family:
    """Some alarms and all those they hang on."""

    members: tuple[Item, ...]
    """Each once, children before parents; those in a cycle, and above one, last."""
    composites: Mapping[int, Composite | NotReplayableError]
    """Of each composite among them, by `id`, what it hangs on, or why that cannot be told."""

    def why_not(self, alarm: Item) -> str | None:
        """Why a composite cannot be replayed whatever the data is; None where it can.

        Its children are not looked at.
        """
        found = self.composites[id(alarm)]
        if isinstance(found, NotReplayableError):
            return str(found)
        return "its actions suppressor is not replayed" if found.suppressed else None


def family(account: Account, alarms: Iterable[Item]) -> Family:
    """Alarms of an account and all those they hang on."""
    items: dict[int, Item] = {}
    composites: dict[int, Composite | NotReplayableError] = {}
    below: dict[int, list[int]] = {}
    todo = list(alarms)
    while todo:
        alarm = todo.pop()
        if id(alarm) in items:
            continue
        items[id(alarm)], found = alarm, list[Item]()
        if is_composite(alarm):
            try:
                composites[id(alarm)] = composite = _composite(account, alarm)
                found = list(composite.children.values())
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
    # A suppressor keeps a composite's own history out of the result, not from its parents.
    histories = {key: one for key, one in outcomes.items() if isinstance(one, History)}
    for alarm in kin.members:
        if not is_composite(alarm):
            continue
        found, why = kin.composites[id(alarm)], kin.why_not(alarm)
        if isinstance(found, Composite):
            lost = [one for one in found.children.values() if id(one) not in histories]
            if lost:
                why = _not_replayed(lost[0], outcomes[id(lost[0])])
            else:
                histories[id(alarm)] = _history(account, found, histories, end)
        outcomes[id(alarm)] = Skipped(alarm, why) if why else histories[id(alarm)]
    return {key: outcomes[key] for key in kin.composites}


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
        match account.find(Kind.ALARM, name):
            case (child,):
                named[name] = child
            case ():
                raise NotReplayableError(f"its rule names {name!r}, which is not among the alarms")
            case several:
                raise NotReplayableError(f"its rule names {name!r}, as {len(several)} are called")
    if not named:
        raise NotReplayableError("its rule names no alarm, so that nothing ever evaluates it")
    return Composite(alarm, rule, named)


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
    return f"its child {child.label} was not replayed{why}"


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
