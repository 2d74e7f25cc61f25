"""A deployment with nothing wrong with it, as parts that a test can break one at a time."""

import copy
import json
from collections.abc import Callable
from typing import Any

from alerting.account import Account, Item, Kind
from alerting.components.reminder_machine import definition
from alerting.components.reminder_rules import NAME_PATH, rules_of

ACCOUNT, OTHER = "123456789012", "111122223333"
REGION = "us-east-1"


def arn(service: str, resource: str, region: str = REGION, account: str = ACCOUNT) -> str:
    return f"arn:aws:{service}:{region}:{account}:{resource}"


NOTIFY, PAGE = arn("sns", "notify"), arn("sns", "page")
KEY_ID = "0d9a5b7e-1111-4222-8333-444455556666"
KEY = arn("kms", f"key/{KEY_ID}")
QUEUE_KEY = arn("kms", "key/5e6f7a8b-1111-4222-8333-444455556666")
JOBS, LETTERS = arn("sqs", "jobs"), arn("sqs", "letters")
HOOK = arn("lambda", "function:hook")
STREAM = arn("firehose", "deliverystream/archive")
ROLE = f"arn:aws:iam::{ACCOUNT}:role/archive"
BEAT_ROLE = f"arn:aws:iam::{ACCOUNT}:role/beat"
TELL_ROLE, START_ROLE = (f"arn:aws:iam::{ACCOUNT}:role/{name}" for name in ("tell", "start"))
ROOT = f"arn:aws:iam::{ACCOUNT}:root"


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def topic_policy(topic: str) -> str:
    return policy(
        {
            "Sid": "Owner",
            "Effect": "Allow",
            "Principal": {"AWS": ROOT},
            "Action": ["sns:Subscribe", "sns:SetTopicAttributes", "sns:Publish"],
            "Resource": topic,
        },
        {
            "Sid": "Alarms",
            "Effect": "Allow",
            "Principal": {"Service": "cloudwatch.amazonaws.com"},
            "Action": "sns:Publish",
            "Resource": topic,
            "Condition": {
                "ArnLike": {"aws:SourceArn": arn("cloudwatch", "alarm:*")},
                "StringEquals": {"aws:SourceAccount": ACCOUNT},
            },
        },
        {
            "Sid": "TlsOnly",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "sns:Publish",
            "Resource": topic,
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
    )


def key_policy(service: str, topic: str | None = None) -> str:
    condition = {"StringEquals": {"kms:EncryptionContext:aws:sns:topicArn": topic}}
    return policy(
        {
            "Sid": "Root",
            "Effect": "Allow",
            "Principal": {"AWS": ROOT},
            "Action": "kms:*",
            "Resource": "*",
        },
        {
            "Sid": "Service",
            "Effect": "Allow",
            "Principal": {"Service": service},
            "Action": ["kms:GenerateDataKey*", "kms:Decrypt"],
            "Resource": "*",
            **({"Condition": condition} if topic else {}),
        },
    )


def queue_policy(queue: str, topic: str) -> str:
    return policy(
        {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": queue,
            "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
        }
    )


def invoke_policy(function: str, source: str, principal: str = "sns.amazonaws.com") -> str:
    return policy(
        {
            "Sid": "invoke",
            "Effect": "Allow",
            "Principal": {"Service": principal},
            "Action": "lambda:InvokeFunction",
            "Resource": function,
            "Condition": {"ArnLike": {"AWS:SourceArn": source}},
        }
    )


def trust_policy(service: str = "sns.amazonaws.com") -> str:
    return policy(
        {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    )


def write_policy(*actions: str) -> str:
    return policy({"Effect": "Allow", "Action": list(actions), "Resource": STREAM})


def alarm(name: str, topic: str, **more: Any) -> Item:
    data = {
        "AlarmName": name,
        "AlarmArn": arn("cloudwatch", f"alarm:{name}"),
        "ActionsEnabled": True,
        "OKActions": [topic],
        "AlarmActions": [topic],
        "InsufficientDataActions": [],
        "EvaluationPeriods": 1,
        "DatapointsToAlarm": 1,
        "TreatMissingData": "missing",
        **more,
    }
    return Item(
        Kind.ALARM, data["AlarmArn"], data, _urn("cloudwatch/metricAlarm:MetricAlarm", name)
    )


def metric(name: str = "CPUUtilization", namespace: str = "AWS/EC2") -> dict[str, Any]:
    return {
        "Namespace": namespace,
        "MetricName": name,
        "Dimensions": [{"Name": "InstanceId", "Value": "i-1234567890abcdef0"}],
    }


def threshold_alarm(name: str, topic: str, **more: Any) -> Item:
    return alarm(
        name,
        topic,
        **{
            **metric(),
            "Statistic": "Average",
            "Period": 300,
            "Threshold": 80.0,
            "ComparisonOperator": "GreaterThanThreshold",
            **more,
        },
    )


def band_alarm(name: str, topic: str) -> Item:
    stat = {"Metric": metric(), "Period": 300, "Stat": "Average"}
    return alarm(
        name,
        topic,
        EvaluationPeriods=5,
        DatapointsToAlarm=3,
        ComparisonOperator="GreaterThanUpperThreshold",
        ThresholdMetricId="expected",
        Metrics=[
            {"Id": "observed", "MetricStat": stat, "ReturnData": True},
            {
                "Id": "expected",
                "Expression": "ANOMALY_DETECTION_BAND(observed, 3)",
                "Label": "expected",
                "ReturnData": True,
            },
        ],
    )


def mute_rule(
    name: str, expression: str, duration: str = "PT2H", *alarms: str, **more: Any
) -> Item:
    schedule = {"Expression": expression, "Duration": duration, "Timezone": "UTC"}
    data = {
        "Name": name,
        "Rule": {"Schedule": schedule},
        "MuteTargets": {"AlarmNames": list(alarms or ("cpu-high",))},
        **more,
    }
    urn = f"urn:pulumi:prod::shop::aws:cloudwatch/alarmMuteRule:AlarmMuteRule::{name}"
    return Item(Kind.MUTE_RULE, arn("cloudwatch", f"alarm-mute-rule:{name}"), data, urn)


def detector(name: str, metric_name: str = "CPUUtilization", **configuration: Any) -> Item:
    data = {**metric(metric_name), "Stat": "Average", "Configuration": configuration}
    urn = f"urn:pulumi:prod::shop::aws:cloudformation/stack:Stack::{name}"
    return Item(Kind.DETECTOR, arn("cloudwatch", f"anomaly-detector:{name}"), data, urn)


def excluded(*ranges: tuple[str, str]) -> list[dict[str, str]]:
    return [
        {"StartTime": f"2026-12-{start}:00Z", "EndTime": f"2026-12-{end}:00Z"}
        for start, end in ranges
    ]


def composite_alarm(name: str, topic: str, rule: str, **more: Any) -> Item:
    data = {
        "AlarmName": name,
        "AlarmArn": arn("cloudwatch", f"alarm:{name}"),
        "AlarmRule": rule,
        "ActionsEnabled": True,
        "OKActions": [topic],
        "AlarmActions": [topic],
        "InsufficientDataActions": [],
        **more,
    }
    token = "cloudwatch/compositeAlarm:CompositeAlarm"
    return Item(Kind.ALARM, data["AlarmArn"], data, _urn(token, name))


def subscription(name: str, topic: str, protocol: str, endpoint: str, **more: Any) -> Item:
    subscription_arn = f"{topic}:{name}"
    data = {
        "SubscriptionArn": subscription_arn,
        "TopicArn": topic,
        "Protocol": protocol,
        "Endpoint": endpoint,
        "PendingConfirmation": "false",
        "RawMessageDelivery": "false",
        **more,
    }
    token = "sns/topicSubscription:TopicSubscription"
    return Item(Kind.SUBSCRIPTION, subscription_arn, data, _urn(token, name))


def topic(name: str, **more: Any) -> Item:
    topic_arn = arn("sns", name)
    data = {"TopicArn": topic_arn, "Owner": ACCOUNT, **more}
    return Item(Kind.TOPIC, topic_arn, data, _urn("sns/topic:Topic", name))


def key(name: str, key_arn: str, key_policy: str) -> Item:
    data = {
        "KeyId": key_arn.rsplit("/", 1)[1],
        "Arn": key_arn,
        "Enabled": True,
        "KeyState": "Enabled",
        "KeyManager": "CUSTOMER",
        "KeySpec": "SYMMETRIC_DEFAULT",
        "KeyUsage": "ENCRYPT_DECRYPT",
        "Policy": key_policy,
        "Aliases": [f"alias/{name}"],
    }
    return Item(Kind.KEY, key_arn, data, _urn("kms/key:Key", name))


def queue(name: str, **more: Any) -> Item:
    queue_arn = arn("sqs", name)
    url = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{name}"
    data = {"QueueArn": queue_arn, "QueueUrl": url, "SqsManagedSseEnabled": "true", **more}
    return Item(Kind.QUEUE, queue_arn, data, _urn("sqs/queue:Queue", name))


def _urn(token: str, name: str) -> str:
    return f"urn:pulumi:prod::anomaly-alerting::aws:{token}::{name}"


Parts = dict[str, Item]


def good_parts() -> Parts:
    """Two severities, every protocol, all kinds of alarm; fresh at each call."""
    redrive = json.dumps({"deadLetterTargetArn": LETTERS})
    body = {"FilterPolicyScope": "MessageBody"}
    parts = {
        "cpu-high": threshold_alarm("cpu-high", NOTIFY),
        "cpu-unusual": band_alarm("cpu-unusual", PAGE),
        "errors": threshold_alarm(
            "errors",
            PAGE,
            **metric("Errors", "AWS/Lambda"),
            Statistic="Sum",
            Threshold=0.0,
            TreatMissingData="notBreaching",
        ),
        "both": composite_alarm("both", PAGE, 'ALARM("cpu-high") AND ALARM("quiet")'),
        "quiet": threshold_alarm("quiet", NOTIFY, OKActions=[], AlarmActions=[]),
        "notify": topic("notify"),
        "page": topic("page", KmsMasterKeyId=KEY, Policy=topic_policy(PAGE)),
        "topic-key": key("alerts", KEY, key_policy("cloudwatch.amazonaws.com", PAGE)),
        "mail": subscription("mail", NOTIFY, "email", "oncall@example.com"),
        "phone": subscription("phone", PAGE, "sms", "+15550100"),
        "to-jobs": subscription(
            "to-jobs",
            PAGE,
            "sqs",
            JOBS,
            FilterPolicy=json.dumps({"NewStateValue": ["ALARM"]}),
            RedrivePolicy=redrive,
            **body,
        ),
        "jobs": queue(
            "jobs",
            Policy=queue_policy(JOBS, PAGE),
            KmsMasterKeyId="alias/queues",
            SqsManagedSseEnabled="false",
        ),
        "queue-key": key("queues", QUEUE_KEY, key_policy("sns.amazonaws.com")),
        "letters": queue("letters", Policy=queue_policy(LETTERS, PAGE)),
        "to-hook": subscription("to-hook", PAGE, "lambda", HOOK),
        "hook": Item(
            Kind.FUNCTION,
            HOOK,
            {"FunctionName": "hook", "FunctionArn": HOOK, "Policy": invoke_policy(HOOK, PAGE)},
            _urn("lambda/function:Function", "hook"),
        ),
        "to-web": subscription(
            "to-web", PAGE, "https", "https://events.example.com/integration/1/enqueue"
        ),
        "to-archive": subscription(
            "to-archive", PAGE, "firehose", STREAM, SubscriptionRoleArn=ROLE
        ),
        "archive": Item(
            Kind.ROLE,
            ROLE,
            {
                "RoleName": "archive",
                "Arn": ROLE,
                "AssumeRolePolicyDocument": trust_policy(),
                "Policies": {
                    "write": write_policy("firehose:PutRecord", "firehose:PutRecordBatch")
                },
                "AttachedPolicies": [],
            },
            _urn("iam/role:Role", "archive"),
        ),
    }
    return copy.deepcopy(parts)


def second_path_parts() -> Parts:
    """A heartbeat of `page`, and what is told of `page` over `notify`; fresh at each call."""
    of_page = {"Namespace": "AWS/SNS", "Dimensions": [{"Name": "TopicName", "Value": "page"}]}
    watch = {**of_page, "Statistic": "Sum", "Period": 3600, "TreatMissingData": "breaching"}
    failed = {**of_page, "Statistic": "Sum", "Period": 60, "Threshold": 0.0}
    return {
        "beat": threshold_alarm(
            "beat",
            PAGE,
            **metric("beat", "Heartbeats"),
            Threshold=0.0,
            TreatMissingData="notBreaching",
        ),
        "beat-schedule": schedule("beat", "beat"),
        "beat-role": Item(
            Kind.ROLE,
            BEAT_ROLE,
            {
                "RoleName": "beat",
                "Arn": BEAT_ROLE,
                "AssumeRolePolicyDocument": trust_policy("scheduler.amazonaws.com"),
                "Policies": {"beat": set_state_policy("beat")},
                "AttachedPolicies": [],
            },
            _urn("iam/role:Role", "beat"),
        ),
        "missed": threshold_alarm(
            "missed",
            NOTIFY,
            **watch,
            MetricName="NumberOfNotificationsDelivered",
            EvaluationPeriods=25,
            DatapointsToAlarm=25,
            Threshold=1.0,
            ComparisonOperator="LessThanThreshold",
        ),
        "failed": threshold_alarm(
            "failed", NOTIFY, **failed, MetricName="NumberOfNotificationsFailed"
        ),
    }


def reminder_parts() -> Parts:
    """What tells `page` again of two alarms; fresh at each call."""
    again, starts = arn("states", "stateMachine:again"), arn("events", "rule/again")
    rules = {"account_id": ACCOUNT, "region": REGION, "after": 3600, "at_most": 3}
    (rule,) = rules_of(["cpu-unusual", "both"], **rules)
    transformer = {"InputPathsMap": NAME_PATH, "InputTemplate": rule.template(PAGE)}
    target = {"Id": "again", "Arn": again, "RoleArn": START_ROLE, "InputTransformer": transformer}
    rule_data = {"Arn": starts, "EventPattern": rule.pattern, "Targets": [target]}
    return {
        "again-machine": Item(
            Kind.STATE_MACHINE,
            again,
            {"name": "again", "roleArn": TELL_ROLE, "definition": definition("aws")},
            _urn("sfn/stateMachine:StateMachine", "again"),
        ),
        "again-rule": Item(
            Kind.EVENT_RULE, starts, rule_data, _urn("cloudwatch/eventRule:EventRule", "again")
        ),
        "tell-role": _role("tell", trust_policy("states.amazonaws.com"), tell_policy(PAGE)),
        "start-role": _role("start", trust_policy("events.amazonaws.com"), start_policy(again)),
    }


def tell_policy(topic: str) -> str:
    return policy(
        {"Effect": "Allow", "Action": "sns:Publish", "Resource": topic},
        {"Effect": "Allow", "Action": ["kms:GenerateDataKey*", "kms:Decrypt"], "Resource": "*"},
    )


def start_policy(machine: str) -> str:
    return policy({"Effect": "Allow", "Action": "states:StartExecution", "Resource": machine})


def _role(name: str, trust: str, allowed: str) -> Item:
    role_arn = f"arn:aws:iam::{ACCOUNT}:role/{name}"
    data = {"RoleName": name, "Arn": role_arn, "AssumeRolePolicyDocument": trust}
    more = {"Policies": {name: allowed}, "AttachedPolicies": []}
    return Item(Kind.ROLE, role_arn, data | more, _urn("iam/role:Role", name))


def schedule(name: str, sets: str, state: str = "ALARM") -> Item:
    """A schedule that sets an alarm to a state once a day."""
    schedule_arn = arn("scheduler", f"schedule/default/{name}")
    asked = {"AlarmName": sets, "StateValue": state, "StateReason": "A heartbeat."}
    data = {
        "Arn": schedule_arn,
        "Name": name,
        "GroupName": "default",
        "ScheduleExpression": "rate(1 day)",
        "Target": {
            "Arn": "arn:aws:scheduler:::aws-sdk:cloudwatch:setAlarmState",
            "RoleArn": BEAT_ROLE,
            "Input": json.dumps(asked),
        },
    }
    return Item(Kind.SCHEDULE, schedule_arn, data, _urn("scheduler/schedule:Schedule", name))


def set_state_policy(name: str) -> str:
    allowed = arn("cloudwatch", f"alarm:{name}")
    return policy({"Effect": "Allow", "Action": "cloudwatch:SetAlarmState", "Resource": allowed})


def account_of(parts: Parts, *, whole: bool = False, **more: Any) -> Account:
    return Account(ACCOUNT, REGION, tuple(parts.values()), whole=whole, **more)


Fault = Callable[[Parts], object]


def setting(part: str, **values: Any) -> Fault:
    """A fault: some values of one part replaced."""
    return lambda parts: parts[part].data.update(values)  # type: ignore[attr-defined]


def without(part: str, *keys: str) -> Fault:
    """A fault: some values of one part left out, or the whole part."""

    def break_it(parts: Parts) -> None:
        for name in keys:
            del parts[part].data[name]  # type: ignore[attr-defined]
        if not keys:
            del parts[part]

    return break_it


def adding(name: str, item: Item) -> Fault:
    """A fault: one more part."""
    return lambda parts: parts.update({name: item})
