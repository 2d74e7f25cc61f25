"""From an alarm to the topic or function it tells."""

from dataclasses import dataclass, replace

from alerting.account import Account, Item, Kind, Ref, Unknown
from alerting.cloudwatch import State
from alerting.cloudwatch.actions import actions as actions_of
from alerting.delivery.judging import (
    judge_key,
    judge_policy,
    look_up,
    reference,
    unreadable,
)
from alerting.delivery.machines import machine_steps
from alerting.delivery.requests import Place, act, alarm_place, encrypt, place, publish
from alerting.delivery.steps import Outcome, Step
from alerting.sns.arn import parse_arn

STATES = (State.ALARM, State.OK, State.INSUFFICIENT_DATA)
"""In the order in which people ask who is told of them."""

_TOLD = {"sns": Kind.TOPIC, "lambda": Kind.FUNCTION, "": Kind.TOPIC}
"""What an action tells, by the service in its ARN; what is no ARN was meant to be a topic's."""


def actions(alarm: Item, state: State) -> tuple[Ref, ...]:
    """What an alarm does on entering a state: ARNs, or references that are not known yet."""
    return tuple(dict.fromkeys(map(reference, actions_of(alarm.data, state))))


def service_of(action: str) -> str:
    """The AWS service in an action's ARN; empty where it is no ARN."""
    parts = action.split(":")
    return parts[2] if parts[0] == "arn" and len(parts) >= 5 else ""


@dataclass(frozen=True, slots=True)
class Target:
    """One thing an alarm tells."""

    action: Ref
    """As the alarm has it."""
    item: Item | None
    """The topic, or a function that is invoked without one; None where it cannot be seen."""
    found: Step
    """How it was found."""


def targets(account: Account, alarm: Item, action: Ref) -> tuple[Target, ...]:
    """The topics and functions an action means; none where it tells nobody (EC2, Auto Scaling).

    An action that is not known yet may mean any of the things its value will come from.
    """
    if isinstance(action, Unknown):
        seen = (*account.find(Kind.TOPIC, action), *account.find(Kind.FUNCTION, action))
        if not seen:
            found = look_up(account, Kind.TOPIC, action, "topic", owner=alarm, missing="")
            return (Target(action, *found),)
        return tuple(Target(i.arn, i, Step(i.kind, Outcome.OK, about=i)) for i in seen)
    kind = _TOLD.get(service_of(action))
    if kind is None:
        return ()
    for why, rule in (
        (_not_of(kind, action), "action-refused"),
        (elsewhere(alarm_place(account, alarm), action), "action-elsewhere"),
    ):
        if why:
            step = Step(kind, Outcome.BROKEN, why, rule, about=alarm)
            return (Target(action, None, step),)
    item, found = look_up(account, kind, action, kind, owner=alarm, missing="action-missing")
    owner = owner_elsewhere(account, alarm, action)
    if item is None and owner is not None and action not in account.unreadable:
        here = alarm_place(account, alarm).account
        why = f"the topic is of account {owner}, whose policy on it must let alarms of {here} in"
        found = replace(found, why=why)
    return (Target(action, item, found),)


def owner_elsewhere(account: Account, alarm: Item, action: Ref) -> str | None:
    """The account that owns a topic which is not its alarm's; None where it is, or is no topic."""
    if isinstance(action, Unknown) or service_of(action) != "sns":
        return None
    owner = place(account, action).account
    return None if owner == alarm_place(account, alarm).account else owner


def _not_of(kind: Kind, action: str) -> str:
    """Why an action is not the ARN of such a thing; empty where it is."""
    arn = parse_arn(action)
    fits = arn is not None and not (kind is Kind.TOPIC and ":" in arn.resource)
    return "" if fits else f"{action!r} is not the ARN of a {kind}"


def elsewhere(alarm: Place, action: str) -> str:
    """Why an action is in another Region or partition than its alarm; empty where it is not."""
    _, partition, service, region = (*action.split(":"), "", "", "")[:4]
    if partition and partition != alarm.partition:
        return f"its action on {service} is in the partition {partition}, not in {alarm.partition}"
    if region and region != alarm.region:
        return f"its action on {service} is in {region}, the alarm in {alarm.region}"
    return ""


def publish_steps(account: Account, alarm: Item, target: Item) -> tuple[Step, ...]:
    """Whether an alarm gets through to a topic (its policy, its key) or to a function.

    In the place of the alarm a state machine may stand, which publishes with its role.
    """
    if alarm.kind is Kind.STATE_MACHINE:
        return tuple(machine_steps(account, alarm, target))
    here, there = alarm_place(account, alarm), place(account, target.arn)
    if target.kind is Kind.FUNCTION:
        request = act(here, there)
        return (
            judge_policy(
                account, target, request, "permission", who="CloudWatch", rule="function-closed"
            ),
        )
    steps = (_topic_policy(account, here, there, target),)
    ref = target.get("KmsMasterKeyId")
    if not ref:
        return steps
    key = judge_key(
        account,
        target,
        reference(ref),
        lambda key, action: encrypt(here, there, key, action),
        service="sns",
        region=there.region,
        who="CloudWatch",
    )
    return (*steps, key)


def _topic_policy(account: Account, alarm: Place, topic: Place, item: Item) -> Step:
    if item.get("Policy") or unreadable(account, item):
        return judge_policy(
            account,
            item,
            publish(alarm, topic),
            "topic policy",
            who="CloudWatch",
            rule="topic-policy-closed",
        )
    # SNS developer guide: a new topic's policy lets everybody of the owner's account in.
    if alarm.account == topic.account:
        return Step("topic policy", Outcome.OK, about=item)
    why = f"the topic has its first policy, which lets nobody in from account {alarm.account}"
    return Step("topic policy", Outcome.BROKEN, why, "topic-policy-closed", about=item)
