"""CloudWatch's metric math, worked out over the slots of many evaluations at once.

A time series is a table of slots (oldest first) by evaluations, NaN where there is no datapoint.
A scalar is a number, or one number an evaluation: AVG of a series looks at that evaluation's range.

Source: CloudWatch user guide, "Using metric math": where only one of two series has a datapoint,
the other counts as 0; a division by zero gives none.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
}


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """What an expression is worked out from."""

    metrics: Mapping[str, Values]
    """Series by the Id of their query."""
    begins: Times
    """Where each slot begins, in the form of a series."""
    period: int
    """Seconds."""


def work_out(expression: Expression, inputs: Inputs) -> Values:
    """The series an expression comes to.

    Raises:
        MathError: an unknown function or Id, a wrong argument, or several series at the end.
    """
    with np.errstate(all="ignore"):
        result = _Evaluator(inputs).value(expression)
    if isinstance(result, list):
        raise MathError("comes to several time series; an alarm watches one")
    return np.broadcast_to(functions.finite(result), inputs.begins.shape)


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
                raise MathError(f"has a text {text!r} where it needs a number or a series")
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
            return self._fill(arguments)
        if function == "IF":
            return self._if(arguments)
        if len(arguments) != 1 and function in _ONE_ARGUMENT:
            raise MathError(f"gives {function} {len(arguments)} arguments; it takes 1")
        if function in _OVER or function == "AVG":
            return _over(function, self.value(arguments[0]))
        if function in _EACH:
            return _each(_EACH[function], self.value(arguments[0]))
        if function in functions.CALENDAR:
            return functions.CALENDAR[function](self._inputs.begins) * 1.0
        match function:
            case "DIFF_TIME":
                return _each(self._steps, self.value(arguments[0]))
            case "RATE":
                return _each(
                    lambda one: functions.difference(one) / self._steps(one),
                    self.value(arguments[0]),
                )
            case "TIME_SERIES":
                return np.broadcast_to(self.value(arguments[0]), self._inputs.begins.shape)
            case "PERIOD":
                return float(self._inputs.period)
            case "METRIC_COUNT":
                return float(len(_listed(self.value(arguments[0]))))
            case "FIRST":
                return _listed(self.value(arguments[0]))[0]
            case "LAST":
                return _listed(self.value(arguments[0]))[-1]
            case _:
                raise MathError(
                    f"uses {function}, which is not among the functions that are replayed"
                )

    def _values(
        self, function: str, arguments: tuple[Expression, ...], *counts: int
    ) -> list[_Result]:
        if len(arguments) not in counts:
            wanted = " or ".join(map(str, counts))
            raise MathError(f"gives {function} {len(arguments)} arguments; it takes {wanted}")
        return [self.value(argument) for argument in arguments]

    def _metrics(self, arguments: tuple[Expression, ...]) -> list[Values]:
        part = ""
        if arguments:
            if len(arguments) > 1 or not isinstance(arguments[0], Text):
                raise MathError("gives METRICS something that is not one quoted text")
            part = arguments[0].text
        return [series for name, series in self._inputs.metrics.items() if part in name]

    def _if(self, arguments: tuple[Expression, ...]) -> _Result:
        condition, yes, *no = self._values("IF", arguments, 2, 3)
        otherwise = no[0] if no else np.nan
        if np.ndim(condition) < 2:
            return np.where(condition != 0, yes, otherwise)
        # A missing datapoint is 0 where the condition holds, and stays missing where it does not.
        chosen = np.where(condition != 0, np.nan_to_num(yes), otherwise)
        return np.where(np.isnan(condition), np.nan, chosen)

    def _fill(self, arguments: tuple[Expression, ...]) -> _Result:
        if len(arguments) != 2:
            raise MathError(f"gives FILL {len(arguments)} arguments; it takes 2")
        series, filler = self.value(arguments[0]), arguments[1]
        match filler:
            case Name("REPEAT"):
                return _each(_repeated, series)
            case Name("LINEAR"):
                return _each(lambda one: _interpolated(one, self._inputs.begins), series)
            case _:
                value = self.value(filler)
                return _each(lambda one: np.where(np.isnan(one), value, one), series)

    def _diff(self, arguments: tuple[Expression, ...]) -> _Result:
        return _each(_difference, *self._values("DIFF", arguments, 1))

    def _diff_time(self, arguments: tuple[Expression, ...]) -> _Result:
        return _each(self._steps, *self._values("DIFF_TIME", arguments, 1))

    def _rate(self, arguments: tuple[Expression, ...]) -> _Result:
        (series,) = self._values("RATE", arguments, 1)
        return _each(lambda one: _difference(one) / self._steps(one), series)

    def _steps(self, series: Values) -> Values:
        return _difference(np.where(np.isnan(series), np.nan, self._inputs.begins))

    def _running_sum(self, arguments: tuple[Expression, ...]) -> _Result:
        (series,) = self._values("RUNNING_SUM", arguments, 1)
        return _each(lambda one: np.where(np.isnan(one), np.nan, np.nancumsum(one, axis=0)), series)

    def _time_series(self, arguments: tuple[Expression, ...]) -> _Result:
        (scalar,) = self._values("TIME_SERIES", arguments, 1)
        return np.broadcast_to(scalar, self._inputs.begins.shape)

    def _period(self, arguments: tuple[Expression, ...]) -> float:
        self._values("PERIOD", arguments, 1)
        return float(self._inputs.period)

    def _metric_count(self, arguments: tuple[Expression, ...]) -> float:
        return float(len(_listed(*self._values("METRIC_COUNT", arguments, 1))))

    def _first(self, arguments: tuple[Expression, ...]) -> _Result:
        return self._member("FIRST", arguments, 0)

    def _last(self, arguments: tuple[Expression, ...]) -> _Result:
        return self._member("LAST", arguments, -1)

    def _member(self, function: str, arguments: tuple[Expression, ...], at: int) -> _Result:
        items = _listed(*self._values(function, arguments, 1))
        if not items:
            raise MathError(f"gives {function} an empty array")
        return items[at]


_OVER: dict[str, Callable[[Values], Values]] = {
    "SUM": functions.total,
    "MIN": functions.lowest,
    "MAX": functions.highest,
    "STDDEV": functions.deviation,
    "DATAPOINT_COUNT": functions.count,
}
"""From a series to a scalar, from an array to a series."""


def _listed(value: _Result) -> list[_Result]:
    return value if isinstance(value, list) else [value]


def _each(function: Callable[[Any], Any], value: _Result) -> _Result:
    if isinstance(value, list):
        return [_each(function, one) for one in value]
    return functions.finite(function(value))


def _operate(sign: str, left: _Result, right: _Result) -> _Result:
    if isinstance(left, list):
        if isinstance(right, list):
            raise MathError(f"has an array on both sides of {sign}")
        return [_operate(sign, one, right) for one in left]
    if isinstance(right, list):
        return [_operate(sign, left, one) for one in right]
    if np.ndim(left) == np.ndim(right) == 2:
        gap_left, gap_right = np.isnan(left), np.isnan(right)
        left = np.where(gap_left & ~gap_right, 0.0, left)
        right = np.where(gap_right & ~gap_left, 0.0, right)
    result = functions.finite(_OPERATIONS[sign](left, right) * 1.0)
    return np.where(np.isnan(left) | np.isnan(right), np.nan, result)


def _over(function: str, value: _Result) -> _Result:
    is_array = isinstance(value, list)
    if is_array:
        if not value:
            raise MathError(f"gives {function} an empty array")
        value = np.stack(np.broadcast_arrays(*value))
    elif np.ndim(value) < 2:
        raise MathError(f"gives {function} a number; it takes a time series or an array")
    if function == "AVG":
        return functions.average(value, missing_as_zero=is_array)
    return functions.finite(_OVER[function](value))
