"""What is written down of a program: as the engine would see it."""

import json

import pulumi
import pulumi_aws as aws
import pytest

from alerting.account import Unknown
from alerting.recording import record


class Box(pulumi.ComponentResource):
    """A component with a topic in it."""

    def __init__(self, name, opts=None):
        super().__init__("test:index:Box", name, {"size": 1}, opts)
        self.topic = aws.sns.Topic(
            f"{name}-topic", name=name, opts=pulumi.ResourceOptions(parent=self)
        )
        self.register_outputs({"arn": self.topic.arn, "hidden": pulumi.Output.secret("hush-hush")})


def test_inputs_are_those_of_the_engine_with_whole_numbers_as_such():
    def program():
        aws.sqs.Queue(
            "q", name="q", visibility_timeout_seconds=30, tags={"1.0": "x"}, fifo_queue=False
        )
        aws.cloudwatch.MetricAlarm(
            "a", threshold=2.5, evaluation_periods=3, dimensions={"A": "b"}, alarm_actions=["arn"]
        )

    deployment = record(program)
    queue = deployment.named("q").inputs
    assert queue == {
        "name": "q",
        "visibilityTimeoutSeconds": 30,
        "tags": {"1.0": "x"},
        "fifoQueue": False,
    }
    assert isinstance(queue["visibilityTimeoutSeconds"], int)
    alarm = deployment.named("a").inputs
    assert (alarm["threshold"], alarm["evaluationPeriods"]) == (2.5, 3)


def test_outputs_are_those_aws_would_give():
    topic = record(lambda: aws.sns.Topic("t", name="alerts")).named("t")
    arn = "arn:aws:sns:us-east-1:123456789012:alerts"
    assert (topic.id, topic.outputs["arn"], topic.outputs["name"]) == (arn, arn, "alerts")


def test_account_and_region_can_be_chosen_and_config_knows_the_region_better():
    def program():
        aws.sns.Topic("t", name="alerts")
        pulumi.export("account", aws.get_caller_identity().account_id)
        pulumi.export("region", aws.get_region().region)

    there = record(
        program, account="111122223333", region="eu-west-1", config={"aws:region": "eu-north-1"}
    )
    assert there.named("t").outputs["arn"] == "arn:aws:sns:eu-north-1:111122223333:alerts"
    assert there.exports == {"account": "111122223333", "region": "eu-north-1"}
    assert (there.account_id, there.region) == ("111122223333", "eu-north-1")


def test_an_unknown_type_gets_an_id_and_an_arn():
    bucket = record(lambda: aws.s3.Bucket("b")).named("b")
    assert bucket.id == "b-id"
    assert bucket.outputs["arn"] == "arn:aws:s3:us-east-1:123456789012:b"


def test_one_name_may_serve_two_types():
    def program():
        aws.sns.Topic("x")
        aws.sqs.Queue("x")

    assert len(record(program).resources) == 2


def test_urns_are_those_of_the_engine():
    def program():
        Box("box", pulumi.ResourceOptions(parent=Box("outer")))
        aws.sns.Topic("alone")

    urns = {resource.urn for resource in record(program, stack="dev", project="shop").resources}
    assert urns == {
        "urn:pulumi:dev::shop::test:index:Box::outer",
        "urn:pulumi:dev::shop::test:index:Box$aws:sns/topic:Topic::outer-topic",
        "urn:pulumi:dev::shop::test:index:Box$test:index:Box::box",
        "urn:pulumi:dev::shop::test:index:Box$test:index:Box$aws:sns/topic:Topic::box-topic",
        "urn:pulumi:dev::shop::aws:sns/topic:Topic::alone",
    }


def test_parents_are_recorded_and_the_stack_is_nobodys():
    deployment = record(lambda: Box("box"))
    box = deployment.named("box")
    assert box.parent is None
    assert deployment.named("box-topic").parent == box.urn


def test_a_component_is_told_apart_and_has_the_outputs_it_registered():
    deployment = record(lambda: Box("box"))
    box = deployment.named("box")
    assert (box.custom, deployment.named("box-topic").custom) == (False, True)
    assert box.inputs == {"size": 1}
    assert box.outputs == {
        "arn": "arn:aws:sns:us-east-1:123456789012:box",
        "hidden": "hush-hush",
    }


def test_secret_inputs_are_told_by_their_paths():
    def program():
        aws.sns.TopicSubscription(
            "s", topic="arn", protocol="sms", endpoint=pulumi.Output.secret("+15550100")
        )
        aws.sns.Topic("t", tags={"open": "x", "shut": pulumi.Output.secret("y")})

    deployment = record(program)
    assert deployment.named("s").secrets == {"endpoint"}
    assert deployment.named("s").inputs["endpoint"] == "+15550100"
    assert deployment.named("t").secrets == {"tags.shut"}


def test_dependencies_are_told_by_property():
    def program():
        topic = aws.sns.Topic("t")
        aws.sns.TopicSubscription("s", topic=topic.arn, protocol="email", endpoint="a@example.com")

    deployment = record(program)
    assert deployment.named("s").dependencies == {"topic": (deployment.named("t").urn,)}


def test_exports_are_recorded_secret_ones_by_name():
    def program():
        pulumi.export("open", {"a": [1, 2.5]})
        pulumi.export("shut", pulumi.Output.secret("hush-hush"))

    deployment = record(program)
    assert deployment.exports == {"open": {"a": [1, 2.5]}, "shut": "hush-hush"}
    assert deployment.secret_exports == {"shut"}


def test_no_secret_is_in_the_json_form():
    def program():
        Box("box")
        secret = pulumi.Output.secret("hush-hush")
        aws.sns.TopicSubscription("s", topic="arn", protocol="sms", endpoint=secret)
        aws.sqs.QueuePolicy("p", queue_url=secret, policy="{}")
        pulumi.export("shut", secret)
        pulumi.export("half", {"open": 1, "shut": secret})

    deployment = record(program)
    assert deployment.named("p").id == "hush-hush"
    assert "hush-hush" not in deployment.to_json()


def test_a_preview_leaves_unknown_what_a_deployment_gives():
    def program():
        topic = aws.sns.Topic("t", name="alerts")
        aws.sns.TopicSubscription("s", topic=topic.arn, protocol="email", endpoint="a@example.com")
        pulumi.export("arn", topic.arn)
        pulumi.export("name", topic.name)

    deployment = record(program, preview=True)
    topic = deployment.named("t")
    assert topic.id is None
    assert "arn" not in topic.outputs
    assert deployment.named("s").inputs["topic"] == Unknown((topic.urn,))
    assert deployment.exports == {"arn": Unknown(), "name": "alerts"}


def test_a_creator_gives_the_outputs():
    made = []

    def creator(resource):
        made.append(resource.name)
        return {"id": "1", "arn": "made"} if resource.type == "aws:sns/topic:Topic" else None

    def program():
        topic = aws.sns.Topic("t")
        aws.sqs.Queue("q", name=topic.arn)

    deployment = record(program, creator=creator)
    assert made == ["t", "q"]
    assert deployment.named("q").inputs["name"] == "made"


def test_config_reaches_the_program_as_the_engine_hands_it_over():
    def program():
        config = pulumi.Config("p")
        pulumi.export("text", config.get("text"))
        pulumi.export("number", config.get_int("number"))
        pulumi.export("map", config.get_object("map"))
        pulumi.export("secret", config.require_secret("secret"))

    deployment = record(
        program,
        config={"p:text": "a", "p:number": 3, "p:map": {"x": [1]}, "p:secret": "hush-hush"},
        secret_keys={"p:secret"},
    )
    assert deployment.exports == {
        "text": "a",
        "number": 3,
        "map": {"x": [1]},
        "secret": "hush-hush",
    }
    assert deployment.secret_exports == {"secret"}


def test_a_resource_that_is_only_read_is_external():
    def program():
        arn = "arn:aws:sns:us-east-1:123456789012:theirs"
        topic = aws.sns.Topic.get("theirs", arn)
        pulumi.export("arn", topic.arn)

    deployment = record(program)
    topic = deployment.named("theirs")
    assert (topic.external, topic.id) == (True, "arn:aws:sns:us-east-1:123456789012:theirs")
    assert deployment.exports == {"arn": "arn:aws:sns:us-east-1:123456789012:theirs"}


def test_a_policy_document_is_made():
    def program():
        document = aws.iam.get_policy_document(
            statements=[
                {
                    "sid": "Alarms",
                    "actions": ["sns:Publish"],
                    "resources": ["arn"],
                    "principals": [
                        {"type": "Service", "identifiers": ["cloudwatch.amazonaws.com"]}
                    ],
                    "conditions": [
                        {
                            "test": "StringEquals",
                            "variable": "aws:SourceAccount",
                            "values": ["123456789012"],
                        }
                    ],
                }
            ]
        )
        pulumi.export("json", document.json)

    assert json.loads(record(program).exports["json"]) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Sid": "Alarms",
                "Action": "sns:Publish",
                "Resource": "arn",
                "Principal": {"Service": "cloudwatch.amazonaws.com"},
                "Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}},
            }
        ],
    }


@pytest.mark.parametrize("get_vpc", [aws.ec2.get_vpc, aws.ec2.get_vpc_output])
def test_a_look_up_nothing_can_answer_is_an_error_that_says_how_to_answer_it(get_vpc):
    with pytest.raises(LookupError, match=r"lookups=\{'aws:ec2/getVpc:getVpc': \{\.\.\.\}\}"):
        record(lambda: pulumi.export("id", get_vpc(id="vpc-1").id))


def test_a_look_up_can_be_answered():
    deployment = record(
        lambda: pulumi.export("cidr", aws.ec2.get_vpc(id="vpc-1").cidr_block),
        lookups={"aws:ec2/getVpc:getVpc": {"cidrBlock": "10.0.0.0/16"}},
    )
    assert deployment.exports == {"cidr": "10.0.0.0/16"}
