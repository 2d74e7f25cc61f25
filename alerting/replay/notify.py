"""From what is published to the messages that receivers get."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from alerting.account.model import Account, Item, Ref
from alerting.replay.announcement import Announcement, Occasion
from alerting.replay.announcements import announcements
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
"""Given who publishes (an alarm, or a state machine), what it tells and the message per protocol:
who gets it."""


@dataclass(frozen=True, slots=True, eq=False)
class Notification(Generic[D]):
    """One message to one receiver."""

    announcement: Announcement
    """What was published."""
    body: str
    """In the receiver's protocol."""
    delivery: D
    """Whom it is for and whether it arrives."""

    @property
    def time(self) -> int:
        """When it was published, in epoch seconds."""
        return self.announcement.time

    @property
    def change(self) -> Change:
        """The state change it tells of."""
        return self.announcement.change

    @property
    def action(self) -> Ref:
        """What was told: the ARN of a topic, as a rule."""
        return self.announcement.action

    @property
    def subject(self) -> str:
        """Of the SNS message; shown by e-mail alone."""
        return self.announcement.subject

    @property
    def delivered(self) -> bool:
        """Whether it arrives."""
        return self.delivery.delivered


@dataclass(frozen=True, slots=True, eq=False)
class Telling(Generic[D]):
    """All that is told of one change at one moment, on one occasion."""

    time: int
    """Epoch seconds."""
    change: Change
    occasion: Occasion
    words: str
    """The occasion, and of a reminder which one it is: `reminder 1 of 3`."""
    deliveries: tuple[D, ...]
    """To all receivers, by way of all actions."""

    @property
    def told(self) -> tuple[str, ...]:
        """The receivers that are told, each once."""
        return tuple(dict.fromkeys(one.receiver for one in self.deliveries if one.delivered))


def notifications(
    account: Account, replay: Replay, courier: Courier[D]
) -> Iterator[Notification[D]]:
    """The notifications of a replay, in the order of time.

    Args:
        account: The one that was replayed.
        replay: Its changes.
        courier: Decides who gets a message.
    """
    for said in announcements(account, replay):
        publisher = said.publisher or said.change.alarm
        for delivery in courier(publisher, said.action, said.bodies):
            body = said.bodies.get(delivery.protocol, said.bodies["default"])
            yield Notification(said, body, delivery)


def tellings(notes: Iterable[Notification[D]]) -> tuple[Telling[D], ...]:
    """Notifications put together by change, moment and occasion, in the order they came in."""
    found: dict[tuple[int, int, str], list[Notification[D]]] = {}
    for note in notes:
        key = note.time, id(note.change), note.announcement.words
        found.setdefault(key, []).append(note)
    return tuple(
        Telling(
            time,
            group[0].change,
            group[0].announcement.occasion,
            words,
            tuple(note.delivery for note in group),
        )
        for (time, _, words), group in found.items()
    )
