"""The same resources in the plainest way: raw pulumi_aws classes, nothing checked.

The second argument of the process says how many alarms.
"""

import json
import sys

import pulumi
import pulumi_aws as aws
from pulumi_aws import cloudwatch, kms, sns

from benchmarks.declare.alarms import alarms

account = aws.get_caller_identity().account_id
arn = f"arn:aws:sns:us-east-1:{account}:alerts"
root = {"AWS": f"arn:aws:iam::{account}:root"}
cloudwatch_may = {
    "Effect": "Allow",
    "Principal": {"Service": "cloudwatch.amazonaws.com"},
    "Action": ["kms:GenerateDataKey*", "kms:Decrypt"],
    "Resource": "*",
}
owner_may = {"Effect": "Allow", "Principal": root, "Action": "kms:*", "Resource": "*"}
publish = {**cloudwatch_may, "Action": "sns:Publish", "Resource": arn}
key = kms.Key(
    "key",
    enable_key_rotation=True,
    policy=json.dumps({"Statement": [owner_may, cloudwatch_may]}),
)
kms.Alias("alias", name="alias/alerts", target_key_id=key.key_id)
topic = sns.Topic("topic", name="alerts", kms_master_key_id=key.arn)
sns.TopicPolicy("policy", arn=topic.arn, policy=json.dumps({"Statement": [publish]}))
sns.TopicSubscription("mail", topic=topic.arn, protocol="email", endpoint="example@email.com")
for name, alarm in alarms(int(sys.argv[2])).items():
    metric, limit = alarm["metric"], alarm["threshold"]["above"]
    instance = metric["dimensions"]["InstanceId"]
    cloudwatch.MetricAlarm(
        name,
        name=f"bench-{name}",
        alarm_description=f"The average CPUUtilization of {instance} is above {limit}",
        comparison_operator="GreaterThanThreshold",
        evaluation_periods=1,
        datapoints_to_alarm=1,
        threshold=limit,
        namespace=metric["namespace"],
        metric_name=metric["name"],
        statistic="Average",
        period=300,
        dimensions=metric["dimensions"],
        treat_missing_data="missing",
        alarm_actions=[topic.arn],
        ok_actions=[topic.arn],
    )
pulumi.export("sns_topic_arn", topic.arn)
