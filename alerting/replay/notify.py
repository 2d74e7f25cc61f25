"""From state changes to the messages that receivers get."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from alerting.account.model import Account, Item, Ref
from alerting.cloudwatch.actions import actions
from alerting.cloudwatch.messages import bodies, default_body, subject
from alerting.cloudwatch.state import State
from alerting.cloudwatch.transition import Transition
from alerting.replay.held import as_held
from alerting.replay.history import Change, Replay


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


D = TypeVar("D", bound=Delivery, covariant=True)

Courier = Callable[[Item, Ref, Mapping[str, str]], Iterable[D]]
"""Given an alarm, one of its actions and the message per protocol: who gets it."""


@dataclass(frozen=True, slots=True, eq=False)
class Notification(Generic[D]):
    """One message to one receiver, told of one state change."""

    change: Change
    action: Ref
    """The alarm's action that sent it: the ARN of a topic, as a rule."""
    subject: str
    """Of the SNS message; shown by e-mail alone."""
    body: str
    """In the receiver's protocol."""
    delivery: D
    """Whom it is for and whether it arrives."""

    @property
    def time(self) -> int:
        """Of the change, in epoch seconds."""
        return self.change.time

    @property
    def delivered(self) -> bool:
        """Whether it arrives."""
        return self.delivery.delivered


def notifications(
    account: Account, replay: Replay, courier: Courier[D]
) -> Iterator[Notification[D]]:
    """The notifications of a replay, in the order of time.

    CloudWatch user guide, "Alarm actions": only a change of state runs actions, and only those of
    the new state; none where actions are disabled.

    Args:
        account: The one that was replayed.
        replay: Its changes.
        courier: Decides who gets a message.
    """
    for change in replay.changes:
        told = actions_of(change.alarm, change.new)
        if not told:
            continue
        alarm, transition = as_held(account, change.alarm, replay.start), _transition(change)
        texts, title = bodies(alarm, transition), subject(alarm, transition)
        for action in told:
            for delivery in courier(change.alarm, action, texts):
                body = texts.get(delivery.protocol, texts["default"])
                yield Notification(change, action, title, body, delivery)


def message(account: Account, change: Change, since: int) -> dict[str, Any]:
    """The message of a change in CloudWatch's JSON, as a document.

    Args:
        account: The one that was replayed.
        change: What it tells.
        since: When the alarm is taken to have been put; epoch seconds.
    """
    return default_body(as_held(account, change.alarm, since), _transition(change))


def actions_of(alarm: Item, state: State) -> tuple[Ref, ...]:
    """What an alarm tells when it enters a state; nothing where its actions are disabled."""
    return () if alarm.get("ActionsEnabled") is False else actions(alarm.data, state)


def _transition(change: Change) -> Transition:
    return Transition(change.time, change.old, change.new, change.reason, children=change.children)
