"""Each fault is one small mutation of a good deployment, and is found by the right rule alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerting.account import Unknown
from alerting.delivery import RULES, Level, findings
from tests.delivery.good_account import KEY, account_of, good_parts, setting
from tests.delivery.judged import UNKNOWN, faulty, serious
from tests.delivery.seeded_faults import FAULTS, MISSING, SIX, WARNINGS, many


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_found_by_the_right_rule_and_no_other(name: str):
    fault, rule = FAULTS[name]

    assert serious(faulty(fault)) == {rule: Level.ERROR}


@pytest.mark.parametrize("name", WARNINGS)
def test_what_loses_nothing_yet_is_a_warning(name: str):
    fault, rule = WARNINGS[name]

    assert serious(faulty(fault)) == {rule: Level.WARNING}


@pytest.mark.parametrize("name", MISSING)
def test_what_is_not_there_is_an_error_where_everything_was_looked_up(name: str):
    fault, rule = MISSING[name]
    level = Level.WARNING if rule == "dead-letter-queue" else Level.ERROR

    assert serious(faulty(fault, whole=True)) == {rule: level}


@pytest.mark.parametrize("name", MISSING)
def test_what_is_not_there_cannot_be_told_where_it_may_lie_outside(name: str):
    account = faulty(MISSING[name][0])

    assert serious(account) == {}
    assert "cannot-tell" in {f.rule for f in findings(account)}


@pytest.mark.parametrize("whole", [False, True])
def test_a_good_deployment_has_no_error_and_no_warning(whole: bool):
    assert serious(account_of(good_parts(), whole=whole)) == {}


def test_too_many_actions_are_one_error_beside_those_of_the_actions_themselves():
    account = faulty(setting("cpu-high", AlarmActions=SIX))

    assert serious(account) == {"alarm-too-many-actions": Level.ERROR}


def test_there_are_at_least_forty_faults_and_every_error_and_warning_is_among_them():
    seeded = {rule for table in (FAULTS, WARNINGS, MISSING) for _, rule in table.values()}
    serious_rules = {rule.id for rule in RULES if rule.level is not Level.NOTE}

    assert len(FAULTS) + len(WARNINGS) + len(MISSING) >= 40
    assert serious_rules - seeded == {"alarm-too-many-actions"}


def places() -> list[tuple[str, str]]:
    parts = good_parts().items()
    return [(name, key) for name, item in parts for key in item.data if key != "Aliases"]


@pytest.mark.parametrize("name", good_parts())
def test_a_value_that_is_not_known_yet_is_never_an_error(name: str):
    for part, key in places():
        if part == name:
            assert serious(faulty(setting(part, **{key: UNKNOWN}))) == {}, key


@given(st.sets(st.sampled_from(places()), max_size=12), st.booleans())
@settings(deadline=None, max_examples=100)
def test_however_much_is_not_known_yet_nothing_is_an_error(
    hidden: set[tuple[str, str]], secret: bool
):
    value = Unknown(secret=secret)
    account = faulty(many(*(setting(part, **{key: value}) for part, key in hidden)))

    assert serious(account) == {}


def test_an_unreadable_thing_cannot_be_told_and_the_reason_is_said():
    parts = good_parts()
    del parts["topic-key"]
    account = account_of(parts, whole=True, unreadable={KEY: "access denied"})

    assert serious(account) == {}
    assert any("access denied" in f.what for f in findings(account) if f.rule == "cannot-tell")
