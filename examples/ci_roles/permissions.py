"""What the roles may do: what the program's resources need, and nothing else."""

Statement = dict[str, object]

READS = [
    "cloudformation:DescribeStacks",
    "cloudformation:GetTemplate",
    "cloudwatch:DescribeAlarmHistory",
    "cloudwatch:DescribeAlarms",
    "cloudwatch:DescribeAnomalyDetectors",
    "cloudwatch:GetAlarmMuteRule",
    "cloudwatch:GetDashboard",
    "cloudwatch:GetMetricData",
    "cloudwatch:ListMetrics",
    "cloudwatch:ListTagsForResource",
    "events:DescribeRule",
    "events:ListTagsForResource",
    "events:ListTargetsByRule",
    "iam:GetRole",
    "iam:GetRolePolicy",
    "iam:ListAttachedRolePolicies",
    "iam:ListRolePolicies",
    "kms:DescribeKey",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListAliases",
    "kms:ListResourceTags",
    "lambda:GetFunctionConfiguration",
    "lambda:GetPolicy",
    "logs:DescribeMetricFilters",
    "logs:GetLogAnomalyDetector",
    "logs:ListTagsForResource",
    "scheduler:GetSchedule",
    "sns:GetSubscriptionAttributes",
    "sns:GetTopicAttributes",
    "sns:ListSubscriptionsByTopic",
    "sns:ListTagsForResource",
    "sns:ListTopics",
    "sqs:GetQueueAttributes",
    "sqs:GetQueueUrl",
    "sqs:ListQueueTags",
    "states:DescribeStateMachine",
    "states:ListStateMachineVersions",
    "states:ListTagsForResource",
    "sts:GetCallerIdentity",
]
"""Previewing, looking for drift, and the passive half of `verify`."""

FINDS = [
    "apigateway:GET",
    "autoscaling:DescribeAutoScalingGroups",
    "elasticloadbalancing:DescribeTags",
    "elasticloadbalancing:DescribeTargetGroupAttributes",
    "elasticloadbalancing:DescribeTargetGroups",
    "kafka:ListNodes",
    "rds:DescribeDBClusters",
    "rds:DescribeDBInstances",
    "tag:GetResources",
]
"""What `watch` sets with tags ask in every preview and deployment; without such a set it can go."""

WRITES = {
    "cloudwatch": (
        "alarm:{prefix}*",
        ["DeleteAlarms", "PutMetricAlarm", "TagResource", "UntagResource"],
    ),
    "events": (
        "rule/{prefix}*",
        ["DeleteRule", "PutRule", "PutTargets", "RemoveTargets", "TagResource", "UntagResource"],
    ),
    "scheduler": (
        "schedule/default/{prefix}*",
        ["CreateSchedule", "DeleteSchedule", "UpdateSchedule"],
    ),
    "sns": (
        "{prefix}*",
        [
            "CreateTopic",
            "DeleteTopic",
            "SetSubscriptionAttributes",
            "SetTopicAttributes",
            "Subscribe",
            "TagResource",
            "Unsubscribe",
            "UntagResource",
        ],
    ),
    "sqs": (
        "{prefix}*",
        ["CreateQueue", "DeleteQueue", "SetQueueAttributes", "TagQueue", "UntagQueue"],
    ),
    "states": (
        "stateMachine:{prefix}*",
        [
            "CreateStateMachine",
            "DeleteStateMachine",
            "TagResource",
            "UntagResource",
            "UpdateStateMachine",
        ],
    ),
    "lambda": ("function:*", ["AddPermission", "RemovePermission"]),
}
"""Of each service: the resources, and what is done to them."""


ROLES = {
    "events": "arn:aws:iam::*:role/reminders-start-role-*",
    "scheduler": "arn:aws:iam::*:role/*-heartbeat-role-*",
    "sns": "arn:aws:iam::*:role/receivers-*",
    "states": "arn:aws:iam::*:role/reminders-role-*",
}
"""The roles the stacks make, by the service they are for."""


def reading() -> list[Statement]:
    """Look at everything, change nothing."""
    return [
        {"Sid": "Read", "Effect": "Allow", "Action": READS, "Resource": "*"},
        {"Sid": "FindByTag", "Effect": "Allow", "Action": FINDS, "Resource": "*"},
    ]


def deploying(prefix: str) -> list[Statement]:
    """Make, change and delete what the stacks hold; `prefix` is what names begin with."""
    statements: list[Statement] = [
        {
            "Sid": f"Write{service.capitalize()}",
            "Effect": "Allow",
            "Action": [f"{service}:{action}" for action in actions],
            "Resource": f"arn:aws:{service}:*:*:{resource.format(prefix=prefix)}",
        }
        for service, (resource, actions) in WRITES.items()
    ]
    return [
        *statements,
        {
            # The rule itself, and every alarm it names.
            "Sid": "WriteMuteRules",
            "Effect": "Allow",
            "Action": [
                "cloudwatch:DeleteAlarmMuteRule",
                "cloudwatch:PutAlarmMuteRule",
                "cloudwatch:TagResource",
                "cloudwatch:UntagResource",
            ],
            "Resource": [
                f"arn:aws:cloudwatch:*:*:alarm-mute-rule:{prefix}*",
                f"arn:aws:cloudwatch:*:*:alarm:{prefix}*",
            ],
        },
        {
            # Whose log groups they are is not said by a name; detectors have ids of AWS's own.
            "Sid": "WriteLogAlarms",
            "Effect": "Allow",
            "Action": [
                "logs:CreateLogAnomalyDetector",
                "logs:DeleteLogAnomalyDetector",
                "logs:DeleteMetricFilter",
                "logs:PutMetricFilter",
                "logs:TagResource",
                "logs:UntagResource",
                "logs:UpdateLogAnomalyDetector",
            ],
            "Resource": ["arn:aws:logs:*:*:log-group:*", "arn:aws:logs:*:*:anomaly-detector:*"],
        },
        {
            "Sid": "WriteDetectorStacks",
            "Effect": "Allow",
            "Action": [
                "cloudformation:CreateStack",
                "cloudformation:DeleteStack",
                "cloudformation:TagResource",
                "cloudformation:UpdateStack",
            ],
            "Resource": f"arn:aws:cloudformation:*:*:stack/detector-{prefix}*",
        },
        {
            # A detector has no name; CloudFormation makes it with the role's own permissions.
            "Sid": "WriteDetectors",
            "Effect": "Allow",
            "Action": ["cloudwatch:DeleteAnomalyDetector", "cloudwatch:PutAnomalyDetector"],
            "Resource": "*",
        },
        {
            # A rule may name any alarm, and CloudWatch takes this permission on all of them alone
            # (CloudWatch API reference, PutCompositeAlarm).
            "Sid": "PutCompositeAlarms",
            "Effect": "Allow",
            "Action": ["cloudwatch:PutCompositeAlarm"],
            "Resource": "*",
        },
        {
            "Sid": "WriteDashboards",
            "Effect": "Allow",
            "Action": ["cloudwatch:DeleteDashboards", "cloudwatch:PutDashboard"],
            "Resource": f"arn:aws:cloudwatch::*:dashboard/{prefix}*",
        },
        {
            # A key has no name of its own, and its alias is not yet there when it is made.
            "Sid": "MakeKeys",
            "Effect": "Allow",
            "Action": ["kms:CreateKey", "kms:TagResource"],
            "Resource": "*",
        },
        {
            "Sid": "WriteKeys",
            "Effect": "Allow",
            "Action": [
                "kms:CreateAlias",
                "kms:DeleteAlias",
                "kms:EnableKeyRotation",
                "kms:PutKeyPolicy",
                "kms:ScheduleKeyDeletion",
                "kms:UntagResource",
                "kms:UpdateAlias",
                "kms:UpdateKeyDescription",
            ],
            "Resource": ["arn:aws:kms:*:*:key/*", f"arn:aws:kms:*:*:alias/{prefix}*"],
        },
        {
            "Sid": "WriteRoles",
            "Effect": "Allow",
            "Action": [
                "iam:CreateRole",
                "iam:DeleteRole",
                "iam:DeleteRolePolicy",
                "iam:ListInstanceProfilesForRole",
                "iam:PutRolePolicy",
                "iam:TagRole",
                "iam:UntagRole",
                "iam:UpdateAssumeRolePolicy",
            ],
            "Resource": list(ROLES.values()),
        },
        *(
            {
                "Sid": f"HandRolesTo{service.capitalize()}",
                "Effect": "Allow",
                "Action": "iam:PassRole",
                "Resource": role,
                "Condition": {"StringEquals": {"iam:PassedToService": f"{service}.amazonaws.com"}},
            }
            for service, role in ROLES.items()
        ),
    ]


def state_in(bucket: str) -> list[Statement]:
    """Read and write Pulumi's state; a preview takes a lock too."""
    return [
        {
            "Sid": "ListState",
            "Effect": "Allow",
            "Action": "s3:ListBucket",
            "Resource": f"arn:aws:s3:::{bucket}",
        },
        {
            "Sid": "State",
            "Effect": "Allow",
            "Action": ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
            "Resource": f"arn:aws:s3:::{bucket}/*",
        },
    ]
