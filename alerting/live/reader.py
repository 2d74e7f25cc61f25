"""Reads an AWS account into an `Account`: the alarms, and everything their notifications pass."""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from botocore.exceptions import BotoCoreError, ClientError

from alerting.account.model import Account, Item, Kind
from alerting.sns.arn import parse_arn

Clients = Callable[[str, str], Any]
"""Gives a boto3 client for a service in a Region."""

_ALARM_KEYS = (
    "AlarmName",
    "AlarmArn",
    "AlarmDescription",
    "ActionsEnabled",
    "OKActions",
    "AlarmActions",
    "InsufficientDataActions",
    "StateValue",
    "MetricName",
    "Namespace",
    "Statistic",
    "ExtendedStatistic",
    "Dimensions",
    "Period",
    "Unit",
    "EvaluationPeriods",
    "DatapointsToAlarm",
    "Threshold",
    "ComparisonOperator",
    "TreatMissingData",
    "EvaluateLowSampleCountPercentile",
    "Metrics",
    "ThresholdMetricId",
    "EvaluationWindow",
    "AlarmRule",
    "ActionsSuppressor",
    "ActionsSuppressorWaitPeriod",
    "ActionsSuppressorExtensionPeriod",
)
_GONE = frozenset(
    {
        "NotFound",
        "NotFoundException",
        "NoSuchEntity",
        "ResourceNotFoundException",
        "AWS.SimpleQueueService.NonExistentQueue",
        "QueueDoesNotExist",
    }
)


def read_account(
    clients: Clients,
    *,
    account_id: str,
    region: str,
    partition: str = "aws",
    alarms: Collection[str] | None = None,
    topics: Collection[str] | None = None,
) -> Account:
    """Read alarms and topics, then follow every reference to where notifications end.

    Args:
        clients: gives a boto3 client for a service in a Region.
        account_id: the account the clients belong to.
        region: where the alarms are.
        partition: `aws`, `aws-cn` or `aws-us-gov`.
        alarms: names to read. Default: all of the Region.
        topics: ARNs to read beside those the alarms name. Default: all of the Region.

    Returns:
        A whole account: what is not in it was looked for and is not there, except for what
        `unreadable` gives the reason of.

    Raises:
        ClientError: the alarms themselves, or the list of topics, cannot be read.
    """
    reader = _Reader(clients, account_id, region)
    reader.read_alarms(alarms)
    if topics is None:
        pages = clients("sns", region).get_paginator("list_topics").paginate()
        topics = [topic["TopicArn"] for page in pages for topic in page["Topics"]]
    for arn in dict.fromkeys([*topics, *reader.actions("sns")]):
        reader.read_topic(arn)
    for arn in dict.fromkeys(reader.actions("lambda")):
        reader.read_function(arn)
    return Account(
        account_id=account_id,
        region=region,
        partition=partition,
        items=tuple(reader.items.values()),
        whole=True,
        unreadable=reader.unreadable,
    )


class _Reader:
    def __init__(self, clients: Clients, account_id: str, region: str) -> None:
        self._clients, self._account, self._region = clients, account_id, region
        self.items: dict[str, Item] = {}
        self.unreadable: dict[str, str] = {}

    def actions(self, service: str) -> Iterator[str]:
        """The alarms' actions that are of one service."""
        for item in list(self.items.values()):
            for key in ("AlarmActions", "OKActions", "InsufficientDataActions"):
                for action in item.get(key, ()):
                    parsed = parse_arn(action)
                    if parsed is not None and parsed.service == service:
                        yield action

    def read_alarms(self, names: Collection[str] | None) -> None:
        paginator = self._clients("cloudwatch", self._region).get_paginator("describe_alarms")
        kinds = ["MetricAlarm", "CompositeAlarm"]
        wanted = list(names) if names is not None else None
        # AlarmNames takes at most 100.
        batches = (
            [None] if wanted is None else [wanted[i : i + 100] for i in range(0, len(wanted), 100)]
        )
        for batch in batches:
            params: dict[str, Any] = {"AlarmTypes": kinds}
            if batch is not None:
                params["AlarmNames"] = batch
            for page in paginator.paginate(**params):
                for raw in [*page.get("MetricAlarms", []), *page.get("CompositeAlarms", [])]:
                    self._add(Kind.ALARM, raw["AlarmArn"], _alarm(raw))

    def read_topic(self, arn: str) -> None:
        def read(region: str) -> None:
            sns = self._clients("sns", region)
            attributes = sns.get_topic_attributes(TopicArn=arn)["Attributes"]
            self._add(Kind.TOPIC, arn, {k: v for k, v in attributes.items() if v != ""})
            key = attributes.get("KmsMasterKeyId")
            if key:
                self.read_key(key, region)
            pages = sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=arn)
            for page in pages:
                for raw in page["Subscriptions"]:
                    self._read_subscription(sns, raw)

        self._guarded(arn, read)

    def _read_subscription(self, sns: Any, raw: Mapping[str, Any]) -> None:
        arn = raw["SubscriptionArn"]
        if not arn.startswith("arn:"):  # "PendingConfirmation" or "Deleted": it has no ARN
            if arn == "Deleted":
                return
            data = {**raw, "PendingConfirmation": "true"}
            unique = f"{raw['TopicArn']}:pending:{raw['Protocol']}:{raw['Endpoint']}"
            self._add(Kind.SUBSCRIPTION, unique, data)
            return

        def read(region: str) -> None:
            attributes = sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
            self._add(Kind.SUBSCRIPTION, arn, attributes)
            self._read_receiver(attributes, region)

        self._guarded(arn, read)

    def _read_receiver(self, attributes: Mapping[str, Any], region: str) -> None:
        endpoint = attributes["Endpoint"]
        match attributes["Protocol"]:
            case "lambda":
                self.read_function(endpoint)
            case "sqs":
                self.read_queue(endpoint)
            case "firehose" if attributes.get("SubscriptionRoleArn"):
                self.read_role(attributes["SubscriptionRoleArn"])
            case _:
                pass
        dead_letters = _dead_letters(attributes.get("RedrivePolicy"))
        if dead_letters:
            self.read_queue(dead_letters)
        del region

    def read_key(self, ref: str, region: str) -> None:
        def read(_: str) -> None:
            kms = self._clients("kms", region)
            key = kms.describe_key(KeyId=ref)["KeyMetadata"]
            data = {k: v for k, v in key.items() if k != "CreationDate"}
            data["Policy"] = kms.get_key_policy(KeyId=key["Arn"], PolicyName="default")["Policy"]
            pages = kms.get_paginator("list_aliases").paginate(KeyId=key["Arn"])
            data["Aliases"] = [a["AliasName"] for page in pages for a in page["Aliases"]]
            self._add(Kind.KEY, key["Arn"], data)

        self._guarded(ref, read)

    def read_queue(self, arn: str) -> None:
        def read(region: str) -> None:
            parsed = parse_arn(arn)
            assert parsed is not None
            sqs = self._clients("sqs", region)
            url = sqs.get_queue_url(
                QueueName=parsed.resource, QueueOwnerAWSAccountId=parsed.account
            )["QueueUrl"]
            raw = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
            self._add(Kind.QUEUE, arn, {**raw, "QueueUrl": url})
            if raw.get("KmsMasterKeyId"):
                self.read_key(raw["KmsMasterKeyId"], region)

        self._guarded(arn, read)

    def read_function(self, arn: str) -> None:
        def read(region: str) -> None:
            client = self._clients("lambda", region)
            client.get_function_configuration(FunctionName=arn)
            data = {"FunctionName": arn.split(":")[6], "FunctionArn": arn}
            try:
                data["Policy"] = client.get_policy(FunctionName=arn)["Policy"]
            except ClientError as error:
                if _code(error) not in _GONE:  # a function without a policy is "not found" too
                    raise
            self._add(Kind.FUNCTION, arn, data)

        self._guarded(arn, read)

    def read_role(self, arn: str) -> None:
        def read(_: str) -> None:
            iam = self._clients("iam", self._region)
            name = arn.rsplit("/", 1)[1]
            role = iam.get_role(RoleName=name)["Role"]
            pages = iam.get_paginator("list_role_policies").paginate(RoleName=name)
            inline = [policy for page in pages for policy in page["PolicyNames"]]
            pages = iam.get_paginator("list_attached_role_policies").paginate(RoleName=name)
            attached = [p["PolicyArn"] for page in pages for p in page["AttachedPolicies"]]
            data = {
                "RoleName": name,
                "Arn": arn,
                "AssumeRolePolicyDocument": _document(role["AssumeRolePolicyDocument"]),
                "Policies": {
                    policy: _document(
                        iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
                    )
                    for policy in inline
                },
                "AttachedPolicies": attached,
            }
            self._add(Kind.ROLE, arn, data)

        self._guarded(arn, read)

    def _add(self, kind: Kind, arn: str, data: Mapping[str, Any]) -> None:
        self.items[arn] = Item(kind, arn, data)

    def _guarded(self, ref: str, read: Callable[[str], None]) -> None:
        """Read one thing once, in its own Region; what is not allowed is noted, not fatal."""
        if ref in self.items or ref in self.unreadable:
            return
        parsed = parse_arn(ref)
        if parsed is not None and parsed.account not in ("", self._account):
            self.unreadable[ref] = f"belongs to account {parsed.account}"
            return
        try:
            read(parsed.region if parsed is not None and parsed.region else self._region)
        except ClientError as error:
            if _code(error) not in _GONE:
                self.unreadable[ref] = (
                    f"{_code(error)}: {error.response['Error'].get('Message', '')}"
                )
        except BotoCoreError as error:
            self.unreadable[ref] = str(error)


def _alarm(raw: Mapping[str, Any]) -> dict[str, Any]:
    data = {key: raw[key] for key in _ALARM_KEYS if key in raw}
    if "AlarmRule" not in data:
        data.setdefault("TreatMissingData", "missing")
        if not data.get("Metrics"):
            data.pop("Metrics", None)
        else:
            for key in ("Dimensions", "Period"):
                if not data.get(key):
                    data.pop(key, None)
    return data


def _dead_letters(policy: object) -> str | None:
    import json

    try:
        target = json.loads(str(policy)).get("deadLetterTargetArn")
    except (ValueError, AttributeError):
        return None
    return target if isinstance(target, str) and parse_arn(target) else None


def _document(raw: object) -> Any:
    """IAM answers with URL-encoded JSON, which boto3 has mostly decoded already."""
    return unquote(raw) if isinstance(raw, str) else raw


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", "unknown"))
