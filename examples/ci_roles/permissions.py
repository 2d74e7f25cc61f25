"""What the roles may do: what the program's resources need, and nothing else."""

Statement = dict[str, object]

READS = [
    "cloudwatch:DescribeAlarmHistory",
    "cloudwatch:DescribeAlarms",
    "cloudwatch:GetMetricData",
    "cloudwatch:ListMetrics",
    "cloudwatch:ListTagsForResource",
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
    "sns:GetSubscriptionAttributes",
    "sns:GetTopicAttributes",
    "sns:ListSubscriptionsByTopic",
    "sns:ListTagsForResource",
    "sns:ListTopics",
    "sqs:GetQueueAttributes",
    "sqs:GetQueueUrl",
    "sqs:ListQueueTags",
    "sts:GetCallerIdentity",
]
"""Previewing, looking for drift, and the passive half of `verify`."""

WRITES = {
    "cloudwatch": (
        "alarm:{prefix}*",
        ["DeleteAlarms", "PutMetricAlarm", "TagResource", "UntagResource"],
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
    "lambda": ("function:*", ["AddPermission", "RemovePermission"]),
}
"""Of each service: the resources, and what is done to them."""


def reading() -> list[Statement]:
    """Look at everything, change nothing."""
    return [{"Sid": "Read", "Effect": "Allow", "Action": READS, "Resource": "*"}]


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
            "Sid": "WriteFirehoseRoles",
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
            "Resource": "arn:aws:iam::*:role/receivers-*",
        },
        {
            "Sid": "HandTheRoleToSns",
            "Effect": "Allow",
            "Action": "iam:PassRole",
            "Resource": "arn:aws:iam::*:role/receivers-*",
            "Condition": {"StringEquals": {"iam:PassedToService": "sns.amazonaws.com"}},
        },
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
