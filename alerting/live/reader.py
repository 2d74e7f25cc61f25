"""Reads an AWS account into an `Account`: the alarms, and everything their notifications pass."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from alerting.account.model import Account, Kind, Unknown
from alerting.cloudwatch.composite import RuleError, children, parse_rule
from alerting.live.clients import Clients
from alerting.live.notes import Notes, as_text
from alerting.live.receivers import read_function, read_key, read_receiver
from alerting.live.surroundings import read_surroundings
from alerting.sns.arn import parse_arn

ALARM_TYPES = ("MetricAlarm", "CompositeAlarm")
"""The kinds of alarm that are read; without naming them AWS gives metric alarms only."""

MAX_NAMES = 100
"""Names a call of DescribeAlarms takes."""

_ALARM_KEYS = (
    "AlarmName",
    "AlarmArn",
    "AlarmDescription",
    "ActionsEnabled",
    "OKActions",
    "AlarmActions",
    "InsufficientDataActions",
    "StateValue",
    "EvaluationState",
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
    "EvaluationCriteria",
    "EvaluationInterval",
    "WarmUpConfiguration",
    "AlarmRule",
    "ActionsSuppressor",
    "ActionsSuppressorWaitPeriod",
    "ActionsSuppressorExtensionPeriod",
)


def read_account(
    clients: Clients,
    *,
    account_id: str,
    region: str,
    partition: str = "aws",
    alarms: Collection[str] | None = None,
    topics: Collection[str] | None = None,
    others: Collection[str] = (),
    surroundings: bool = False,
) -> Account:
    """Read alarms and topics, then follow every reference to where notifications end.

    Args:
        clients: gives a boto3 client for a service in a Region.
        account_id: the account the clients belong to.
        region: where the alarms are.
        partition: `aws`, `aws-cn` or `aws-us-gov`.
        alarms: names to read; the alarms a composite among them looks at are read too.
            Default: all of the Region.
        topics: ARNs to read beside those the alarms name. Default: all of the Region.
        others: ARNs of queues, functions, roles and keys to read beside those that are referred to.
        surroundings: whether to read what no notification passes as well: dashboards, schedules,
            filters of logs, ...

    Returns:
        A whole account: what is not in it was looked for and is not there, except for what
        `unreadable` gives the reason of.

    Raises:
        ClientError: all alarms, or all topics, were asked for and cannot be listed.
    """
    reader = _Reader(clients, Notes(account_id), region, f"arn:{partition}", account_id)
    if alarms is None:
        reader.read_all_alarms()
    else:
        reader.read_alarms(alarms)
    reader.read_mute_rules()
    notes = reader.notes
    if topics is None:
        pages = clients("sns", region).get_paginator("list_topics").paginate()
        topics = [topic["TopicArn"] for page in pages for topic in page["Topics"]]
    for arn in dict.fromkeys([*topics, *notes.actions("sns")]):
        reader.read_topic(arn)
    for arn in dict.fromkeys(notes.actions("lambda")):
        read_function(clients, notes, arn)
    for arn in others:
        read_receiver(clients, notes, arn, region)
    if surroundings:
        read_surroundings(clients, notes, region, f"arn:{partition}:{{}}:{region}:{account_id}")
    return Account(
        account_id=account_id,
        region=region,
        partition=partition,
        items=tuple(notes.items.values()),
        whole=True,
        unreadable=notes.unreadable,
    )


class _Reader:
    def __init__(
        self, clients: Clients, notes: Notes, region: str, prefix: str, account_id: str
    ) -> None:
        self.notes = notes
        self._clients, self._region = clients, region
        self._cloudwatch = f"{prefix}:cloudwatch:{region}:{account_id}"

    def read_all_alarms(self) -> None:
        self._read_alarms({})

    def read_alarms(self, names: Iterable[str]) -> None:
        """Alarms by name, and the ones they look at, as far down as it goes."""
        wanted = set(names)
        asked: set[str] = set()
        while wanted:
            batch = sorted(wanted)[:MAX_NAMES]
            wanted -= set(batch)
            asked |= set(batch)

            def read(batch: list[str] = batch) -> None:
                self._read_alarms({"AlarmNames": batch})

            before = dict(self.notes.items)
            arns = [f"{self._cloudwatch}:alarm:{name}" for name in batch]
            if not self.notes.attempt(arns[0], read):
                reason = self.notes.unreadable.get(arns[0])
                self.notes.unreadable |= {arn: reason for arn in arns if reason}
            new = [item.data for arn, item in self.notes.items.items() if arn not in before]
            wanted |= {name for alarm in new for name in looks_at(alarm)} - asked

    def _read_alarms(self, filters: Mapping[str, Any]) -> None:
        paginator = self._clients("cloudwatch", self._region).get_paginator("describe_alarms")
        for page in paginator.paginate(AlarmTypes=list(ALARM_TYPES), **filters):
            for raw in [*page.get("MetricAlarms", []), *page.get("CompositeAlarms", [])]:
                self.notes.add(Kind.ALARM, raw["AlarmArn"], _alarm(raw))

    def read_mute_rules(self) -> None:
        """All rules, those that are over too; which alarms they mute is asked one by one."""

        def read() -> None:
            client = self._clients("cloudwatch", self._region)
            for page in client.get_paginator("list_alarm_mute_rules").paginate():
                for summary in page.get("AlarmMuteRuleSummaries", []):
                    arn = summary["AlarmMuteRuleArn"]
                    name = arn.split(":alarm-mute-rule:", 1)[1]
                    rule = client.get_alarm_mute_rule(AlarmMuteRuleName=name)
                    self.notes.add(Kind.MUTE_RULE, arn, _mute_rule(rule))

        self.notes.attempt(f"{self._cloudwatch}:alarm-mute-rule:*", read)

    def read_topic(self, arn: str) -> None:
        """A topic, its key, its subscriptions and their receivers."""
        if not self.notes.begin(arn):
            return
        parsed = parse_arn(arn)
        region = parsed.region if parsed else self._region
        sns = self._clients("sns", region)

        def read_attributes() -> None:
            attributes = sns.get_topic_attributes(TopicArn=arn)["Attributes"]
            self.notes.add(Kind.TOPIC, arn, {k: v for k, v in attributes.items() if v != ""})
            if attributes.get("KmsMasterKeyId"):
                read_key(self._clients, self.notes, attributes["KmsMasterKeyId"], region)

        def read_subscriptions() -> None:
            pages = sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=arn)
            for page in pages:
                for raw in page["Subscriptions"]:
                    self._read_subscription(sns, raw)

        self.notes.attempt(arn, read_attributes)
        if arn in self.notes.items or arn in self.notes.unreadable:
            self.notes.attempt(arn, read_subscriptions)

    def _read_subscription(self, sns: Any, raw: Mapping[str, Any]) -> None:
        arn = raw["SubscriptionArn"]
        if arn == "Deleted":
            return
        if not arn.startswith("arn:"):  # "PendingConfirmation": it has no ARN yet
            data = {**raw, "PendingConfirmation": "true"}
            unique = f"{raw['TopicArn']}:pending:{raw['Protocol']}:{raw['Endpoint']}"
            self.notes.add(Kind.SUBSCRIPTION, unique, data)
            return

        def read() -> None:
            attributes = sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
            self.notes.add(Kind.SUBSCRIPTION, arn, attributes)

        if not self.notes.attempt(arn, read) and arn in self.notes.unreadable:
            unseen = dict.fromkeys(
                ("FilterPolicy", "RawMessageDelivery", "RedrivePolicy"), Unknown()
            )
            data = {**raw, "PendingConfirmation": "false", **unseen}
            self.notes.add(Kind.SUBSCRIPTION, arn, data)
        if arn in self.notes.items:
            self._read_receiver(self.notes.items[arn].data)

    def _read_receiver(self, attributes: Mapping[str, Any]) -> None:
        for ref in (attributes["Endpoint"], attributes.get("SubscriptionRoleArn")):
            if isinstance(ref, str):
                read_receiver(self._clients, self.notes, ref, self._region)
        dead_letters = _dead_letters(attributes.get("RedrivePolicy"))
        if dead_letters:
            read_receiver(self._clients, self.notes, dead_letters, self._region)


_MUTE_RULE_KEYS = (
    "Name",
    "AlarmMuteRuleArn",
    "Description",
    "Rule",
    "MuteTargets",
    "StartDate",
    "ExpireDate",
    "Status",
    "MuteType",
)


def _mute_rule(raw: Mapping[str, Any]) -> dict[str, Any]:
    """A GetAlarmMuteRule response, with dates as they are declared."""
    return {key: as_text(raw[key]) for key in _MUTE_RULE_KEYS if key in raw}


def _alarm(raw: Mapping[str, Any]) -> dict[str, Any]:
    """A DescribeAlarms element without timestamps, and with the default AWS leaves out."""
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


def looks_at(alarm: Mapping[str, Any]) -> Iterator[str]:
    """Names of the alarms that a composite alarm depends on."""
    try:
        refs = children(parse_rule(alarm["AlarmRule"])) if "AlarmRule" in alarm else ()
    except RuleError:
        refs = ()
    for ref in (*refs, alarm.get("ActionsSuppressor")):
        if ref:
            yield ref.split(":alarm:", 1)[1] if ref.startswith("arn:") else ref


def _dead_letters(policy: object) -> str | None:
    if not isinstance(policy, str):
        return None
    try:
        target = json.loads(policy)["deadLetterTargetArn"]
    except (ValueError, KeyError, TypeError):
        return None
    return target if isinstance(target, str) and parse_arn(target) else None
