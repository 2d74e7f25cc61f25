"""From state changes to the messages that receivers get."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from alerting.account.model import Account, Item, Ref, Unknown
from alerting.cloudwatch.messages import Transition, bodies, subject
from alerting.cloudwatch.reason import long_time
from alerting.cloudwatch.state import State
from alerting.replay.engine import Change, Replay

_ACTIONS = {
    State.OK: "OKActions",
    State.ALARM: "AlarmActions",
    State.INSUFFICIENT_DATA: "InsufficientDataActions",
}


class Delivery(Protocol):
    """What became of one message on its way to one receiver; decided elsewhere."""

    @property
    def subscription(self) -> Item | None:
        """None where the receiver is told without one, or there is none."""
        ...

    @property
    def protocol(self) -> str:
        """Of the subscription."""
        ...

    @property
    def receiver(self) -> str:
        """How people call the receiver."""
        ...

    @property
    def delivered(self) -> bool:
        """Whether the message arrives."""
        ...

    @property
    def why(self) -> str:
        """Why it does not."""
        ...


Courier = Callable[[Item, Ref, Mapping[str, str]], Iterable[Delivery]]
"""Given an alarm, one of its actions and the message per protocol: who gets it."""


@dataclass(frozen=True, slots=True, eq=False)
class Notification:
    """One message to one receiver, told of one state change."""

    change: Change
    action: Ref
    """The alarm's action that sent it: the ARN of a topic, as a rule."""
    subject: str
    """Of the SNS message; shown by e-mail alone."""
    body: str
    """In the receiver's protocol."""
    delivery: Delivery
    """Whom it is for and whether it arrives."""

    @property
    def time(self) -> int:
        """Of the change, in epoch seconds."""
        return self.change.time

    @property
    def delivered(self) -> bool:
        """Whether it arrives."""
        return self.delivery.delivered


def notifications(account: Account, replay: Replay, courier: Courier) -> Iterator[Notification]:
    """The notifications of a replay, in the order of time.

    CloudWatch user guide, "Alarm actions": only a change of state runs actions, and only those of
    the new state; none where actions are disabled.

    Args:
        account: The one that was replayed.
        replay: Its changes.
        courier: Decides who gets a message.
    """
    for change in replay.changes:
        actions = actions_of(change.alarm, change.new)
        if not actions:
            continue
        alarm = _as_held(account, change.alarm, replay.start)
        transition = Transition(change.time, change.old, change.new, change.reason)
        texts, title = bodies(alarm, transition), subject(alarm, transition)
        for action in actions:
            for delivery in courier(change.alarm, action, texts):
                body = texts.get(delivery.protocol, texts["default"])
                yield Notification(change, action, title, body, delivery)


def actions_of(alarm: Item, state: State) -> tuple[Ref, ...]:
    """What an alarm tells when it enters a state; nothing where its actions are disabled."""
    if alarm.get("ActionsEnabled") is False:
        return ()
    given = alarm.get(_ACTIONS[state]) or ()
    return (given,) if isinstance(given, Unknown) else tuple(given)


def _as_held(account: Account, alarm: Item, since: int) -> Mapping[str, Any]:
    """The alarm with what AWS adds on its own, where the account does not know it."""
    name = alarm.get("AlarmName")
    name = name if isinstance(name, str) else alarm.label
    where = f"arn:{account.partition}:cloudwatch:{account.region}:{account.account_id}"
    arn = next(
        (one for one in (alarm.get("AlarmArn"), alarm.arn) if isinstance(one, str)),
        f"{where}:alarm:{name}",
    )
    updated = alarm.get("AlarmConfigurationUpdatedTimestamp") or long_time(since)
    return {
        **alarm.data,
        "AlarmName": name,
        "AlarmArn": arn,
        "AlarmConfigurationUpdatedTimestamp": updated,
    }
