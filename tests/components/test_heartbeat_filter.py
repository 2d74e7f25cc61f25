"""Who is left out of a heartbeat, by a filter."""

import json

import pytest

from alerting import Receivers
from alerting.components.receivers import filtered_severities, receivers_problems
from alerting.delivery.filters import passes
from alerting.recording import record

PLACE = {"account_id": "123456789012", "region": "us-east-1"}
TOPICS = {name: f"arn:aws:sns:us-east-1:123456789012:{name}" for name in ("notify", "page")}
BEAT = "prod-page-heartbeat"
MAIL = {"protocol": "email", "endpoint": "team@example.com"}
PAGER = {"protocol": "https", "endpoint": "https://pager.example.com/hook"}
JOBS = {"protocol": "sqs", "endpoint": "arn:aws:sqs:us-east-1:123456789012:jobs"}


def args(**receivers):
    return {
        "receivers": receivers,
        "topics": TOPICS,
        "place": PLACE,
        "heartbeats": {"page": BEAT},
    }


def policy_of(receiver, severity="page", **more):
    """The filter policy of a receiver's subscription."""
    given = args(it={**receiver, **more}, mail=MAIL)
    made = record(lambda: Receivers("receivers", given) and None)
    inputs = made.named(f"receivers-it-{severity}").inputs
    if "filterPolicy" not in inputs:
        return None
    assert inputs["filterPolicyScope"] == "MessageBody"
    return json.loads(inputs["filterPolicy"])


def problems(**receivers):
    return [str(one) for one in receivers_problems(args(mail=MAIL, **receivers))]


def let_through(policy, **message):
    return passes(policy, "MessageBody", body=json.dumps(message))


def test_systems_are_left_out_of_the_heartbeat_and_of_nothing_else():
    policy = policy_of(PAGER)
    assert not let_through(policy, AlarmName=BEAT)
    assert let_through(policy, AlarmName="prod-cpu")
    assert let_through(policy, detail={"of": "another publisher"})


def test_a_severity_without_a_heartbeat_needs_no_filter():
    assert policy_of(PAGER, "notify") is None


@pytest.mark.parametrize("more", [{"heartbeat": True}, {"heartbeat": True, "filter": {"a": ["b"]}}])
def test_who_asks_for_the_heartbeat_hears_it(more):
    assert policy_of(PAGER, **more) == more.get("filter")


def test_people_cannot_be_left_out():
    assert policy_of({**MAIL, "endpoint": "boss@example.com"}) is None


def test_a_filter_there_is_holds_as_before():
    policy = policy_of(JOBS, filter={"NewStateValue": ["ALARM"]})
    assert let_through(policy, AlarmName="prod-cpu", NewStateValue="ALARM")
    assert not let_through(policy, AlarmName="prod-cpu", NewStateValue="OK")
    assert not let_through(policy, AlarmName=BEAT, NewStateValue="ALARM")


@pytest.mark.parametrize(
    "given",
    [
        {"AlarmName": [{"prefix": "prod-"}]},
        {"$or": [{"AlarmName": ["prod-cpu"]}, {"NewStateValue": ["ALARM"]}]},
    ],
)
def test_a_filter_on_alarms_cannot_be_combined(given):
    said = problems(jobs={**JOBS, "filter": given})
    assert said == [
        "receivers.jobs.filter: speaks of AlarmName, as what leaves the heartbeat "
        f"{BEAT!r} out does; leave it out there, or not, and say `heartbeat: true`, which leaves "
        "the filter alone"
    ]
    assert problems(jobs={**JOBS, "filter": given, "heartbeat": True}) == []


def test_a_filter_that_becomes_too_large_is_refused():
    five = {key: ["x"] for key in "abcde"}
    assert problems(jobs={**JOBS, "filter": five}) == [
        "receivers.jobs.filter: must be at most 5 keys, got 6, with AlarmName, which leaves the "
        "heartbeat out"
    ]


def test_people_cannot_say_that_they_do_not_hear_it():
    phone = {"protocol": "sms", "endpoint": "+15550100", "heartbeat": False}
    assert problems(phone=phone) == [
        "receivers.phone.heartbeat: cannot be false: a filter cannot work on sms, so that page's "
        "heartbeat is heard"
    ]


def test_a_heartbeat_nobody_would_hear_is_refused():
    mail = {**MAIL, "severities": ["notify"]}
    given = args(mail=mail, pager={**PAGER, "severities": ["page"]})
    assert [str(one) for one in receivers_problems(given)] == [
        "severities.page.heartbeat: would be heard by nobody, and what nobody hears is not "
        "counted as delivered; say `heartbeat: true` of one of pager"
    ]
    elsewhere = {**given, "heard_elsewhere": ["page"]}
    assert list(receivers_problems(elsewhere)) == []


def test_a_heartbeat_makes_a_severity_a_filtered_one():
    assert filtered_severities(args(mail=MAIL)) == []
    assert filtered_severities(args(mail=MAIL, pager=PAGER)) == ["page"]
    assert filtered_severities(args(jobs={**JOBS, "filter": {"a": ["b"]}})) == ["notify", "page"]
