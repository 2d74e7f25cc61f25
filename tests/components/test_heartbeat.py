"""A heartbeat: who sets it off, who may, and over how long it is missed."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting import Heartbeat
from alerting.cloudwatch.limits import DAY, WEEK
from alerting.components.heartbeat import heartbeat_problems, watched_for
from alerting.recording import record

HOUR, MINUTE = 3600, 60
ARN = "arn:aws:sns:us-east-1:123456789012:{}"
ARGS = {
    "topics": {name: ARN.format(name) for name in ("page", "backstop")},
    "topic_name": "prod-alerts-page",
    "second_path": "backstop",
    "place": {"account_id": "123456789012", "region": "us-east-1"},
    "prefix": "prod-",
}
BEAT = "prod-page-heartbeat"


def made(**args):
    return record(lambda: Heartbeat("page", {**ARGS, **args}) and None)


def alarm(deployment, name):
    return deployment.named(f"page-alarms-{name}").inputs


def problems(name="page", **args):
    return [str(one) for one in heartbeat_problems({**ARGS, **args}, name=name)]


def test_a_schedule_sets_the_alarm_and_nothing_else():
    schedule = made().named("page-heartbeat-schedule").inputs
    assert schedule["scheduleExpression"] == "rate(1 day)"
    assert schedule["flexibleTimeWindow"] == {"mode": "OFF"}
    target = schedule["target"]
    assert target["arn"] == "arn:aws:scheduler:::aws-sdk:cloudwatch:setAlarmState"
    asked = json.loads(target["input"])
    assert (asked["AlarmName"], asked["StateValue"]) == (BEAT, "ALARM")
    assert "nothing is wrong" in asked["StateReason"]


def test_the_role_is_the_schedulers_of_this_account_for_this_alarm_only():
    deployment = made()
    trust = json.loads(deployment.named("page-heartbeat-role").inputs["assumeRolePolicy"])
    (statement,) = trust["Statement"]
    assert statement["Principal"] == {"Service": "scheduler.amazonaws.com"}
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}
    policy = json.loads(deployment.named("page-heartbeat-role-policy").inputs["policy"])
    (statement,) = policy["Statement"]
    assert statement["Action"] == "cloudwatch:SetAlarmState"
    assert statement["Resource"] == f"arn:aws:cloudwatch:us-east-1:123456789012:alarm:{BEAT}"


def test_the_alarm_tells_its_severity_and_goes_back_by_itself():
    beats = alarm(made(), "heartbeat")
    assert beats["name"] == BEAT
    assert beats["alarmActions"] == beats["okActions"] == [ARN.format("page")]
    assert beats["treatMissingData"] == "notBreaching"


def test_when_nothing_is_delivered_the_second_path_is_told():
    missed = alarm(made(), "heartbeat-missed")
    assert missed["metricName"] == "NumberOfNotificationsDelivered"
    assert missed["dimensions"] == {"TopicName": "prod-alerts-page"}
    assert (missed["comparisonOperator"], missed["threshold"]) == ("LessThanThreshold", 1)
    assert missed["treatMissingData"] == "breaching"
    assert missed["alarmActions"] == [ARN.format("backstop")]
    assert (missed["period"], missed["evaluationPeriods"], missed["datapointsToAlarm"]) == (
        HOUR,
        25,
        25,
    )


@pytest.mark.parametrize(
    ("every", "rate"),
    [
        (MINUTE, "rate(1 minute)"),
        (90 * MINUTE, "rate(90 minutes)"),
        (HOUR, "rate(1 hour)"),
        (6 * HOUR, "rate(6 hours)"),
        (2 * DAY, "rate(2 days)"),
    ],
)
def test_the_rate_is_in_the_largest_unit_that_fits(every, rate):
    assert made(every=every).named("page-heartbeat-schedule").inputs["scheduleExpression"] == rate


@given(st.integers(1, (WEEK - HOUR) // MINUTE).map(lambda minutes: minutes * MINUTE))
def test_what_is_watched_is_longer_than_a_beat_and_within_cloudwatchs_limits(every):
    period, periods = watched_for(every) or (0, 0)
    assert every + 5 * MINUTE <= period * periods
    assert period * periods <= (WEEK if period >= HOUR else DAY)
    assert period * periods <= max(2 * every, every + 15 * MINUTE)


@pytest.mark.parametrize(
    ("every", "said"),
    [
        (30, "every: must be at least a minute, and whole minutes, got '30s'"),
        (90, "every: must be at least a minute, and whole minutes, got '1m30s'"),
        (WEEK, "every: must be at most 6d23h, or it could not be missed, got '7d'"),
    ],
)
def test_a_heartbeat_that_cannot_be_watched_is_refused(every, said):
    assert problems(every=every) == [said]


def test_a_watch_through_its_own_topic_is_refused():
    assert problems(second_path="page") == ["second_path: must be one of backstop, got 'page'"]


def test_a_component_that_is_called_as_no_severity_is_refused():
    assert problems("pager") == [
        "topics: must be topics by severity, 'pager' among them, got ['backstop', 'page']"
    ]


def test_names_aws_would_refuse_are_refused():
    long = "p" * 45
    assert problems(long, topics={long: "", "backstop": ""}) == [
        f"would have a role called '{long}-heartbeat-role-xxxxxxx', over 64 characters"
    ]
