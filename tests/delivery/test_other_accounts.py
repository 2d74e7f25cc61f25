"""An alarm that tells a topic of another account."""

from typing import Any

import pytest

from alerting.account import Account
from alerting.delivery import Finding, Level, Outcome, Route, findings, routes
from tests.delivery.good_account import (
    ACCOUNT,
    Fault,
    account_of,
    adding,
    arn,
    good_parts,
    setting,
    topic,
)

OTHER = "999988887777"
THEIRS = arn("sns", "theirs", account=OTHER)
TELLING = setting("quiet", AlarmActions=[THEIRS])


def told(*faults: Fault, **more: Any) -> Account:
    parts = good_parts()
    for fault in (TELLING, *faults):
        fault(parts)
    return account_of(parts, **more)


def route(account: Account) -> Route:
    [found] = [one for one in routes(account) if one.action == THEIRS]
    return found


def about_theirs(account: Account, rule: str) -> list[Finding]:
    return [one for one in findings(account) if one.rule == rule and "theirs" in str(one)]


@pytest.mark.parametrize("whole", [False, True])
def test_whether_it_is_let_in_cannot_be_told_where_the_topic_cannot_be_seen(whole: bool):
    account = told(whole=whole)
    why = f"the topic is of account {OTHER}, whose policy on it must let alarms of {ACCOUNT} in"
    assert (route(account).outcome, route(account).why) == (Outcome.CANNOT_TELL, why)
    [note] = about_theirs(account, "cannot-tell")
    assert note.level is Level.NOTE


def test_why_it_could_not_be_read_is_said_where_that_is_known():
    account = told(whole=True, unreadable={THEIRS: "access denied"})
    assert route(account).why.endswith("could not be read: access denied")


def test_the_first_policy_of_a_topic_lets_no_other_account_in():
    theirs = topic("theirs")
    seen = adding("theirs", type(theirs)(theirs.kind, THEIRS, {"TopicArn": THEIRS}, theirs.urn))
    account = told(seen)
    assert route(account).why == (
        f"the topic has its first policy, which lets nobody in from account {ACCOUNT}"
    )
    assert about_theirs(account, "topic-policy-closed")
