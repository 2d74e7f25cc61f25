"""The account the table makes is the account that is read back from the in-memory AWS.

What this proves: every request has the shape of AWS's own API (botocore validates it), ARNs and
names lead from one thing to the next, and nothing that was declared is lost on the way. What it
does not prove: that AWS would accept the values. moto accepts unknown comparison operators, a
threshold metric that is not there, more datapoints than periods, broken expressions and any
protocol; these rules are ours to check, and tested where the settings and limits are.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import pulumi
import pulumi_aws as aws
import pytest

from alerting import AlertTopic, Receivers
from alerting.account import Kind, Unknown, account_of, declared_by
from alerting.account.table import ROWS
from alerting.recording import record
from alerting.rehearsal.cloud import memory_cloud
from alerting.stackfile import read_stack

ROOT = Path(__file__).parents[2]
STACKS = sorted(file.name.split(".")[1] for file in ROOT.glob("Pulumi.*.yaml"))

TOLD_BY_AWS = {
    Kind.KEY: {
        "AWSAccountId",
        "CustomerMasterKeySpec",
        "Description",
        "EncryptionAlgorithms",
        "Origin",
        "SigningAlgorithms",
    },
    Kind.TOPIC: {
        "EffectiveDeliveryPolicy",
        "SubscriptionsConfirmed",
        "SubscriptionsDeleted",
        "SubscriptionsPending",
    },
    Kind.SUBSCRIPTION: {"ConfirmationWasAuthenticated", "EffectiveDeliveryPolicy"},
    Kind.QUEUE: {
        "ApproximateNumberOfMessages",
        "ApproximateNumberOfMessagesDelayed",
        "ApproximateNumberOfMessagesNotVisible",
        "CreatedTimestamp",
        "DelaySeconds",
        "KmsDataKeyReusePeriodSeconds",
        "LastModifiedTimestamp",
        "MaximumMessageSize",
        "MessageRetentionPeriod",
        "ReceiveMessageWaitTimeSeconds",
        "SqsManagedSseEnabled",
        "VisibilityTimeout",
    },
    Kind.MUTE_RULE: {"Status"},  # which changes with the time of day
    Kind.ALARM: {"Dimensions"},  # an empty list, where there are none
}
"""What AWS tells of its own accord, and no program has to declare."""

NOT_TOLD = {
    (Kind.KEY, "KeyRotationEnabled"): "takes a call and a permission of its own",
    (Kind.KEY, "KeyUsage"): "moto leaves it out, AWS does not",
}
"""What is recorded and not read back, and why."""

TOLD_DIFFERENTLY = {
    (Kind.DETECTOR, "AnomalyDetectorId"): "AWS makes it up",
    (Kind.SUBSCRIPTION, "PendingConfirmation"): "moto confirms at once, people have to click",
    (Kind.QUEUE, "SqsManagedSseEnabled"): "moto leaves it on beside a key, AWS turns it off",
}
"""What is recorded and read back with another value, and why."""


PLACE = {"account_id": "123456789012", "region": "us-east-1"}
ARN = "arn:aws:{}:eu-west-1:123456789012:{}"
POLICY = "arn:aws:iam::123456789012:policy/theirs"


TEMPLATE = {
    "Resources": {
        "Single": {
            "Type": "AWS::CloudWatch::AnomalyDetector",
            "Properties": {
                "SingleMetricAnomalyDetector": {
                    "Namespace": "AWS/EC2",
                    "MetricName": "CPUUtilization",
                    "Stat": "Average",
                    "Dimensions": [{"Name": "InstanceId", "Value": "i-1"}],
                },
                "Configuration": {
                    "MetricTimeZone": "Europe/Berlin",
                    "ExcludedTimeRanges": [
                        {"StartTime": "2026-12-01T19:00:00", "EndTime": "2026-12-01T21:00:00"}
                    ],
                },
                "MetricCharacteristics": {"PeriodicSpikes": True},
            },
        },
        "Math": {
            "Type": "AWS::CloudWatch::AnomalyDetector",
            "Properties": {
                "MetricMathAnomalyDetector": {
                    "MetricDataQueries": [
                        {
                            "Id": "m1",
                            "ReturnData": False,
                            "MetricStat": {
                                "Metric": {"Namespace": "Shop", "MetricName": "Orders"},
                                "Period": 60,
                                "Stat": "Sum",
                            },
                        },
                        {"Id": "e1", "Expression": "m1 * 2", "ReturnData": True},
                    ]
                }
            },
        },
    }
}


def everything():
    """One of each type the table has a row for, with what a row does on some condition."""
    key = aws.kms.Key("key", policy=document("kms:*"), is_enabled=False, description="a key")
    aws.kms.KeyPolicy("key-policy", key_id=key.key_id, policy=document("kms:Decrypt"))
    aws.kms.Alias("alias", name="alias/everything", target_key_id=key.key_id)
    rotating = aws.kms.Key("rotating", enable_key_rotation=True, tags={"a": "b"})
    topic = aws.sns.Topic(
        "topic", name="everything", kms_master_key_id=rotating.arn, display_name="Everything"
    )
    aws.sns.TopicPolicy("topic-policy", arn=topic.arn, policy=document("sns:Publish"))
    role = aws.iam.Role(
        "role",
        path="/alerting/",
        assume_role_policy=document("sts:AssumeRole"),
        inline_policies=[{"name": "inline", "policy": document("sns:Publish")}],
        managed_policy_arns=[f"{POLICY}-1"],
    )
    aws.iam.RolePolicy("role-policy", role=role.name, policy=document("sqs:SendMessage"))
    aws.iam.OpenIdConnectProvider(
        "oidc", url="https://ci.example.com", client_id_lists=["sts.amazonaws.com"]
    )
    aws.iam.RolePolicyAttachment("attachment", role=role.name, policy_arn=f"{POLICY}-2")
    function = aws.lambda_.Function(
        "function",
        name="everything",
        role=role.arn,
        runtime="python3.13",
        handler="index.handler",
        code=pulumi.AssetArchive({"index.py": pulumi.StringAsset("")}),
    )
    aws.lambda_.Permission(
        "permission",
        action="lambda:InvokeFunction",
        function=function.name,
        principal="sns.amazonaws.com",
        source_arn=topic.arn,
        source_account="123456789012",
    )
    queue = aws.sqs.Queue("queue", kms_master_key_id=key.arn, visibility_timeout_seconds=60)
    aws.sqs.QueuePolicy("queue-policy", queue_url=queue.url, policy=document("sqs:SendMessage"))
    for protocol, endpoint in (("sqs", queue.arn), ("lambda", function.arn)):
        aws.sns.TopicSubscription(
            f"to-{protocol}",
            topic=topic.arn,
            protocol=protocol,
            endpoint=endpoint,
            filter_policy=json.dumps({"NewStateValue": ["ALARM"]}),
            filter_policy_scope="MessageBody",
            redrive_policy=pulumi.Output.json_dumps({"deadLetterTargetArn": queue.arn}),
        )
    aws.sns.TopicSubscription(
        "to-firehose",
        topic=topic.arn,
        protocol="firehose",
        endpoint="arn:aws:firehose:us-east-1:123456789012:deliverystream/everything",
        subscription_role_arn=role.arn,
        raw_message_delivery=True,
    )
    cpu = aws.cloudwatch.MetricAlarm(
        "cpu",
        name="everything-cpu",
        namespace="AWS/EC2",
        metric_name="CPUUtilization",
        dimensions={"InstanceId": "i-1", "Another": "x"},
        extended_statistic="p99.9",
        period=60,
        evaluation_periods=5,
        datapoints_to_alarm=3,
        comparison_operator="GreaterThanThreshold",
        threshold=0,
        treat_missing_data="ignore",
        evaluate_low_sample_count_percentiles="ignore",
        actions_enabled=False,
        alarm_actions=[topic.arn],
        ok_actions=[topic.arn],
        insufficient_data_actions=[topic.arn],
    )
    aws.cloudwatch.LogMetricFilter(
        "filter",
        name="everything",
        log_group_name="/everything",
        pattern="ERROR",
        metric_transformation={
            "name": "Errors",
            "namespace": "Everything",
            "value": "1",
            "default_value": "0",
            "unit": "Count",
        },
    )
    aws.cloudwatch.LogAnomalyDetector(
        "log-detector",
        detector_name="everything",
        log_group_arn_lists=["arn:aws:logs:us-east-1:123456789012:log-group:/everything"],
        evaluation_frequency="FIVE_MIN",
        enabled=True,
    )
    aws.scheduler.Schedule(
        "schedule",
        name="everything",
        schedule_expression="rate(1 day)",
        flexible_time_window={"mode": "OFF"},
        target={
            "arn": "arn:aws:scheduler:::aws-sdk:cloudwatch:setAlarmState",
            "role_arn": role.arn,
            "input": json.dumps({"AlarmName": "everything-cpu", "StateValue": "ALARM"}),
        },
    )
    machine = aws.sfn.StateMachine(
        "machine",
        name="everything",
        role_arn=role.arn,
        definition='{"StartAt": "Over", "States": {"Over": {"Type": "Succeed"}}}',
        tags={"a": "b"},
    )
    rule = aws.cloudwatch.EventRule(
        "rule", name="everything", event_pattern=json.dumps({"source": ["aws.cloudwatch"]})
    )
    aws.cloudwatch.EventTarget(
        "target",
        rule=rule.name,
        arn=machine.arn,
        role_arn=role.arn,
        input_transformer={
            "input_paths": {"name": "$.detail.alarmName"},
            "input_template": '{"alarm": "<name>", "event": <aws.events.event.json>}',
        },
    )
    aws.cloudwatch.AlarmMuteRule(
        "mute-rule",
        name="everything",
        description="Backups",
        rule={
            "schedule": {
                "expression": "cron(0 2 * * SUN)",
                "duration": "PT2H",
                "timezone": "Europe/Berlin",
            }
        },
        mute_targets={"alarm_names": [cpu.name]},
        start_date="2026-11-01T00:00:00Z",
        expire_date="2036-12-15T00:00:00Z",
        tags={"a": "b"},
    )
    aws.cloudformation.Stack("detectors", name="everything", template_body=json.dumps(TEMPLATE))
    aws.cloudwatch.CompositeAlarm(
        "composite",
        alarm_name="everything-composite",
        alarm_rule=pulumi.Output.format('ALARM("{0}")', cpu.name),
        alarm_actions=[topic.arn],
        actions_suppressor={"alarm": cpu.name, "wait_period": 60, "extension_period": 120},
    )
    shown = {"title": "cpu", "region": "us-east-1", "annotations": {"alarms": [cpu.arn]}}
    aws.cloudwatch.Dashboard(
        "dashboard",
        dashboard_name="everything",
        dashboard_body=pulumi.Output.json_dumps(
            {"widgets": [{"type": "metric", "properties": shown}]}
        ),
    )


def document(action):
    root = {"AWS": "arn:aws:iam::123456789012:root"}
    statement = {"Effect": "Allow", "Principal": root, "Action": action, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def both(program, **of_record):
    """The deployment, the account recorded of it, and the account read back from memory."""
    with memory_cloud() as cloud:
        for name in ("theirs-1", "theirs-2"):
            cloud.client("iam").create_policy(PolicyName=name, PolicyDocument=document("sns:*"))
        deployment = record(program, creator=cloud.create, **of_record)
        return deployment, account_of(deployment), cloud.read()


def elsewhere():
    """Receivers in another Region, to which something is added there."""
    receive(
        chat={"protocol": "lambda", "endpoint": ARN.format("lambda", "function:chat")},
        jobs={"protocol": "sqs", "endpoint": ARN.format("sqs", "jobs"), "queue_policy": "own"},
    )


def receive(**receivers):
    topic = AlertTopic("notify", {"place": PLACE, "topic_name": "alerts"})
    topics = {"notify": topic.topic_arn}
    Receivers("receivers", {"receivers": receivers, "topics": topics, "place": PLACE})


def both_of_stack(stack):
    file = read_stack(stack, ROOT)
    return both(file.program, config=file.config, secret_keys=file.secret_keys, stack=stack)


@pytest.fixture(scope="module", params=[*STACKS, everything, elsewhere])
def pictures(request):
    return both(request.param) if callable(request.param) else both_of_stack(request.param)


def normal(value):
    """With JSON documents read: AWS answers with other blanks, and IAM with the document."""
    if isinstance(value, str) and value.startswith("{"):
        with suppress(ValueError):  # the template of an event is not JSON yet
            return normal(json.loads(value))
    if isinstance(value, Mapping):
        return {key: normal(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [normal(inner) for inner in value]
    return value


def agree(recorded, read):
    """Whether they are the same; what is unknown in a recording may be anything."""
    if isinstance(recorded, Unknown):
        return True
    if isinstance(recorded, Mapping) and isinstance(read, Mapping):
        return set(recorded) == set(read) and all(agree(recorded[key], read[key]) for key in read)
    if isinstance(recorded, list) and isinstance(read, list):
        return len(recorded) == len(read) and all(map(agree, recorded, read))
    return recorded == read


def differences(recorded, read):
    """Kind and key of all that is not the same, by whether it was added, lost or changed."""
    there = {(item.kind, item.arn): item for item in read.items}
    added, lost, changed = set(), set(), set()
    for item in recorded.items:
        ours, theirs = normal(item.data), normal(there[item.kind, item.arn].data)
        added |= {(item.kind, key) for key in set(theirs) - set(ours)}
        lost |= {(item.kind, key) for key in set(ours) - set(theirs)}
        changed |= {
            (item.kind, key) for key in set(ours) & set(theirs) if not agree(ours[key], theirs[key])
        }
    return added, lost, changed


def test_both_hold_the_same_things(pictures):
    _, recorded, read = pictures
    assert {(item.kind, item.arn) for item in recorded.items} == {
        (item.kind, item.arn) for item in read.items
    }


def test_both_say_the_same_of_them(pictures):
    _, recorded, read = pictures
    added, lost, changed = differences(recorded, read)
    assert added <= {(kind, key) for kind, keys in TOLD_BY_AWS.items() for key in keys}
    assert lost <= set(NOT_TOLD)
    assert changed <= set(TOLD_DIFFERENTLY)


def test_both_call_them_the_same(pictures):
    deployment, recorded, read = pictures
    known = declared_by(read, deployment)
    for item in recorded.items:
        for other in known.find(item.kind, item.arn):
            if other.urn is not None:
                assert (other.urn, other.called) == (item.urn, item.called)


def test_the_listed_differences_are_still_there():
    """A list that nobody has to keep short grows."""
    found = [differences(*pair[1:]) for pair in (both_of_stack("prod"), both(everything))]
    added, lost, changed = (set().union(*sets) for sets in zip(*found, strict=True))
    assert added == {(kind, key) for kind, keys in TOLD_BY_AWS.items() for key in keys}
    assert lost == set(NOT_TOLD)
    assert changed == set(TOLD_DIFFERENTLY)


def test_secret_receivers_are_made_too():
    """Their endpoints go to AWS, and not into what was recorded."""
    file = read_stack("dev", ROOT)
    receivers = {
        "jobs": {"protocol": "sqs", "endpoint": {"secret": "jobs"}, "queuePolicy": "own"},
        "chat": {"protocol": "lambda", "endpoint": {"secret": "chat"}},
        "archive": {"protocol": "firehose", "endpoint": {"secret": "archive"}},
        "mail": {"protocol": "email", "endpoint": {"secret": "mail"}},
    }
    secrets = {
        "jobs": ARN.format("sqs", "hush"),
        "chat": ARN.format("lambda", "function:hush"),
        "archive": ARN.format("firehose", "deliverystream/hush").replace("eu-west", "us-east"),
        "mail": "hush@example.com",
    }
    values = {f"anomaly-alerting:{key}": value for key, value in secrets.items()}
    _, recorded, read = both(
        file.program,
        config={**file.config, **values, "anomaly-alerting:receivers": receivers},
        secret_keys=values,
    )
    assert len(read.of(Kind.SUBSCRIPTION)) == len(recorded.of(Kind.SUBSCRIPTION)) == 4
    assert "hush" not in recorded.to_json()


@pytest.mark.parametrize(
    ("recorded", "read", "same"),
    [
        ({"a": [1, '{"x": 1}']}, {"a": [1, '{"x":1}']}, True),
        ({"a": Unknown()}, {"a": "anything"}, True),
        ({"a": 1}, {"a": 2}, False),
        ({"a": 1}, {"b": 1}, False),
        ({"a": [1]}, {"a": [1, 2]}, False),
    ],
)
def test_the_comparison_tells_same_from_other(recorded, read, same):
    assert agree(normal(recorded), normal(read)) is same


def test_every_row_of_the_table_is_compared():
    types = {resource.type for resource in record(everything).resources}
    assert types == set(ROWS)
