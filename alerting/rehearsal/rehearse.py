"""Deploys a stack in memory, replays recorded metric data, and follows every notification."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from alerting.account.deployment import Deployment
from alerting.account.model import Account, Item
from alerting.account.names import declared_by
from alerting.cloudwatch import State
from alerting.cloudwatch.messages import Transition, bodies
from alerting.delivery import Courier, Delivery, courier
from alerting.delivery.composites import used_by_others
from alerting.recording import record
from alerting.rehearsal.cloud import memory_cloud
from alerting.rehearsal.event import NO_DATA, Event, change_event, later_event
from alerting.rehearsal.library import (
    Feed,
    feed,
    metrics_of,
    never_replayed,
    shipped_recordings,
)
from alerting.replay import (
    Bands,
    Ending,
    MetricKey,
    Occasion,
    Replay,
    holds,
    notifications,
    replay,
    tellings,
)
from alerting.replay.composites import is_composite
from alerting.replay.held import actions_of
from alerting.stackfile import StackFile


@dataclass(frozen=True)
class Rehearsal:
    """All that a rehearsal shows."""

    stack: str
    deployment: Deployment
    account: Account
    feed: Feed
    events: tuple[Event, ...]
    """In the order of time; those of alarms driven by hand last."""
    untested: Mapping[str, str]
    """Alarms whose recording was not replayed, and why."""
    secrets: tuple[str, ...]
    """Names of the secret config keys, whose values are not known offline."""
    replay: Replay | None
    """None where no alarm has a recording."""
    bands: Bands | None
    """Where its bands came from."""

    @property
    def has_band(self) -> bool:
        """Whether an alarm on a band was replayed."""
        histories = self.replay.histories if self.replay else ()
        watched = (history.watched for history in histories)
        return any(what is not None and what.band_width is not None for what in watched)

    @property
    def changes(self) -> tuple[Event, ...]:
        """The state changes among the events."""
        return tuple(event for event in self.events if event.later is None)

    @property
    def lost(self) -> tuple[tuple[Event, Delivery], ...]:
        """The notifications that reach nobody, though somebody ought to be told."""
        return tuple(
            (event, delivery)
            for event in self.events
            for delivery in event.told
            if not delivery.delivered and delivery.rule
        )

    @property
    def unheard(self) -> tuple[Item, ...]:
        """The alarms of which no receiver was ever told, though nothing held the message back.

        A part of a composite that has no actions of its own speaks through that.
        """
        silent = {id(one) for one in self.account.alarms if not actions_of(one, State.ALARM)}
        silent &= used_by_others(self.account)
        heard = {id(event.alarm) for event in self.events if any(d.delivered for d in event.told)}
        heard |= {id(e.alarm) for e in self.events if e.held and e.held.ending is not Ending.RAN}
        fired = {id(event.alarm) for event in self.events if event.new == State.ALARM}
        return tuple(a for a in self.account.alarms if id(a) in fired - heard - silent)


def rehearse(
    stack: StackFile,
    *,
    recordings: Mapping[str, Path],
    bands: Callable[[Account], Bands] | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Rehearsal:
    """Run the stack's program against an in-memory AWS and replay what its alarms would have seen.

    Args:
        stack: the stack's config; the program is the one beside it.
        recordings: recordings by alarm, instead of the ones that ship.
        bands: where the bands of an account come from; None: band alarms are deployed and driven,
            not replayed.
        say: is told what is being done.

    Raises:
        BadInput: a recording that cannot be used.
        Exception: what the program raises.
    """
    with memory_cloud() as cloud:
        say(f"deploying {stack.stack} in memory")
        deployment = record(
            stack.program,
            config=stack.config,
            secret_keys=stack.secret_keys,
            stack=stack.stack,
            account=cloud.account_id,
            region=cloud.region,
            creator=cloud.create,
        )
        say("reading the account back")
        account = declared_by(cloud.read(), deployment)
    account = account.with_items(sorted(account.items, key=lambda item: (item.kind, item.label)))
    say("reading recordings")
    data = feed(account, recordings, shipped_recordings(stack.path.parent / "examples/recordings"))
    say("replaying")
    learned = bands(account) if bands else None
    played = replay(account, data.data, bands=learned) if data.data else None
    replayed = {id(history.alarm) for history in played.histories} if played else set[int]()
    deliver = courier(account)
    events: list[Event] = []
    if played is not None:
        told = tellings(notifications(account, played, deliver))
        held = {id(one.change): one for one in holds(account, played)}
        now = {id(o.change): o.deliveries for o in told if o.occasion is Occasion.CHANGE}
        events += [
            change_event(change, now.get(id(change), ()), held.get(id(change)))
            for change in played.changes
        ]
        events += [later_event(one) for one in told if one.occasion is not Occasion.CHANGE]
        events.sort(key=lambda event: event.time or 0)
    fed = set(data.sources)
    untested = {
        skipped.alarm.label: skipped.reason if _has_cause(skipped.alarm, fed) else NO_DATA
        for skipped in (played.skipped if played else ())
    }
    for alarm in account.alarms:
        if id(alarm) not in replayed:
            why = untested.setdefault(alarm.label, never_replayed(alarm) or NO_DATA)
            events += _driven(alarm, why, deliver)
    secrets = tuple(sorted(key.split(":", 1)[1] for key in stack.secret_keys))
    return Rehearsal(
        stack.stack, deployment, account, data, tuple(events), untested, secrets, played, learned
    )


def _has_cause(alarm: Item, fed: set[MetricKey]) -> bool:
    """Whether more can be said than that there is no recording."""
    known = is_composite(alarm) or never_replayed(alarm) is not None
    return known or bool(metrics_of(alarm) & fed)


def _driven(alarm: Item, why: str, deliver: Courier) -> list[Event]:
    """To ALARM and back once, so that the path is shown where there is nothing to replay."""
    events: list[Event] = []
    for old, new in ((State.OK, State.ALARM), (State.ALARM, State.OK)):
        cause = "there is no recording of its metric" if why == NO_DATA else why
        reason = f"Set to {new} by the rehearsal: {cause}."
        moment = datetime(2024, 1, 1, tzinfo=UTC).timestamp()
        texts = bodies(alarm.data, Transition(moment, old, new, reason))
        told = [d for action in actions_of(alarm, new) for d in deliver(alarm, action, texts)]
        events.append(Event(alarm, old, new, reason, tuple(told)))
    return events
