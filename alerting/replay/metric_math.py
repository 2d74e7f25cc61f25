"""CloudWatch's metric math, worked out over the slots of many evaluations at once.

A time series is a table of slots (oldest first) by evaluations, NaN where there is no datapoint.
A scalar is a number, or one number an evaluation: AVG of a series looks at that evaluation's range.

Source: CloudWatch user guide, "Using metric math": where only one of two series has a datapoint,
the other counts as 0; a division by zero gives none.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from alerting.replay import math_functions as functions
from alerting.replay.expression import (
    Array,
    Call,
    Expression,
    MathError,
    Name,
    Negative,
    Number,
    Operation,
    Text,
    parts,
)
from alerting.replay.series import Times, Values

_Result = Any
"""A float or an array of one dimension (scalar), an array of two (series), a list (array)."""

_OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "^": np.float_power,
    "==": np.equal,
    "!=": np.not_equal,
    "<=": np.less_equal,
    ">=": np.greater_equal,
    "<": np.less,
    ">": np.greater,
    "AND": lambda left, right: (left != 0) & (right != 0),
    "OR": lambda left, right: (left != 0) | (right != 0),
}
_EACH: dict[str, Callable[[Any], Any]] = {
    "ABS": np.abs,
    "CEIL": np.ceil,
    "FLOOR": np.floor,
    "LOG": np.log,
    "LOG10": np.log10,
    "DIFF": functions.difference,
    "RUNNING_SUM": functions.running_total,
}
"""From a series to a series, from an array to an array."""
_OVER: dict[str, Callable[[Values], Values]] = {
    "AVG": functions.average,
    "SUM": functions.total,
    "MIN": functions.lowest,
    "MAX": functions.highest,
    "STDDEV": functions.deviation,
    "DATAPOINT_COUNT": functions.count,
}
"""From a series to a scalar, from an array to a series."""
_ARGUMENTS = {
    "METRICS": (0, 1),
    "IF": (2, 3),
    "FILL": (2, 2),
    **dict.fromkeys((*_EACH, *_OVER, *functions.CALENDAR), (1, 1)),
    **dict.fromkeys(("RATE", "DIFF_TIME", "TIME_SERIES"), (1, 1)),
    **dict.fromkeys(("PERIOD", "METRIC_COUNT", "FIRST", "LAST"), (1, 1)),
}
"""Least and most arguments of every function there is."""


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """What an expression is worked out from."""

    metrics: Mapping[str, Values]
    """Series by the Id of their query."""
    begins: Times
    """Where each slot begins, in the form of a series."""
    period: int
    """Seconds."""


def check(expression: Expression) -> None:
    """Refuse what can be seen without data.

    Raises:
        MathError: an unknown function, or one with too few or too many arguments.
    """
    for part in parts(expression):
        if not isinstance(part, Call):
            continue
        if part.function not in _ARGUMENTS:
            raise MathError(
                f"uses {part.function}, which is not among the functions that are replayed"
            )
        least, most = _ARGUMENTS[part.function]
        if not least <= len(part.arguments) <= most:
            wanted = str(least) if least == most else f"{least} or {most}"
            raise MathError(
                f"gives {part.function} {len(part.arguments)} arguments; it takes {wanted}"
            )


def work_out(expression: Expression, inputs: Inputs) -> Values:
    """The series that an expression, once checked, comes to.

    Raises:
        MathError: an unknown Id, an argument of the wrong sort, or several series at the end.
    """
    with np.errstate(all="ignore"):
        result = _Evaluator(inputs).value(expression)
    if isinstance(result, list):
        raise MathError("comes to several time series; an alarm watches one")
    return np.broadcast_to(result, inputs.begins.shape)


class _Evaluator:
    def __init__(self, inputs: Inputs) -> None:
        self._inputs = inputs

    def value(self, expression: Expression) -> _Result:
        match expression:
            case Number(value):
                return value
            case Name(name):
                if name not in self._inputs.metrics:
                    raise MathError(f"names {name!r}, which is no Id among its metrics")
                return self._inputs.metrics[name]
            case Text(text):
                raise MathError(f"has the text {text!r} where it needs a number or a series")
            case Negative(operand):
                return _each(np.negative, self.value(operand))
            case Operation(sign, left, right):
                return _operate(sign, self.value(left), self.value(right))
            case Array(items):
                return [one for item in items for one in _listed(self.value(item))]
            case Call(function, arguments):
                return self._call(function, arguments)

    def _call(self, function: str, arguments: tuple[Expression, ...]) -> _Result:
        if function == "METRICS":
            return self._metrics(arguments)
        if function == "FILL":
            return self._filled(self.value(arguments[0]), arguments[1])
        values = [self.value(argument) for argument in arguments]
        if function == "IF":
            return _if(*values)
        (value,) = values
        if function in _OVER:
            return _over(function, value)
        if function in _EACH:
            return _each(_EACH[function], value)
        begins = self._inputs.begins
        if function in functions.CALENDAR:
            return functions.CALENDAR[function](begins) * 1.0
        match function:
            case "RATE":
                return _each(self._rate, value)
            case "DIFF_TIME":
                return _each(self._step, value)
            case "TIME_SERIES":
                return np.broadcast_to(value, begins.shape)
            case "PERIOD":
                return float(self._inputs.period)
            case "METRIC_COUNT":
                return float(len(_listed(value)))
            case _:  # FIRST and LAST
                if not _listed(value):
                    raise MathError(f"gives {function} an empty array")
                return _listed(value)[0 if function == "FIRST" else -1]

    def _metrics(self, arguments: tuple[Expression, ...]) -> list[Values]:
        match arguments:
            case ():
                part = ""
            case (Text(text),):
                part = text
            case _:
                raise MathError("gives METRICS something that is not a quoted text")
        return [series for name, series in self._inputs.metrics.items() if part in name]

    def _filled(self, series: _Result, filler: Expression) -> _Result:
        match filler:
            case Name("REPEAT"):
                return _each(functions.repeated, series)
            case Name("LINEAR"):
                begins = self._inputs.begins
                return _each(lambda one: functions.interpolated(one, begins), series)
            case _:
                value = self.value(filler)

                def filled(one: Values) -> Values:
                    return np.where(np.isnan(one), value, one)

                return _each(filled, series)

    def _rate(self, series: Values) -> Values:
        return functions.difference(series) / self._step(series)

    def _step(self, series: Values) -> Values:
        """Seconds since the datapoint before."""
        return functions.difference(np.where(np.isnan(series), np.nan, self._inputs.begins))


def _listed(value: _Result) -> list[_Result]:
    return value if isinstance(value, list) else [value]


def _each(function: Callable[[Any], Any], value: _Result) -> _Result:
    if isinstance(value, list):
        return [_each(function, one) for one in value]
    result = function(value)
    return np.where(np.isfinite(result), result, np.nan)


def _operate(sign: str, left: _Result, right: _Result) -> _Result:
    if isinstance(left, list):
        if isinstance(right, list):
            raise MathError(f"has an array on both sides of {sign}")
        return [_operate(sign, one, right) for one in left]
    if isinstance(right, list):
        return [_operate(sign, left, one) for one in right]
    missing = np.isnan(left) | np.isnan(right)
    if np.ndim(left) == np.ndim(right) == 2:
        missing = np.isnan(left) & np.isnan(right)
        left, right = np.nan_to_num(left), np.nan_to_num(right)
    result = _OPERATIONS[sign](left, right) * 1.0
    return np.where(missing | ~np.isfinite(result), np.nan, result)


def _if(condition: _Result, yes: _Result, no: _Result = np.nan) -> _Result:
    if np.ndim(condition) == 2:
        # The guide's tables: where the condition holds a missing datapoint is 0, where it does
        # not it stays missing, and so it does where the condition itself is missing.
        chosen = np.where(condition != 0, np.nan_to_num(yes), no)
        return np.where(np.isnan(condition), np.nan, chosen)
    return np.where(condition != 0, yes, no)


def _over(function: str, value: _Result) -> _Result:
    if isinstance(value, list):
        if not value:
            raise MathError(f"gives {function} an empty array")
        rows = np.stack(np.broadcast_arrays(*value)) * 1.0
        if function == "AVG":  # of an array, unlike of a series: a missing datapoint is 0
            return functions.total(rows) / len(rows)
    elif np.ndim(value) == 2:
        rows = value
    else:
        raise MathError(f"gives {function} a number; it takes a time series or an array")
    result = _OVER[function](rows)
    return np.where(np.isfinite(result), result, np.nan)
