"""The rules about heartbeats and second paths, where little is known."""

from typing import Any

import pytest

from alerting.account import Account
from alerting.delivery import findings
from tests.delivery.good_account import (
    Fault,
    schedule,
    second_path_parts,
    setting,
)
from tests.delivery.judged import ODD, UNKNOWN, faulty, serious

PLACES = [(name, key) for name, item in second_path_parts().items() for key in item.data]


def watched(*faults: Fault, **more: Any) -> Account:
    return faulty(*faults, more=second_path_parts(), **more)


@pytest.mark.parametrize("whole", [False, True])
def test_a_good_heartbeat_and_a_good_second_path_are_in_order(whole: bool):
    assert serious(watched(whole=whole)) == {}


@pytest.mark.parametrize(("name", "key"), PLACES)
def test_a_value_that_is_not_known_yet_is_never_an_error(name: str, key: str):
    assert serious(watched(setting(name, **{key: UNKNOWN}))) == {}


@pytest.mark.parametrize(("name", "key"), PLACES)
def test_no_value_makes_a_rule_raise(name: str, key: str):
    for odd in ODD:
        findings(watched(setting(name, **{key: odd})))


def test_two_schedules_that_set_and_set_back_beat_for_ever():
    account = watched(
        setting("beat", TreatMissingData="ignore"),
        lambda parts: parts.update(back=schedule("back", "beat", "OK")),
    )
    assert serious(account) == {}


def test_a_role_of_which_a_managed_policy_is_not_in_the_picture_cannot_be_told():
    managed = "arn:aws:iam::123456789012:policy/beats"
    account = watched(setting("beat-role", Policies={}, AttachedPolicies=[managed]))
    assert serious(account) == {}
    assert any("beat" in f.what for f in findings(account) if f.rule == "cannot-tell")


def test_the_administrator_may_set_any_alarm():
    managed = "arn:aws:iam::aws:policy/AdministratorAccess"
    account = watched(setting("beat-role", Policies={}, AttachedPolicies=[managed]))
    assert not any("beat" in f.what for f in findings(account) if f.rule == "cannot-tell")
