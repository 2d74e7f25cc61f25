"""The account model: who is found under which name, and its JSON form."""

import json

import pytest

from alerting.account import Account, Item, Kind, Unknown

TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts"
KEY = "arn:aws:kms:us-east-1:123456789012:key/1234"


def account(*items):
    return Account("123456789012", "us-east-1", items)


@pytest.mark.parametrize(
    ("item", "names"),
    [
        (
            Item(
                Kind.ALARM,
                "arn:aws:cloudwatch:us-east-1:123456789012:alarm:cpu",
                {"AlarmName": "cpu"},
            ),
            ["arn:aws:cloudwatch:us-east-1:123456789012:alarm:cpu", "cpu"],
        ),
        (
            Item(Kind.KEY, KEY, {"KeyId": "1234", "Aliases": ["alias/alerts"]}),
            [KEY, "1234", "alias/alerts", "arn:aws:kms:us-east-1:123456789012:alias/alerts"],
        ),
        (
            Item(
                Kind.QUEUE,
                "arn:aws:sqs:us-east-1:123456789012:q",
                {"QueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/q"},
            ),
            [
                "arn:aws:sqs:us-east-1:123456789012:q",
                "https://sqs.us-east-1.amazonaws.com/123456789012/q",
            ],
        ),
        (
            Item(
                Kind.FUNCTION,
                "arn:aws:lambda:us-east-1:123456789012:function:f",
                {"FunctionName": "f"},
            ),
            ["arn:aws:lambda:us-east-1:123456789012:function:f", "f"],
        ),
        (Item(Kind.TOPIC, TOPIC, {}), [TOPIC]),
    ],
)
def test_an_item_is_found_under_every_name_aws_accepts(item, names):
    for name in names:
        assert account(item).find(item.kind, name) == (item,)


def test_a_name_of_another_kind_finds_nothing():
    assert account(Item(Kind.TOPIC, TOPIC, {})).find(Kind.QUEUE, TOPIC) == ()


def test_what_is_not_in_the_picture_is_not_found():
    assert account().find(Kind.TOPIC, TOPIC) == ()
    assert account().find(Kind.TOPIC, None) == ()


def test_a_value_that_is_not_known_yet_finds_what_it_will_come_from():
    topic = Item(Kind.TOPIC, Unknown(("urn:topic",)), {}, urn="urn:topic")
    assert account(topic).find(Kind.TOPIC, Unknown(("urn:other", "urn:topic"))) == (topic,)
    assert account(topic).find(Kind.TOPIC, Unknown()) == ()


def test_subscriptions_hang_on_their_topic():
    topic = Item(Kind.TOPIC, TOPIC, {})
    ours = Item(Kind.SUBSCRIPTION, f"{TOPIC}:1", {"TopicArn": TOPIC})
    theirs = Item(Kind.SUBSCRIPTION, f"{TOPIC}-page:1", {"TopicArn": f"{TOPIC}-page"})
    assert account(topic, ours, theirs).subscriptions_of(topic) == (ours,)


@pytest.mark.parametrize(
    ("item", "label"),
    [
        (Item(Kind.TOPIC, TOPIC, {}, urn="urn:x::y", called="notify"), "notify"),
        (Item(Kind.TOPIC, TOPIC, {}, urn="urn:pulumi:dev::p::t::name"), "name"),
        (Item(Kind.TOPIC, TOPIC, {}), "alerts"),
        (Item(Kind.ALARM, "arn:aws:cloudwatch:us-east-1:123456789012:alarm:cpu", {}), "cpu"),
        (Item(Kind.ROLE, "arn:aws:iam::123456789012:role/path/name", {}), "name"),
        (Item(Kind.TOPIC, Unknown(), {}), "(not known yet)"),
    ],
)
def test_an_item_is_labelled_as_people_call_it(item, label):
    assert item.label == label


def test_the_json_form_can_be_read_back():
    items = (
        Item(Kind.TOPIC, TOPIC, {"TopicArn": TOPIC, "Policy": "{}"}, "urn:topic", "notify"),
        Item(
            Kind.SUBSCRIPTION,
            Unknown(("urn:subscription",)),
            {"Endpoint": Unknown(secret=True), "List": [{"Deep": Unknown(("urn:a", "urn:b"))}]},
        ),
    )
    whole = Account(
        "123456789012", "cn-north-1", items, "aws-cn", whole=True, unreadable={KEY: "AccessDenied"}
    )
    assert Account.from_json(whole.to_json()) == whole


def test_a_json_form_of_another_version_is_refused():
    raw = {**json.loads(account().to_json()), "version": 99}
    with pytest.raises(ValueError, match="account: version 99 is not 1"):
        Account.from_json(json.dumps(raw))


def test_what_is_not_known_says_why():
    assert str(Unknown(("urn",))) == "(not known yet)"
    assert str(Unknown()) == "(not visible here)"
    assert str(Unknown(secret=True)) == "(secret)"
