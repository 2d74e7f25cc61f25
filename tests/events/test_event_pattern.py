"""Event patterns of EventBridge."""

import json
from typing import Any

import pytest

from alerting.events.pattern import PatternError, matches, read_pattern

EVENT = {
    "source": "aws.cloudwatch",
    "resources": ["arn:a", "arn:b"],
    "detail": {"alarmName": "prod-cpu", "count": 3, "state": {"value": "ALARM", "why": None}},
}


def fits(**pattern: Any) -> bool:
    return matches(read_pattern(json.dumps(pattern)), EVENT)


@pytest.mark.parametrize(
    ("pattern", "answer"),
    [
        ({"source": ["aws.ec2", "aws.cloudwatch"]}, True),
        ({"source": ["aws.ec2"]}, False),
        ({"resources": ["arn:b"]}, True),
        ({"detail": {"state": {"value": ["ALARM"]}}}, True),
        ({"detail": {"state": {"value": ["ALARM"]}, "alarmName": ["other"]}}, False),
        ({"detail": {"alarmName": [{"prefix": "prod-"}]}}, True),
        ({"detail": {"alarmName": [{"suffix": "-memory"}]}}, False),
        ({"detail": {"alarmName": ["other", {"anything-but": ["dev-cpu"]}]}}, True),
        ({"detail": {"alarmName": [{"anything-but": "prod-cpu"}]}}, False),
        ({"detail": {"muteDetail": [{"exists": False}]}}, True),
        ({"detail": {"muteDetail": {"mutedByArn": [{"exists": False}]}}}, True),
        ({"detail": {"alarmName": [{"exists": False}]}}, False),
        ({"detail": {"count": [3]}}, True),
        ({"detail": {"count": ["3"]}}, False),
        ({"detail": {"state": {"why": [None]}}}, True),
        ({"detail": {"no": ["ALARM"]}}, False),
        ({"source": {"deeper": ["x"]}}, False),
    ],
)
def test_an_event_matches_where_every_field_does(pattern: Any, answer: bool):
    assert fits(**pattern) is answer


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not JSON"),
        ("{}", "no JSON object of fields"),
        ('{"source": "aws.ec2"}', "the pattern's source is no JSON object"),
        ('{"a": [{"numeric": [">", 1]}]}', "numeric.* is not known here"),
        ('{"a": [{"wildcard": "x*"}]}', "wildcard"),
        ('{"a": [{"prefix": {"equals-ignore-case": "x"}}]}', "prefix"),
        ('{"a": [{"prefix": "x", "suffix": "y"}]}', "prefix"),
        ('{"$or": [{"a": ["b"]}]}', "[$]or is not known"),
        ('{"a": [["b"]]}', "lists a list"),
    ],
)
def test_what_is_no_pattern_or_not_known_is_refused(text: str, message: str):
    with pytest.raises(PatternError, match=message):
        read_pattern(text)
