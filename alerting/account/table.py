"""The table: Pulumi resource type to AWS API calls."""

from collections.abc import Mapping

from alerting.account.row import Call, Declared, Row, drive
from alerting.account.rows import (
    cloudformation,
    cloudwatch,
    cloudwatch_dashboard,
    events,
    iam,
    kms,
    lambda_,
    logs,
    mute_rules,
    scheduler,
    sns,
    sqs,
    stepfunctions,
)

__all__ = ["ROWS", "Call", "Declared", "Row", "drive"]

ROWS: Mapping[str, Row] = {
    "aws:cloudformation/stack:Stack": cloudformation.STACK,
    "aws:cloudwatch/alarmMuteRule:AlarmMuteRule": mute_rules.ALARM_MUTE_RULE,
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": cloudwatch.COMPOSITE_ALARM,
    "aws:cloudwatch/dashboard:Dashboard": cloudwatch_dashboard.DASHBOARD,
    "aws:cloudwatch/eventRule:EventRule": events.EVENT_RULE,
    "aws:cloudwatch/eventTarget:EventTarget": events.EVENT_TARGET,
    "aws:cloudwatch/logAnomalyDetector:LogAnomalyDetector": logs.LOG_ANOMALY_DETECTOR,
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": logs.METRIC_FILTER,
    "aws:cloudwatch/metricAlarm:MetricAlarm": cloudwatch.METRIC_ALARM,
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": iam.OIDC_PROVIDER,
    "aws:iam/role:Role": iam.ROLE,
    "aws:iam/rolePolicy:RolePolicy": iam.ROLE_POLICY,
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": iam.ROLE_POLICY_ATTACHMENT,
    "aws:kms/alias:Alias": kms.ALIAS,
    "aws:kms/key:Key": kms.KEY,
    "aws:kms/keyPolicy:KeyPolicy": kms.KEY_POLICY,
    "aws:lambda/function:Function": lambda_.FUNCTION,
    "aws:lambda/permission:Permission": lambda_.PERMISSION,
    "aws:scheduler/schedule:Schedule": scheduler.SCHEDULE,
    "aws:sfn/stateMachine:StateMachine": stepfunctions.STATE_MACHINE,
    "aws:sns/topic:Topic": sns.TOPIC,
    "aws:sns/topicPolicy:TopicPolicy": sns.TOPIC_POLICY,
    "aws:sns/topicSubscription:TopicSubscription": sns.SUBSCRIPTION,
    "aws:sqs/queue:Queue": sqs.QUEUE,
    "aws:sqs/queuePolicy:QueuePolicy": sqs.QUEUE_POLICY,
}
"""Row by Pulumi type token. A type without a row is of no concern to who is told."""
