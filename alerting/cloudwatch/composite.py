"""The rule of a composite alarm, parsed.

Sources: CloudWatch user guide, "Create a composite alarm" (the expression language, AT_LEAST), and
the PutCompositeAlarm API reference (`AlarmRule`: 1 to 10,240 characters, 100 children, NOT binds
tighter than AND, AND tighter than OR).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from alerting.cloudwatch.state import State

MAX_RULE = 10_240
MAX_CHILDREN = 100
_MAX_DEPTH = 100


@dataclass(frozen=True, slots=True)
class Constant:
    """`TRUE` or `FALSE`."""

    value: bool


@dataclass(frozen=True, slots=True)
class Is:
    """`ALARM("name")`, `OK("name")`, `INSUFFICIENT_DATA("name")`."""

    state: State
    alarm: str
    """Name or ARN."""


@dataclass(frozen=True, slots=True)
class Not:
    """`NOT x`."""

    operand: "Rule"


@dataclass(frozen=True, slots=True)
class And:
    """`x AND y AND ...`."""

    operands: tuple["Rule", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """`x OR y OR ...`."""

    operands: tuple["Rule", ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """`AT_LEAST(2, ALARM, (a, b, c))` or `AT_LEAST(50%, NOT OK, (a, b, c))`."""

    count: float
    """How many, or with `percent` the share of the alarms in percent."""
    percent: bool
    operands: tuple["Rule", ...]
    """One `Is`, or `Not` of one, an alarm."""


Rule = Constant | Is | Not | And | Or | AtLeast


class RuleError(ValueError):
    """The text is not an alarm rule."""


@lru_cache(maxsize=4096)
def parse_rule(text: str) -> Rule:
    """The rule as a tree.

    Raises:
        RuleError: the text is not in the language; the message says where.
    """
    if len(text) > MAX_RULE:
        raise RuleError(f"has {len(text)} characters, at most {MAX_RULE} are allowed")
    return _Parser(text).parse()


def children(rule: Rule) -> tuple[str, ...]:
    """The alarms a rule names, by name or ARN as written, each once, in order."""
    return tuple(dict.fromkeys(_children(rule)))


def evaluate(rule: Rule, state_of: Callable[[str], str | None]) -> bool | None:
    """Whether the rule holds; None where that hangs on a state that is not known.

    Args:
        rule: What `parse_rule` gave.
        state_of: The state of an alarm by its name or ARN as written; None if not known.
    """
    match rule:
        case Constant(value):
            return value
        case Is(state, alarm):
            actual = state_of(alarm)
            return None if actual is None else actual == state
        case Not(operand):
            value = evaluate(operand, state_of)
            return None if value is None else not value
        case And(operands):
            return _at_least(len(operands), [evaluate(o, state_of) for o in operands])
        case Or(operands):
            return _at_least(1, [evaluate(o, state_of) for o in operands])
        case AtLeast(count, percent, operands):
            needed = count * len(operands) / 100 if percent else count
            return _at_least(needed, [evaluate(o, state_of) for o in operands])


def _at_least(needed: float, values: list[bool | None]) -> bool | None:
    sure = values.count(True)
    if sure >= needed:
        return True
    return None if sure + values.count(None) >= needed else False


def _children(rule: Rule) -> Iterator[str]:
    match rule:
        case Constant():
            pass
        case Is(_, alarm):
            yield alarm
        case Not(operand):
            yield from _children(operand)
        case And(operands) | Or(operands) | AtLeast(_, _, operands):
            for operand in operands:
                yield from _children(operand)


_TOKEN = re.compile(
    r"""\s*(?:
        (?P<quoted>"(?:[^"\\]|\\.)*")
      | (?P<mark>[(),])
      | (?P<word>[^\s(),"]+)
    )""",
    re.VERBOSE | re.DOTALL,
)


class _Parser:
    """Recursive descent over the tokens; keywords in any case."""

    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, str, int]] = []
        at, end = 0, len(text.rstrip())
        while at < end:
            match = _TOKEN.match(text, at)
            if match is None or match.lastgroup is None:
                raise RuleError(
                    f"cannot be read from character {at + 1} on: {text[at : at + 20]!r}"
                )
            self._tokens.append(
                (match.lastgroup, match[match.lastgroup], match.start(match.lastgroup) + 1)
            )
            at = match.end()
        self._next = self._depth = 0

    def parse(self) -> Rule:
        rule = self._either()
        kind, text, at = self._peek()
        if kind != "end":
            raise RuleError(f"goes on with {text!r} at character {at}, where it should end")
        return rule

    def _peek(self) -> tuple[str, str, int]:
        if self._next < len(self._tokens):
            return self._tokens[self._next]
        return "end", "", 0

    def _keyword(self, word: str) -> bool:
        kind, text, _ = self._peek()
        if kind == "word" and text.upper() == word:
            self._next += 1
            return True
        return False

    def _take(self, mark: str) -> None:
        kind, text, at = self._peek()
        if (kind, text) != ("mark", mark):
            found = f"found {text!r} at character {at}" if kind != "end" else "it ends instead"
            raise RuleError(f"needs {mark!r}; {found}")
        self._next += 1

    def _either(self) -> Rule:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise RuleError(f"is nested more than {_MAX_DEPTH} deep")
        operands = [self._both()]
        while self._keyword("OR"):
            operands.append(self._both())
        self._depth -= 1
        return operands[0] if len(operands) == 1 else Or(tuple(operands))

    def _both(self) -> Rule:
        operands = [self._negated()]
        while self._keyword("AND"):
            operands.append(self._negated())
        return operands[0] if len(operands) == 1 else And(tuple(operands))

    def _negated(self) -> Rule:
        negations = 0
        while self._keyword("NOT"):
            negations += 1
        rule = self._primary()
        return Not(rule) if negations % 2 else rule

    def _primary(self) -> Rule:
        kind, text, at = self._peek()
        if (kind, text) == ("mark", "("):
            self._next += 1
            rule = self._either()
            self._take(")")
            return rule
        for word, value in (("TRUE", True), ("FALSE", False)):
            if self._keyword(word):
                return Constant(value)
        if self._keyword("AT_LEAST"):
            return self._at_least()
        state = self._state()
        if state is None:
            found = f"{text!r} at character {at}" if kind != "end" else "the end"
            raise RuleError(f"needs TRUE, FALSE, NOT, ( or a function such as ALARM, found {found}")
        self._take("(")
        alarm = self._alarm()
        self._take(")")
        return Is(state, alarm)

    def _state(self) -> State | None:
        return next((state for state in State if self._keyword(state)), None)

    def _alarm(self) -> str:
        kind, text, at = self._peek()
        if kind not in ("word", "quoted"):
            raise RuleError(f"needs an alarm's name, found {text or 'the end'!r} at character {at}")
        self._next += 1
        return re.sub(r"\\(.)", r"\1", text[1:-1]) if kind == "quoted" else text

    def _at_least(self) -> Rule:
        self._take("(")
        figure = re.fullmatch(r"(\d+(?:\.\d+)?)(%?)", self._peek()[1])
        if figure is None:
            raise RuleError(f"AT_LEAST needs a number or a percentage, found {self._peek()[1]!r}")
        self._next += 1
        self._take(",")
        negated = self._keyword("NOT")
        state = self._state()
        if state is None:
            raise RuleError(f"AT_LEAST needs a state such as ALARM, found {self._peek()[1]!r}")
        self._take(",")
        self._take("(")
        operands: list[Rule] = []
        while True:
            alarm = Is(state, self._alarm())
            operands.append(Not(alarm) if negated else alarm)
            if self._peek()[1] != ",":
                break
            self._next += 1
        self._take(")")
        self._take(")")
        return AtLeast(float(figure[1]), bool(figure[2]), tuple(operands))
