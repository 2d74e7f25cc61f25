"""Reminders: what a stack file may say of them."""

import pytest

from alerting.settings.models import Remind, Severity
from alerting.settings.reminders import Reminding
from tests.settings.conftest import PLACE

TWO = {"notify": {}, "page": {"remind": {}}}
METRIC = {"namespace": "AWS/EC2", "name": "CPUUtilization"}


def alarm(**more):
    return {"metric": METRIC, "threshold": {"above": 80}, **more}


def test_there_are_none_unless_said(parsed):
    assert parsed({"severities": {"notify": {}}}).reminders_args({"notify": "arn"}) is None


def test_those_of_a_severity_are_of_the_alarms_that_tell_it(parsed):
    settings = parsed(
        {"severities": TWO, "alarms/disk": alarm(severity="page"), "tags": {"team": "shop"}}
    )
    args = settings.reminders_args({"notify": "arn:notify", "page": "arn:page"})
    page = {"topic_arn": "arn:page", "alarms": ["dev-disk"], "after": 3600, "at_most": 3}
    assert args["severities"] == {"page": page}
    assert (args["prefix"], args["tags"]) == ("dev-", {"team": "shop"})


def test_the_default_severity_has_the_alarms_that_name_none(parsed):
    severities = {"notify": {"remind": {"after": "30m", "atMost": 1}}}
    args = parsed({"severities": severities, "alarms/disk": alarm(name="disk")})
    notify = args.reminders_args({"notify": "arn"})["severities"]["notify"]
    assert notify["alarms"] == ["dev-cpu", "disk"]
    assert (notify["after"], notify["at_most"]) == (1800, 1)


def test_of_a_family_those_are_reminded_of_that_tell_somebody():
    guard = {"metric": {**METRIC, "name": "NetworkIn"}, "at_least": 10}
    alarms = {"disk": alarm(only_when=guard, escalate={"threshold": {"above": 95}})}
    args = {"alarms": alarms, "topics": {"page": "arn"}, "region": "us-east-1", "prefix": "dev-"}
    severities = {"page": Severity(remind=Remind())}
    reminded = Reminding(severities, args, PLACE).args["severities"]["page"]["alarms"]
    assert reminded == ["dev-disk-alert"]


def test_reminders_that_no_alarm_needs_are_refused(mistakes):
    assert mistakes({"severities": TWO}) == [
        "severities.page.remind: has nothing to remind of: no alarm tells 'page'"
    ]


def test_an_alarm_that_cannot_be_read_may_be_the_one_to_remind_of(mistakes):
    found = mistakes({"severities": TWO, "alarms/disk": alarm(severity="page", datapoints="4/3")})
    assert [line.split(": ")[0] for line in found] == ["alarms.disk.datapoints"]


def test_times_are_read_where_there_is_nothing_to_remind_of(mistakes):
    remind = {"after": "30s", "atMost": 101}
    assert mistakes({"severities": {"notify": {}, "page": {"remind": remind}}}) == [
        "severities.page.remind.after: must be 1m to 365d, got '30s'",
        "severities.page.remind.atMost: must be from 1 to 100, got 101",
        "severities.page.remind: has nothing to remind of: no alarm tells 'page'",
    ]


@pytest.mark.parametrize(
    ("remind", "mistake"),
    [
        (
            {"after": "soon"},
            "after: write a duration with s, m, h, d or w, the largest first, as "
            "in 2h5m, got 'soon'",
        ),
        ({"after": "30s"}, "after: must be 1m to 365d, got '30s'"),
        ({"after": "366d"}, "after: must be 1m to 365d, got '366d'"),
        ({"atMost": 0}, "atMost: must be at least 1, got 0"),
        ({"atMost": 101}, "atMost: must be from 1 to 100, got 101"),
        ({"every": "1h"}, "every: is not known; known are after, atMost"),
    ],
)
def test_times_that_cannot_be_are_refused(remind, mistake, mistakes):
    assert mistakes({"severities": {"notify": {"remind": remind}}}) == [
        f"severities.notify.remind.{mistake}"
    ]


def test_an_execution_lasts_a_year_at_most(mistakes):
    remind = {"after": "200d", "atMost": 2}
    assert mistakes({"severities": {"notify": {"remind": remind}}}) == [
        "severities.notify.remind: must be over after a year, which is the longest an execution "
        "can take"
    ]


def test_names_that_are_too_long_for_a_rule_are_refused(mistakes):
    severity = "s" * 60
    assert mistakes({"severities": {severity: {"remind": {}}}}) == [
        f"severities.{severity}.remind: would have an event rule called "
        f"'dev-reminders-{severity}', of more than 64 letters; give it a shorter name"
    ]
