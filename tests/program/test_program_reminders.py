"""From a stack file's reminders to what AWS would hold, and what it would cost and tell."""

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from alerting.account import Kind, account_of
from alerting.delivery import Level, findings
from alerting.explain.explanation import explanation_of
from alerting.explain.markdown import as_markdown
from alerting.explain.reminders import reminders
from alerting.explain.text import print_text
from alerting.recording import record
from alerting.stackfile import read_stack

STACK = Path(__file__).parents[2] / "examples/scenarios/reminders"


def recorded(**severities):
    file = read_stack("dev", STACK)
    key = f"{file.project}:severities"
    config = {**file.config, key: {**file.config[key], **severities}}
    return record(file.program, config=config, stack="dev")


@pytest.fixture(scope="module")
def deployment():
    return recorded()


def test_one_machine_is_started_by_a_rule_for_the_severity(deployment):
    account = account_of(deployment)
    assert [item.label for item in account.of(Kind.STATE_MACHINE)] == ["reminders"]
    assert [item.label for item in account.of(Kind.EVENT_RULE)] == ["reminders of page"]


def test_what_they_hang_below(deployment):
    children = [r.name for r in deployment.resources if "Reminders$" in r.urn]
    assert sorted(children) == [
        "reminders-machine",
        "reminders-page-rule",
        "reminders-page-target",
        "reminders-role",
        "reminders-role-policy",
        "reminders-start-role",
        "reminders-start-role-policy",
    ]


def test_nothing_is_wrong_with_it(deployment):
    assert [f for f in findings(account_of(deployment)) if f.level is not Level.NOTE] == []


def test_explain_says_when_and_of_how_many_alarms(deployment):
    explanation = explanation_of(deployment)
    assert reminders(explanation) == [("page", "after 1h, at most 3 times, of 1 alarm")]
    out = Console(width=80, file=StringIO())
    print_text(explanation, out)
    assert "page  after 1h, at most 3 times, of 1 alarm" in out.file.getvalue()
    assert "- `page`: after 1h, at most 3 times, of 1 alarm" in as_markdown(explanation)


def test_explain_says_it_of_every_severity():
    severities = {
        "notify": {"default": True, "remind": {"after": "1d", "atMost": 1}},
        "page": {"remind": {"after": "90m", "atMost": 2}},
    }
    assert reminders(explanation_of(recorded(**severities))) == [
        ("notify", "after 1d, once, of 1 alarm"),
        ("page", "after 1h30m, at most 2 times, of 1 alarm"),
    ]


def test_it_costs_nothing_but_by_use(deployment):
    explanation = explanation_of(deployment)
    lines = {line.kind: line.amount for line in explanation.bill}
    assert (lines["state machine"], lines["event rule"]) == (0, 0)
    assert "A thousand steps of a state machine" in explanation.on_top


def test_without_reminders_there_is_no_machine():
    account = account_of(recorded(page={}))
    assert account.of(Kind.STATE_MACHINE) == account.of(Kind.EVENT_RULE) == ()
