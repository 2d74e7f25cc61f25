"""The rules of a Choice state."""

from typing import Any

import pytest

from alerting.states.choice import check_rule, fits
from alerting.states.errors import DefinitionError, MissingPathError

DATA = {
    "text": "b",
    "number": 2,
    "yes": True,
    "nothing": None,
    "time": "2026-01-01T12:00:00.500Z",
    "cloudwatch": "2026-01-01T12:00:00.500+0000",
    "list": [{"a": 1}],
}
CONTEXT = {"Execution": {"StartTime": "2026-01-01T12:00:01Z"}, "State": {}}


def holds(**rule: Any) -> bool:
    check_rule({**rule, "Next": "Over"})
    return fits({**rule, "Next": "Over"}, DATA, CONTEXT)


@pytest.mark.parametrize(
    ("variable", "operator", "operand", "answer"),
    [
        ("$.text", "StringEquals", "b", True),
        ("$.text", "StringLessThan", "b", False),
        ("$.text", "StringLessThanEquals", "b", True),
        ("$.text", "StringGreaterThan", "a", True),
        ("$.number", "NumericEquals", 2.0, True),
        ("$.number", "NumericGreaterThanEquals", 3, False),
        ("$.number", "NumericLessThanPath", "$.list[0].a", False),
        ("$.yes", "BooleanEquals", True, True),
        ("$.yes", "BooleanEqualsPath", "$.yes", True),
        ("$.time", "TimestampLessThanEqualsPath", "$$.Execution.StartTime", True),
        ("$.time", "TimestampGreaterThan", "2026-01-01T13:00:00+02:00", True),
        ("$.nothing", "IsNull", True, True),
        ("$.text", "IsString", True, True),
        ("$.yes", "IsNumeric", False, True),
        ("$.yes", "IsBoolean", True, True),
        ("$.cloudwatch", "IsTimestamp", False, True),
        ("$.list[0].a", "IsPresent", True, True),
        ("$.list[1]", "IsPresent", False, True),
        ("$.nothing", "IsPresent", True, True),
    ],
)
def test_a_comparison(variable: str, operator: str, operand: Any, answer: bool):
    assert holds(Variable=variable, **{operator: operand}) is answer


@pytest.mark.parametrize(
    ("variable", "operator", "operand"),
    [
        ("$.text", "NumericEquals", 2),
        ("$.yes", "NumericLessThan", 5),
        ("$.number", "StringEquals", "2"),
        ("$.cloudwatch", "TimestampLessThanEqualsPath", "$$.Execution.StartTime"),
        ("$.time", "TimestampLessThanEqualsPath", "$.cloudwatch"),
        ("$.nothing", "BooleanEquals", False),
    ],
)
def test_a_comparison_with_another_type_does_not_hold(variable: str, operator: str, operand: Any):
    assert holds(Variable=variable, **{operator: operand}) is False


def test_rules_are_put_together():
    yes, no = ({"Variable": "$.number", "NumericEquals": n} for n in (2, 3))
    assert holds(And=[yes, {"Or": [no, yes]}, {"Not": no}])
    assert not holds(And=[yes, no])
    assert not holds(Or=[no, {"Not": yes}])


def test_and_looks_no_further_than_it_has_to():
    there = {"Variable": "$.no", "IsPresent": True}
    assert not holds(And=[there, {"Variable": "$.no", "StringEquals": "x"}])


def test_what_is_not_there_ends_the_execution():
    with pytest.raises(MissingPathError, match=r"nothing stands at \$\.no"):
        holds(Variable="$.no", StringEquals="x")


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ({"Variable": "$.a", "StringEquals": "x"}, "lacks Next"),
        ({"Variable": "$.a", "StringMatches": "x*", "Next": "A"}, "StringMatches is not known"),
        ({"Variable": "$.a", "BooleanLessThan": True, "Next": "A"}, "BooleanLessThan"),
        ({"Variable": "$.a", "NumericEquals": "1", "Next": "A"}, "cannot be '1'"),
        ({"Variable": "$.a", "IsPresent": "yes", "Next": "A"}, "cannot be 'yes'"),
        ({"Variable": "$.a[*]", "IsPresent": True, "Next": "A"}, "no path"),
        ({"Variable": "$.a", "StringEqualsPath": "b", "Next": "A"}, "no path"),
        ({"Condition": "{% $a %}", "Next": "A"}, "cannot be read"),
        ({"And": [], "Next": "A"}, "cannot be read"),
        ({"Not": {"Variable": "$.a", "IsNull": True, "Next": "B"}, "Next": "A"}, "cannot be read"),
        ("x", "is an object"),
    ],
)
def test_what_is_not_known_is_refused(rule: Any, message: str):
    with pytest.raises(DefinitionError, match=message):
        check_rule(rule)
