"""Receivers to whom SNS could not deliver, and settings that would lose messages."""

import pytest

QUEUE = "arn:aws:sqs:us-east-1:123456789012:jobs"
STREAM = "arn:aws:firehose:us-east-1:123456789012:deliverystream/archive"
PHONE = 'a phone number in E.164 form, for example "+15550100"'
MAIL = "a mail address, for example oncall@example.com"


def receiver(protocol, endpoint, **more):
    return {"receivers/mail": {"protocol": protocol, "endpoint": endpoint, **more}}


def test_a_stack_without_receivers_is_refused(mistakes):
    assert mistakes({"receivers": {}}) == [
        "receivers: there are none: every alarm would fire unheard"
    ]


def test_a_severity_nobody_hears_is_refused(mistakes):
    changes = {"severities": {"notify": {}, "page": {}}, "receivers/mail/severities": ["notify"]}
    assert mistakes(changes) == ["severities.page: is heard by no receiver; add it to one of mail"]


def test_an_existing_topic_may_have_its_receivers_elsewhere(parsed):
    topic = {"topicArn": "arn:aws:sns:us-east-1:123456789012:pager"}
    changes = {"severities": {"notify": {}, "page": topic}, "receivers/mail/severities": ["notify"]}
    parsed(changes)


def test_a_severity_there_is_not_is_refused(mistakes):
    changes = {"severities": {"notify": {}}, "receivers/mail/severities": ["notify", "pge"]}
    assert mistakes(changes) == ["receivers.mail.severities: must be some of notify, got 'pge'"]


def test_a_receiver_that_hears_nothing_is_refused(mistakes):
    lines = mistakes({"receivers/mail/severities": []})
    assert lines[0] == "receivers.mail.severities: must be some of notify, got []"


def test_an_unknown_protocol_is_refused(mistakes):
    assert mistakes(receiver("pager", "oncall@example.com")) == [
        "receivers.mail.protocol: must be one of email, email-json, sms, lambda, sqs, https, http, "
        "firehose, got 'pager'"
    ]


def test_an_unquoted_phone_number_is_refused_with_the_advice_to_quote_it(mistakes):
    assert mistakes(receiver("sms", 15550100)) == [
        'receivers.mail.endpoint: must be text; quote it: "+15550100" (unquoted, YAML reads a '
        "number), got 15550100"
    ]


@pytest.mark.parametrize(
    "phone", ["15550100", "+1 555 0100", "+0155501000", "+1555010x", "+12345", "+1555010012345678"]
)
def test_a_malformed_phone_number_is_refused(phone, mistakes):
    assert mistakes(receiver("sms", phone)) == [
        f"receivers.mail.endpoint: must be {PHONE}, got {phone!r}"
    ]


@pytest.mark.parametrize("protocol", ["email", "email-json"])
@pytest.mark.parametrize("address", ["oncall", "a@b", "a@b..com", "a b@example.com", "@b.com"])
def test_a_malformed_mail_address_is_refused(protocol, address, mistakes):
    assert mistakes(receiver(protocol, address)) == [
        f"receivers.mail.endpoint: must be {MAIL}, got {address!r}"
    ]


@pytest.mark.parametrize(
    ("protocol", "url"),
    [
        ("https", "http://example.com/alarms"),
        ("http", "https://example.com/alarms"),
        ("https", "example.com/alarms"),
        ("https", "https://"),
        ("https", "https://exam ple.com"),
        ("https", "https://[example"),
    ],
)
def test_a_url_of_another_scheme_or_without_a_host_is_refused(protocol, url, mistakes):
    assert mistakes(receiver(protocol, url)) == [
        f"receivers.mail.endpoint: must be a URL that starts with {protocol}://, got {url!r}"
    ]


@pytest.mark.parametrize(
    ("protocol", "arn", "form"),
    [
        ("sqs", "arn:aws:sns:us-east-1:123456789012:jobs", "NAME"),
        ("sqs", "https://sqs.us-east-1.amazonaws.com/123456789012/jobs", "NAME"),
        ("sqs", "arn:aws:sqs::123456789012:jobs", "NAME"),
        ("lambda", "post-to-chat", "function:NAME"),
        ("lambda", "arn:aws:lambda:us-east-1:123456789012:layer:chat:1", "function:NAME"),
        ("firehose", "arn:aws:kinesis:us-east-1:123456789012:stream/a", "deliverystream/NAME"),
    ],
)
def test_an_arn_of_the_wrong_service_is_refused(protocol, arn, form, mistakes):
    assert mistakes(receiver(protocol, arn)) == [
        f"receivers.mail.endpoint: must be an ARN of {protocol} "
        f"(arn:aws:{protocol}:REGION:ACCOUNT:{form}), got {arn!r}"
    ]


def test_a_delivery_stream_in_another_region_is_refused(mistakes):
    arn = STREAM.replace("us-east-1", "eu-west-1")
    assert mistakes(receiver("firehose", arn)) == [
        "receivers.mail.endpoint: must be in us-east-1: SNS writes to Firehose in its own Region, "
        f"got {arn!r}"
    ]


@pytest.mark.parametrize(
    ("protocol", "arn"),
    [
        ("sqs", "arn:aws:sqs:eu-west-1:123456789012:jobs"),
        ("lambda", "arn:aws:lambda:eu-west-1:123456789012:function:post-to-chat"),
    ],
)
def test_a_queue_and_a_function_may_be_in_another_region(protocol, arn, parsed):
    assert parsed(receiver(protocol, arn)).config.receivers["mail"].endpoint == arn


def test_a_fifo_queue_is_refused(mistakes):
    assert mistakes(receiver("sqs", f"{QUEUE}.fifo")) == [
        "receivers.mail.endpoint: must be a standard queue: the topics are standard topics, "
        f"got '{QUEUE}.fifo'"
    ]


@pytest.mark.parametrize(
    ("arn", "allowed"),
    [
        ("arn:aws:sqs:eu-west-1:123456789012:d", "a queue in us-east-1, the topic's Region"),
        ("arn:aws:sns:us-east-1:123456789012:d", "own, none or the ARN of an SQS queue"),
        (f"{QUEUE}.fifo", "a standard queue: the topics are standard topics"),
    ],
)
def test_a_dead_letter_queue_sns_could_not_use_is_refused(arn, allowed, mistakes):
    assert mistakes(receiver("sqs", QUEUE, deadLetter=arn)) == [
        f"receivers.mail.deadLetter: must be {allowed}, got {arn!r}"
    ]


def test_a_dead_letter_that_is_neither_a_switch_nor_an_arn_is_refused(mistakes):
    assert mistakes(receiver("sqs", QUEUE, deadLetter=5)) == [
        "receivers.mail.deadLetter: must be true, false or the ARN of an SQS queue, got 5"
    ]


@pytest.mark.parametrize("protocol", ["email", "sms"])
def test_a_filter_that_would_drop_every_message_is_refused(protocol, mistakes):
    endpoint = {"email": "oncall@example.com", "sms": "+15550100"}[protocol]
    (line,) = mistakes(receiver(protocol, endpoint, filter={"NewStateValue": ["ALARM"]}))
    assert line.startswith(
        f"receivers.mail.filter: cannot work on {protocol}: the filter sees the plain text that "
        f"{protocol} gets, so every alarm message would be dropped"
    )


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        ({f"key{i}": ["x"] for i in range(6)}, ": must be at most 5 keys, got 6"),
        (
            {"a": list(map(str, range(151)))},
            ": must be at most 150 combinations of values, got 151",
        ),
        ({"NewStateValue": "ALARM"}, ".NewStateValue: must be a list of values, for example "),
        ({}, ": must be a map from a key of the alarm message to a list of values, got {}"),
    ],
)
def test_a_filter_sns_would_refuse_is_refused(policy, said, mistakes):
    (line,) = mistakes(receiver("sqs", QUEUE, filter=policy))
    assert line.startswith(f"receivers.mail.filter{said}")


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("raw", True, "cannot be had on email; SNS has it for sqs, https, http, firehose"),
        (
            "deadLetter",
            True,
            "cannot be had on email; SNS has it for lambda, sqs, https, http, firehose",
        ),
        ("role", "arn:aws:iam::123456789012:role/r", "belongs to firehose, not to email"),
        ("queuePolicy", "own", "belongs to sqs, not to email"),
        ("delivery", {"numRetries": 5}, "belongs to http and https, not to email"),
        ("throttle", 5, "belongs to http and https, not to email"),
        ("autoConfirms", True, "belongs to http and https, not to email"),
    ],
)
def test_what_a_protocol_cannot_have_is_refused(key, value, said, mistakes):
    assert mistakes({f"receivers/mail/{key}": value}) == [f"receivers.mail.{key}: {said}"]


def test_a_role_that_is_none_is_refused(mistakes):
    user = "arn:aws:iam::123456789012:user/somebody"
    assert mistakes(receiver("firehose", STREAM, role=user)) == [
        "receivers.mail.role: must be the ARN of an IAM role (arn:aws:iam::ACCOUNT:role/NAME), "
        f"got {user!r}"
    ]


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        ({"numRetries": 101}, "numRetries: must be a whole number from 0 to 100, got 101"),
        ({"minDelayTarget": 30}, "minDelayTarget: must be at most maxDelayTarget (20), got 30"),
        (
            {"backoffFunction": "random"},
            "backoffFunction: must be one of linear, arithmetic, geometric, exponential, "
            "got 'random'",
        ),
    ],
)
def test_a_retry_policy_sns_would_refuse_is_refused(policy, said, mistakes):
    assert mistakes(receiver("https", "https://example.com", delivery=policy)) == [
        f"receivers.mail.delivery.{said}"
    ]


def test_a_throttle_of_nothing_is_refused(mistakes):
    assert mistakes(receiver("https", "https://example.com", throttle=0)) == [
        "receivers.mail.throttle: must be at least 1, got 0"
    ]


@pytest.mark.parametrize("name", ["on call", "größe", "-x", "x" * 64])
def test_a_receivers_name_that_names_no_resources_is_refused(name, mistakes):
    changes = {f"receivers/{name}": {"protocol": "email", "endpoint": "other@example.com"}}
    assert mistakes(changes) == [
        f"receivers.{name}: must be named by 1 to 63 letters, digits, hyphens and underscores"
    ]


def test_two_receivers_whose_subscriptions_would_have_one_name_are_refused(mistakes):
    receivers = {
        "a": {"protocol": "email", "endpoint": "oncall@example.com"},
        "a-b": {"protocol": "email", "endpoint": "other@example.com"},
    }
    severities = {"c": {"default": True}, "b-c": {}}
    assert mistakes({"severities": severities, "receivers": receivers}) == [
        "receivers.a-b: and 'a' would both make a subscription 'a-b-c'; call one differently"
    ]


@pytest.mark.parametrize("stack", ["dev.eu", "s" * 40])
def test_a_dead_letter_queue_that_cannot_be_named_is_refused(stack, mistakes):
    changes = {f"receivers/{'x' * 30}": {"protocol": "https", "endpoint": "https://example.com"}}
    (line,) = mistakes(changes, stack=stack)
    assert line.startswith(
        f"receivers.{'x' * 30}.deadLetter: would be called '{stack}-{'x' * 30}-dead-letters', and"
    )


def test_a_name_that_makes_a_role_too_long_is_refused(mistakes):
    name = "x" * 50
    changes = {f"receivers/{name}": {"protocol": "firehose", "endpoint": STREAM}}
    (line,) = mistakes(changes)
    assert line.startswith(f"receivers.{name}: has too long a name: its role would be called")


def test_names_that_make_a_permission_too_long_are_refused(mistakes):
    name, severity = "x" * 50, "s" * 40
    function = "arn:aws:lambda:us-east-1:123456789012:function:chat"
    changes = {
        f"severities/{severity}": {},
        f"receivers/{name}": {"protocol": "lambda", "endpoint": function},
    }
    (line,) = mistakes(changes)
    assert line.startswith(f"receivers.{name}: has too long a name: its permission would be called")


@pytest.mark.parametrize("formerly", ["pager", ["pager", "beeper"]])
def test_a_receiver_may_say_what_it_was_called(formerly, parsed):
    keys = [formerly] if isinstance(formerly, str) else formerly
    settings = parsed({"receivers/mail/formerly": formerly})
    assert settings.receivers_args({}, {})["receivers"]["mail"]["formerly"] == keys


@pytest.mark.parametrize(
    ("formerly", "said"),
    [
        ("mail", "formerly: is 'mail', as it is still called"),
        ("boss", "formerly: is 'boss', and there still is one"),
        (7, "formerly: must be a list, got 7"),
        ([7], "formerly.0: must be text; quote it, got 7"),
    ],
)
def test_what_a_receiver_was_not_called_is_refused(formerly, said, mistakes):
    boss = {"protocol": "email", "endpoint": "boss@example.com"}
    changes = {"receivers/boss": boss, "receivers/mail/formerly": formerly}
    assert mistakes(changes) == [f"receivers.mail.{said}"]
