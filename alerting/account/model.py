"""What AWS holds of an alerting stack, as plain data.

An `Account` is the picture that delivery, replay, explain, cost, scenarios and backtests read;
whether it came from a recorded Pulumi program, a live account, a describe-alarms file or a
CloudFormation template makes no difference to them.

Every item keeps the shape of the AWS API that would return it:

| kind | shape of `Item.data` |
|---|---|
| alarm | a `MetricAlarms` or `CompositeAlarms` element of DescribeAlarms (`AlarmRule`) |
| topic | `Attributes` of sns GetTopicAttributes (`Policy` is a JSON string there) |
| subscription | `Attributes` of sns GetSubscriptionAttributes |
| key | `KeyMetadata` of kms DescribeKey, with `Policy` (GetKeyPolicy) and `Aliases` (names) |
| queue | `Attributes` of sqs GetQueueAttributes, with `QueueUrl` |
| function | `FunctionName`, `FunctionArn`, and `Policy` of lambda GetPolicy (a JSON string) |
| role | iam GetRole's `Role`, with `Policies` {name: document} and `AttachedPolicies` [arn] |
| mute rule | cloudwatch GetAlarmMuteRule |
| detector | an `AnomalyDetectors` element of DescribeAnomalyDetectors |
| log detector | logs GetLogAnomalyDetector, with `anomalyDetectorArn` |
| metric filter | a `metricFilters` element of logs DescribeMetricFilters |
| dashboard | cloudwatch GetDashboard (`DashboardBody` is a JSON string there) |
| schedule | scheduler GetSchedule (`Target.Input` is a JSON string there) |
| event rule | events DescribeRule (`EventPattern`: JSON string), `Targets` of ListTargetsByRule |
| state machine | states DescribeStateMachine (`definition` is a JSON string there) |
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

VERSION = 1
"""Of the JSON form; raised when a reader of the old form would misunderstand the new one."""


class Kind(StrEnum):
    """What sort of thing an item is."""

    ALARM = "alarm"
    TOPIC = "topic"
    SUBSCRIPTION = "subscription"
    KEY = "key"
    QUEUE = "queue"
    FUNCTION = "function"
    ROLE = "role"
    MUTE_RULE = "mute rule"
    DETECTOR = "detector"
    LOG_DETECTOR = "log detector"
    METRIC_FILTER = "metric filter"
    DASHBOARD = "dashboard"
    SCHEDULE = "schedule"
    EVENT_RULE = "event rule"
    STATE_MACHINE = "state machine"


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that cannot be seen from here: not computed yet (preview), or secret."""

    of: tuple[str, ...] = ()
    """URNs of the resources it will come from; empty where that is not known either."""
    secret: bool = False
    """True where the value exists and is kept out of the picture on purpose."""

    def __str__(self) -> str:
        if self.secret:
            return "(secret)"
        return "(not known yet)" if self.of else "(not visible here)"


Ref = str | Unknown
"""How one item names another: an ARN (or a name, id or URL where AWS uses that), or unknown."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing AWS holds."""

    kind: Kind
    arn: Ref
    """Its ARN; `Unknown` in a preview where the ARN cannot be computed."""
    data: Mapping[str, Any]
    """In the shape of AWS's own API; any value in it may be `Unknown`."""
    urn: str | None = None
    """URN of the Pulumi resource that declares it; None where it was read from AWS or a file."""
    called: str | None = None
    """The name it has in its declaration: a receiver's, an alarm's key, a topic's severity."""

    @property
    def label(self) -> str:
        """How people call it: as its declaration does, else the last part of the ARN."""
        if self.called:
            return self.called
        if self.urn:
            return self.urn.rsplit("::", 1)[1]
        if isinstance(self.arn, str):
            return self.arn.rsplit(":", 1)[-1].rsplit("/", 1)[-1]
        return "(not known yet)"

    def get(self, key: str, default: Any = None) -> Any:
        """The value of one key of `data`."""
        return self.data.get(key, default)


@dataclass(frozen=True)
class Account:
    """What one AWS account holds in one Region, as far as an alerting stack is concerned.

    Items come in the order in which they were declared or read. Nothing here is complete by
    nature: what is not in the picture may well exist, see `outside`.
    """

    account_id: str
    region: str
    items: tuple[Item, ...] = ()
    partition: str = "aws"
    whole: bool = False
    """True where everything that could be referred to was looked up (a live or in-memory account):
    a reference that leads nowhere is then a missing thing. False for a recording: it may exist."""
    unreadable: Mapping[str, str] = field(default_factory=dict[str, str])
    """ARN to reason, for what was there but could not be read (access denied)."""

    def of(self, kind: Kind) -> tuple[Item, ...]:
        """All items of one kind."""
        return tuple(self._index[0].get(kind, ()))

    def find(self, kind: Kind, ref: Ref | None) -> tuple[Item, ...]:
        """The items of `kind` that `ref` means; empty where it leads out of the picture.

        A known reference matches an ARN or another name AWS accepts for that kind (a key's id or
        alias, a queue's URL, an alarm's or function's name). An unknown one falls back on the
        resources it will come from, so that a first preview can still follow an edge.
        """
        if isinstance(ref, Unknown):
            found = (self._index[2].get((kind, urn)) for urn in ref.of)
            return tuple(item for item in found if item)
        if not isinstance(ref, str):
            return ()  # data from elsewhere may hold anything
        return tuple(self._index[1].get((kind, ref), ()))

    @property
    def alarms(self) -> tuple[Item, ...]:
        """Metric and composite alarms."""
        return self.of(Kind.ALARM)

    def subscriptions_of(self, topic: Item) -> tuple[Item, ...]:
        """The subscriptions that hang on one topic."""
        return tuple(self._subscriptions.get(id(topic), ()))

    def with_items(self, items: Iterable[Item]) -> "Account":
        """The same account holding these items instead."""
        return replace(self, items=tuple(items))

    @property
    def _index(
        self,
    ) -> tuple[
        dict[Kind, list[Item]], dict[tuple[Kind, str], list[Item]], dict[tuple[Kind, str], Item]
    ]:
        made = self.__dict__.get("_made_index")
        if made is None:
            by_kind: dict[Kind, list[Item]] = {}
            by_name: dict[tuple[Kind, str], list[Item]] = {}
            by_urn: dict[tuple[Kind, str], Item] = {}
            for item in self.items:
                by_kind.setdefault(item.kind, []).append(item)
                for name in names(item):
                    by_name.setdefault((item.kind, name), []).append(item)
                if item.urn:
                    by_urn[item.kind, item.urn] = item
            made = self.__dict__["_made_index"] = (by_kind, by_name, by_urn)
        return made

    @property
    def _subscriptions(self) -> dict[int, list[Item]]:
        made = self.__dict__.get("_made_subscriptions")
        if made is None:
            made = self.__dict__["_made_subscriptions"] = {}
            for subscription in self.of(Kind.SUBSCRIPTION):
                for topic in self.find(Kind.TOPIC, subscription.get("TopicArn")):
                    made.setdefault(id(topic), []).append(subscription)
        return made

    def to_json(self) -> str:
        """The versioned JSON form. An `Unknown` becomes `{"$unknown": [urns], "secret": bool}`."""
        return json.dumps(
            {
                "version": VERSION,
                "accountId": self.account_id,
                "region": self.region,
                "partition": self.partition,
                "whole": self.whole,
                "unreadable": dict(self.unreadable),
                "items": [
                    {
                        "kind": i.kind,
                        "arn": encoded(i.arn),
                        "urn": i.urn,
                        "called": i.called,
                        "data": encoded(i.data),
                    }
                    for i in self.items
                ],
            },
            indent=2,
        )

    @classmethod
    def from_json(cls, text: str) -> "Account":
        """Read what `to_json` wrote.

        Raises:
            ValueError: the text is not JSON, or of a version this code does not know.
        """
        raw = json.loads(text)
        if raw.get("version") != VERSION:
            raise ValueError(f"account: version {raw.get('version')!r} is not {VERSION}")
        return cls(
            account_id=raw["accountId"],
            region=raw["region"],
            partition=raw["partition"],
            whole=raw["whole"],
            unreadable=raw["unreadable"],
            items=tuple(
                Item(Kind(i["kind"]), decoded(i["arn"]), decoded(i["data"]), i["urn"], i["called"])
                for i in raw["items"]
            ),
        )


def names(item: Item) -> Iterator[str]:
    """Every name by which AWS lets another resource refer to this item."""
    candidates: list[object] = [item.arn]
    match item.kind:
        case Kind.ALARM:
            candidates.append(item.get("AlarmName"))
        case Kind.KEY:
            candidates.append(item.get("KeyId"))
            aliases = item.get("Aliases")
            for alias in aliases if isinstance(aliases, list | tuple) else ():
                candidates.append(alias)
                if isinstance(item.arn, str) and isinstance(alias, str):
                    candidates.append(f"{item.arn.rsplit(':', 1)[0]}:{alias}")
        case Kind.QUEUE:
            candidates.append(item.get("QueueUrl"))
        case Kind.FUNCTION:
            candidates.append(item.get("FunctionName"))
        case Kind.ROLE:
            candidates.append(item.get("RoleName"))
        case _:
            pass
    return iter(dict.fromkeys(name for name in candidates if isinstance(name, str)))


def encoded(value: Any) -> Any:
    """The JSON form of a value that may hold `Unknown`s."""
    if isinstance(value, Unknown):
        return {"$unknown": list(value.of), "secret": value.secret}
    if isinstance(value, Mapping):
        return {k: encoded(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [encoded(v) for v in value]
    return value


def decoded(value: Any) -> Any:
    """The value whose JSON form `encoded` gave."""
    if isinstance(value, dict):
        if "$unknown" in value:
            return Unknown(tuple(value["$unknown"]), value.get("secret", False))
        return {k: decoded(v) for k, v in value.items()}
    if isinstance(value, list):
        return [decoded(v) for v in value]
    return value
