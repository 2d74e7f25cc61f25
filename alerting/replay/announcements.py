"""What is published because of the state changes of a replay."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from alerting.account.model import Account, Item, Ref
from alerting.cloudwatch.actions import actions
from alerting.cloudwatch.messages import bodies, default_body, subject
from alerting.cloudwatch.state import State
from alerting.cloudwatch.transition import Transition
from alerting.replay.held import as_held
from alerting.replay.history import Change, Replay


@dataclass(frozen=True, slots=True, eq=False)
class Announcement:
    """One message to one topic, or whatever else an action may be."""

    time: int
    """When it is published, in epoch seconds."""
    change: Change
    """The state change it tells of."""
    action: Ref
    """What is told: the ARN of a topic, as a rule."""
    subject: str
    """Of the SNS message."""
    bodies: Mapping[str, str]
    """The message by protocol; `default` for those without one of their own."""


def announcements(account: Account, replay: Replay) -> Iterator[Announcement]:
    """What is published, in the order of time.

    CloudWatch user guide, "Alarm actions": only a change of state runs actions, and only those of
    the new state; none where actions are disabled.

    Args:
        account: The one that was replayed.
        replay: Its changes.
    """
    for change in replay.changes:
        told = actions_of(change.alarm, change.new)
        if not told:
            continue
        alarm, transition = as_held(account, change.alarm, replay.start), _transition(change)
        texts, title = bodies(alarm, transition), subject(alarm, transition)
        for action in told:
            yield Announcement(change.time, change, action, title, texts)


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
