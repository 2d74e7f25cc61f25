"""A shop with alarms: the components in a program of one's own."""

import pulumi
from pulumi_aws import get_caller_identity, get_region, sqs

from alerting import Alarms, AlertTopic, Missing, Place, Protocol, Receivers, Side

place: Place = {"account_id": get_caller_identity().account_id, "region": get_region().region}
orders = sqs.Queue("orders", name="shop-orders", sqs_managed_sse_enabled=True)

notify = AlertTopic("notify", {"place": place, "topic_name": "shop-notify"})
page = AlertTopic("page", {"place": place, "topic_name": "shop-page"})
topics = {"notify": notify.topic_arn, "page": page.topic_arn}

Receivers(
    "receivers",
    {
        "topics": topics,
        "place": place,
        "prefix": "shop-",
        "receivers": {
            "team-mail": {"protocol": Protocol.EMAIL, "endpoint": "team@example.com"},
            "oncall-phone": {
                "protocol": Protocol.SMS,
                "endpoint": "+15550100",
                "severities": ["page"],
            },
        },
    },
)
alarms = Alarms(
    "alarms",
    {
        "topics": topics,
        "default_severity": "notify",
        "region": place["region"],
        "prefix": "shop-",
        "alarms": {
            # Fewer orders than there usually are at this time of the week.
            "orders-missing": {
                "metric": {
                    "namespace": "AWS/SQS",
                    "name": "NumberOfMessagesSent",
                    "statistic": "Sum",
                    "dimensions": {"QueueName": orders.name},
                },
                "band": {"width": 3, "side": Side.BELOW},
                "datapoints": "6/6",
                "missing": Missing.BREACHING,
                "severity": "page",
            },
            "orders-waiting": {
                "metric": {
                    "namespace": "AWS/SQS",
                    "name": "ApproximateAgeOfOldestMessage",
                    "statistic": "Maximum",
                    "dimensions": {"QueueName": orders.name},
                },
                "threshold": {"at_least": 900},
                "datapoints": "3/3",
                "missing": Missing.NOT_BREACHING,
                # A queue of three old orders at night is nobody's problem; an hour is somebody's.
                "only_when": {
                    "metric": {
                        "namespace": "AWS/SQS",
                        "name": "ApproximateNumberOfMessagesVisible",
                        "statistic": "Maximum",
                        "dimensions": {"QueueName": orders.name},
                    },
                    "at_least": 10,
                },
                "escalate": {"threshold": {"at_least": 3600}, "severity": "page"},
            },
            # Fewer come in, and those that do are not seen to.
            "shop-down": {"all": ["orders-missing", "orders-waiting"], "severity": "page"},
        },
    },
)
pulumi.export("cloudwatch_alarm_ids", alarms.alarm_ids)
