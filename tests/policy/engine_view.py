"""What an engine shows its policies of a recorded program: the outputs, in no order."""

from collections.abc import Mapping
from typing import Any

from google.protobuf import struct_pb2
from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy import PolicyProviderResource, PolicyResource
from pulumi_policy.deserialize import SPECIAL_SECRET_SIG, SPECIAL_SIG_KEY, deserialize_properties
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, unknown_checking_proxy

from alerting.account import Deployment, Resource, Unknown

COMPUTED = {
    "aws:cloudwatch/metricAlarm:MetricAlarm": {"arn", "tagsAll"},
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": {"arn", "tagsAll"},
    "aws:kms/key:Key": {"arn", "keyId", "policy"},
    "aws:sns/topic:Topic": {"arn", "policy", "owner"},
    "aws:sns/topicPolicy:TopicPolicy": {"owner"},
    "aws:sns/topicSubscription:TopicSubscription": {"arn", "ownerId", "pendingConfirmation"},
    "aws:sqs/queue:Queue": {"arn", "url", "policy", "kmsMasterKeyId"},
}
"""What the provider computes, and a first preview does not know."""
FILLED_IN = {
    "aws:cloudwatch/metricAlarm:MetricAlarm": {
        "period": 0,
        "threshold": 0,
        "datapointsToAlarm": 0,
        "extendedStatistic": "",
        "thresholdMetricId": "",
        "unit": "",
        "dimensions": None,
        "metricQueries": [],
        "insufficientDataActions": [],
    },
    "aws:sns/topicSubscription:TopicSubscription": {"filterPolicy": "", "redrivePolicy": ""},
    "aws:sqs/queue:Queue": {"kmsMasterKeyId": "", "redrivePolicy": ""},
}
"""What a real state has in the place of what nobody gave."""


def properties(resource: Resource, *, preview: bool) -> dict[str, Any]:
    """The outputs as they come over the wire."""
    seen = {**({} if preview else FILLED_IN.get(resource.type, {})), **resource.outputs}
    if preview:
        seen |= {key: Unknown() for key in COMPUTED.get(resource.type, ()) if key not in seen}
    for path in resource.secrets:
        seen[path] = {SPECIAL_SIG_KEY: SPECIAL_SECRET_SIG, "value": seen[path]}
    return _sent(seen)


def policy_resources(
    deployment: Deployment, provider: Mapping[str, Any] | None = None
) -> list[PolicyResource]:
    """As the SDK hands them to a policy."""
    made = {
        r.urn: PolicyResource(
            resource_type=r.type,
            props=unknown_checking_proxy(
                deserialize_properties(properties(r, preview=deployment.preview))
            ),
            urn=r.urn,
            name=r.name,
            opts=None,  # pyright: ignore[reportArgumentType] - no rule looks at it
            provider=provider
            and PolicyProviderResource("pulumi:providers:aws", provider, "provider", "aws"),
            parent=None,
            dependencies=[],
            property_dependencies={},
        )
        for r in deployment.resources
    }
    for r in deployment.resources:
        made[r.urn].parent = made.get(r.parent or "")
        made[r.urn].property_dependencies = {
            key: [made[urn] for urn in urns] for key, urns in _dependencies(r).items()
        }
    return list(reversed(made.values()))


def analyzer_resources(deployment: Deployment) -> list[analyzer_pb2.AnalyzerResource]:
    """As the engine sends them to a policy pack."""
    sent: list[analyzer_pb2.AnalyzerResource] = []
    for r in reversed(deployment.resources):
        struct = struct_pb2.Struct()
        struct.update(properties(r, preview=deployment.preview))
        sent.append(
            analyzer_pb2.AnalyzerResource(
                type=r.type,
                urn=r.urn,
                name=r.name,
                parent=r.parent or "",
                properties=struct,
                propertyDependencies={
                    key: analyzer_pb2.AnalyzerPropertyDependencies(urns=urns)
                    for key, urns in _dependencies(r).items()
                },
            )
        )
    return sent


def _dependencies(resource: Resource) -> dict[str, tuple[str, ...]]:
    """The engine leaves out properties that depend on nothing."""
    return {key: urns for key, urns in resource.dependencies.items() if urns}


def _sent(value: Any) -> Any:
    if isinstance(value, Unknown):
        return UNKNOWN_STRING_VALUE
    if isinstance(value, Mapping):
        return {key: _sent(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_sent(inner) for inner in value]
    return value
