"""The table: Pulumi resource type to AWS API calls.

A row is a generator: it yields the calls the AWS provider makes to create the resource, is sent
the responses, and returns the resource's outputs. Whoever drives it decides where the calls go:
to the ledger, which keeps what AWS would hold (`account_of`), or to an in-memory AWS.

Parameters have the names of the AWS API, so botocore can validate them.
"""

import zlib
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any

from alerting.account.model import Unknown


@dataclass(frozen=True, slots=True)
class Call:
    """One request to AWS, in boto3's words."""

    service: str
    """For example `sns`."""
    operation: str
    """In snake_case, for example `create_topic`."""
    params: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Declared:
    """What a row reads of a resource."""

    urn: str
    name: str
    """Logical name."""
    inputs: Mapping[str, Any]
    """The engine's camelCase."""
    account_id: str
    region: str
    partition: str = "aws"

    def get(self, key: str, default: Any = None) -> Any:
        """An input; absent and null are the same to the engine."""
        value = self.inputs.get(key)
        return default if value is None else value

    @property
    def physical_name(self) -> Any:
        """The name in AWS: as given, else made from the logical name as the provider does."""
        suffix = f"{hash_of(self.urn) % 0x10000000:07x}"
        return self.get("name") or f"{self.name}-{suffix}"


def hash_of(text: str) -> int:
    """A number that is the same in every run, unlike Python's own `hash`."""
    return zlib.crc32(text.encode())


Steps = Generator[Call, Mapping[str, Any], dict[str, Any]]
Row = Callable[[Declared], Steps]


def _some(**params: Any) -> dict[str, Any]:
    """The parameters that are there, as the provider leaves out the rest."""
    return {key: value for key, value in params.items() if value not in (None, "", [], {})}


def _tags(r: Declared) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in sorted(r.get("tags", {}).items())]


def _text(value: Any) -> Any:
    """An attribute as SNS and SQS want it: text, and booleans in lower case."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str | Unknown) else str(value)


def _attributes(r: Declared, names: Mapping[str, str]) -> dict[str, Any]:
    found = {attribute: r.get(name) for name, attribute in names.items()}
    return {key: _text(value) for key, value in found.items() if value not in (None, "")}


def _key(r: Declared) -> Steps:
    made = yield Call(
        "kms",
        "create_key",
        _some(
            Description=r.get("description"),
            Policy=r.get("policy"),
            KeyUsage=r.get("keyUsage"),
            KeySpec=r.get("customerMasterKeySpec"),
            MultiRegion=r.get("multiRegion"),
            Tags=[{"TagKey": tag["Key"], "TagValue": tag["Value"]} for tag in _tags(r)],
        ),
    )
    key = made["KeyMetadata"]
    if r.get("enableKeyRotation"):
        period = r.get("rotationPeriodInDays")
        rotation = {"KeyId": key["KeyId"], **_some(RotationPeriodInDays=period)}
        yield Call("kms", "enable_key_rotation", rotation)
    if r.get("isEnabled") is False:
        yield Call("kms", "disable_key", {"KeyId": key["KeyId"]})
    return {"id": key["KeyId"], "arn": key["Arn"], "keyId": key["KeyId"]}


def _key_policy(r: Declared) -> Steps:
    params = {"KeyId": r.get("keyId"), "PolicyName": "default", "Policy": r.get("policy")}
    yield Call("kms", "put_key_policy", params)
    return {"id": r.get("keyId")}


def _alias(r: Declared) -> Steps:
    name = r.get("name") or f"alias/{r.physical_name}"
    yield Call("kms", "create_alias", {"AliasName": name, "TargetKeyId": r.get("targetKeyId")})
    arn = f"arn:{r.partition}:kms:{r.region}:{r.account_id}:{name}"
    return {"id": name, "name": name, "arn": arn, "targetKeyId": r.get("targetKeyId")}


_TOPIC_ATTRIBUTES = {
    "displayName": "DisplayName",
    "kmsMasterKeyId": "KmsMasterKeyId",
    "policy": "Policy",
    "deliveryPolicy": "DeliveryPolicy",
    "signatureVersion": "SignatureVersion",
    "tracingConfig": "TracingConfig",
    "fifoTopic": "FifoTopic",
    "contentBasedDeduplication": "ContentBasedDeduplication",
}


def _topic(r: Declared) -> Steps:
    attributes = _attributes(r, _TOPIC_ATTRIBUTES)
    if attributes.get("FifoTopic") == "false":
        del attributes["FifoTopic"]  # SNS refuses the attribute on a standard topic
    made = yield Call(
        "sns",
        "create_topic",
        {"Name": r.physical_name, **_some(Attributes=attributes, Tags=_tags(r))},
    )
    arn = made["TopicArn"]
    return {"id": arn, "arn": arn, "name": r.physical_name, "owner": r.account_id}


def _topic_policy(r: Declared) -> Steps:
    arn = r.get("arn")
    params = {"TopicArn": arn, "AttributeName": "Policy", "AttributeValue": r.get("policy")}
    yield Call("sns", "set_topic_attributes", params)
    return {"id": arn, "owner": r.account_id}


_SUBSCRIPTION_ATTRIBUTES = {
    "rawMessageDelivery": "RawMessageDelivery",
    "filterPolicy": "FilterPolicy",
    "filterPolicyScope": "FilterPolicyScope",
    "redrivePolicy": "RedrivePolicy",
    "deliveryPolicy": "DeliveryPolicy",
    "subscriptionRoleArn": "SubscriptionRoleArn",
}


def _subscription(r: Declared) -> Steps:
    attributes = _attributes(r, _SUBSCRIPTION_ATTRIBUTES)
    protocol = r.get("protocol")
    made = yield Call(
        "sns",
        "subscribe",
        {
            "TopicArn": r.get("topic"),
            "Protocol": protocol,
            "Endpoint": r.get("endpoint"),
            **_some(Attributes=attributes),
            "ReturnSubscriptionArn": True,
        },
    )
    arn = made["SubscriptionArn"]
    waits = protocol in ("email", "email-json", "http", "https") and not r.get(
        "endpointAutoConfirms"
    )
    return {
        "id": arn,
        "arn": arn,
        "ownerId": r.account_id,
        "pendingConfirmation": waits,
        "confirmationWasAuthenticated": not waits,
    }


_QUEUE_ATTRIBUTES = {
    "policy": "Policy",
    "kmsMasterKeyId": "KmsMasterKeyId",
    "sqsManagedSseEnabled": "SqsManagedSseEnabled",
    "messageRetentionSeconds": "MessageRetentionPeriod",
    "visibilityTimeoutSeconds": "VisibilityTimeout",
    "redrivePolicy": "RedrivePolicy",
    "fifoQueue": "FifoQueue",
}


def _queue(r: Declared) -> Steps:
    attributes = _attributes(r, _QUEUE_ATTRIBUTES)
    if attributes.get("FifoQueue") == "false":
        del attributes["FifoQueue"]  # SQS refuses the attribute on a standard queue
    tags = {tag["Key"]: tag["Value"] for tag in _tags(r)}
    made = yield Call(
        "sqs",
        "create_queue",
        {"QueueName": r.physical_name, **_some(Attributes=attributes, tags=tags)},
    )
    url = made["QueueUrl"]
    arn = f"arn:{r.partition}:sqs:{r.region}:{r.account_id}:{r.physical_name}"
    return {"id": url, "url": url, "arn": arn, "name": r.physical_name}


def _queue_policy(r: Declared) -> Steps:
    url = r.get("queueUrl")
    params = {"QueueUrl": url, "Attributes": {"Policy": r.get("policy")}}
    yield Call("sqs", "set_queue_attributes", params)
    return {"id": url}


def _function(r: Declared) -> Steps:
    image = r.get("packageType") == "Image"
    made = yield Call(
        "lambda",
        "create_function",
        {
            "FunctionName": r.physical_name,
            "Role": r.get("role"),
            # The code itself is of no concern to who is told.
            "Code": {"ImageUri": r.get("imageUri")} if image else {"ZipFile": b"-"},
            **_some(
                Runtime=r.get("runtime"), Handler=r.get("handler"), PackageType=r.get("packageType")
            ),
        },
    )
    arn = made["FunctionArn"]
    return {"id": r.physical_name, "arn": arn, "name": r.physical_name, "qualifiedArn": f"{arn}:1"}


def _permission(r: Declared) -> Steps:
    statement = r.get("statementId") or f"{r.name}-{hash_of(r.urn) % 0x10000000:07x}"
    yield Call(
        "lambda",
        "add_permission",
        {
            "FunctionName": r.get("function"),
            "StatementId": statement,
            "Action": r.get("action"),
            "Principal": r.get("principal"),
            **_some(
                SourceArn=r.get("sourceArn"),
                SourceAccount=r.get("sourceAccount"),
                Qualifier=r.get("qualifier"),
            ),
        },
    )
    return {"id": statement, "statementId": statement}


def _role(r: Declared) -> Steps:
    made = yield Call(
        "iam",
        "create_role",
        {
            "RoleName": r.physical_name,
            "AssumeRolePolicyDocument": r.get("assumeRolePolicy"),
            **_some(Path=r.get("path"), Tags=_tags(r)),
        },
    )
    role = made["Role"]
    for policy in r.get("inlinePolicies", []):
        yield Call(
            "iam",
            "put_role_policy",
            {
                "RoleName": r.physical_name,
                "PolicyName": policy["name"],
                "PolicyDocument": policy["policy"],
            },
        )
    for arn in r.get("managedPolicyArns", []):
        yield Call("iam", "attach_role_policy", {"RoleName": r.physical_name, "PolicyArn": arn})
    return {"id": r.physical_name, "arn": role["Arn"], "name": r.physical_name}


def _role_policy(r: Declared) -> Steps:
    role, name = r.get("role"), r.physical_name
    params = {"RoleName": role, "PolicyName": name, "PolicyDocument": r.get("policy")}
    yield Call("iam", "put_role_policy", params)
    return {"id": f"{role}:{name}", "name": name}


def _role_policy_attachment(r: Declared) -> Steps:
    role, arn = r.get("role"), r.get("policyArn")
    yield Call("iam", "attach_role_policy", {"RoleName": role, "PolicyArn": arn})
    return {"id": f"{role}/{arn}"}


def _dimensions(dimensions: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"Name": name, "Value": value} for name, value in sorted(dimensions.items())]


def _query(query: Mapping[str, Any]) -> dict[str, Any]:
    metric = query.get("metric")
    stat = metric and {
        "Metric": {
            **_some(Namespace=metric.get("namespace"), MetricName=metric.get("metricName")),
            "Dimensions": _dimensions(metric.get("dimensions") or {}),
        },
        "Period": metric.get("period"),
        "Stat": metric.get("stat"),
        **_some(Unit=metric.get("unit")),
    }
    return {
        "Id": query["id"],
        **_some(
            Expression=query.get("expression"),
            MetricStat=stat,
            Label=query.get("label"),
            AccountId=query.get("accountId"),
            Period=query.get("period"),
        ),
        # The provider's default is False where the API's is True, and it always sends it.
        "ReturnData": query.get("returnData") or False,
    }


def _metric_alarm(r: Declared) -> Steps:
    name = r.physical_name
    dimensions = r.get("dimensions")
    params = _some(
        AlarmName=name,
        AlarmDescription=r.get("alarmDescription"),
        OKActions=r.get("okActions"),
        AlarmActions=r.get("alarmActions"),
        InsufficientDataActions=r.get("insufficientDataActions"),
        MetricName=r.get("metricName"),
        Namespace=r.get("namespace"),
        Statistic=r.get("statistic"),
        ExtendedStatistic=r.get("extendedStatistic"),
        Dimensions=_dimensions(dimensions) if isinstance(dimensions, Mapping) else dimensions,
        Period=r.get("period"),
        Unit=r.get("unit"),
        EvaluationPeriods=r.get("evaluationPeriods"),
        DatapointsToAlarm=r.get("datapointsToAlarm"),
        ComparisonOperator=r.get("comparisonOperator"),
        TreatMissingData=r.get("treatMissingData", "missing"),
        EvaluateLowSampleCountPercentile=r.get("evaluateLowSampleCountPercentiles"),
        Metrics=[_query(query) for query in r.get("metricQueries", [])],
        ThresholdMetricId=r.get("thresholdMetricId"),
        Tags=_tags(r),
    )
    params["ActionsEnabled"] = r.get("actionsEnabled", True)
    if r.get("threshold") is not None:
        params["Threshold"] = r.get("threshold")
    yield Call("cloudwatch", "put_metric_alarm", params)
    return {"id": name, "name": name, "arn": _alarm_arn(r, name)}


def _composite_alarm(r: Declared) -> Steps:
    name = r.get("alarmName")
    suppressor = r.get("actionsSuppressor") or {}
    params = _some(
        AlarmName=name,
        AlarmRule=r.get("alarmRule"),
        AlarmDescription=r.get("alarmDescription"),
        OKActions=r.get("okActions"),
        AlarmActions=r.get("alarmActions"),
        InsufficientDataActions=r.get("insufficientDataActions"),
        ActionsSuppressor=suppressor.get("alarm"),
        ActionsSuppressorWaitPeriod=suppressor.get("waitPeriod"),
        ActionsSuppressorExtensionPeriod=suppressor.get("extensionPeriod"),
        Tags=_tags(r),
    )
    params["ActionsEnabled"] = r.get("actionsEnabled", True)
    yield Call("cloudwatch", "put_composite_alarm", params)
    return {"id": name, "arn": _alarm_arn(r, name)}


def _alarm_arn(r: Declared, name: Any) -> Any:
    if isinstance(name, Unknown):
        return Unknown((r.urn,))
    return f"arn:{r.partition}:cloudwatch:{r.region}:{r.account_id}:alarm:{name}"


ROWS: Mapping[str, Row] = {
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": _composite_alarm,
    "aws:cloudwatch/metricAlarm:MetricAlarm": _metric_alarm,
    "aws:iam/role:Role": _role,
    "aws:iam/rolePolicy:RolePolicy": _role_policy,
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": _role_policy_attachment,
    "aws:kms/alias:Alias": _alias,
    "aws:kms/key:Key": _key,
    "aws:kms/keyPolicy:KeyPolicy": _key_policy,
    "aws:lambda/function:Function": _function,
    "aws:lambda/permission:Permission": _permission,
    "aws:sns/topic:Topic": _topic,
    "aws:sns/topicPolicy:TopicPolicy": _topic_policy,
    "aws:sns/topicSubscription:TopicSubscription": _subscription,
    "aws:sqs/queue:Queue": _queue,
    "aws:sqs/queuePolicy:QueuePolicy": _queue_policy,
}
"""Row by Pulumi type token. A type without a row is of no concern to who is told."""


def drive(steps: Steps, send: Callable[[Call], Mapping[str, Any]]) -> dict[str, Any]:
    """Run a row's steps, each call through `send`; the resource's outputs."""
    try:
        call = next(steps)
        while True:
            call = steps.send(send(call))
    except StopIteration as done:
        return done.value
