"""Intrinsic functions of the Amazon States Language."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerting.states.errors import DefinitionError, StateError
from alerting.states.intrinsics import parse

DATA = {"a": 1, "name": 'x "y" {}', "list": [1, 2], "no": None, "of": {"b": {"c": True}}}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def value(text: str) -> Any:
    return parse(text)(DATA, {"State": {"Name": "Look"}})


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("$.of.b.c", True),
        ("$.list[1]", 2),
        ("$$.State.Name", "Look"),
        ("States.MathAdd($.a, -3)", -2),
        ("States.Array($.a, 'b', true, null)", [1, "b", True, None]),
        ("States.Format('{} of {}: {}', $.a, 2.5, $.name)", '1 of 2.5: x "y" {}'),
        (r"States.Format('\{{}\} it\'s \\', $.no)", "{null} it's \\"),
        ("States.JsonToString($.of)", '{"b":{"c":true}}'),
        ("States.Format('{}', States.MathAdd( 1 , States.MathAdd(1, 1) ))", "3"),
    ],
)
def test_a_function_gives(text: str, wanted: Any):
    assert value(text) == wanted


def test_a_merge_takes_the_second_where_both_say_something():
    merged = parse("States.JsonMerge($.first, $.second, false)")
    data = {"first": {"a": 1, "b": {"x": 1}}, "second": {"b": {"y": 2}}}
    assert merged(data, {}) == {"a": 1, "b": {"y": 2}}


@settings(max_examples=30)
@given(JSON)
def test_json_text_can_be_read_back(data: Any):
    assert json.loads(parse("States.JsonToString($)")(data, {})) == data


@given(st.text())
def test_format_puts_text_in_as_it_is(text: str):
    assert parse("States.Format('<{}>', $)")(text, {}) == f"<{text}>"


@pytest.mark.parametrize(
    "text",
    [
        "States.MathAdd($.name, 1)",
        "States.MathAdd(true, 1)",
        "States.MathAdd(1.5, 1)",
        "States.Format('{}')",
        "States.Format('{} {}', 1)",
        "States.Format('{}', $.of)",
        "States.Format(1, 2)",
        "States.JsonMerge($.of, $.of, true)",
        "States.JsonMerge($.of, $.list, false)",
        "States.MathAdd(1)",
    ],
)
def test_a_function_fails_on_what_it_cannot_take(text: str):
    with pytest.raises(StateError, match=r"States\.IntrinsicFailure"):
        value(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "$.a + 1",
        "$.a[*]",
        "$.a[?(@.b)]",
        "States.UUID()",
        "States.MathAdd(1, 2",
        "States.MathAdd(1 2)",
        "States.Format('open)",
        "States.MathAdd(1, 2) more",
    ],
)
def test_what_cannot_be_read_is_refused(text: str):
    with pytest.raises(DefinitionError):
        parse(text)
