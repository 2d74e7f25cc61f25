"""Each row of the table on an in-memory AWS: what is created is read back, changed and removed."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

from alerting.account.row import GONE, Call, Declared, Gone, drive
from alerting.account.table import ROWS
from alerting.rehearsal.cloud import MemoryCloud, memory_cloud

ACCOUNT, REGION = "123456789012", "us-east-1"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:alerts"
SET_STATE = "arn:aws:scheduler:::aws-sdk:cloudwatch:setAlarmState"
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/writer"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:chat"


def _policy(action: str, **who: Any) -> str:
    statement = {"Effect": "Allow", "Action": action, **who}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _detector_template(zone: str) -> str:
    metric = {"Namespace": "AWS/EC2", "MetricName": "CPUUtilization", "Stat": "Average"}
    detector = {
        "Type": "AWS::CloudWatch::AnomalyDetector",
        "Properties": {
            "SingleMetricAnomalyDetector": metric,
            "Configuration": {"MetricTimeZone": zone},
        },
    }
    return json.dumps({"Resources": {"Detector": detector}}, sort_keys=True)


TRUST = _policy("sts:AssumeRole", Principal={"Service": "sns.amazonaws.com"})
OTHER_TRUST = _policy("sts:AssumeRole", Principal={"Service": "firehose.amazonaws.com"})
WRITE = _policy("firehose:PutRecord", Resource="*")
READ = _policy("firehose:DescribeDeliveryStream", Resource="*")
POLICY = _policy("sns:Publish", Principal={"AWS": ACCOUNT}, Resource="*")
OTHER_POLICY = _policy("sns:Subscribe", Principal={"AWS": ACCOUNT}, Resource="*")
MACHINE = '{"StartAt":"Over","States":{"Over":{"Type":"Succeed"}}}'
MACHINE_ARN = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:again"
AN_EVENT_RULE = {"name": "alarms", "eventPattern": '{"source":["aws.cloudwatch"]}'}
TAGS = {"team": "a", "old": "x"}
NEW_TAGS = {"team": "b"}


@dataclass(frozen=True)
class Case:
    """Inputs of a resource, and others it is changed to; `needs` are made before."""

    token: str
    inputs: Mapping[str, Any]
    changed: Mapping[str, Any]
    needs: tuple[tuple[str, Mapping[str, Any]], ...] = ()


A_TOPIC = ("aws:sns/topic:Topic", {"name": "alerts"})
A_ROLE = ("aws:iam/role:Role", {"name": "writer", "assumeRolePolicy": TRUST})
A_QUEUE = ("aws:sqs/queue:Queue", {"name": "jobs"})
A_URL = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/jobs"
A_LOG_GROUP = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/shop/web"
METRIC = {"namespace": "AWS/EC2", "metricName": "CPUUtilization", "period": 300, "stat": "Average"}
CASES = [
    Case(
        "aws:sns/topic:Topic",
        {"name": "alerts", "displayName": "Alerts", "tags": TAGS},
        {"name": "alerts", "displayName": "Alarms", "tags": NEW_TAGS},
    ),
    Case(
        "aws:sns/topicPolicy:TopicPolicy",
        {"arn": TOPIC, "policy": POLICY},
        {"arn": TOPIC, "policy": OTHER_POLICY},
        (A_TOPIC,),
    ),
    Case(
        "aws:sns/topicSubscription:TopicSubscription",
        {
            "topic": TOPIC,
            "protocol": "sqs",
            "endpoint": f"arn:aws:sqs:{REGION}:{ACCOUNT}:jobs",
            "filterPolicy": '{"NewStateValue": ["ALARM"]}',
            "filterPolicyScope": "MessageBody",
            "rawMessageDelivery": "true",
        },
        {"topic": TOPIC, "protocol": "sqs", "endpoint": f"arn:aws:sqs:{REGION}:{ACCOUNT}:jobs"},
        (A_TOPIC,),
    ),
    Case(
        "aws:sqs/queue:Queue",
        {"name": "jobs", "messageRetentionSeconds": "1209600", "tags": TAGS},
        {"name": "jobs", "messageRetentionSeconds": "60", "tags": NEW_TAGS},
    ),
    Case(
        "aws:sqs/queuePolicy:QueuePolicy",
        {"queueUrl": A_URL, "policy": POLICY},
        {"queueUrl": A_URL, "policy": OTHER_POLICY},
        (A_QUEUE,),
    ),
    Case(
        "aws:kms/key:Key",
        {"description": "a", "policy": POLICY, "enableKeyRotation": True, "tags": TAGS},
        {"description": "b", "policy": OTHER_POLICY, "enableKeyRotation": False, "tags": NEW_TAGS},
    ),
    Case(
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        {
            "name": "busy",
            "namespace": "AWS/EC2",
            "metricName": "CPUUtilization",
            "dimensions": {"InstanceId": "i-1"},
            "statistic": "Average",
            "period": 300,
            "evaluationPeriods": 5,
            "datapointsToAlarm": 3,
            "comparisonOperator": "GreaterThanThreshold",
            "threshold": 80,
            "alarmActions": [TOPIC],
            "tags": TAGS,
        },
        {
            "name": "busy",
            "evaluationPeriods": 1,
            "comparisonOperator": "GreaterThanUpperThreshold",
            "thresholdMetricId": "band",
            "metricQueries": [
                {"id": "m1", "returnData": True, "metric": METRIC},
                {"id": "band", "returnData": True, "expression": "ANOMALY_DETECTION_BAND(m1, 2)"},
            ],
            "tags": NEW_TAGS,
        },
    ),
    Case(
        "aws:cloudwatch/alarmMuteRule:AlarmMuteRule",
        {
            "name": "nightly",
            "description": "Backups",
            "rule": {
                "schedule": {
                    "expression": "cron(0 2 * * *)",
                    "duration": "PT2H",
                    "timezone": "Europe/Berlin",
                }
            },
            "muteTargets": {"alarmNames": ["a", "b"]},
            "expireDate": "2026-12-15T00:00:00Z",
            "tags": TAGS,
        },
        {
            "name": "nightly",
            "rule": {
                "schedule": {
                    "expression": "at(2026-12-01T20:00)",
                    "duration": "PT1H",
                    "timezone": "UTC",
                }
            },
            "muteTargets": {"alarmNames": ["b"]},
            "tags": NEW_TAGS,
        },
    ),
    Case(
        "aws:cloudformation/stack:Stack",
        {"name": "detector", "templateBody": _detector_template("Europe/Berlin"), "tags": TAGS},
        {"name": "detector", "templateBody": _detector_template("UTC"), "tags": NEW_TAGS},
    ),
    Case(
        "aws:cloudwatch/logMetricFilter:LogMetricFilter",
        {
            "name": "errors",
            "logGroupName": "/shop/web",
            "pattern": "ERROR",
            "metricTransformation": {
                "name": "Errors",
                "namespace": "Shop",
                "value": "1",
                "defaultValue": "0",
                "unit": "Count",
            },
        },
        {
            "name": "errors",
            "logGroupName": "/shop/web",
            "pattern": "{ $.latency = * }",
            "metricTransformation": {
                "name": "Latency",
                "namespace": "Shop",
                "value": "$.latency",
                "dimensions": {"Page": "$.page"},
                "unit": "Milliseconds",
            },
        },
    ),
    Case(
        "aws:cloudwatch/logAnomalyDetector:LogAnomalyDetector",
        {
            "detectorName": "odd",
            "logGroupArnLists": [A_LOG_GROUP],
            "evaluationFrequency": "FIVE_MIN",
            "anomalyVisibilityTime": 7,
            "enabled": True,
            "tags": TAGS,
        },
        {
            "detectorName": "odd",
            "logGroupArnLists": [A_LOG_GROUP],
            "evaluationFrequency": "ONE_HOUR",
            "filterPattern": "ERROR",
            "anomalyVisibilityTime": 21,
            "enabled": False,
            "tags": NEW_TAGS,
        },
    ),
    Case(
        "aws:cloudwatch/compositeAlarm:CompositeAlarm",
        {"alarmName": "both", "alarmRule": "ALARM(a)", "alarmActions": [TOPIC]},
        {"alarmName": "both", "alarmRule": "ALARM(b)", "alarmActions": [TOPIC]},
    ),
    Case(
        "aws:cloudwatch/dashboard:Dashboard",
        {"dashboardName": "shop", "dashboardBody": '{"widgets":[]}'},
        {"dashboardName": "shop", "dashboardBody": '{"widgets":[],"start":"-PT3H"}'},
    ),
    Case(
        "aws:iam/role:Role",
        {"name": "writer", "assumeRolePolicy": TRUST, "maxSessionDuration": 3600, "tags": TAGS},
        {
            "name": "writer",
            "assumeRolePolicy": OTHER_TRUST,
            "maxSessionDuration": 7200,
            "tags": NEW_TAGS,
        },
    ),
    Case(
        "aws:iam/rolePolicy:RolePolicy",
        {"role": "writer", "name": "write", "policy": WRITE},
        {"role": "writer", "name": "write", "policy": READ},
        (A_ROLE,),
    ),
    Case(
        "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
        {"url": "https://token.example.com", "clientIdLists": ["a"], "tags": TAGS},
        {"url": "https://token.example.com", "clientIdLists": ["a"], "tags": NEW_TAGS},
    ),
    Case(
        "aws:scheduler/schedule:Schedule",
        {
            "name": "beat",
            "scheduleExpression": "rate(1 day)",
            "flexibleTimeWindow": {"mode": "OFF"},
            "startDate": "2030-01-01T00:00:00Z",
            "target": {"arn": SET_STATE, "roleArn": ROLE_ARN, "input": '{"AlarmName":"a"}'},
        },
        {
            "name": "beat",
            "scheduleExpression": "cron(0 9 ? * MON-FRI *)",
            "scheduleExpressionTimezone": "Europe/Berlin",
            "flexibleTimeWindow": {"mode": "FLEXIBLE", "maximumWindowInMinutes": 5},
            "state": "DISABLED",
            "description": "once more",
            "target": {
                "arn": SET_STATE,
                "roleArn": ROLE_ARN,
                "input": '{"AlarmName":"b"}',
                "retryPolicy": {"maximumEventAgeInSeconds": 60, "maximumRetryAttempts": 1},
                "deadLetterConfig": {"arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:jobs"},
            },
        },
    ),
    Case(
        "aws:sfn/stateMachine:StateMachine",
        {"name": "again", "definition": MACHINE, "roleArn": ROLE_ARN, "tags": TAGS},
        {
            "name": "again",
            "definition": MACHINE.replace("Succeed", "Fail"),
            "roleArn": ROLE_ARN.replace("writer", "reader"),
            "tags": NEW_TAGS,
        },
    ),
    Case(
        "aws:cloudwatch/eventRule:EventRule",
        {"name": "alarms", "eventPattern": '{"source":["aws.cloudwatch"]}', "tags": TAGS},
        {
            "name": "alarms",
            "eventPattern": '{"source":["aws.ec2"]}',
            "description": "once more",
            "state": "DISABLED",
            "tags": NEW_TAGS,
        },
    ),
    Case(
        "aws:cloudwatch/eventTarget:EventTarget",
        {
            "rule": "alarms",
            "targetId": "again",
            "arn": MACHINE_ARN,
            "roleArn": ROLE_ARN,
            "inputTransformer": {
                "inputPaths": {"name": "$.detail.alarmName"},
                "inputTemplate": '{"alarm":"<name>"}',
            },
        },
        {
            "rule": "alarms",
            "targetId": "again",
            "arn": MACHINE_ARN,
            "roleArn": ROLE_ARN,
            "inputPath": "$.detail",
            "retryPolicy": {"maximumEventAgeInSeconds": 60, "maximumRetryAttempts": 1},
            "deadLetterConfig": {"arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:jobs"},
        },
        (("aws:cloudwatch/eventRule:EventRule", AN_EVENT_RULE),),
    ),
    Case(
        "aws:lambda/permission:Permission",
        {
            "function": FUNCTION,
            "statementId": "sns",
            "action": "lambda:InvokeFunction",
            "principal": "sns.amazonaws.com",
            "sourceArn": TOPIC,
        },
        {
            "function": FUNCTION,
            "statementId": "sns",
            "action": "lambda:InvokeFunction",
            "principal": "sns.amazonaws.com",
            "sourceArn": TOPIC,
        },
    ),
]


@pytest.fixture
def cloud() -> Iterator[MemoryCloud]:
    with memory_cloud(ACCOUNT, REGION) as made:
        yield made


def _declared(inputs: Mapping[str, Any], identity: str = "") -> Declared:
    return Declared("urn:pulumi:s::p::t::name", "name", inputs, ACCOUNT, REGION, id=identity)


def _run(cloud: MemoryCloud, steps: Any) -> Any:
    def send(call: Call) -> Mapping[str, Any]:
        try:
            return cloud.send(call, REGION)
        except ClientError as error:
            if error.response["Error"]["Code"] in GONE:
                raise Gone(call.operation) from error
            raise

    return drive(steps, send)


def _seen(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What was read, of the inputs that were given; documents without their spaces."""
    return {key: _plain(found.get(key)) for key in wanted}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value.replace(" ", "") if isinstance(value, str) else value


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.token.rsplit(":", 1)[1])
def test_a_resource_is_created_read_changed_and_removed(cloud: MemoryCloud, case: Case) -> None:
    for token, inputs in case.needs:
        _run(cloud, ROWS[token].create(_declared(inputs)))
    row = ROWS[case.token]
    identity = _run(cloud, row.create(_declared(case.inputs)))["id"]
    held = _declared(case.inputs, identity)
    assert _seen(_run(cloud, row.read(held)), case.inputs) == _plain(dict(case.inputs))
    _run(cloud, row.update(held, _declared(case.changed)))
    held = _declared(case.changed, identity)
    assert _seen(_run(cloud, row.read(held)), case.changed) == _plain(dict(case.changed))
    _run(cloud, row.delete(held))
    if case.token.endswith(("TopicPolicy", "QueuePolicy")):
        assert _run(cloud, row.read(held))["policy"] != case.changed["policy"]
    else:
        with pytest.raises(Gone):
            _run(cloud, row.read(held))


def test_an_alias_is_moved_to_another_key(cloud: MemoryCloud) -> None:
    key, other = (
        _run(cloud, ROWS["aws:kms/key:Key"].create(_declared({})))["id"] for _ in range(2)
    )
    row = ROWS["aws:kms/alias:Alias"]
    old = _declared({"name": "alias/a", "targetKeyId": key}, "alias/a")
    new = _declared({"name": "alias/a", "targetKeyId": other}, "alias/a")
    _run(cloud, row.create(old))
    assert _run(cloud, row.read(old))["targetKeyId"] == key
    _run(cloud, row.update(old, new))
    assert _run(cloud, row.read(new))["targetKeyId"] == other
    _run(cloud, row.delete(new))
    with pytest.raises(Gone):
        _run(cloud, row.read(new))


def test_a_permission_is_found_by_the_id_an_import_gives(cloud: MemoryCloud) -> None:
    case = next(case for case in CASES if case.token.endswith("Permission"))
    row = ROWS[case.token]
    _run(cloud, row.create(_declared(case.inputs)))
    found = _run(cloud, row.read(_declared({}, f"{FUNCTION}/sns")))
    assert found["id"] == "sns"
    assert found["function"] == FUNCTION


def test_every_row_that_can_be_tried_in_memory_is() -> None:
    tried = {case.token for case in CASES} | {"aws:kms/alias:Alias"}
    assert set(ROWS) - tried == {
        "aws:kms/keyPolicy:KeyPolicy",  # a key cannot be without a policy: nothing to remove
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",  # there are no managed policies
        "aws:lambda/function:Function",  # the in-memory AWS wants a real role for it
    }
