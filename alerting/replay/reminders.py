"""Reminders: what state machines publish because an alarm changed its state.

The machines of an account are run as they are deployed (`states.started`): an event rule picks the
event of a change, hands it on as its target says, and the definition runs on the replay's clock.
Of mute rules it knows what the event says, of suppressors what DescribeAlarms says at each look.

An event takes no time from CloudWatch to the machine here, and a task none to be done.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from alerting.account.model import Account, Kind
from alerting.cloudwatch.event import Muted, state_change_event
from alerting.cloudwatch.transition import Transition
from alerting.events.transformer import TransformerError
from alerting.replay.announcement import Announcement, Occasion
from alerting.replay.held import as_held
from alerting.replay.history import Change, Replay
from alerting.replay.mutes import mute_windows
from alerting.states.started import started_by_alarms
from alerting.states.timestamps import timestamp


def reminders(account: Account, replay: Replay) -> Iterator[Announcement]:
    """What the machines publish, change by change.

    Args:
        account: The one that was replayed.
        replay: Its changes.
    """
    machines, _ = started_by_alarms(account)
    if not machines:
        return
    cloud = _Cloud(account, replay)
    for change in replay.changes:
        event = cloud.event(change)
        for started in machines:
            if not started.picks(event):
                continue
            with suppress(TransformerError):  # EventBridge drops what it cannot hand on
                run = started.run(event, cloud.look, start=change.time, end=replay.end)
                for said in run.published:
                    yield Announcement(
                        int(said.time),
                        change,
                        said.topic,
                        said.subject,
                        said.bodies,
                        Occasion.REMINDER,
                        publisher=started.item,
                        count=said.count,
                    )


class _Cloud:
    """What CloudWatch says of a replay: events, and the states of alarms at any time."""

    def __init__(self, account: Account, replay: Replay) -> None:
        self._account, self._replay = account, replay
        self._mutes = mute_windows(account, replay.start, replay.end)
        self._histories = {id(one.alarm): one for one in replay.histories}

    def event(self, change: Change) -> dict[str, Any]:
        """The event of a change."""
        return state_change_event(
            as_held(self._account, change.alarm, self._replay.start),
            Transition(change.time, change.old, change.new, change.reason),
            muted=self._muted(change),
            suppressed_by=self._suppressed_by(change, change.time),
        )

    def look(self, parameters: Mapping[str, Any], time: float) -> dict[str, Any]:
        """DescribeAlarms, of alarms by name."""
        found: dict[str, list[dict[str, Any]]] = {"MetricAlarms": [], "CompositeAlarms": []}
        for name in parameters.get("AlarmNames", ()):
            for alarm in self._account.find(Kind.ALARM, name):
                history = self._histories.get(id(alarm))
                changes = history.changes if history else ()
                last = next((one for one in reversed(changes) if one.time <= time), None)
                if last is not None:
                    composite = alarm.get("AlarmRule") is not None
                    kind = "CompositeAlarms" if composite else "MetricAlarms"
                    found[kind].append(self._item(last, int(time)))
        return found

    def _item(self, last: Change, time: int) -> dict[str, Any]:
        """An alarm whose last change it was."""
        suppressed = self._suppressed_by(last, time)
        item = {
            "ActionsEnabled": True,
            **as_held(self._account, last.alarm, self._replay.start),
            "StateValue": str(last.new),
            "StateReason": last.reason,
            "StateTransitionedTimestamp": timestamp(last.time),
            **({"ActionsSuppressedBy": suppressed} if suppressed else {}),
        }
        return json.loads(json.dumps(item, default=str))  # nothing unknown, no datetimes

    def _muted(self, change: Change) -> Muted | None:
        windows = self._mutes.get(id(change.alarm), ())
        found = [one for one in windows if one.opens <= change.time < one.closes]
        if not found:
            return None
        last = max(found, key=lambda one: one.closes)
        return Muted(str(last.rule.arn), last.opens, last.closes)

    def _suppressed_by(self, change: Change, time: int) -> str | None:
        """What its suppressor says to the actions of a change, at a time after it."""
        suppression = self._histories[id(change.alarm)].suppression
        found = suppression.at(change.time, time) if suppression else None
        return str(found[1]) if found else None
