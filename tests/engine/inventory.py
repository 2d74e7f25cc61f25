"""What is there: in the account as AWS lists it, and in the state as the engine keeps it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from alerting.rehearsal.cloud import MemoryCloud

Thing = tuple[str, str]
"""Type token and physical id."""

_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
_ALIAS = "aws:kms/alias:Alias"
_COMPOSITE = "aws:cloudwatch/compositeAlarm:CompositeAlarm"
_DASHBOARD = "aws:cloudwatch/dashboard:Dashboard"
_EVENT_RULE = "aws:cloudwatch/eventRule:EventRule"
_EVENT_TARGET = "aws:cloudwatch/eventTarget:EventTarget"
_KEY = "aws:kms/key:Key"
_PERMISSION = "aws:lambda/permission:Permission"
_QUEUE = "aws:sqs/queue:Queue"
_MUTE_RULE = "aws:cloudwatch/alarmMuteRule:AlarmMuteRule"
_OIDC_PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
_ROLE = "aws:iam/role:Role"
_ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
_SCHEDULE = "aws:scheduler/schedule:Schedule"
_STATE_MACHINE = "aws:sfn/stateMachine:StateMachine"
_STACK = "aws:cloudformation/stack:Stack"
_SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"
_TOPIC = "aws:sns/topic:Topic"
LISTED = frozenset(
    {
        _ALARM,
        _ALIAS,
        _COMPOSITE,
        _DASHBOARD,
        _EVENT_RULE,
        _EVENT_TARGET,
        _KEY,
        _MUTE_RULE,
        _OIDC_PROVIDER,
        _PERMISSION,
        _QUEUE,
        _ROLE,
        _ROLE_POLICY,
        _SCHEDULE,
        _STACK,
        _STATE_MACHINE,
        _SUBSCRIPTION,
        _TOPIC,
    }
)
"""The types that AWS lists; a policy of a topic or queue is a property of it."""

_STAND_INS = frozenset({(_ROLE, "stand-in")})
"""What the in-memory account makes for functions that are given by ARN only."""


def in_account(cloud: MemoryCloud) -> list[Thing]:
    """Everything in the account, doubles included."""
    sns, kms, iam = cloud.client("sns"), cloud.client("kms"), cloud.client("iam")
    found: list[Thing] = [(_TOPIC, t["TopicArn"]) for t in _all(sns, "list_topics", "Topics")]
    for subscription in _all(sns, "list_subscriptions", "Subscriptions"):
        found.append((_SUBSCRIPTION, subscription["SubscriptionArn"]))
    for key in _all(kms, "list_keys", "Keys"):
        state = kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"]
        if state != "PendingDeletion":
            found.append((_KEY, key["KeyId"]))
    for alias in _all(kms, "list_aliases", "Aliases"):
        if not alias["AliasName"].startswith("alias/aws/"):
            found.append((_ALIAS, alias["AliasName"]))
    for url in cloud.client("sqs").list_queues().get("QueueUrls", []):
        found.append((_QUEUE, url))
    for role in _all(iam, "list_roles", "Roles"):
        name = role["RoleName"]
        found.append((_ROLE, name))
        for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
            found.append((_ROLE_POLICY, f"{name}:{policy}"))
    for one in _all(cloud.client("scheduler"), "list_schedules", "Schedules"):
        found.append((_SCHEDULE, f"{one['GroupName']}/{one['Name']}"))
    events = cloud.client("events")
    for rule in (one["Name"] for one in _all(events, "list_rules", "Rules")):
        found.append((_EVENT_RULE, rule))
        for target in events.list_targets_by_rule(Rule=rule)["Targets"]:
            found.append((_EVENT_TARGET, f"{rule}-{target['Id']}"))
    for one in _all(cloud.client("stepfunctions"), "list_state_machines", "stateMachines"):
        found.append((_STATE_MACHINE, one["stateMachineArn"]))
    for provider in iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]:
        found.append((_OIDC_PROVIDER, provider["Arn"]))
    cloudwatch = cloud.client("cloudwatch")
    for dashboard in _all(cloudwatch, "list_dashboards", "DashboardEntries"):
        found.append((_DASHBOARD, dashboard["DashboardName"]))
    pages = cloudwatch.get_paginator("describe_alarms")
    for page in pages.paginate(AlarmTypes=["MetricAlarm", "CompositeAlarm"]):
        found.extend((_ALARM, alarm["AlarmName"]) for alarm in page["MetricAlarms"])
        found.extend((_COMPOSITE, alarm["AlarmName"]) for alarm in page["CompositeAlarms"])
    pages = cloud.client("cloudwatch").get_paginator("list_alarm_mute_rules").paginate()
    for rule in (rule for page in pages for rule in page["AlarmMuteRuleSummaries"]):
        found.append((_MUTE_RULE, rule["AlarmMuteRuleArn"].split(":alarm-mute-rule:")[1]))
    stacks = cloud.client("cloudformation").describe_stacks()["Stacks"]
    found.extend((_STACK, stack["StackId"]) for stack in stacks)
    found.extend((_PERMISSION, statement) for _, statement in permissions(cloud))
    return sorted(thing for thing in found if thing not in _STAND_INS)


def in_state(resources: Sequence[Mapping[str, Any]]) -> list[Thing]:
    """Everything in the state that AWS lists."""
    return sorted((r["type"], r["id"]) for r in resources if r["type"] in LISTED)


def _all(client: Any, operation: str, key: str) -> list[dict[str, Any]]:
    return [each for page in client.get_paginator(operation).paginate() for each in page[key]]


def permissions(cloud: MemoryCloud) -> list[tuple[str, str]]:
    """Function and statement of all that functions are permitted."""
    client = cloud.client("lambda")
    found: list[tuple[str, str]] = []
    for function in _all(client, "list_functions", "Functions"):
        arn = function["FunctionArn"]
        try:
            policy = client.get_policy(FunctionName=arn)["Policy"]
        except ClientError:
            continue
        found.extend((arn, statement["Sid"]) for statement in json.loads(policy)["Statement"])
    return found
