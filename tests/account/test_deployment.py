"""What a program declared: found by name and type, written as JSON without its secrets."""

import json
from dataclasses import replace

import pytest

from alerting.account import Deployment, Resource, Unknown
from alerting.account.deployment import masked

TOPIC = Resource(
    urn="urn:pulumi:dev::p::aws:sns/topic:Topic::x",
    type="aws:sns/topic:Topic",
    name="x",
    inputs={"name": "alerts", "tags": {"a": "b"}},
    outputs={"name": "alerts", "arn": "arn"},
    id="arn",
)
QUEUE = Resource(
    urn="urn:pulumi:dev::p::aws:sqs/queue:Queue::x",
    type="aws:sqs/queue:Queue",
    name="x",
    inputs={"name": Unknown(("urn:other",))},
    dependencies={"name": ("urn:other",)},
)
SUBSCRIPTION = Resource(
    urn="urn:pulumi:dev::p::aws:sns/topicSubscription:TopicSubscription::s",
    type="aws:sns/topicSubscription:TopicSubscription",
    name="s",
    inputs={"endpoint": "hush-hush", "deep": [{"open": 1, "shut": "hush-hush"}]},
    outputs={"endpoint": "hush-hush", "made": "hush-hush", "arn": "arn"},
    id="hush-hush",
    parent="urn:parent",
    secrets=frozenset({"endpoint", "deep[0].shut"}),
    secret_outputs=frozenset({"made"}),
)


@pytest.fixture
def deployment():
    return Deployment(
        resources=(TOPIC, QUEUE, SUBSCRIPTION),
        exports={"open": {"a": 1}, "shut": "hush-hush"},
        secret_exports=frozenset({"shut"}),
        stack="dev",
        project="p",
        account_id="123456789012",
        region="us-east-1",
    )


def test_a_resource_is_found_by_its_name(deployment):
    assert deployment.named("s") is SUBSCRIPTION


def test_a_name_of_several_needs_a_type(deployment):
    with pytest.raises(KeyError, match="2 resources are named 'x'"):
        deployment.named("x")
    assert deployment.named("x", "aws:sqs/queue:Queue") is QUEUE


def test_a_name_of_none_is_an_error(deployment):
    with pytest.raises(KeyError, match="0 resources are named 'y'"):
        deployment.named("y")


def test_resources_are_found_by_type_and_by_urn(deployment):
    assert list(deployment.of_type(TOPIC.type, QUEUE.type)) == [TOPIC, QUEUE]
    assert deployment.get(QUEUE.urn) is QUEUE
    assert deployment.get("urn:none") is None


def test_secrets_are_masked_at_any_depth():
    assert masked(SUBSCRIPTION) == {
        "endpoint": Unknown(secret=True),
        "deep": [{"open": 1, "shut": Unknown(secret=True)}],
    }


def test_no_secret_is_in_the_json_form(deployment):
    """Nor in the id, which a resource may have been given of a secret input."""
    assert "hush-hush" not in deployment.to_json()


def test_the_json_form_can_be_read_back_but_for_the_secrets(deployment):
    read = Deployment.from_json(deployment.to_json())
    assert read.resources[:2] == (TOPIC, QUEUE)
    assert read.resources[2] == replace(
        SUBSCRIPTION,
        inputs=masked(SUBSCRIPTION),
        outputs={
            "endpoint": Unknown(secret=True),
            "made": Unknown(secret=True),
            "arn": "arn",
        },
        id=None,
    )
    assert read.exports == {"open": {"a": 1}, "shut": Unknown(secret=True)}
    assert read.to_json() == deployment.to_json()


def test_a_json_form_of_another_version_is_refused(deployment):
    raw = {**json.loads(deployment.to_json()), "version": 99}
    with pytest.raises(ValueError, match="deployment: version 99 is not 1"):
        Deployment.from_json(json.dumps(raw))
