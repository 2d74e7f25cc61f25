"""From the resources an engine hands to its policies to a `Deployment`.

What a policy sees is not what the program declared: it is the outputs of every resource, in no
order, with what the provider computes among them, and without the marks of secrets, without ids,
and without the account. Here that is made good, as far as it can be.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from pulumi_policy import PolicyResource
from pulumi_policy.proxy import UnknownValueError

from alerting.account import Deployment, Resource, Unknown
from alerting.account.table import ROWS
from alerting.sns.arn import parse_arn
from alerting.sns.limits import Protocol

ANY_ACCOUNT = "123456789012"
"""Stands for the account where nothing that could be wrong depends on which it is."""

_CHANGES = frozenset(
    {
        "aws:iam/rolePolicy:RolePolicy",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "aws:kms/alias:Alias",
        "aws:kms/keyPolicy:KeyPolicy",
        "aws:lambda/permission:Permission",
        "aws:sns/topicPolicy:TopicPolicy",
        "aws:sqs/queuePolicy:QueuePolicy",
    }
)
"""Types that change another resource, which has to be there first."""
_SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"
_BY_ARN = frozenset({Protocol.SQS, Protocol.LAMBDA, Protocol.FIREHOSE})
_NOTHING = (None, "", [], {})
_ACCOUNT = re.compile(r"(?<!\d)\d{12}(?!\d)")
_ANY_REGION = "us-east-1"
_MOST_ACCOUNTS = 5
_PARTITIONS = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}


def resources_of(
    given: Sequence[PolicyResource], registered: Collection[str] = ()
) -> tuple[Resource, ...]:
    """The resources as the program declared them, in an order in which they can be made.

    Args:
        given: As the SDK hands them over.
        registered: URNs of what is declared rather than only read (`Topic.get`). Where none of the
            given is among them, all count as declared.
    """
    known = {resource.urn for resource in given}.intersection(registered)
    made = (_resource(one, external=bool(known) and one.urn not in known) for one in given)
    return tuple(sorted(made, key=lambda r: (r.type in _CHANGES, r.urn)))


def deployment_of(made: Sequence[Resource], account_id: str) -> Deployment:
    """The resources as the deployment of one stack to an account."""
    region = _region(made)
    elsewhere = (part for prefix, part in _PARTITIONS.items() if region.startswith(prefix))
    stack, project = made[0].urn.split("::")[:2] if made else ("", "")
    return Deployment(
        resources=tuple(made),
        exports={},
        stack=stack.removeprefix("urn:pulumi:"),
        project=project,
        account_id=account_id,
        region=region,
        partition=next(elsewhere, "aws"),
    )


def known_account(made: Sequence[Resource], given: Sequence[PolicyResource]) -> str | None:
    """The account a stack is deployed to: that of an ARN AWS gave, or the one its provider may use.

    Before the first deployment there is, as a rule, none of these.
    """
    own = _of_arns(made, "account")
    allowed = {
        account
        for resource in given
        if resource.provider and "allowedAccountIds" in resource.provider.props
        for account in _texts(_value(resource.provider.props, "allowedAccountIds", ()))
    }
    return own[0] if own else allowed.pop() if len(allowed) == 1 else None


def likely_accounts(made: Sequence[Resource]) -> list[str]:
    """The accounts a stack may be meant for: those its documents name, the most frequent first."""
    named = Counter(
        account
        for resource in made
        for text in _texts(resource.inputs)
        for account in _ACCOUNT.findall(text)
    )
    return _most_common(named)[:_MOST_ACCOUNTS]


def _resource(given: PolicyResource, *, external: bool) -> Resource:
    props = _properties(given)
    # A secret endpoint comes in clear. An ARN is needed to follow the path; a phone number, a mail
    # address or a URL is not, and could end up in a message.
    hidden = given.resource_type == _SUBSCRIPTION and props.get("protocol") not in _BY_ARN
    return Resource(
        urn=given.urn,
        type=given.resource_type,
        name=given.name,
        inputs=props,
        outputs=props,
        parent=given.parent.urn if given.parent else None,
        secrets=frozenset({"endpoint"}) if hidden else frozenset(),
        dependencies={
            key: tuple(source.urn for source in sources)
            for key, sources in given.property_dependencies.items()
        },
        provider=given.provider.urn if given.provider else None,
        external=external,
    )


def _properties(given: PolicyResource) -> dict[str, Any]:
    """What the program gave, and what is known of that which the provider computed."""
    found: dict[str, Any] = {}
    for key in given.props:
        sources = given.property_dependencies.get(key, ())
        value = _value(given.props, key, tuple(source.urn for source in sources))
        # What is unknown and comes from nowhere is for the provider to compute.
        if value not in _NOTHING and not (isinstance(value, Unknown) and not sources):
            found[key] = value
    if found.get("thresholdMetricId") and found.get("threshold") == 0:
        del found["threshold"]  # a band alarm has none, for which the provider says 0
    if given.provider and "region" in given.provider.props:
        region = _value(given.provider.props, "region", ())
        if isinstance(region, str):
            found.setdefault("region", region)
    return found


def _value(holder: Any, key: Any, sources: tuple[str, ...]) -> Any:
    """One value in plain types, without what stands for nothing."""
    try:
        value = holder[key]
    except UnknownValueError:
        return Unknown(sources)
    if isinstance(value, Mapping):
        items = {inner: _value(value, inner, sources) for inner in value}
        return {inner: item for inner, item in items.items() if item not in _NOTHING}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        items = [_value(value, place, sources) for place in range(len(value))]
        return [item for item in items if item not in _NOTHING]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _region(made: Sequence[Resource]) -> str:
    told = Counter(_texts([r.inputs.get("region") for r in made if r.type in ROWS]))
    return next(iter(_most_common(told) or _of_arns(made, "region")), _ANY_REGION)


def _of_arns(made: Sequence[Resource], part: str) -> list[str]:
    """One part of the ARNs that AWS gave to what is made here, the most frequent first."""
    arns = (
        parse_arn(str(resource.outputs.get("arn")))
        for resource in made
        if resource.type in ROWS and not resource.external
    )
    return _most_common(Counter(getattr(arn, part) for arn in arns if arn and getattr(arn, part)))


def _most_common(counts: Counter[str]) -> list[str]:
    """In an order that does not hang on chance."""
    return sorted(counts, key=lambda text: (-counts[text], text))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, Sequence):
        for inner in value:
            yield from _texts(inner)
