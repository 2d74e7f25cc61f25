"""Orders come late: chat hears of it, but not during a release, nor while the database is down."""

from pulumi_aws import cloudwatch, sns

chat = sns.Topic("chat")
pager = sns.Topic("pager")
sns.TopicSubscription("team", topic=chat.arn, protocol="email", endpoint="team@example.com")
sns.TopicSubscription("oncall", topic=pager.arn, protocol="email", endpoint="oncall@example.com")

late = cloudwatch.MetricAlarm(
    "orders-late",
    name="orders-late",
    namespace="Shop",
    metric_name="OrderAge",
    statistic="Maximum",
    period=60,
    evaluation_periods=1,
    threshold=300,
    comparison_operator="GreaterThanThreshold",
)
down = cloudwatch.MetricAlarm(
    "database-down",
    name="database-down",
    namespace="Shop",
    metric_name="FailedConnections",
    statistic="Sum",
    period=60,
    evaluation_periods=3,
    threshold=0,
    comparison_operator="GreaterThanThreshold",
    alarm_actions=[pager.arn],
    ok_actions=[pager.arn],
)
told = cloudwatch.CompositeAlarm(
    "orders",
    alarm_name="orders",
    alarm_rule=late.name.apply(lambda name: f'ALARM("{name}")'),
    alarm_actions=[chat.arn],
    ok_actions=[chat.arn],
    actions_suppressor={"alarm": down.name, "wait_period": 180, "extension_period": 120},
)
cloudwatch.AlarmMuteRule(
    "release",
    name="release",
    rule={
        "schedule": {
            "expression": "at(2026-12-01T20:00)",
            "duration": "PT2H",
            "timezone": "Europe/Berlin",
        }
    },
    mute_targets={"alarm_names": [told.alarm_name]},
)
