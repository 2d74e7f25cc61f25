"""From a stack file's guards, second limits and composites to what AWS would hold."""

from pathlib import Path

import pytest

from alerting.account import account_of
from alerting.cloudwatch import State
from alerting.cloudwatch.bill import bill
from alerting.components.alert_topic import Place
from alerting.delivery import Level, Outcome, findings, routes
from alerting.explain.explanation import explain
from alerting.explain.families import cost, shown
from alerting.explain.sentence import sentence
from alerting.recording import record
from alerting.settings import Settings
from alerting.stackfile import read_stack

STACK = Path(__file__).parents[2] / "examples/scenarios/composites"


@pytest.fixture(scope="module")
def file():
    return read_stack("dev", STACK)


@pytest.fixture(scope="module")
def deployment(file):
    return record(file.program, config=file.config, stack="dev")


@pytest.fixture(scope="module")
def explained(file):
    return {one.alarm.label: one for one in shown(explain(file).alarms)}


def test_each_limit_reaches_its_own_severity_and_the_members_nobody(deployment):
    told = {}
    for route in routes(account_of(deployment)):
        if route.state is State.ALARM and route.outcome in (Outcome.OK, Outcome.WAITING):
            told.setdefault(route.alarm.label, set()).add(route.receiver)
    assert told == {"cpu-odd": {"team"}, "cpu-odd-escalated": {"oncall"}, "errors": {"team"}}


def test_nothing_is_wrong_with_it(deployment):
    assert [f for f in findings(account_of(deployment)) if f.level is not Level.NOTE] == []


def test_the_outputs_have_every_alarm_and_the_first_of_them(deployment):
    ids = deployment.exports["cloudwatch_alarm_ids"]
    assert set(ids) == {
        *("cpu-odd", "cpu-odd-band", "cpu-odd-volume"),
        *("cpu-odd-escalated", "cpu-odd-escalated-band"),
        *("errors", "errors-threshold", "errors-volume"),
    }
    assert deployment.exports["cloudwatch_alarm_id"] == ids["cpu-odd"]


def test_a_family_is_explained_as_one_alarm_a_severity(explained):
    assert set(explained) == {"cpu-odd", "cpu-odd-escalated", "errors"}
    assert sentence(explained["cpu-odd"]) == (
        "tells team (email) when the average CPUUtilization of i-1234567890abcdef0 is above its "
        "band (2 standard deviations) for 2 of 3 periods of 5 minutes, while the sum of Requests "
        "is at least 100 for 2 of 3 periods of 5 minutes; quiet while cpu-odd-escalated is in "
        "ALARM; earliest notice about 17 minutes after onset"
    )


def test_a_family_costs_what_all_of_it_costs(explained):
    assert cost(explained["cpu-odd"]) == "0.90"
    assert cost(explained["cpu-odd-escalated"]) == "0.80"


def test_the_budget_counts_all_of_it(file):
    config = {key.removeprefix("composites:"): value for key, value in file.config.items()}
    place: Place = {"account_id": "123456789012", "region": config.pop("aws:region")}
    charges = Settings.parse(config, stack="dev", place=place).charges
    assert set(bill(charges)) == set(explain(file).bill)


def test_a_composite_that_is_no_conjunction_lists_what_tells_nobody():
    file = read_stack("dev", STACK)
    alarms = dict(file.config["composites:alarms"])
    metric = {"namespace": "Shop", "name": "Failed", "statistic": "Sum"}
    alarms["failed"] = {"metric": metric, "threshold": {"above": 9}, "tell": False}
    alarms["either"] = {"any": ["failed", "errors"]}
    config = {**file.config, "composites:alarms": alarms}
    found = explain(type(file)(file.path, file.stack, file.project, config, file.secret_keys, {}))
    either = next(one for one in shown(found.alarms) if one.alarm.label == "either")
    assert [member.alarm.label for member in either.unspoken] == ["failed"]
    assert sentence(either).endswith("notice as soon as its alarms make it so")
