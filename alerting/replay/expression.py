"""CloudWatch's metric math, parsed.

Source: CloudWatch user guide, "Using metric math" (operators, functions, arrays).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<text>"[^"]*"|'[^']*')
      | (?P<mark>==|!=|<=|>=|&&|\|\||[-+*/^<>(),\[\]])
    )""",
    re.VERBOSE,
)
_COMPARISONS = ("==", "!=", "<=", ">=", "<", ">")


class MathError(ValueError):
    """A metric math expression that cannot be read or worked out; says what and where."""


@dataclass(frozen=True, slots=True)
class Number:
    """A constant."""

    value: float


@dataclass(frozen=True, slots=True)
class Name:
    """The Id of a metric or of another expression; also a bare word such as REPEAT."""

    name: str


@dataclass(frozen=True, slots=True)
class Text:
    """A quoted string."""

    text: str


@dataclass(frozen=True, slots=True)
class Negative:
    """`-x`."""

    operand: "Expression"


@dataclass(frozen=True, slots=True)
class Operation:
    """`x + y` and the like; `&&` and `||` are written AND and OR here."""

    sign: str
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class Call:
    """`SUM(x)`."""

    function: str
    arguments: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Array:
    """`[x, y]`."""

    items: tuple["Expression", ...]


Expression = Number | Name | Text | Negative | Operation | Call | Array


def parse(text: str) -> Expression:
    """The expression as a tree.

    Raises:
        MathError: the text is not metric math; the message says at which character.
    """
    try:
        return _Parser(text).parse()
    except RecursionError:
        raise MathError("is nested too deeply") from None


def parts(expression: Expression) -> Iterator[Expression]:
    """The expression and everything in it."""
    yield expression
    match expression:
        case Negative(operand):
            inner: tuple[Expression, ...] = (operand,)
        case Operation(_, left, right):
            inner = (left, right)
        case Call(_, items) | Array(items):
            inner = items
        case Number() | Name() | Text():
            inner = ()
    for one in inner:
        yield from parts(one)


class _Parser:
    """Recursive descent, from OR, which binds least, to what needs no operator."""

    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, str, int]] = []
        at, end = 0, len(text.rstrip())
        while at < end:
            match = _TOKEN.match(text, at)
            if match is None or match.lastgroup is None:
                raise MathError(
                    f"cannot be read from character {at + 1} on: {text[at : at + 20]!r}"
                )
            kind = match.lastgroup
            self._tokens.append((kind, match[kind], match.start(kind) + 1))
            at = match.end()
        self._tokens.append(("end", "", end + 1))
        self._next = 0

    def parse(self) -> Expression:
        whole = self._either()
        kind, text, at = self._tokens[self._next]
        if kind != "end":
            raise MathError(f"goes on with {text!r} at character {at}, where it should end")
        return whole

    def _accept(self, *texts: str) -> str | None:
        kind, text, _ = self._tokens[self._next]
        if kind in ("mark", "name") and text in texts:
            self._next += 1
            return text
        return None

    def _expect(self, mark: str) -> None:
        if not self._accept(mark):
            _, text, at = self._tokens[self._next]
            raise MathError(f"needs {mark!r} at character {at}, found {text or 'the end'}")

    def _either(self) -> Expression:
        left = self._both()
        while self._accept("OR", "||"):
            left = Operation("OR", left, self._both())
        return left

    def _both(self) -> Expression:
        left = self._compared()
        while self._accept("AND", "&&"):
            left = Operation("AND", left, self._compared())
        return left

    def _compared(self) -> Expression:
        left = self._sum()
        while sign := self._accept(*_COMPARISONS):
            left = Operation(sign, left, self._sum())
        return left

    def _sum(self) -> Expression:
        left = self._product()
        while sign := self._accept("+", "-"):
            left = Operation(sign, left, self._product())
        return left

    def _product(self) -> Expression:
        left = self._signed()
        while sign := self._accept("*", "/"):
            left = Operation(sign, left, self._signed())
        return left

    def _signed(self) -> Expression:
        if self._accept("-"):
            return Negative(self._signed())
        base = self._operand()
        return Operation("^", base, self._signed()) if self._accept("^") else base

    def _operand(self) -> Expression:
        kind, text, at = self._tokens[self._next]
        self._next += 1
        match kind, text:
            case "number", _:
                return Number(float(text))
            case "text", _:
                return Text(text[1:-1])
            case "name", _:
                if self._accept("("):
                    return Call(text, self._items(")"))
                return Name(text)
            case "mark", "(":
                inner = self._either()
                self._expect(")")
                return inner
            case "mark", "[":
                return Array(self._items("]"))
            case _:
                raise MathError(
                    f"needs a number, an Id or a function at character {at}, "
                    f"found {text or 'the end'}"
                )

    def _items(self, closing: str) -> tuple[Expression, ...]:
        if self._accept(closing):
            return ()
        items = [self._either()]
        while self._accept(","):
            items.append(self._either())
        self._expect(closing)
        return tuple(items)
