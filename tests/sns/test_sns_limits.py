"""Our checks against a hand-written table of what SNS accepts and what it refuses."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.sns import limits
from alerting.sns.limits import Protocol

REGION = "us-east-1"


def refused(problems):
    """Whether there is a problem; the texts are read where stack files are tested."""
    return bool(list(problems))


@pytest.mark.parametrize(
    ("protocol", "endpoint", "accepted"),
    [
        ("email", "oncall@example.com", True),
        ("email", "first.last+tag@mail.example.co.uk", True),
        ("email", "o'neil@example.com", True),
        ("email", "a@xn--bcher-kva.example", True),
        ("email", "oncall@example", False),
        ("email", "oncall@-example.com", False),
        ("email", "oncall@example.com ", False),
        ("email", "a@b@example.com", False),
        ("email", "a@example.com,b@example.com", False),
        ("email", "", False),
        ("email-json", "oncall@example.com", True),
        ("email-json", "oncall", False),
        ("sms", "+15550100", True),
        ("sms", "+491701234567", True),
        ("sms", "+123456789012345", True),
        ("sms", "+1234567890123456", False),
        ("sms", "+05550100", False),
        ("sms", "0015550100", False),
        ("sms", "+1-555-0100", False),
        ("sms", "+١٢٣٤٥٦٧٨", False),
        ("https", "https://example.com", True),
        ("https", "https://user:word@example.com:8443/a?b=c", True),
        ("https", "HTTPS://example.com", True),
        ("https", "http://example.com", False),
        ("https", "https:///path", False),
        ("http", "http://example.com", True),
        ("http", "https://example.com", False),
        ("http", "ftp://example.com", False),
        ("sqs", "arn:aws:sqs:us-east-1:123456789012:q", True),
        ("sqs", "arn:aws:sqs:eu-west-1:123456789012:q", True),
        ("sqs", "arn:aws-cn:sqs:cn-north-1:123456789012:q", True),
        ("sqs", "arn:aws:sqs:us-east-1:123456789012:q.fifo", False),
        ("sqs", "arn:aws:sqs:us-east-1:12345:q", False),
        ("sqs", "arn:aws:sqs:us-east-1:123456789012:", False),
        ("lambda", "arn:aws:lambda:us-east-1:123456789012:function:f", True),
        ("lambda", "arn:aws:lambda:eu-west-1:123456789012:function:f:live", True),
        ("lambda", "arn:aws:lambda:us-east-1:123456789012:function:f:$LATEST", True),
        ("lambda", "arn:aws:lambda:us-east-1:123456789012:layer:f", False),
        ("lambda", "arn:aws:sqs:us-east-1:123456789012:function:f", False),
        ("firehose", "arn:aws:firehose:us-east-1:123456789012:deliverystream/d", True),
        ("firehose", "arn:aws:firehose:eu-west-1:123456789012:deliverystream/d", False),
        ("firehose", "arn:aws:firehose:us-east-1:123456789012:d", False),
    ],
)
def test_endpoints(protocol, endpoint, accepted):
    problems = limits.endpoint_problems(Protocol(protocol), endpoint, REGION)
    assert refused(problems) is not accepted


@pytest.mark.parametrize("protocol", list(Protocol))
def test_an_endpoint_that_comes_later_is_not_judged(protocol):
    assert not refused(limits.endpoint_problems(protocol, object(), REGION))


@pytest.mark.parametrize("protocol", list(Protocol))
@pytest.mark.parametrize("number", [15550100, 1.5, True])
def test_a_number_is_no_endpoint(protocol, number):
    assert refused(limits.endpoint_problems(protocol, number, REGION))


@pytest.mark.parametrize(
    ("name", "accepted"),
    [
        ("alerts", True),
        ("a-b_C9", True),
        ("x" * 256, True),
        ("x" * 257, False),
        ("", False),
        ("a.b", False),
        ("a b", False),
        ("a.fifo", False),
        ("über", False),
    ],
)
def test_topic_names(name, accepted):
    assert refused(limits.topic_name_problems("topic_name", name)) is not accepted


@pytest.mark.parametrize(
    ("policy", "accepted"),
    [
        ({"NewStateValue": ["ALARM"]}, True),
        ({"AlarmName": [{"prefix": "prod-"}]}, True),
        ({"Trigger": {"Namespace": ["AWS/RDS"]}}, True),
        ({f"k{i}": ["x"] for i in range(5)}, True),
        ({f"k{i}": ["x"] for i in range(6)}, False),
        ({"a": [str(i) for i in range(150)]}, True),
        ({"a": [str(i) for i in range(151)]}, False),
        ({"a": list("0123456789"), "b": list("0123456789"), "c": ["x", "y"]}, False),
        # An array of a nested key counts as often as it is deep.
        ({"a": {"b": [str(i) for i in range(75)]}}, True),
        ({"a": {"b": [str(i) for i in range(76)]}}, False),
        ({"NewStateValue": "ALARM"}, False),
        ({"NewStateValue": []}, False),
        ({}, False),
        (["ALARM"], False),
    ],
)
def test_filter_policies(policy, accepted):
    assert refused(limits.filter_problems(Protocol.SQS, policy)) is not accepted


def test_a_filter_of_more_than_256_kb_is_refused():
    policy = {"a": ["x" * 256 * 1024]}
    assert len(json.dumps(policy)) > 256 * 1024
    assert refused(limits.filter_problems(Protocol.SQS, policy))


@pytest.mark.parametrize("protocol", list(Protocol))
def test_a_filter_works_where_the_body_is_json(protocol):
    problems = limits.filter_problems(protocol, {"NewStateValue": ["ALARM"]})
    assert refused(problems) is (protocol in {"email", "sms"})


@pytest.mark.parametrize(
    ("policy", "accepted"),
    [
        ({}, True),
        ({"numRetries": 0}, True),
        ({"numRetries": 100}, True),
        ({"numRetries": 101}, False),
        ({"numRetries": -1}, False),
        ({"numRetries": True}, False),
        ({"numRetries": 1.5}, False),
        ({"minDelayTarget": 1, "maxDelayTarget": 3600}, True),
        ({"minDelayTarget": 0}, False),
        ({"maxDelayTarget": 3601}, False),
        ({"minDelayTarget": 21}, False),  # over the default of maxDelayTarget
        ({"maxDelayTarget": 19}, False),  # below the default of minDelayTarget
        ({"backoffFunction": "exponential"}, True),
        ({"backoffFunction": "none"}, False),
        ({"retries": 3}, False),
    ],
)
def test_retry_policies(policy, accepted):
    assert refused(limits.delivery_problems(policy)) is not accepted


@given(st.text("0123456789+ -", max_size=20))
def test_a_phone_number_is_a_plus_and_7_to_15_digits_of_which_the_first_is_not_0(text):
    digits = text.removeprefix("+")
    sound = text.startswith("+") and digits.isdigit() and 7 <= len(digits) <= 15
    sound = sound and digits[0] != "0"
    assert refused(limits.endpoint_problems(Protocol.SMS, text, REGION)) is not sound
