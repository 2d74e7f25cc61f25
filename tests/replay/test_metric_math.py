"""Metric math, against the tables of the CloudWatch user guide."""

import numpy as np
import pytest

from alerting.replay.expression import MathError, parse
from alerting.replay.metric_math import Inputs, check, work_out

MONDAY = 1_704_067_200
GAP = float("nan")

GUIDE = {
    "metric1": [30, 20, 0, 0],
    "metric2": [20, GAP, 20, GAP],
    "c": [1, 1, 0, 0, GAP],
    "yes": [30, GAP, 0, 0, 30],
    "no": [0, 0, 20, GAP, 20],
}


def column(values):
    return np.array(values, dtype=float)[:, np.newaxis]


def result(text, period=300, **metrics):
    """The expression over one evaluation; None for a missing datapoint."""
    tables = {name: column(values) for name, values in (metrics or GUIDE).items()}
    rows = len(next(iter(tables.values())))
    begins = (MONDAY + period * np.arange(rows))[:, np.newaxis]
    expression = parse(text)
    check(expression)
    worked_out = work_out(expression, Inputs(tables, begins, period))[:, 0]
    return [None if np.isnan(value) else value for value in worked_out.tolist()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(metric1 < metric2)", [0, 0, 1, 0]),
        ("(metric1 >= 30)", [1, 0, 0, 0]),
        ("(metric1 > 15 AND metric2 > 15)", [1, 0, 0, 0]),
        ("(metric1 > 15 && metric2 > 15)", [1, 0, 0, 0]),
    ],
)
def test_the_guides_table_of_operators(text, expected):
    metrics = {name: GUIDE[name] for name in ("metric1", "metric2")}

    assert result(text, **metrics) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("IF(c, yes, no)", [30, 0, 20, None, None]),
        ("IF(c, 5, no)", [5, 5, 20, None, None]),
        ("IF(c, yes, 5)", [30, 0, 5, 5, None]),
        ("IF(c, yes)", [30, 0, None, None, None]),
        ("IF(1, yes, no)", [30, None, 0, 0, 30]),
        ("IF(0, yes, no)", [0, 0, 20, None, 20]),
        ("IF(0, yes)", [None] * 5),
    ],
)
def test_the_guides_tables_of_if(text, expected):
    metrics = {name: GUIDE[name] for name in ("c", "yes", "no")}

    assert result(text, **metrics) == expected


A, B = [1, GAP, 4, GAP], [2, 3, GAP, GAP]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a + b", [3, 3, 4, None]),
        ("a - b", [-1, -3, 4, None]),
        ("a * b", [2, 0, 0, None]),
        ("a / b", [0.5, 0, None, None]),
        ("b / a", [2, None, 0, None]),
        ("a + 10", [11, None, 14, None]),
        ("2 ^ a", [2, None, 16, None]),
        ("-a", [-1, None, -4, None]),
        ("-a ^ 2", [-1, None, -16, None]),
        ("1 + 2 * a", [3, None, 9, None]),
        ("(1 + 2) * a", [3, None, 12, None]),
        ("10 - 4 - a", [5, None, 2, None]),
        ("2 ^ 3 ^ 1 * a", [8, None, 32, None]),
        ("a == 1 OR a == 3", [1, None, 0, None]),
        ("a != b || a > 9", [1, 1, 1, None]),
        ("a <= 1", [1, None, 0, None]),
        ("ABS(0 - a)", [1, None, 4, None]),
        ("CEIL(a / 3)", [1, None, 2, None]),
        ("FLOOR(a / 3)", [0, None, 1, None]),
        ("LOG10(a * 100 / 4)", [pytest.approx(1.39794), None, 2, None]),
        ("LOG(a - 1)", [None, None, pytest.approx(1.098612), None]),
        ("SUM([a, b])", [3, 3, 4, None]),
        ("AVG([a, b])", [1.5, 1.5, 2, None]),
        ("MAX([a, b])", [2, 3, 4, None]),
        ("MIN([a, b, 2])", [1, 2, 2, 2]),
        ("STDDEV([a, b])", [0.5, 0, 0, None]),
        ("SUM(METRICS())", [3, 3, 4, None]),
        ('SUM(METRICS("b"))', [2, 3, None, None]),
        ("SUM(100 / [a, b])", [150, pytest.approx(33.3333333), 25, None]),
        ("AVG([a, b] / a)", [1.5, None, 0.5, None]),
        ("AVG([b, a] - [1, 1])", "array on both sides"),
        ("FIRST([a, b])", [1, None, 4, None]),
        ("LAST([a, b])", [2, 3, None, None]),
        ("DATAPOINT_COUNT([a, b])", [2, 1, 1, 0]),
        ("a / METRIC_COUNT(METRICS())", [0.5, None, 2, None]),
        ("a - AVG(a)", [-1.5, None, 1.5, None]),
        ("a * 0 + SUM(b)", [5, None, 5, None]),
        ("a / MAX(a)", [0.25, None, 1, None]),
        ("MIN(a) + b", [3, 4, None, None]),
        ("TIME_SERIES(DATAPOINT_COUNT(a))", [2, 2, 2, 2]),
        ("STDDEV(a) * a", [1.5, None, 6, None]),
        ("RUNNING_SUM(a)", [1, None, 5, None]),
        ("a / PERIOD(a)", [1 / 300, None, 4 / 300, None]),
        ("FILL(a, 0)", [1, 0, 4, 0]),
        ("FILL(a, b)", [1, 3, 4, None]),
        ("FILL(a, MIN(a))", [1, 1, 4, 1]),
        ("FILL(a, REPEAT)", [1, 1, 4, 4]),
        ("FILL(a, LINEAR)", [1, 2.5, 4, None]),
        ("SUM(FILL(METRICS(), 0))", [3, 3, 4, 0]),
        ("DIFF(a)", [None, None, 3, None]),
        ("DIFF_TIME(a)", [None, None, 600, None]),
        ("RATE(a)", [None, None, 0.005, None]),
        ("MAX(RATE([a, b]))", [None, pytest.approx(1 / 300), 0.005, None]),
        ("1e2 * .5 * a", [50, None, 200, None]),
    ],
)
def test_functions_and_operators(text, expected):
    if isinstance(expected, str):
        with pytest.raises(MathError, match=expected):
            result(text, a=A, b=B)
    else:
        assert result(text, a=A, b=B) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("DAY(a)", [1, 1, 2]),
        ("HOUR(a)", [0, 12, 0]),
        ("MINUTE(a)", [0, 0, 0]),
        ("DATE(a)", [1, 1, 2]),
        ("MONTH(a)", [1, 1, 1]),
        ("YEAR(a)", [2024, 2024, 2024]),
        ("EPOCH(a)", [MONDAY, MONDAY + 43_200, MONDAY + 86_400]),
        ("IF(HOUR(a) >= 9 AND HOUR(a) < 17, a)", [None, 2, None]),
    ],
)
def test_clock_and_calendar_tell_where_a_slot_begins(text, expected):
    assert result(text, period=43_200, a=[1, 2, 3]) == expected


def test_a_scalar_is_worked_out_anew_for_each_evaluation():
    tables = {"a": np.array([[1.0, 5.0], [3.0, 7.0]])}
    begins = np.array([[0, 60], [60, 120]])

    found = work_out(parse("a - AVG(a)"), Inputs(tables, begins, 60))

    assert found.tolist() == [[-1, -1], [1, 1]]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "needs a number, an Id or a function at character 1, found the end"),
        ("a +", "at character 4, found the end"),
        ("a b", "goes on with 'b' at character 3"),
        ("(a", r"needs '\)' at character 3, found the end"),
        ("a $ b", r"cannot be read from character 2 on: ' \$ b'"),
        ("SUM(a, b)", "gives SUM 2 arguments; it takes 1"),
        ("IF(a)", "gives IF 1 arguments; it takes 2 or 3"),
        ("sum(a)", "uses sum, which is not among the functions that are replayed"),
        ("SEARCH('x')", "uses SEARCH,"),
        ("SUM(3)", "gives SUM a number"),
        ("SUM([])", "gives SUM an empty array"),
        ("FIRST([])", "gives FIRST an empty array"),
        ("z", "names 'z', which is no Id"),
        ("a + 'x'", "has the text 'x' where"),
        ("METRICS(a)", "gives METRICS something"),
        ("METRICS()", "comes to several time series"),
        ("(" * 2000 + "a", "is nested too deeply"),
    ],
)
def test_what_is_no_metric_math_is_refused_with_its_place(text, message):
    with pytest.raises(MathError, match=message):
        result(text, a=A, b=B)
