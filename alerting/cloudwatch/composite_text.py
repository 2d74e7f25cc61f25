"""The rule of a composite alarm as text.

Sources: CloudWatch user guide, "Create a composite alarm", and the PutCompositeAlarm API reference:
names with spaces, parentheses or commas are quoted, quotes and backslashes in them escaped; at most
10,240 characters, 100 children and 500 elements, and a child in at most 150 composites. Examples of
elements are child alarms, TRUE or FALSE statements, and parentheses: each parenthesis around a part
is counted here, those of a function are not. How CloudWatch counts is not said more exactly.
"""

from collections.abc import Callable, Iterator

from alerting.cloudwatch.composite import (
    MAX_CHILDREN,
    MAX_RULE,
    And,
    AtLeast,
    Constant,
    Is,
    Not,
    Or,
    Rule,
    children,
)
from alerting.cloudwatch.state import State

MAX_ELEMENTS = 500
MAX_PARENTS = 150
"""Composites that one alarm can be a child of."""


def rule_text(rule: Rule, named: Callable[[str], str] = str) -> str:
    """The rule as CloudWatch takes it, with every name in quotes.

    Args:
        rule: the rule.
        named: the name or ARN to write for each alarm. Default: the one in the rule.
    """
    match rule:
        case Constant(value):
            return "TRUE" if value else "FALSE"
        case Is(state, alarm):
            return f"{state}({_quoted(named(alarm))})"
        case Not(operand):
            return f"NOT {_inner(operand, named)}"
        case And(operands):
            return " AND ".join(_inner(one, named) for one in operands)
        case Or(operands):
            return " OR ".join(_inner(one, named) for one in operands)
        case AtLeast(count, percent, operands):
            state = f"{'NOT ' if isinstance(operands[0], Not) else ''}{_of(operands[0]).state}"
            alarms = ", ".join(_quoted(named(_of(one).alarm)) for one in operands)
            return f"AT_LEAST({count:.15g}{'%' if percent else ''}, {state}, ({alarms}))"


def rule_words(rule: Rule, named: Callable[[str], str] = str) -> str:
    """When the rule holds, for people: `a and b are in ALARM and c is not`.

    A rule about anything else than alarms that are in ALARM, or are not, is written out.

    Args:
        rule: the rule.
        named: what people call each alarm. Default: as in the rule.
    """
    operands = rule.operands if isinstance(rule, And | Or) else (rule,)
    on = [_on(one) for one in operands if not isinstance(one, Not)]
    off = [_on(one.operand) for one in operands if isinstance(one, Not)]
    plain = None not in (*on, *off) and on and not (off and isinstance(rule, Or))
    if not plain:
        return f"this holds: {rule_text(rule, named)}"
    yes, no = ([named(ref) for ref in refs if ref is not None] for refs in (on, off))
    if isinstance(rule, Or):
        return f"{_listed(yes, 'or')} is in ALARM"
    said = f"{_listed(yes, 'and')} {'is' if len(yes) == 1 else 'are'} in ALARM"
    return f"{said} and {_listed(no, 'and')} {'is' if len(no) == 1 else 'are'} not" if no else said


def size_problems(rule: Rule, text: str) -> Iterator[str]:
    """How a rule is larger than CloudWatch takes.

    Args:
        rule: the rule.
        text: the same with the names that CloudWatch will see.
    """
    named, counted = len(children(rule)), _elements(rule)
    if named > MAX_CHILDREN:
        yield f"names {named} alarms, at most {MAX_CHILDREN} are allowed"
    if counted > MAX_ELEMENTS:
        yield f"has {counted} alarms, constants and parentheses, at most {MAX_ELEMENTS} are allowed"
    if len(text) > MAX_RULE:
        yield f"has {len(text)} characters with the alarms' names in it, at most {MAX_RULE}"


def _inner(rule: Rule, named: Callable[[str], str]) -> str:
    text = rule_text(rule, named)
    return f"({text})" if isinstance(rule, And | Or) else text


def _on(rule: Rule) -> str | None:
    """The alarm that is to be in ALARM; None where the rule asks for something else."""
    return rule.alarm if isinstance(rule, Is) and rule.state is State.ALARM else None


def _listed(names: list[str], joint: str) -> str:
    return f" {joint} ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _elements(rule: Rule) -> int:
    match rule:
        case Constant() | Is():
            return 1
        case Not(operand):
            return _enclosed(operand)
        case And(operands) | Or(operands):
            return sum(_enclosed(one) for one in operands)
        case AtLeast(_, _, operands):
            return len(operands)


def _enclosed(rule: Rule) -> int:
    return _elements(rule) + (2 if isinstance(rule, And | Or) else 0)


def _of(operand: Rule) -> Is:
    """The function that an operand of AT_LEAST is, or is the negation of."""
    inner = operand.operand if isinstance(operand, Not) else operand
    assert isinstance(inner, Is)
    return inner
