"""From a stack file's second path and heartbeat to what AWS would hold."""

import json
from pathlib import Path

import pytest

from alerting.account import Kind, account_of
from alerting.cloudwatch import State
from alerting.delivery import Level, Outcome, findings, routes
from alerting.recording import record
from alerting.stackfile import read_stack

STACK = Path(__file__).parents[2] / "examples/scenarios/second-path"
SCHEDULE = "aws:scheduler/schedule:Schedule"


@pytest.fixture(scope="module")
def deployment():
    file = read_stack("dev", STACK)
    return record(file.program, config=file.config, stack="dev")


@pytest.fixture(scope="module")
def account(deployment):
    return account_of(deployment)


def hearers(account, state=State.ALARM):
    """Who is told of a state, by alarm."""
    found = {}
    for route in routes(account):
        if route.state is state and route.outcome in (Outcome.OK, Outcome.WAITING):
            found.setdefault(route.alarm.label, set()).add(route.receiver)
    return found


def test_each_failure_is_told_over_another_path(account):
    assert hearers(account) == {
        "queue-stuck": {"team-mail", "pager"},
        "page-heartbeat": {"team-mail"},
        "page-heartbeat-missed": {"manager-phone"},
        "second-path-notify-failed": {"manager-phone"},
        "second-path-page-failed": {"manager-phone"},
        "second-path-page-misfiltered": {"manager-phone"},
        "second-path-pager-dead-letters": {"manager-phone"},
        "second-path-backstop-failed": {"team-mail"},
    }


def test_nothing_is_wrong_with_it(account):
    assert [f for f in findings(account) if f.level is not Level.NOTE] == []


def test_what_they_hang_below(deployment):
    parents = {
        r.name: r.parent.rpartition("::")[2] for r in deployment.of_type(SCHEDULE) if r.parent
    }
    assert parents == {"page-heartbeat-schedule": "page"}
    alarm = deployment.named("second-path-alarms-page-failed")
    assert "alerting:index:SecondPath$alerting:index:Alarms$" in alarm.urn
    assert alarm.inputs["name"] == "dev-second-path-page-failed"


def test_the_account_knows_the_schedule_and_what_it_sets(account):
    (schedule,) = account.of(Kind.SCHEDULE)
    assert schedule.arn == (
        "arn:aws:scheduler:us-east-1:123456789012:schedule/default/dev-page-heartbeat"
    )
    asked = json.loads(schedule.data["Target"]["Input"])
    (alarm,) = account.find(Kind.ALARM, asked["AlarmName"])
    assert alarm.label == "page-heartbeat"


def test_the_outputs_are_those_of_the_declared_alarms(deployment):
    assert set(deployment.exports["cloudwatch_alarm_ids"]) == {"queue-stuck"}


def test_the_filter_leaves_the_pager_out_by_the_alarms_name(deployment):
    policy = json.loads(deployment.named("receivers-pager-page").inputs["filterPolicy"])
    assert policy == {"AlarmName": [{"anything-but": ["dev-page-heartbeat"]}, {"exists": False}]}
    assert "filterPolicy" not in deployment.named("receivers-team-mail-page").inputs
