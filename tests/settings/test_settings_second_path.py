"""The second path and heartbeats: what a stack file may say of them."""

import pytest

THREE = {"notify": {}, "page": {}, "backstop": {}}
BEATING = {**THREE, "page": {"heartbeat": {}}}
PATH = {"severity": "backstop"}


def test_there_is_none_unless_said(parsed):
    settings = parsed({"severities": THREE})
    assert settings.second_path_args({}) is None
    assert settings.heartbeat_args({}) == {}
    assert "heartbeats" not in settings.receivers_args({}, {})


def test_its_own_failures_are_told_to_the_default_severity(parsed):
    args = parsed({"severities": THREE, "secondPath": PATH}).second_path_args({})
    assert (args["severity"], args["own_failures"]) == ("backstop", "notify")
    path = {**PATH, "ownFailures": "page"}
    assert parsed({"severities": THREE, "secondPath": path}).second_path_args({})[
        "own_failures"
    ] == ("page")


def test_every_topic_is_watched_one_that_exists_already_too(parsed):
    existing = {"topicArn": "arn:aws:sns:us-east-1:123456789012:theirs"}
    severities = {**THREE, "page": existing}
    args = parsed({"severities": severities, "secondPath": PATH}).second_path_args({})
    assert args["topic_names"] == {
        "notify": "alerts",
        "page": "theirs",
        "backstop": "alerts-backstop",
    }


def test_a_topic_of_another_account_is_not_watched_from_here(parsed, mistakes):
    theirs = {"topicArn": "arn:aws:sns:us-east-1:111122223333:theirs"}
    severities = {**THREE, "page": theirs}
    args = parsed({"severities": severities, "secondPath": PATH}).second_path_args({})
    assert set(args["topic_names"]) == {"notify", "backstop"}
    beating = {**THREE, "page": {**theirs, "heartbeat": {}}}
    assert mistakes({"severities": beating, "secondPath": PATH}) == [
        "severities.page.heartbeat: cannot be missed: the topic is of another account, which "
        "counts it"
    ]


def test_filters_and_dead_letters_are_those_of_the_receivers(parsed):
    jobs = {
        "protocol": "sqs",
        "endpoint": "arn:aws:sqs:us-east-1:123456789012:jobs",
        "filter": {"NewStateValue": ["ALARM"]},
        "severities": ["page"],
    }
    changes = {"severities": THREE, "secondPath": PATH, "receivers/jobs": jobs}
    args = parsed(changes).second_path_args(THREE)
    assert args["filtered"] == ["page"]
    kept = {"queue": "dev-jobs-dead-letters", "severities": ["page"]}
    assert args["dead_letters"] == {"jobs": kept}


def test_a_heartbeat_beats_once_a_day_unless_said(parsed):
    settings = parsed({"severities": BEATING, "secondPath": PATH})
    (args,) = settings.heartbeat_args({}).values()
    assert (args["every"], args["second_path"]) == (86_400, "backstop")
    assert args["topic_name"] == "alerts-page"
    assert settings.receivers_args({}, {})["heartbeats"] == {"page": "dev-page-heartbeat"}
    often = {**THREE, "page": {"heartbeat": {"every": "2h5m"}}}
    (args,) = parsed({"severities": often, "secondPath": PATH}).heartbeat_args({}).values()
    assert args["every"] == 7500


def test_the_second_paths_own_heartbeat_is_missed_by_who_hears_of_its_failures(parsed):
    severities = {**THREE, "backstop": {"heartbeat": {}}}
    (args,) = parsed({"severities": severities, "secondPath": PATH}).heartbeat_args({}).values()
    assert args["second_path"] == "notify"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ({"severity": "bakstop"}, "severity: must be one of backstop, notify, page, got 'bakstop'"),
        ({}, "severity: is required"),
        (
            {"severity": "backstop", "ownFailures": "backstop"},
            "ownFailures: must be one of notify, page, got 'backstop': what fails there would be "
            "told there",
        ),
        (
            {"severity": "notify"},
            "ownFailures: is required: the default severity is the second path itself",
        ),
    ],
)
def test_a_second_path_that_leads_nowhere_is_refused(path, said, mistakes):
    assert mistakes({"severities": THREE, "secondPath": path}) == [f"secondPath.{said}"]


def test_the_only_severity_is_no_second_path(mistakes):
    assert mistakes({"secondPath": {"severity": "notify"}}) == [
        "secondPath.severity: is 'notify', and there is no other severity that it could be told "
        "about"
    ]


def test_a_heartbeat_without_a_second_path_is_refused(mistakes):
    assert mistakes({"severities": BEATING}) == [
        "severities.page.heartbeat: needs a secondPath, to be told when it stops"
    ]


@pytest.mark.parametrize(
    ("every", "said"),
    [
        ("30s", "must be at least a minute, and whole minutes, got '30s'"),
        ("0", "must be at least a minute, and whole minutes, got '0'"),
        ("1w", "must be at most 6d23h, or it could not be missed, got '7d'"),
        (
            "daily",
            "write a duration with s, m, h, d or w, the largest first, as in 2h5m, got 'daily'",
        ),
        (60, "must be text; quote it, got 60"),
    ],
)
def test_a_heartbeat_that_cannot_be_watched_is_refused(every, said, mistakes):
    severities = {**THREE, "page": {"heartbeat": {"every": every}}}
    assert mistakes({"severities": severities, "secondPath": PATH}) == [
        f"severities.page.heartbeat.every: {said}"
    ]


def test_a_heartbeat_all_are_left_out_of_is_refused(mistakes):
    pager = {"protocol": "https", "endpoint": "https://p.example.com", "severities": ["page"]}
    changes = {
        "severities": BEATING,
        "secondPath": PATH,
        "receivers/mail/severities": ["notify", "backstop"],
        "receivers/pager": pager,
    }
    assert mistakes(changes) == [
        "severities.page.heartbeat: would be heard by nobody, and what nobody hears is not "
        "counted as delivered; say `heartbeat: true` of one of pager"
    ]


@pytest.mark.parametrize(
    ("name", "whose"),
    [
        ("dev-page-heartbeat", "the heartbeat of 'page'"),
        ("dev-second-path-page-failed", "the second path"),
    ],
)
def test_an_alarm_that_would_overwrite_one_of_theirs_is_refused(name, whose, mistakes):
    changes = {"severities": BEATING, "secondPath": PATH, "alarms/cpu/name": name}
    assert mistakes(changes) == [
        f"alarms.cpu.name: is {name!r}, and so is that of {whose}: one would overwrite the other"
    ]


def test_a_wrong_second_path_hides_nothing_of_the_heartbeats(mistakes):
    severities = {"notify": {"default": True, "heartbeat": {"every": "30s"}}, "page": {}}
    found = mistakes({"severities": severities, "secondPath": {"severity": "pgae"}})
    assert found == [
        "secondPath.severity: must be one of notify, page, got 'pgae'",
        "severities.notify.heartbeat.every: must be at least a minute, and whole minutes, "
        "got '30s'",
    ]
