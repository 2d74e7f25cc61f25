"""What verifying a stack may do in AWS: the least that is needed, as an IAM policy."""

from collections.abc import Iterable, Iterator
from itertools import takewhile
from typing import Any

from alerting.account.deployment import Deployment
from alerting.account.model import Account, Item, Kind, Unknown
from alerting.cloudwatch.state import State
from alerting.delivery.publishing import actions
from alerting.explain.found import found_by_tag
from alerting.live.probe import PREFIX
from alerting.sns.arn import Arn, parse_arn

_FEW = 10
"""As many names stand in a policy by themselves, whose size is limited."""

FIND_RESOURCES = (
    "apigateway:GET",
    "autoscaling:DescribeAutoScalingGroups",
    "elasticloadbalancing:DescribeTargetGroups",
    "kafka:ListNodes",
    "rds:DescribeDBClusters",
    "rds:DescribeDBInstances",
    "tag:GetResources",
)
READ_ALARMS = (
    "cloudwatch:DescribeAlarms",
    "cloudwatch:DescribeAlarmHistory",
    "cloudwatch:DescribeAnomalyDetectors",
    "cloudwatch:GetAlarmMuteRule",
    "cloudwatch:GetMetricData",
    "cloudwatch:ListAlarmMuteRules",
    "cloudwatch:ListMetrics",
)
READ_TOPICS = ("sns:GetTopicAttributes", "sns:ListSubscriptionsByTopic")
READ_SUBSCRIPTIONS = ("sns:GetSubscriptionAttributes",)
READ_KEYS = ("kms:DescribeKey", "kms:GetKeyPolicy")
READ_ALIASES = ("kms:ListAliases",)
READ_QUEUES = ("sqs:GetQueueAttributes", "sqs:GetQueueUrl")
READ_FUNCTIONS = ("lambda:GetFunctionConfiguration", "lambda:GetPolicy")
READ_ROLES = (
    "iam:GetRole",
    "iam:GetRolePolicy",
    "iam:ListAttachedRolePolicies",
    "iam:ListRolePolicies",
)
ASK_AGAIN = ("sns:Subscribe",)
SET_ALARMS = ("cloudwatch:SetAlarmState",)
PUT_PROBES = ("sqs:CreateQueue", "sqs:DeleteQueue", "sqs:ReceiveMessage", *READ_QUEUES)
REMOVE_SUBSCRIPTIONS = ("sns:Unsubscribe",)


def policy(
    deployment: Deployment, account: Account, *, resend: bool = False, send: bool = False
) -> dict[str, Any]:
    """The IAM policy that verifying a stack needs, as a document.

    The account in it is `*`, as a policy of a principal counts in its own account alone. More than
    ten names of a kind are one pattern.

    Args:
        deployment: the recorded stack.
        account: what AWS would hold of it.
        resend: asking receivers again to confirm is allowed too.
        send: setting alarms, and hearing topics through probes, is allowed too.
    """
    where = _Where(deployment, account)
    statements = [
        # Composite alarms and their history are shown to those only who may see all alarms.
        _statement("ReadAlarmsAndMetrics", READ_ALARMS, ["*"]),
        _statement("ReadTopics", READ_TOPICS, where.topics()),
        _statement("ReadSubscriptions", READ_SUBSCRIPTIONS, ["*"]),
        *_some("ReadKeys", READ_KEYS, where.keys()),
        *_some("ReadAliases", READ_ALIASES, ["*"] if where.keys() else []),
        *_some("ReadQueues", READ_QUEUES, where.queues()),
        *_some("ReadFunctions", READ_FUNCTIONS, where.functions()),
        *_some("ReadRoles", READ_ROLES, where.roles()),
        *_some("FindResources", FIND_RESOURCES, ["*"] if found_by_tag(deployment) else []),
    ]
    if resend or send:
        statements.append(_statement("Subscribe", ASK_AGAIN, where.topics()))
    if send:
        probes = [where.pattern("sqs", f"{PREFIX}*")]
        statements += [
            _statement("SetAlarms", SET_ALARMS, where.alarms()),
            _statement("PutProbes", PUT_PROBES, probes),
            _statement("RemoveProbesFromTopics", REMOVE_SUBSCRIPTIONS, ["*"]),
        ]
    return {"Version": "2012-10-17", "Statement": statements}


class _Where:
    """The things of a stack as ARN patterns."""

    def __init__(self, deployment: Deployment, account: Account) -> None:
        self._deployment, self._account = deployment, account
        self._named = {
            resource.urn
            for resource in deployment.resources
            if any(isinstance(resource.inputs.get(key), str) for key in ("name", "alarmName"))
        }

    def pattern(self, service: str, resource: str) -> str:
        """Things of the stack's Region."""
        return str(Arn(self._deployment.partition, service, self._deployment.region, "*", resource))

    def alarms(self) -> list[str]:
        """The stack's own, and those of what is found by tag, which is not known here."""
        known = self._patterns("cloudwatch", "alarm:*", self._of(Kind.ALARM))
        prefix = f"alarm:{self._deployment.stack}"
        found = [f"{prefix}-{one.name}-*" for one in found_by_tag(self._deployment)]
        return known + [self.pattern("cloudwatch", name) for name in found]

    def topics(self) -> list[str]:
        """The stack's own, and others that its alarms tell or its receivers hear."""
        told = (
            action for alarm in self._account.alarms for s in State for action in actions(alarm, s)
        )
        heard = (s.get("TopicArn") for s in self._account.of(Kind.SUBSCRIPTION))
        return self._patterns("sns", "*", [*self._of(Kind.TOPIC), *heard, *told])

    def keys(self) -> list[str]:
        """All of the Region: what a key is called is known once it is there."""
        return [self.pattern("kms", "key/*")] if self._account.of(Kind.KEY) else []

    def queues(self) -> list[str]:
        return self._patterns("sqs", "*", [*self._of(Kind.QUEUE), *self._endpoints("sqs")])

    def functions(self) -> list[str]:
        told = (
            action for alarm in self._account.alarms for s in State for action in actions(alarm, s)
        )
        refs = [*self._of(Kind.FUNCTION), *self._endpoints("lambda"), *told]
        return self._patterns("lambda", "function:*", refs)

    def roles(self) -> list[str]:
        """Of firehose receivers; a role whose name Pulumi makes up begins with its logical name."""
        refs = [s.get("SubscriptionRoleArn") for s in self._account.of(Kind.SUBSCRIPTION)]
        held = [role for ref in refs for role in self._account.find(Kind.ROLE, ref)]
        made_up = {str(role.arn) for role in held if role.urn not in self._named}
        return self._patterns(
            "iam", "role/*", (_cut(ref) if ref in made_up else ref for ref in refs)
        )

    def _of(self, kind: Kind) -> list[object]:
        return [self._ref(item) for item in self._account.of(kind)]

    def _ref(self, item: Item) -> object:
        known = item.urn in self._named or item.kind in (Kind.QUEUE, Kind.FUNCTION)
        return item.arn if known else Unknown()

    def _endpoints(self, protocol: str) -> Iterator[object]:
        for subscription in self._account.of(Kind.SUBSCRIPTION):
            if subscription.get("Protocol") == protocol:
                yield subscription.get("Endpoint")

    def _patterns(self, service: str, any_name: str, refs: Iterable[object]) -> list[str]:
        """The patterns for some references; for one that is not known, all of the Region."""
        found: dict[str, None] = {}
        for ref in refs:
            arn = parse_arn(ref) if isinstance(ref, str) else None
            if arn is None and ref is not None:
                return [self.pattern(service, any_name)]
            if arn is not None and arn.service == service:
                account = "*" if arn.account == self._deployment.account_id else arn.account
                found[str(arn._replace(account=account))] = None
        patterns = sorted(found)
        if len(patterns) <= _FEW:
            return patterns
        both = takewhile(
            lambda pair: pair[0] == pair[1], zip(patterns[0], patterns[-1], strict=False)
        )
        return [f"{''.join(one for one, _ in both)}*"]


def _cut(ref: object) -> object:
    """An ARN that ends in a made-up part, up to there."""
    return f"{ref.rsplit('-', 1)[0]}-*" if isinstance(ref, str) else ref


def _statement(sid: str, allowed: Iterable[str], resources: list[str]) -> dict[str, Any]:
    return {"Sid": sid, "Effect": "Allow", "Action": list(allowed), "Resource": resources}


def _some(sid: str, allowed: Iterable[str], resources: list[str]) -> list[dict[str, Any]]:
    """A statement where there is anything to allow."""
    return [_statement(sid, allowed, resources)] if resources else []
