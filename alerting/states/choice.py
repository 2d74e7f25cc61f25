"""The rules of a Choice state.

Source: Amazon States Language specification, "Choice State": a comparison with a value of another
type does not hold, and a variable that is not there ends the execution, save for IsPresent.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from alerting.states.errors import DefinitionError, MissingPathError
from alerting.states.paths import check_path, look_up
from alerting.states.timestamps import is_timestamp, moment


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_bool(value: Any) -> bool:
    return isinstance(value, bool)


def _same(value: Any) -> Any:
    return value


_TYPES: Mapping[str, tuple[Callable[[Any], bool], Callable[[Any], Any]]] = {
    "String": (_is_text, _same),
    "Numeric": (_is_number, _same),
    "Boolean": (_is_bool, _same),
    "Timestamp": (is_timestamp, moment),
}
_RELATIONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "Equals": lambda a, b: a == b,
    "LessThan": lambda a, b: a < b,
    "LessThanEquals": lambda a, b: a <= b,
    "GreaterThan": lambda a, b: a > b,
    "GreaterThanEquals": lambda a, b: a >= b,
}
_TESTS: Mapping[str, Callable[[Any], bool]] = {
    "IsBoolean": _is_bool,
    "IsNull": lambda value: value is None,
    "IsNumeric": _is_number,
    "IsString": _is_text,
    "IsTimestamp": is_timestamp,
}
_COMPARISON = re.compile(
    rf"(BooleanEquals|(?:String|Numeric|Timestamp)(?:{'|'.join(_RELATIONS)}))(Path)?"
)


def check_rule(rule: Any, *, top: bool = True) -> None:
    """Refuse what is no rule, or has anything in it that is not known here.

    Raises:
        DefinitionError: it has.
    """
    if not isinstance(rule, Mapping):
        raise DefinitionError(f"a rule of a Choice is an object, not {rule!r}")
    body = {key: value for key, value in rule.items() if not (top and key in ("Next", "Comment"))}
    if top and "Next" not in rule:
        raise DefinitionError("a rule of a Choice lacks Next")
    match body:
        case {"And": inner} | {"Or": inner} if len(body) == 1 and isinstance(inner, list) and inner:
            for one in inner:
                check_rule(one, top=False)
        case {"Not": inner} if len(body) == 1:
            check_rule(inner, top=False)
        case {"Variable": variable, **rest} if len(rest) == 1:
            check_path(variable)
            ((operator, operand),) = rest.items()
            _check_comparison(operator, operand)
        case _:
            raise DefinitionError(f"a rule of a Choice cannot be read: {', '.join(body)}")


def _check_comparison(operator: str, operand: Any) -> None:
    comparison = _COMPARISON.fullmatch(operator)
    if comparison and comparison[2]:
        check_path(operand)
        return
    if comparison:
        sound = _typed(comparison[1])[0](operand)
    elif operator == "IsPresent" or operator in _TESTS:
        sound = isinstance(operand, bool)
    else:
        raise DefinitionError(f"the comparison {operator} is not known here")
    if not sound:
        raise DefinitionError(f"{operator} cannot be {operand!r}")


def fits(rule: Mapping[str, Any], data: Any, context: Mapping[str, Any]) -> bool:
    """Whether a rule holds.

    Args:
        rule: one that `check_rule` accepts.
        data: the state's.
        context: the context object.

    Raises:
        MissingPathError: something it compares is not there.
    """
    match rule:
        case {"And": inner}:
            return all(fits(one, data, context) for one in inner)
        case {"Or": inner}:
            return any(fits(one, data, context) for one in inner)
        case {"Not": inner}:
            return not fits(inner, data, context)
        case _:
            return _compare(rule, data, context)


def _compare(rule: Mapping[str, Any], data: Any, context: Mapping[str, Any]) -> bool:
    (operator,) = (key for key in rule if key not in ("Variable", "Next", "Comment"))
    path, operand = rule["Variable"], rule[operator]
    if operator == "IsPresent":
        return _is_present(path, data, context) is operand
    value = look_up(path, data, context)
    if operator in _TESTS:
        return _TESTS[operator](value) is operand
    name = operator.removesuffix("Path")
    if name != operator:
        operand = look_up(operand, data, context)
    is_of_type, read, relation = _typed(name)
    return is_of_type(value) and is_of_type(operand) and relation(read(value), read(operand))


def _typed(
    name: str,
) -> tuple[Callable[[Any], bool], Callable[[Any], Any], Callable[[Any, Any], bool]]:
    """Of a comparison such as `NumericLessThan`: the type's test and reader, and the relation."""
    kind = next(kind for kind in _TYPES if name.startswith(kind))
    return (*_TYPES[kind], _RELATIONS[name.removeprefix(kind)])


def _is_present(path: str, data: Any, context: Mapping[str, Any]) -> bool:
    try:
        look_up(path, data, context)
    except MissingPathError:
        return False
    return True
