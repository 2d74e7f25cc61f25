"""A shop's alarms, made of plain pulumi_aws resources.

Two alarms watch the load balancer and tell nobody by themselves; a composite tells the on-call
person and a queue when both are in ALARM.
"""

import json

import pulumi
from pulumi_aws import cloudwatch, get_caller_identity, get_region, kms, sns, sqs

account, region = get_caller_identity().account_id, get_region().region
root = f"arn:aws:iam::{account}:root"
here = {"StringEquals": {"aws:SourceAccount": account}}
topic_arn = f"arn:aws:sns:{region}:{account}:shop-alerts"


def policy(*statements: dict[str, object]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def owner_may(actions: list[str], resource: str) -> dict[str, object]:
    return {
        "Effect": "Allow",
        "Principal": {"AWS": root},
        "Action": actions,
        "Resource": resource,
    }


key = kms.Key(
    "alerts",
    description="Encrypts the shop's alerts",
    enable_key_rotation=True,
    # Without the second statement CloudWatch could not publish, and nobody would notice.
    policy=policy(
        owner_may(["kms:*"], "*"),
        {
            "Effect": "Allow",
            "Principal": {"Service": "cloudwatch.amazonaws.com"},
            "Action": ["kms:GenerateDataKey*", "kms:Decrypt"],
            "Resource": "*",
            "Condition": here,
        },
    ),
)
topic = sns.Topic("alerts", name="shop-alerts", kms_master_key_id=key.arn)
sns.TopicPolicy(
    "alerts",
    arn=topic.arn,
    policy=policy(
        owner_may(["sns:GetTopicAttributes", "sns:SetTopicAttributes", "sns:Subscribe"], topic_arn),
        {
            "Effect": "Allow",
            "Principal": {"Service": "cloudwatch.amazonaws.com"},
            "Action": "sns:Publish",
            "Resource": topic_arn,
            "Condition": here,
        },
    ),
)

sns.TopicSubscription(
    "oncall-mail",
    topic=topic.arn,
    protocol="email",
    endpoint=pulumi.Config().require("oncallMail"),
)
queue = sqs.Queue("incidents", name="shop-incidents", sqs_managed_sse_enabled=True)
sqs.QueuePolicy(
    "incidents",
    queue_url=queue.url,
    policy=queue.arn.apply(
        lambda arn: policy(
            {
                "Effect": "Allow",
                "Principal": {"Service": "sns.amazonaws.com"},
                "Action": "sqs:SendMessage",
                "Resource": arn,
                "Condition": {"ArnEquals": {"aws:SourceArn": topic_arn}},
            }
        )
    ),
)
sns.TopicSubscription(
    "incidents",
    topic=topic.arn,
    protocol="sqs",
    endpoint=queue.arn,
    filter_policy_scope="MessageBody",
    filter_policy=json.dumps({"NewStateValue": ["ALARM"]}),
)

balancer = {"LoadBalancer": "app/shop/50dc6c495c0c9188"}
errors = cloudwatch.MetricAlarm(
    "errors",
    name="shop-errors",
    namespace="AWS/ApplicationELB",
    metric_name="HTTPCode_Target_5XX_Count",
    dimensions=balancer,
    statistic="Sum",
    period=60,
    evaluation_periods=5,
    datapoints_to_alarm=3,
    comparison_operator="GreaterThanThreshold",
    threshold=20,
    treat_missing_data="notBreaching",
)
slow = cloudwatch.MetricAlarm(
    "slow",
    name="shop-slow",
    evaluation_periods=5,
    datapoints_to_alarm=3,
    comparison_operator="GreaterThanUpperThreshold",
    threshold_metric_id="expected",
    treat_missing_data="notBreaching",
    metric_queries=[
        {
            "id": "observed",
            "return_data": True,
            "metric": {
                "namespace": "AWS/ApplicationELB",
                "metric_name": "TargetResponseTime",
                "dimensions": balancer,
                "stat": "p90",
                "period": 300,
            },
        },
        {
            "id": "expected",
            "return_data": True,
            "expression": "ANOMALY_DETECTION_BAND(observed, 3)",
            "label": "expected",
        },
    ],
)
cloudwatch.CompositeAlarm(
    "shop-down",
    alarm_name="shop-down",
    alarm_rule=pulumi.Output.format('ALARM("{0}") AND ALARM("{1}")', errors.name, slow.name),
    alarm_actions=[topic.arn],
    ok_actions=[topic.arn],
)
