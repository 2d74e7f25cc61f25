"""The second path: what is watched, and over which topic it is told."""

import json

import pytest

from alerting import SecondPath
from alerting.components.second_path import second_path_problems
from alerting.recording import record

ARN = "arn:aws:sns:us-east-1:123456789012:{}"
TOPICS = {name: ARN.format(name) for name in ("notify", "page", "backstop")}
ARGS = {
    "severity": "backstop",
    "own_failures": "notify",
    "topics": TOPICS,
    "topic_names": {name: f"prod-{name}" for name in TOPICS},
    "region": "us-east-1",
    "filtered": ["page"],
    "dead_letters": {
        "pager": {"queue": "prod-pager-dead-letters", "severities": ["page"]},
        "night": {"queue": "prod-night-dead-letters", "severities": ["backstop"]},
        "archive": {"queue": "prod-archive-dead-letters", "severities": list(TOPICS)},
    },
    "prefix": "prod-",
}


def made(**args):
    deployment = record(lambda: SecondPath("second-path", {**ARGS, **args}) and None)
    alarms = deployment.of_type("aws:cloudwatch/metricAlarm:MetricAlarm")
    return {one.inputs["name"].removeprefix("prod-second-path-"): one.inputs for one in alarms}


def problems(**args):
    return [str(one) for one in second_path_problems({**ARGS, **args}, name="second-path")]


def told(alarm):
    return [arn.rsplit(":", 1)[-1] for arn in alarm["alarmActions"]]


def test_every_topic_is_watched_over_another():
    alarms = made()
    tells = {name: told(one) for name, one in alarms.items() if name.endswith("-failed")}
    assert tells == {
        "notify-failed": ["backstop"],
        "page-failed": ["backstop"],
        "backstop-failed": ["notify"],
    }
    page = alarms["page-failed"]
    assert (page["namespace"], page["metricName"]) == ("AWS/SNS", "NumberOfNotificationsFailed")
    assert page["dimensions"] == {"TopicName": "prod-page"}
    assert (page["statistic"], page["threshold"]) == ("Sum", 0)
    assert page["comparisonOperator"] == "GreaterThanThreshold"
    assert page["treatMissingData"] == "notBreaching"


def test_what_a_filter_cannot_read_is_watched_only_where_there_is_a_filter():
    alarms = made()
    assert [name for name in alarms if name.endswith("-misfiltered")] == ["page-misfiltered"]
    queries = alarms["page-misfiltered"]["metricQueries"]
    read = {query["metric"]["metricName"] for query in queries if "metric" in query}
    assert read == {
        f"NumberOfNotificationsFilteredOut-{why}"
        for why in ("InvalidAttributes", "InvalidMessageBody", "NoMessageAttributes")
    }


def test_the_wanted_drops_of_a_filter_are_not_watched():
    assert 'NumberOfNotificationsFilteredOut"' not in json.dumps(made())


def test_dead_letters_are_told_over_a_topic_they_are_not_of():
    alarms = made()
    assert told(alarms["pager-dead-letters"]) == ["backstop"]
    assert told(alarms["night-dead-letters"]) == ["notify"]
    assert told(alarms["archive-dead-letters"]) == ["backstop"]  # it is of every topic
    queue = alarms["pager-dead-letters"]
    assert queue["metricName"] == "ApproximateNumberOfMessagesVisible"
    assert queue["dimensions"] == {"QueueName": "prod-pager-dead-letters"}


def test_a_second_path_through_the_topic_it_watches_is_refused():
    assert problems(own_failures="backstop") == [
        "own_failures: must be one of notify, page, got 'backstop': what fails there would be "
        "told there"
    ]


def test_the_only_severity_cannot_be_told_about_itself():
    topics = {"backstop": TOPICS["backstop"]}
    assert problems(topics=topics, topic_names={}) == [
        "severity: is 'backstop', and there is no other severity that it could be told about"
    ]


def test_a_severity_that_is_not_there_is_refused_before_anything_is_registered():
    with pytest.raises(ValueError, match="severity: must be one of backstop, notify, page"):
        made(severity="bakstop")
