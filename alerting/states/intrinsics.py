"""Intrinsic functions: `States.Format('{} of {}', $.number, $.most)`.

Source: Step Functions developer guide, "Intrinsic functions for JSONPath states". Known here are
Array, Format, JsonMerge, JsonToString and MathAdd.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from alerting.states.errors import DefinitionError, StateError
from alerting.states.paths import look_up

Value = Callable[[Any, Mapping[str, Any]], Any]
"""Given a state's data and the context object: the value of an expression."""

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<name>States\.\w+)\s*\(
      | (?P<path>\$\$?(?:\.[A-Za-z_][\w-]*|\[\d+\])*)
      | '(?P<text>(?:[^'\\]|\\.)*)'
      | (?P<number>-?\d+(?:\.\d+)?)
      | (?P<word>true|false|null)\b
    )\s*""",
    re.ASCII | re.VERBOSE | re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_WORDS = {"true": True, "false": False, "null": None}


@lru_cache(maxsize=1024)
def parse(text: str) -> Value:
    """An expression: a path, or a function of paths, text, numbers and other functions.

    Raises:
        DefinitionError: it is none, or names a function that is not known here.
    """
    value, rest = _expression(text, 0)
    if rest != len(text):
        raise DefinitionError(f"{text!r} goes on after what can be read: {text[rest:]!r}")
    return value


def _expression(text: str, at: int) -> tuple[Value, int]:
    token = _TOKEN.match(text, at)
    if token is None:
        raise DefinitionError(f"{text!r} cannot be read from {text[at:]!r} on")
    match token.lastgroup:
        case "name":
            return _call(text, token["name"], token.end())
        case "path":
            return _Path(token["path"]), token.end()
        case "text":
            return _Constant(_Template(token["text"])), token.end()
        case "number":
            return _Constant(json.loads(token["number"])), token.end()
        case _:
            return _Constant(_WORDS[token["word"]]), token.end()


def _call(text: str, name: str, at: int) -> tuple[Value, int]:
    function = _FUNCTIONS.get(name)
    if function is None:
        raise DefinitionError(f"{name} is not known here; known are {', '.join(_FUNCTIONS)}")
    arguments: list[Value] = []
    while text[at : at + 1] != ")":
        argument, at = _expression(text, at)
        arguments.append(argument)
        if text[at : at + 1] == ",":
            at += 1
        elif text[at : at + 1] != ")":
            raise DefinitionError(f"{text!r} lacks a comma or a parenthesis at {text[at:]!r}")
    end = re.compile(r"\)\s*").match(text, at)
    assert end is not None
    return _Call(name, function, tuple(arguments)), end.end()


@dataclass(frozen=True, slots=True)
class _Path:
    path: str

    def __call__(self, data: Any, context: Mapping[str, Any]) -> Any:
        return look_up(self.path, data, context)


class _Template(str):
    """Text as it is written, its escapes in it: Format alone has a use for those of braces."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class _Constant:
    value: Any

    def __call__(self, data: Any, context: Mapping[str, Any]) -> Any:
        del data, context
        return self.value


@dataclass(frozen=True, slots=True)
class _Call:
    name: str
    function: Callable[..., Any]
    arguments: tuple[Value, ...]

    def __call__(self, data: Any, context: Mapping[str, Any]) -> Any:
        given = [argument(data, context) for argument in self.arguments]
        if self.name != "States.Format":
            given = [_unescaped(value) for value in given]
        try:
            return self.function(*given)
        except (TypeError, ValueError) as error:
            raise StateError("States.IntrinsicFailure", f"{self.name}: {error}") from error


def _unescaped(value: Any) -> Any:
    return _ESCAPED.sub(r"\1", value) if isinstance(value, _Template) else value


def _format(template: str, *values: Any) -> str:
    parts = re.split(r"(\\.|\{\})", template, flags=re.DOTALL)
    if parts.count("{}") != len(values):
        raise ValueError(f"{parts.count('{}')} places for {len(values)} values")
    given = iter(values)
    return "".join(
        _shown(_unescaped(next(given))) if part == "{}" else _unescaped(_Template(part))
        for part in parts
    )


def _shown(value: Any) -> str:
    if isinstance(value, Mapping | list):
        raise TypeError("only text, numbers, true, false and null can be put into text")
    return value if isinstance(value, str) else json.dumps(value)


def _math_add(first: Any, second: Any) -> int:
    for value in (first, second):
        if isinstance(value, bool) or not isinstance(value, int):
            raise TypeError(f"{value!r} is no whole number")
    return first + second


def _json_to_string(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _json_merge(first: Any, second: Any, deep: Any) -> dict[str, Any]:
    if not isinstance(first, Mapping) or not isinstance(second, Mapping):
        raise TypeError("only objects can be merged")
    if deep is not False:
        raise ValueError("only a shallow merge is offered, so that the third argument is false")
    return {**first, **second}


def _array(*values: Any) -> list[Any]:
    return list(values)


_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "States.Array": _array,
    "States.Format": _format,
    "States.JsonMerge": _json_merge,
    "States.JsonToString": _json_to_string,
    "States.MathAdd": _math_add,
}
