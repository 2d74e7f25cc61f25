"""Programs of plain pulumi_aws resources, good but for what is asked for."""

import json
from collections.abc import Callable
from typing import Any

import pulumi
from pulumi_aws import cloudwatch, sns, sqs

ACCOUNT = "111122223333"
PHONE = "+15550100"
METRIC: dict[str, Any] = {
    "namespace": "AWS/EC2",
    "metric_name": "CPUUtilization",
    "statistic": "Average",
    "period": 300,
    "evaluation_periods": 1,
    "comparison_operator": "GreaterThanThreshold",
    "threshold": 80,
}


def shop(
    *,
    told: bool = True,
    subscribed: bool = True,
    publisher: str = "cloudwatch.amazonaws.com",
    source_account: str = ACCOUNT,
    queue: str | None = None,
) -> Callable[[], None]:
    """An alarm, its topic, a person and a queue.

    Args:
        told: whether the alarm has the topic as its action.
        subscribed: whether anybody hears the topic.
        publisher: the service the topic's policy lets in.
        source_account: the account that policy holds it to.
        queue: ARN of a queue to subscribe instead of one made here.
    """

    def program() -> None:
        topic = sns.Topic("alerts", name="alerts")
        sns.TopicPolicy(
            "alerts",
            arn=topic.arn,
            policy=json.dumps(
                policy(
                    {"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sns:*"},
                    {
                        "Principal": {"Service": publisher},
                        "Action": "sns:Publish",
                        "Condition": {"StringEquals": {"aws:SourceAccount": source_account}},
                    },
                )
            ),
        )
        if subscribed:
            sns.TopicSubscription(
                "oncall",
                topic=topic.arn,
                protocol="sms",
                endpoint=pulumi.Output.secret(PHONE),
            )
            sns.TopicSubscription(
                "jobs", topic=topic.arn, protocol="sqs", endpoint=queue or _queue(topic)
            )
        cloudwatch.MetricAlarm("busy", **METRIC, alarm_actions=[topic.arn] if told else [])

    return program


def band() -> None:
    """An alarm on a band, whose state has a threshold of 0 from nowhere."""
    topic = sns.Topic("alerts")
    sns.TopicSubscription("oncall", topic=topic.arn, protocol="sms", endpoint=PHONE)
    metric = {"namespace": "Shop", "metric_name": "Orders", "stat": "Sum", "period": 300}
    cloudwatch.MetricAlarm(
        "odd",
        evaluation_periods=3,
        comparison_operator="GreaterThanUpperThreshold",
        threshold_metric_id="expected",
        metric_queries=[
            {"id": "observed", "return_data": True, "metric": metric},
            {
                "id": "expected",
                "return_data": True,
                "expression": "ANOMALY_DETECTION_BAND(observed, 3)",
            },
        ],
        alarm_actions=[topic.arn],
    )


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    """A resource policy whose statements allow."""
    allowed = [{"Effect": "Allow", "Resource": "*", **statement} for statement in statements]
    return {"Version": "2012-10-17", "Statement": allowed}


def _queue(topic: sns.Topic) -> pulumi.Output[str]:
    queue = sqs.Queue("jobs", sqs_managed_sse_enabled=True)
    sqs.QueuePolicy(
        "jobs",
        queue_url=queue.url,
        policy=pulumi.Output.json_dumps(
            policy(
                {
                    "Principal": {"Service": "sns.amazonaws.com"},
                    "Action": "sqs:SendMessage",
                    "Condition": {"ArnEquals": {"aws:SourceArn": topic.arn}},
                }
            )
        ),
    )
    return queue.arn
