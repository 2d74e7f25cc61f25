"""The topic, its key, and who may use them."""

import json

import pulumi
import pytest

from alerting import AlertTopic
from alerting.recording import record

PLACE = {"account_id": "123456789012", "region": "eu-west-1"}
ARN = "arn:aws:sns:eu-west-1:123456789012:alerts"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd"
ROOT = {"AWS": "arn:aws:iam::123456789012:root"}


def deployed(**args):
    args = {"place": PLACE, "topic_name": "alerts", **args}
    return record(lambda: AlertTopic("notify", args), region="eu-west-1")


def statements(deployment, name):
    document = json.loads(deployment.named(name).inputs["policy"])
    assert document["Version"] == "2012-10-17"
    return {statement["Sid"]: statement for statement in document["Statement"]}


def refusal(**args):
    """What a topic is refused with; nothing may be registered by then."""
    said = []

    def program():
        with pytest.raises(ValueError, match=r"^AlertTopic 'notify': ") as refused:
            AlertTopic("notify", {"place": PLACE, **args})
        said.extend(str(refused.value).splitlines())

    assert record(program).resources == ()
    return [line.removeprefix("AlertTopic 'notify': ") for line in said]


def test_a_topic_has_a_key_of_its_own_by_default():
    deployment = deployed()
    assert {resource.name: resource.type for resource in deployment.resources} == {
        "notify": "alerting:index:AlertTopic",
        "notify-key": "aws:kms/key:Key",
        "notify-alias": "aws:kms/alias:Alias",
        "notify-topic": "aws:sns/topic:Topic",
        "notify-policy": "aws:sns/topicPolicy:TopicPolicy",
    }
    key = deployment.named("notify-key")
    assert deployment.named("notify-topic").inputs == {
        "name": "alerts",
        "kmsMasterKeyId": key.outputs["arn"],
    }


def test_the_key_is_rotated_has_an_alias_and_can_be_had_back_for_a_month():
    deployment = deployed()
    key = deployment.named("notify-key")
    assert key.inputs["enableKeyRotation"] is True
    assert key.inputs["deletionWindowInDays"] == 30
    assert deployment.named("notify-alias").inputs == {
        "name": "alias/alerts",
        "targetKeyId": key.outputs["keyId"],
    }


def test_the_deletion_window_can_be_chosen():
    key = deployed(key_deletion_days=7).named("notify-key")
    assert key.inputs["deletionWindowInDays"] == 7


def test_cloudwatch_may_use_the_key_for_this_topic_alone():
    assert statements(deployed(), "notify-key") == {
        "OwnerAdministers": {
            "Sid": "OwnerAdministers",
            "Effect": "Allow",
            "Principal": ROOT,
            "Action": "kms:*",
            "Resource": "*",
        },
        "CloudWatchEncrypts": {
            "Sid": "CloudWatchEncrypts",
            "Effect": "Allow",
            "Principal": {"Service": "cloudwatch.amazonaws.com"},
            "Action": ["kms:GenerateDataKey*", "kms:Decrypt"],
            "Resource": "*",
            "Condition": {"StringEquals": {"kms:EncryptionContext:aws:sns:topicArn": ARN}},
        },
    }


def test_the_topics_policy_names_the_owner_the_alarms_of_this_place_and_demands_tls():
    found = statements(deployed(), "notify-policy")
    assert set(found) == {"OwnerAdministers", "AlarmsPublish", "NothingInTheClear"}
    assert found["OwnerAdministers"]["Principal"] == ROOT
    assert "sns:Publish" in found["OwnerAdministers"]["Action"]
    assert "Condition" not in found["OwnerAdministers"]
    assert found["AlarmsPublish"] == {
        "Sid": "AlarmsPublish",
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": ARN,
        "Condition": {
            "StringEquals": {"aws:SourceAccount": "123456789012"},
            "ArnLike": {"aws:SourceArn": "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:*"},
        },
    }
    assert found["NothingInTheClear"] == {
        "Sid": "NothingInTheClear",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sns:Publish",
        "Resource": ARN,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def test_nobody_is_let_in_by_everybody_with_a_condition_on_the_owner():
    """`*` with SourceOwner, which new topics have, lets every alarm of the account publish."""
    policy = deployed().named("notify-policy").inputs["policy"]
    assert "SourceOwner" not in policy


def test_the_policy_hangs_on_the_topic_that_is_made():
    deployment = deployed()
    topic = deployment.named("notify-topic")
    policy = deployment.named("notify-policy")
    assert policy.inputs["arn"] == topic.outputs["arn"] == ARN
    assert policy.dependencies["arn"] == (topic.urn,)


def test_services_and_identities_may_publish_when_they_are_named():
    role = "arn:aws:iam::123456789012:role/deployer"
    deployment = deployed(publishers=["events.amazonaws.com", role])
    topic, key = statements(deployment, "notify-policy"), statements(deployment, "notify-key")
    assert topic["ServicesPublish"]["Principal"] == {"Service": ["events.amazonaws.com"]}
    assert topic["ServicesPublish"]["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "123456789012"}
    }
    assert topic["IdentitiesPublish"]["Principal"] == {"AWS": [role]}
    context = {"StringEquals": {"kms:EncryptionContext:aws:sns:topicArn": ARN}}
    assert key["ServicesEncrypt"]["Principal"] == {"Service": ["events.amazonaws.com"]}
    assert key["IdentitiesEncrypt"]["Principal"] == {"AWS": [role]}
    assert key["ServicesEncrypt"]["Condition"] == key["IdentitiesEncrypt"]["Condition"] == context


def test_every_statement_of_a_policy_has_an_id_of_its_own():
    deployment = deployed(publishers=["events.amazonaws.com", "arn:aws:iam::123456789012:user/u"])
    for name in ("notify-policy", "notify-key"):
        document = json.loads(deployment.named(name).inputs["policy"])
        assert len(statements(deployment, name)) == len(document["Statement"])


def test_a_given_key_is_used_and_none_is_made():
    deployment = deployed(encryption=KEY)
    assert deployment.named("notify-topic").inputs["kmsMasterKeyId"] == KEY
    assert not list(deployment.of_type("aws:kms/key:Key", "aws:kms/alias:Alias"))


def test_no_encryption_is_had_by_saying_so():
    deployment = deployed(encryption="none")
    assert "kmsMasterKeyId" not in deployment.named("notify-topic").inputs
    assert not list(deployment.of_type("aws:kms/key:Key", "aws:kms/alias:Alias"))


def test_an_existing_topic_is_left_alone():
    deployment = record(lambda: AlertTopic("notify", {"place": PLACE, "topic_arn": ARN}))
    (component,) = deployment.resources
    assert component.outputs == {"topic_arn": ARN}


def test_arns_are_those_of_the_partition():
    place = {"account_id": "123456789012", "region": "cn-north-1", "partition": "aws-cn"}
    policy = deployed(place=place).named("notify-policy").inputs["policy"]
    assert "arn:aws-cn:sns:cn-north-1:123456789012:alerts" in policy
    assert "arn:aws-cn:iam::123456789012:root" in policy
    assert "arn:aws:" not in policy


def test_tags_go_to_topic_and_key():
    deployment = deployed(tags={"team": "platform"})
    for name in ("notify-topic", "notify-key"):
        assert deployment.named(name).inputs["tags"] == {"team": "platform"}


def test_children_hang_below_the_component():
    deployment = deployed()
    component = deployment.named("notify")
    assert {r.parent for r in deployment.resources if r is not component} == {component.urn}


def test_the_component_gives_the_arn_of_the_topic():
    deployment = record(
        lambda: pulumi.export(
            "arn", AlertTopic("n", {"place": PLACE, "topic_name": "alerts"}).topic_arn
        ),
        region="eu-west-1",
    )
    assert deployment.exports == {"arn": ARN}
    assert deployment.named("n").outputs == {"topic_arn": ARN}


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ({}, "needs exactly one of topic_name and topic_arn"),
        ({"topic_name": "a", "topic_arn": ARN}, "needs exactly one of topic_name and topic_arn"),
        ({"topic_name": "a b"}, "topic_name: must be 1 to 256 letters, digits, hyphens and unde"),
        ({"topic_name": "a.fifo"}, "topic_name: must be a standard topic: a FIFO topic reaches "),
        ({"topic_name": "a" * 251}, "topic_name: must be at most 250 characters, because the key"),
        ({"topic_arn": "alerts"}, "topic_arn: must be the ARN of an SNS topic"),
        ({"topic_arn": ARN, "encryption": "none"}, "encryption: belongs to a topic made here"),
        ({"topic_name": "a", "encryption": "alias/aws/sns"}, "encryption: must not be alias/aws/"),
        ({"topic_name": "a", "encryption": "aws"}, "encryption: must be own, none or a key's ARN"),
        ({"topic_name": "a", "publishers": ["x"]}, "publishers: must be services such as events."),
        ({"topic_name": "a", "key_deletion_days": 6}, "key_deletion_days: must be from 7 to 30, "),
        ({"topic_name": "a", "tags": {"aws:x": "y"}}, "tags: must be keyed by 1 to 128 character"),
        ({"topic_nam": "a", "topic_name": "a"}, "topic_nam: is not known; did you mean 'topic_n"),
        ({"topic_name": "a", "place": {"region": "eu-west-1"}}, "place.account_id: is required"),
    ],
)
def test_what_aws_would_refuse_or_lose_is_refused_before_anything_is_registered(args, said):
    (line,) = refusal(**args)
    assert line.startswith(said)


def test_all_mistakes_are_told_at_once():
    lines = refusal(topic_name="a b", encryption="alias/aws/sns", key_deletion_days=1)
    assert [line.split(":")[0] for line in lines] == [
        "topic_name",
        "encryption",
        "key_deletion_days",
    ]
