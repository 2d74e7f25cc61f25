"""An alarm on a topic that CloudWatch may not use: SNS's own key lets no other service in."""

from pulumi_aws import cloudwatch, sns

topic = sns.Topic("alerts", kms_master_key_id="alias/aws/sns")
sns.TopicSubscription("oncall", topic=topic.arn, protocol="email", endpoint="oncall@example.com")
cloudwatch.MetricAlarm(
    "disk-full",
    namespace="CWAgent",
    metric_name="disk_used_percent",
    statistic="Maximum",
    period=300,
    evaluation_periods=1,
    threshold=90,
    comparison_operator="GreaterThanThreshold",
    alarm_actions=[topic.arn],
)
