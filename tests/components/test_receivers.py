"""Receivers by protocol, each with what makes it really deliver."""

import json
import logging

import pulumi
import pytest

from alerting import Receivers
from alerting.recording import record

PLACE = {"account_id": "123456789012", "region": "us-east-1"}
NOTIFY = "arn:aws:sns:us-east-1:123456789012:alerts"
PAGE = "arn:aws:sns:us-east-1:123456789012:alerts-page"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:jobs"
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:chat"
STREAM = "arn:aws:firehose:us-east-1:123456789012:deliverystream/archive"
ROLE = "arn:aws:iam::123456789012:role/sns-to-archive"
URL = "https://example.com/alarms"

SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"


def deployed(receivers, **args):
    args = {"topics": {"notify": NOTIFY}, "place": PLACE, **args, "receivers": receivers}
    return record(lambda: Receivers("receivers", args))


def kinds(deployment):
    return {r.name: r.type for r in deployment.resources if r.name != "receivers"}


def subscription(receiver, **args):
    return deployed({"x": receiver}, **args).named("receivers-x-notify", SUBSCRIPTION).inputs


@pytest.mark.parametrize(
    ("protocol", "endpoint"),
    [
        ("email", "oncall@example.com"),
        ("email-json", "oncall@example.com"),
        ("sms", "+15550100"),
    ],
)
def test_people_need_a_subscription_and_nothing_else(protocol, endpoint):
    deployment = deployed({"x": {"protocol": protocol, "endpoint": endpoint}})
    assert kinds(deployment) == {"receivers-x-notify": SUBSCRIPTION}
    assert deployment.named("receivers-x-notify").inputs == {
        "topic": NOTIFY,
        "protocol": protocol,
        "endpoint": endpoint,
    }


@pytest.mark.parametrize(
    ("protocol", "endpoint"),
    [
        ("lambda", FUNCTION),
        ("sqs", QUEUE),
        ("https", URL),
        ("http", "http://example.com"),
        ("firehose", STREAM),
    ],
)
def test_systems_have_a_dead_letter_queue_with_its_policy(protocol, endpoint):
    deployment = deployed({"x": {"protocol": protocol, "endpoint": endpoint}}, prefix="dev-")
    queue = deployment.named("receivers-x-dead-letters")
    assert queue.inputs == {
        "name": "dev-x-dead-letters",
        "messageRetentionSeconds": 14 * 86_400,
        "sqsManagedSseEnabled": True,
    }
    policy = deployment.named("receivers-x-dead-letters-policy").inputs
    assert policy["queueUrl"] == queue.outputs["url"]
    (statement,) = json.loads(policy["policy"])["Statement"]
    assert statement == {
        "Sid": "AlertTopicsDeliver",
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue.outputs["arn"],
        "Condition": {"ArnEquals": {"aws:SourceArn": [NOTIFY]}},
    }
    redrive = deployment.named("receivers-x-notify", SUBSCRIPTION).inputs["redrivePolicy"]
    assert json.loads(redrive) == {"deadLetterTargetArn": queue.outputs["arn"]}


def test_a_dead_letter_queue_takes_from_every_topic_the_receiver_hears():
    deployment = deployed(
        {"x": {"protocol": "https", "endpoint": URL}}, topics={"notify": NOTIFY, "page": PAGE}
    )
    policy = json.loads(deployment.named("receivers-x-dead-letters-policy").inputs["policy"])
    condition = policy["Statement"][0]["Condition"]
    assert condition == {"ArnEquals": {"aws:SourceArn": [NOTIFY, PAGE]}}


def test_a_dead_letter_queue_can_be_done_without():
    deployment = deployed({"x": {"protocol": "https", "endpoint": URL, "dead_letter": "none"}})
    assert kinds(deployment) == {"receivers-x-notify": SUBSCRIPTION}


def test_a_dead_letter_queue_can_be_given():
    receiver = {"protocol": "https", "endpoint": URL, "dead_letter": QUEUE}
    deployment = deployed({"x": receiver})
    assert kinds(deployment) == {"receivers-x-notify": SUBSCRIPTION}
    redrive = deployment.named("receivers-x-notify").inputs["redrivePolicy"]
    assert json.loads(redrive) == {"deadLetterTargetArn": QUEUE}


def test_a_function_lets_each_topic_invoke_it_before_it_is_subscribed():
    deployment = deployed(
        {"x": {"protocol": "lambda", "endpoint": FUNCTION}},
        topics={"notify": NOTIFY, "page": PAGE},
    )
    for severity, topic in (("notify", NOTIFY), ("page", PAGE)):
        permission = deployment.named(f"receivers-x-{severity}-invoke")
        assert permission.inputs == {
            "action": "lambda:InvokeFunction",
            "function": FUNCTION,
            "principal": "sns.amazonaws.com",
            "sourceArn": topic,
        }
        names = [resource.name for resource in deployment.resources]
        assert names.index(permission.name) < names.index(f"receivers-x-{severity}")


def test_a_function_elsewhere_is_let_in_where_it_is():
    function = FUNCTION.replace("us-east-1", "eu-west-1")
    deployment = deployed({"x": {"protocol": "lambda", "endpoint": function}})
    assert deployment.named("receivers-x-notify-invoke").inputs["region"] == "eu-west-1"
    assert "region" not in deployment.named("receivers-x-notify").inputs


def test_a_function_that_comes_later_is_let_in_where_it_is():
    def program():
        function = pulumi.Output.from_input(FUNCTION.replace("us-east-1", "eu-west-1"))
        receivers = {"x": {"protocol": "lambda", "endpoint": function}}
        topics = {"notify": NOTIFY}
        Receivers("receivers", {"receivers": receivers, "topics": topics, "place": PLACE})

    permission = record(program).named("receivers-x-notify-invoke")
    assert permission.inputs["region"] == "eu-west-1"


@pytest.mark.parametrize("protocol", ["sqs", "lambda"])
def test_a_later_endpoint_that_is_no_arn_is_refused_without_being_told(protocol):
    def program():
        secret = pulumi.Output.secret("hush-hush")
        receivers = {"x": {"protocol": protocol, "endpoint": secret, "queue_policy": "own"}}
        if protocol == "lambda":
            del receivers["x"]["queue_policy"]
        topics = {"notify": NOTIFY}
        Receivers("receivers", {"receivers": receivers, "topics": topics, "place": PLACE})

    with pytest.raises(ValueError, match="receiver 'x': endpoint must be an ARN of") as refused:
        record(program)
    assert "hush-hush" not in str(refused.value)


def test_a_queues_owner_is_told_the_statement_to_add(caplog):
    with caplog.at_level(logging.INFO, logger="pulumi"):
        deployment = deployed({"x": {"protocol": "sqs", "endpoint": QUEUE}})
    assert "receivers-x-queue-policy" not in kinds(deployment)
    (message,) = [m for m in caplog.messages if "the queue's owner must add" in m]
    statement = json.loads(message.split("nothing arrives: ")[1])
    assert statement["Resource"] == QUEUE
    assert statement["Condition"] == {"ArnEquals": {"aws:SourceArn": [NOTIFY]}}


def test_a_secret_queue_is_not_told_of_in_the_log(caplog):
    def program():
        receivers = {"x": {"protocol": "sqs", "endpoint": pulumi.Output.secret(QUEUE)}}
        topics = {"notify": NOTIFY}
        Receivers("receivers", {"receivers": receivers, "topics": topics, "place": PLACE})

    with caplog.at_level(logging.INFO, logger="pulumi"):
        record(program)
    assert QUEUE not in caplog.text


def test_a_queues_policy_is_set_when_it_is_ours():
    deployment = deployed({"x": {"protocol": "sqs", "endpoint": QUEUE, "queue_policy": "own"}})
    policy = deployment.named("receivers-x-queue-policy").inputs
    assert policy["queueUrl"] == "https://sqs.us-east-1.amazonaws.com/123456789012/jobs"
    (statement,) = json.loads(policy["policy"])["Statement"]
    assert statement["Resource"] == QUEUE
    assert statement["Condition"] == {"ArnEquals": {"aws:SourceArn": [NOTIFY]}}
    assert "region" not in policy


def test_a_queue_elsewhere_gets_its_policy_where_it_is():
    queue = QUEUE.replace("us-east-1", "eu-west-1")
    deployment = deployed({"x": {"protocol": "sqs", "endpoint": queue, "queue_policy": "own"}})
    policy = deployment.named("receivers-x-queue-policy").inputs
    assert policy["region"] == "eu-west-1"
    assert policy["queueUrl"] == "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs"


def test_a_receiver_called_like_anothers_queue_does_not_clash_with_it():
    queue = {"protocol": "sqs", "endpoint": QUEUE, "queue_policy": "own"}
    deployment = deployed({"x": queue, "x-dead-letters": {**queue, "endpoint": f"{QUEUE}-2"}})
    names = [r.name for r in deployment.of_type("aws:sqs/queuePolicy:QueuePolicy")]
    assert sorted(names) == [
        "receivers-x-dead-letters-dead-letters-policy",
        "receivers-x-dead-letters-policy",
        "receivers-x-dead-letters-queue-policy",
        "receivers-x-queue-policy",
    ]


def test_a_delivery_stream_gets_a_role_sns_can_take_on_and_write_with():
    deployment = deployed({"x": {"protocol": "firehose", "endpoint": STREAM}})
    role = deployment.named("receivers-x-role")
    (trust,) = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
    assert trust == {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    policy = deployment.named("receivers-x-role-policy").inputs
    assert policy["role"] == role.id
    (statement,) = json.loads(policy["policy"])["Statement"]
    assert statement["Resource"] == STREAM
    assert {"firehose:PutRecord", "firehose:PutRecordBatch"} <= set(statement["Action"])
    arn = deployment.named("receivers-x-notify").inputs["subscriptionRoleArn"]
    assert arn == role.outputs["arn"]


def test_a_delivery_streams_role_can_be_given():
    receiver = {"protocol": "firehose", "endpoint": STREAM, "role": ROLE, "dead_letter": "none"}
    deployment = deployed({"x": receiver})
    assert kinds(deployment) == {"receivers-x-notify": SUBSCRIPTION}
    assert deployment.named("receivers-x-notify").inputs["subscriptionRoleArn"] == ROLE


def test_delivery_without_the_envelope():
    found = subscription({"protocol": "sqs", "endpoint": QUEUE, "raw": True})
    assert found["rawMessageDelivery"] is True


def test_a_filter_looks_at_the_body():
    policy = {"NewStateValue": ["ALARM"]}
    found = subscription({"protocol": "sqs", "endpoint": QUEUE, "filter": policy})
    assert json.loads(found["filterPolicy"]) == policy
    assert found["filterPolicyScope"] == "MessageBody"


def test_retries_and_throttle_make_the_delivery_policy():
    receiver = {"protocol": "https", "endpoint": URL, "delivery": {"numRetries": 9}, "throttle": 4}
    assert json.loads(subscription(receiver)["deliveryPolicy"]) == {
        "healthyRetryPolicy": {"numRetries": 9},
        "throttlePolicy": {"maxReceivesPerSecond": 4},
    }


def test_a_throttle_alone_keeps_snss_retries():
    receiver = {"protocol": "https", "endpoint": URL, "throttle": 4}
    assert json.loads(subscription(receiver)["deliveryPolicy"]) == {
        "throttlePolicy": {"maxReceivesPerSecond": 4}
    }


def test_an_endpoint_that_confirms_by_itself_is_waited_for():
    found = subscription({"protocol": "https", "endpoint": URL, "auto_confirms": True})
    assert found["endpointAutoConfirms"] is True


def test_a_receiver_hears_the_severities_it_names_and_else_all():
    mail = {"protocol": "email", "endpoint": "a@example.com"}
    deployment = deployed(
        {"all": mail, "some": {**mail, "endpoint": "b@example.com", "severities": ["page"]}},
        topics={"notify": NOTIFY, "page": PAGE},
    )
    heard = {r.name: r.inputs["topic"] for r in deployment.of_type(SUBSCRIPTION)}
    assert heard == {
        "receivers-all-notify": NOTIFY,
        "receivers-all-page": PAGE,
        "receivers-some-page": PAGE,
    }


def test_a_secret_endpoint_stays_secret():
    def program():
        receivers = {"x": {"protocol": "sms", "endpoint": pulumi.Output.secret("+15550100")}}
        topics = {"notify": NOTIFY}
        Receivers("receivers", {"receivers": receivers, "topics": topics, "place": PLACE})

    deployment = record(program)
    assert "endpoint" in deployment.named("receivers-x-notify").secrets
    assert "receivers.x.endpoint" in deployment.named("receivers").secrets
    assert "+15550100" not in deployment.to_json()


def test_what_is_made_from_a_secret_endpoint_stays_secret_too():
    def program():
        endpoint = pulumi.Output.secret(QUEUE.replace("jobs", "hush-hush"))
        receivers = {"x": {"protocol": "sqs", "endpoint": endpoint, "queue_policy": "own"}}
        topics = {"notify": NOTIFY}
        Receivers("receivers", {"receivers": receivers, "topics": topics, "place": PLACE})

    deployment = record(program)
    assert {"policy", "queueUrl"} <= deployment.named("receivers-x-queue-policy").secrets
    assert "hush-hush" not in deployment.to_json()


def test_tags_go_to_queues_and_roles():
    deployment = deployed({"x": {"protocol": "firehose", "endpoint": STREAM}}, tags={"a": "b"})
    for name in ("receivers-x-dead-letters", "receivers-x-role"):
        assert deployment.named(name).inputs["tags"] == {"a": "b"}


def test_children_hang_below_the_component():
    deployment = deployed({"x": {"protocol": "firehose", "endpoint": STREAM}})
    component = deployment.named("receivers")
    assert {r.parent for r in deployment.resources if r is not component} == {component.urn}


def test_the_component_gives_the_arns_by_receiver_and_severity():
    deployment = deployed({"x": {"protocol": "email", "endpoint": "a@example.com"}})
    arn = deployment.named("receivers-x-notify").outputs["arn"]
    assert deployment.named("receivers").outputs == {"subscription_arns": {"x-notify": arn}}


def test_a_topic_with_receivers_elsewhere_needs_none_here():
    deployment = deployed({}, heard_elsewhere=["notify"])
    assert deployment.named("receivers").outputs == {"subscription_arns": {}}
