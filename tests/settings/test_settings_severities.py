"""Severities: their topics, which is the default, what their topics may not be."""

import pytest

TOPIC = "arn:aws:sns:us-east-1:123456789012:existing"


def test_several_severities_without_a_default_are_refused(mistakes):
    assert mistakes({"severities": {"a": {}, "b": {}}}) == [
        "severities: none is the default: give one of a, b `default: true`, or call one notify"
    ]


def test_two_defaults_are_refused(mistakes):
    severities = {"a": {"default": True}, "b": {"default": True}}
    assert mistakes({"severities": severities}) == [
        "severities: only one can be the default, not a, b"
    ]


@pytest.mark.parametrize(
    ("severities", "default"),
    [
        ({}, "notify"),
        ({"page": {}}, "page"),
        ({"notify": {}, "page": {}}, "notify"),
        ({"notify": {}, "page": {"default": True}}, "page"),
    ],
)
def test_the_default_is_the_marked_one_else_the_only_one_else_notify(severities, default, parsed):
    assert parsed({"severities": severities}).default_severity == default


@pytest.mark.parametrize("other", [{"topicArn": TOPIC}, {}])
def test_two_severities_of_one_topic_are_refused(other, mistakes):
    """The topic given for one is that given, or that made, for the other."""
    arn = other.get("topicArn", "arn:aws:sns:us-east-1:123456789012:alerts")
    assert mistakes({"severities": {"notify": other, "page": {"topicArn": arn}}}) == [
        f"severities.page: 'notify' and 'page' would share the topic {arn!r}"
    ]


def test_a_severitys_name_that_names_no_resources_is_refused(mistakes):
    assert mistakes({"severities": {"on call": {}}}) == [
        "severities.on call: must be named by 1 to 63 letters, digits, hyphens and underscores"
    ]


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("encryption", "none", "belongs to a topic made here; topicArn's owner sets it"),
        (
            "publishers",
            ["events.amazonaws.com"],
            "belong to a topic made here; topicArn's owner sets them",
        ),
    ],
)
def test_what_belongs_to_the_owner_of_an_existing_topic_is_refused(key, value, said, mistakes):
    changes = {"severities/notify": {"topicArn": TOPIC, key: value}}
    assert mistakes(changes) == [f"severities.notify.{key}: {said}"]


@pytest.mark.parametrize(
    ("arn", "said"),
    [
        (
            "arn:aws:sns:eu-west-1:123456789012:x",
            "must be in us-east-1: an alarm's topic is in the alarm's own Region, got ",
        ),
        ("arn:aws:sqs:us-east-1:123456789012:x", "must be the ARN of an SNS topic "),
        ("existing", "must be the ARN of an SNS topic (arn:aws:sns:REGION:ACCOUNT:NAME), got "),
        (
            "arn:aws:sns:us-east-1:123456789012:x.fifo",
            "must be a standard topic: a FIFO topic reaches queues only, never a person",
        ),
    ],
)
def test_an_existing_topic_alarms_could_not_use_is_refused(arn, said, mistakes):
    (line,) = mistakes({"severities/notify": {"topicArn": arn}})
    assert line.startswith(f"severities.notify.topicArn: {said}")


@pytest.mark.parametrize(
    "key", ["alias/aws/sns", "arn:aws:kms:us-east-1:123456789012:alias/aws/sns"]
)
def test_the_key_of_sns_itself_is_refused_with_the_reason(key, mistakes):
    (line,) = mistakes({"severities/notify": {"encryption": key}})
    assert line.startswith(
        "severities.notify.encryption: must not be alias/aws/sns: the policy of that key cannot be "
        "changed and does not let CloudWatch in, so every notification would be lost without a "
        "sound"
    )


@pytest.mark.parametrize(
    ("key", "allowed"),
    [
        ("kms", "own, none or a key's ARN (arn:aws:kms:REGION:ACCOUNT:key/ID)"),
        ("arn:aws:kms:eu-west-1:123456789012:key/k", "a key in us-east-1, the topic's Region"),
    ],
)
def test_a_key_the_topic_could_not_use_is_refused(key, allowed, mistakes):
    assert mistakes({"severities/notify": {"encryption": key}}) == [
        f"severities.notify.encryption: must be {allowed}, got {key!r}"
    ]


def test_a_publisher_that_is_neither_a_service_nor_an_identity_is_refused(mistakes):
    assert mistakes({"severities/notify": {"publishers": ["events"]}}) == [
        "severities.notify.publishers: must be services such as events.amazonaws.com or ARNs of "
        "IAM roles and users, got 'events'"
    ]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a b", "must be 1 to 256 letters, digits, hyphens and underscores, got 'a b'"),
        ("a.fifo", "must be a standard topic: a FIFO topic reaches queues only, never a person"),
        ("a" * 257, "must be 1 to 256 letters, digits, hyphens and underscores, got 'aaa"),
        ("a" * 251, "must be at most 250 characters, because the key's alias is called after it"),
    ],
)
def test_a_topics_name_that_cannot_be_had_is_refused(name, said, mistakes):
    (line,) = mistakes({"topicName": name})
    assert line.startswith(f"topicName: {said}")


def test_without_a_key_of_its_own_a_topics_name_may_be_longer(parsed):
    parsed({"topicName": "a" * 256, "severities/notify": {"encryption": "none"}})


def test_a_topics_name_is_checked_with_the_stacks_name_in_it(mistakes):
    (line,) = mistakes({"topicName": "{stack}-alerts"}, stack="dev.eu")
    assert line.endswith("got 'dev.eu-alerts'")


@pytest.mark.parametrize(
    ("tags", "said"),
    [
        ({f"tag-{i}": "x" for i in range(51)}, "tags: must be at most 50 tags, got 51"),
        ({"aws:x": "y"}, "tags: must be keyed by 1 to 128 characters that do not start with aws:"),
        ({"k": "v" * 257}, "tags.k: must be at most 256 characters, got "),
    ],
)
def test_tags_aws_would_refuse_are_refused_once(tags, said, mistakes):
    (line,) = mistakes({"tags": tags})
    assert line.startswith(said)


def test_a_severity_may_say_what_it_was_called(parsed):
    settings = parsed({"severities": {"info": {"formerly": "notify"}}})
    assert settings.receivers_args({}, {})["former_severities"] == {"info": ["notify"]}
    assert "formerly" not in settings.topic_args("info")


def test_a_severity_cannot_have_been_called_as_another_is(mistakes):
    severities = {"notify": {}, "page": {"formerly": "notify"}}
    assert mistakes({"severities": severities}) == [
        "severities.page.formerly: is 'notify', and there still is one"
    ]
