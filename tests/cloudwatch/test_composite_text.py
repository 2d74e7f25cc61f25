"""Alarm rules written out again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.cloudwatch.composite import And, AtLeast, Constant, Is, Not, Or, parse_rule
from alerting.cloudwatch.composite_text import rule_text, rule_words, size_problems
from alerting.cloudwatch.state import State

NAMES = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=12)
LEAVES = st.builds(Is, st.sampled_from(list(State)), NAMES)


def several(kind):
    return lambda operands: st.lists(operands, min_size=2, max_size=3).map(tuple).map(kind)


def without_doubles(rule):
    """Rules as the parser gives them: no negation of a negation."""
    return not (isinstance(rule, Not) and isinstance(rule.operand, Not))


RULES = st.recursive(
    LEAVES | st.booleans().map(Constant),
    lambda inner: several(And)(inner) | several(Or)(inner) | inner.map(Not).filter(without_doubles),
    max_leaves=8,
)


@given(RULES)
def test_a_rule_that_is_written_out_reads_as_the_same(rule):
    assert parse_rule(rule_text(rule)) == rule


@given(st.lists(LEAVES, min_size=1, max_size=4), st.booleans(), st.booleans())
def test_at_least_is_written_as_it_is_read(leaves, percent, negated):
    alarms = [Is(leaves[0].state, leaf.alarm) for leaf in leaves]
    operands = tuple(Not(one) if negated else one for one in alarms)
    rule = AtLeast(1, percent, operands)
    assert parse_rule(rule_text(rule)) == rule


def test_names_are_quoted_and_what_would_end_a_quote_is_escaped():
    rule = parse_rule("ALARM(a) AND NOT (OK(b) OR FALSE)")
    names = {"a": 'say "hi" (now), \\o/', "b": "plain"}
    assert rule_text(rule, names.__getitem__) == (
        r'ALARM("say \"hi\" (now), \\o/") AND NOT (OK("plain") OR FALSE)'
    )


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (Or(tuple(Is(State.ALARM, f"a{n}") for n in range(101))), "names 101 alarms, at most 100"),
        (
            Or((And((Is(State.ALARM, "a"), Constant(True))),) * 126),
            "has 504 alarms, constants and parentheses, at most 500",
        ),
        (Is(State.ALARM, "a" * 10_240), "has 10249 characters with the alarms' names in it"),
    ],
    ids=["children", "elements", "characters"],
)
def test_a_rule_that_is_too_large_says_how_large_it_is(rule, said):
    (problem,) = size_problems(rule, rule_text(rule))
    assert problem.startswith(said)


def test_a_rule_at_the_limits_is_fine():
    largest = Or(tuple(Is(State.ALARM, f"alarm-{n}") for n in range(100)))
    assert not list(size_problems(largest, rule_text(largest)))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ALARM(a)", "a is in ALARM"),
        ("ALARM(a) AND ALARM(b) AND ALARM(c)", "a, b and c are in ALARM"),
        ("ALARM(a) OR ALARM(b)", "a or b is in ALARM"),
        ("ALARM(a) AND NOT ALARM(b)", "a is in ALARM and b is not"),
        ("ALARM(a) AND NOT ALARM(b) AND NOT ALARM(c)", "a is in ALARM and b and c are not"),
        ("NOT ALARM(a)", 'this holds: NOT ALARM("a")'),
        ("ALARM(a) OR NOT ALARM(b)", 'this holds: ALARM("a") OR NOT ALARM("b")'),
        ("ALARM(a) AND OK(b)", 'this holds: ALARM("a") AND OK("b")'),
        ("TRUE", "this holds: TRUE"),
    ],
)
def test_a_rule_in_words(text, words):
    assert rule_words(parse_rule(text)) == words


def test_the_words_are_what_people_call_the_alarms():
    rule = parse_rule("ALARM(prod-a) AND OK(prod-b)")
    assert rule_words(rule, lambda ref: ref.removeprefix("prod-")) == (
        'this holds: ALARM("a") AND OK("b")'
    )
