"""The rule language of composite alarms."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerting.cloudwatch import State
from alerting.cloudwatch.composite import (
    And,
    AtLeast,
    Constant,
    Is,
    Not,
    Or,
    Rule,
    RuleError,
    children,
    evaluate,
    parse_rule,
)

A, B, C = (Is(State.ALARM, name) for name in "abc")


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("ALARM(a)", A),
        ('ALARM("a")', A),
        (' ( ALARM ( "a" ) ) ', A),
        ("OK(a)", Is(State.OK, "a")),
        ("INSUFFICIENT_DATA(a)", Is(State.INSUFFICIENT_DATA, "a")),
        ("TRUE", Constant(True)),
        ("FALSE", Constant(False)),
        ("NOT ALARM(a)", Not(A)),
        ("NOT NOT ALARM(a)", A),
        ("ALARM(a) AND ALARM(b) AND ALARM(c)", And((A, B, C))),
        ("ALARM(a) OR ALARM(b) AND NOT ALARM(c)", Or((A, And((B, Not(C)))))),
        ("(ALARM(a) OR ALARM(b)) AND ALARM(c)", And((Or((A, B)), C))),
        ("alarm(a) or not alarm(b)", Or((A, Not(B)))),
        ('ALARM("with (parentheses), commas")', Is(State.ALARM, "with (parentheses), commas")),
        (
            r'ALARM("a \"quoted\" \\ name")',
            Is(State.ALARM, r"a \"quoted\" \ name".replace('\\"', '"')),
        ),
        (
            "ALARM(arn:aws:cloudwatch:us-east-1:123456789012:alarm:a)",
            Is(State.ALARM, "arn:aws:cloudwatch:us-east-1:123456789012:alarm:a"),
        ),
        ("AT_LEAST(2, ALARM, (a, b, c))", AtLeast(2, False, (A, B, C))),
        ('AT_LEAST(50%, NOT ALARM, ("a", b))', AtLeast(50, True, (Not(A), Not(B)))),
    ],
)
def test_rules_are_parsed_with_not_before_and_before_or(text: str, rule: Rule):
    assert parse_rule(text) == rule


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "found the end"),
        ("ALARM", "needs '('; it ends instead"),
        ("ALARM(a", "needs ')'; it ends instead"),
        ("ALARM()", "needs an alarm's name"),
        ("ALARM(a) ALARM(b)", "goes on with 'ALARM' at character 10"),
        ("ALARM(a) AND", "found the end"),
        ("ALARM(a) && ALARM(b)", "goes on with '&&'"),
        ("a AND b", "needs TRUE, FALSE, NOT, ( or a function such as ALARM, found 'a'"),
        ('ALARM("a)', "cannot be read from character 7"),
        ("AT_LEAST(many, ALARM, (a))", "AT_LEAST needs a number"),
        ("AT_LEAST(1, RED, (a))", "AT_LEAST needs a state"),
        ("(" * 5000 + "TRUE" + ")" * 5000, "nested more than 100 deep"),
        ("ALARM(a)" + " " * 10_240, "has 10248 characters"),
    ],
)
def test_what_is_no_rule_says_where(text: str, said: str):
    with pytest.raises(RuleError) as refused:
        parse_rule(text)

    assert said in str(refused.value)


def test_children_come_once_and_in_order():
    assert children(parse_rule("OK(b) AND (ALARM(a) OR NOT ALARM(b))")) == ("b", "a")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ALARM(red)", True),
        ("ALARM(green)", False),
        ("OK(green) AND NOT ALARM(green)", True),
        ("ALARM(unknown)", None),
        ("ALARM(unknown) OR ALARM(red)", True),
        ("ALARM(unknown) AND ALARM(green)", False),
        ("NOT ALARM(unknown)", None),
        ("AT_LEAST(2, ALARM, (red, green, unknown))", None),
        ("AT_LEAST(1, ALARM, (red, green, unknown))", True),
        ("AT_LEAST(3, ALARM, (red, green, unknown))", False),
        ("AT_LEAST(50%, ALARM, (red, green))", True),
        ("AT_LEAST(51%, ALARM, (red, green))", False),
        ("TRUE AND FALSE", False),
    ],
)
def test_a_rule_holds_or_hangs_on_what_is_not_known(text: str, expected: bool | None):
    states = {"red": "ALARM", "green": "OK"}

    assert evaluate(parse_rule(text), states.get) is expected


NAMES = st.text(st.characters(codec="ascii", exclude_categories=["C"]), min_size=1, max_size=8)
RULES = st.recursive(
    st.builds(Constant, st.booleans()) | st.builds(Is, st.sampled_from(State), NAMES),
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(lambda *two: And(two), inner, inner)
        | st.builds(lambda *two: Or(two), inner, inner)
    ),
    max_leaves=8,
)


def written(rule: Rule) -> str:
    match rule:
        case Constant(value):
            return str(value).upper()
        case Is(state, alarm):
            quoted = alarm.replace("\\", "\\\\").replace('"', '\\"')
            return f'{state}("{quoted}")'
        case Not(operand):
            return f"NOT ({written(operand)})"
        case And(operands):
            return " AND ".join(f"({written(o)})" for o in operands)
        case Or(operands):
            return " OR ".join(f"({written(o)})" for o in operands)
        case AtLeast():
            raise AssertionError("not drawn")


@given(RULES, st.dictionaries(NAMES, st.sampled_from(State)))
@settings(deadline=None, max_examples=150)
def test_a_rule_that_was_written_out_means_the_same(rule: Rule, states: dict[str, State]):
    parsed = parse_rule(written(rule))

    assert children(parsed) == children(rule)
    assert evaluate(parsed, states.get) is evaluate(rule, states.get)
