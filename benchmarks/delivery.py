"""How long the findings take, and that they take twice as long for twice the alarms.

    python benchmarks/delivery.py [ALARMS] [TOPICS]

The account is a full one: every topic has its own policy and key and five subscriptions, two of
them with a filter on the body; every alarm tells one topic of ALARM and OK, every tenth is a
composite.
"""

import json
import sys
import time
from collections.abc import Iterator

from alerting.account import Account, Item, Kind
from alerting.delivery import findings, routes

ACCOUNT, REGION = "123456789012", "us-east-1"


Json = dict[str, object]


def full_account(alarms: int, topics: int) -> Account:
    """An account of that size with nothing wrong with it."""
    items = [item for number in range(topics) for item in _topic(number)]
    items += [_alarm(number, number % topics) for number in range(alarms)]
    return Account(ACCOUNT, REGION, tuple(items))


def _arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


def _policy(*statements: Json) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def _allow(principal: dict[str, str], action: object, resource: str, **condition: object) -> Json:
    statement = {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": resource}
    return statement | ({"Condition": condition} if condition else {})


def _topic(number: int) -> Iterator[Item]:
    topic, key = _arn("sns", f"topic-{number}"), _arn("kms", f"key/{number}")
    queue = _arn("sqs", f"queue-{number}")
    root = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    alarms = {"Service": "cloudwatch.amazonaws.com"}
    policy = _policy(
        _allow(root, "sns:*", topic),
        _allow(
            alarms,
            "sns:Publish",
            topic,
            StringEquals={"aws:SourceAccount": ACCOUNT},
            ArnLike={"aws:SourceArn": _arn("cloudwatch", "alarm:*")},
        ),
    )
    context = {"kms:EncryptionContext:aws:sns:topicArn": topic}
    grant = _policy(
        _allow(root, "kms:*", "*"),
        _allow(alarms, ["kms:GenerateDataKey*", "kms:Decrypt"], "*", StringEquals=context),
    )
    yield Item(Kind.TOPIC, topic, {"TopicArn": topic, "Policy": policy, "KmsMasterKeyId": key})
    yield Item(Kind.KEY, key, {"KeyId": str(number), "KeyState": "Enabled", "Policy": grant})
    entry = _allow(
        {"Service": "sns.amazonaws.com"},
        "sqs:SendMessage",
        queue,
        ArnEquals={"aws:SourceArn": topic},
    )
    yield Item(Kind.QUEUE, queue, {"QueueArn": queue, "Policy": _policy(entry)})
    body = {"FilterPolicyScope": "MessageBody"}
    for name, protocol, endpoint, more in (
        ("mail", "email", "oncall@example.com", {}),
        ("phone", "sms", "+15550100", {}),
        ("web", "https", "https://events.example.com/enqueue", {}),
        ("jobs", "sqs", queue, body | {"FilterPolicy": '{"NewStateValue": ["ALARM"]}'}),
        ("raw", "sqs", queue, body | {"FilterPolicy": '{"AlarmName": [{"prefix": "alarm-1"}]}'}),
    ):
        data = {"TopicArn": topic, "Protocol": protocol, "Endpoint": endpoint, **more}
        yield Item(Kind.SUBSCRIPTION, f"{topic}:{name}", data)


def _alarm(number: int, topic: int) -> Item:
    name = f"alarm-{number}"
    arn, told = _arn("cloudwatch", f"alarm:{name}"), [_arn("sns", f"topic-{topic}")]
    data: Json = {"AlarmName": name, "AlarmArn": arn}
    data |= {"AlarmActions": told, "OKActions": told}
    if number % 10 == 9:
        rule = f'ALARM("alarm-{number - 1}") OR ALARM("alarm-{number - 2}")'
        return Item(Kind.ALARM, arn, data | {"AlarmRule": rule})
    return Item(
        Kind.ALARM,
        arn,
        data
        | {
            "Namespace": "AWS/EC2",
            "MetricName": "CPUUtilization",
            "Dimensions": [{"Name": "InstanceId", "Value": f"i-{number:017x}"}],
            "Statistic": "Average",
            "Period": 300,
            "EvaluationPeriods": 5,
            "DatapointsToAlarm": 3,
            "Threshold": 80.0,
            "ComparisonOperator": "GreaterThanThreshold",
            "TreatMissingData": "missing",
        },
    )


def cpu_seconds(alarms: int, topics: int) -> tuple[float, float]:
    """CPU seconds of `findings` and of `routes`."""
    account = full_account(alarms, topics)
    begin = time.process_time()
    findings(account)
    middle = time.process_time()
    routes(account)
    return middle - begin, time.process_time() - middle


def main(alarms: int, topics: int) -> None:
    """Prints a line for each size."""
    for count in (alarms // 4, alarms // 2, alarms, alarms * 2, alarms * 5):
        judged, routed = cpu_seconds(count, topics)
        each = judged / count * 1e6
        print(
            f"{count:6} alarms, {topics} topics: findings {judged:6.3f} s CPU ({each:.0f} µs an "
            f"alarm), routes {routed:6.3f} s"
        )


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    main(*given, *(1000, 20)[len(given) :])
