"""What is published because of the state changes of a replay."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from alerting.account.model import Account
from alerting.cloudwatch.messages import bodies, default_body, subject
from alerting.cloudwatch.transition import Transition
from alerting.replay.announcement import Announcement, Occasion
from alerting.replay.held import actions_of, as_held
from alerting.replay.history import Change, Replay
from alerting.replay.holds import Ending, holds
from alerting.replay.reminders import reminders

Source = Callable[[Account, Replay], Iterable[Announcement]]


def announcements(account: Account, replay: Replay) -> Iterator[Announcement]:
    """What is published, in the order of time; at one moment in the order of `SOURCES`.

    Args:
        account: The one that was replayed.
        replay: Its changes.
    """
    found = (one for source in SOURCES for one in source(account, replay))
    yield from sorted(found, key=lambda one: one.time)


def of_changes(account: Account, replay: Replay) -> Iterator[Announcement]:
    """What the alarms' own actions publish, at once or late, in the order of the changes.

    CloudWatch user guide, "Alarm actions": only a change of state runs actions, and only those of
    the new state; none where actions are disabled. Mute rules and suppressors hold them back.
    """
    held = {id(one.change): one for one in holds(account, replay)}
    for change in replay.changes:
        told = actions_of(change.alarm, change.new)
        if not told:
            continue
        time, occasion = change.time, Occasion.CHANGE
        if hold := held.get(id(change)):
            if hold.ending is not Ending.RAN:
                continue
            time = hold.end
            after_mute = hold.stretches[-1].suppressed_by is None
            occasion = Occasion.AFTER_MUTE_WINDOW if after_mute else Occasion.AFTER_SUPPRESSION
        alarm = as_held(account, change.alarm, replay.start)
        transition = _transition(change, occasion)
        texts, title = bodies(alarm, transition), subject(alarm, transition)
        for action in told:
            yield Announcement(time, change, action, title, texts, occasion)


SOURCES: tuple[Source, ...] = (of_changes, reminders)
"""All that publishes. Whatever tells people on its own account is one more function here, with an
`Occasion` of its own."""


def message(
    account: Account, change: Change, since: int, occasion: Occasion = Occasion.CHANGE
) -> dict[str, Any]:
    """The message of a change in CloudWatch's JSON, as a document.

    Args:
        account: The one that was replayed.
        change: What it tells.
        since: When the alarm is taken to have been put; epoch seconds.
        occasion: Why it is told.
    """
    return default_body(as_held(account, change.alarm, since), _transition(change, occasion))


def _transition(change: Change, occasion: Occasion) -> Transition:
    return Transition(
        change.time,
        change.old,
        change.new,
        change.reason,
        after_mute_window=occasion is Occasion.AFTER_MUTE_WINDOW,
        children=change.children,
    )
