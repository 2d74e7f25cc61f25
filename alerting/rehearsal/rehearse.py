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
from alerting.cloudwatch.reason import Datapoint
from alerting.delivery import Courier, Delivery, courier
from alerting.recording import record
from alerting.rehearsal.cloud import memory_cloud
from alerting.rehearsal.library import Feed, feed, metrics_of, shipped_recordings
from alerting.replay import Bands, Change, MetricKey, Replay, notifications, replay
from alerting.replay.announcements import actions_of
from alerting.replay.composites import is_composite
from alerting.stackfile import StackFile

NO_DATA = "no data"
"""How an alarm without a recording is marked: it is driven to ALARM and back by hand."""


@dataclass(frozen=True)
class Event:
    """One state change, and who was told of it."""

    alarm: Item
    old: str
    new: str
    reason: str
    """In CloudWatch's words."""
    told: tuple[Delivery, ...]
    time: int | None = None
    """The tick, in epoch seconds; None for an alarm driven by hand."""
    datapoint: Datapoint | None = None
    """The newest datapoint it was decided on; None for a composite."""
    threshold: float | None = None
    """The fixed limit; None for a composite, and for a band, whose edges stand in the datapoint."""


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

    @property
    def has_band(self) -> bool:
        """Whether an alarm on a band was replayed."""
        histories = self.replay.histories if self.replay else ()
        watched = (history.watched for history in histories)
        return any(what is not None and what.band_width is not None for what in watched)

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
        """The alarms of which no receiver was ever told."""
        heard = {id(event.alarm) for event in self.events if any(d.delivered for d in event.told)}
        fired = {id(event.alarm) for event in self.events if event.new == State.ALARM}
        return tuple(a for a in self.account.alarms if id(a) in fired and id(a) not in heard)


def rehearse(
    stack: StackFile,
    *,
    recordings: Mapping[str, Path],
    bands: Bands | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Rehearsal:
    """Run the stack's program against an in-memory AWS and replay what its alarms would have seen.

    Args:
        stack: the stack's config; the program is the one beside it.
        recordings: recordings by alarm, instead of the ones that ship.
        bands: where bands come from; None: band alarms are deployed and driven, not replayed.
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
    played = replay(account, data.data, bands=bands) if data.data else None
    replayed = {id(history.alarm) for history in played.histories} if played else set[int]()
    deliver = courier(account)
    events: list[Event] = []
    if played is not None:
        told: dict[int, list[Delivery]] = {}
        for note in notifications(account, played, deliver):
            told.setdefault(id(note.change), []).append(note.delivery)
        events += [_event(change, told.get(id(change), [])) for change in played.changes]
    fed = set(data.sources)
    untested = {
        skipped.alarm.label: skipped.reason if _has_cause(skipped.alarm, fed) else NO_DATA
        for skipped in (played.skipped if played else ())
    }
    for alarm in account.alarms:
        if id(alarm) not in replayed:
            events += _driven(alarm, untested.setdefault(alarm.label, NO_DATA), deliver)
    secrets = tuple(sorted(key.split(":", 1)[1] for key in stack.secret_keys))
    return Rehearsal(
        stack.stack, deployment, account, data, tuple(events), untested, secrets, played
    )


def _has_cause(alarm: Item, fed: set[MetricKey]) -> bool:
    """Whether more can be said than that there is no recording."""
    return is_composite(alarm) or bool(metrics_of(alarm) & fed)


def _event(change: Change, told: list[Delivery]) -> Event:
    seen = [point for point in change.datapoints if point.value is not None]
    return Event(
        alarm=change.alarm,
        old=change.old,
        new=change.new,
        reason=change.reason,
        told=tuple(told),
        time=change.time,
        datapoint=seen[-1] if seen else None,
        threshold=change.threshold,
    )


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
