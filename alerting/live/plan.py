"""Which alarms are set so that every topic is tried, disturbing as little as possible."""

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from botocore.exceptions import BotoCoreError, ClientError

from alerting.account.model import Account, Item, Kind
from alerting.cloudwatch.state import State
from alerting.delivery.publishing import actions, service_of
from alerting.live.clients import Connection
from alerting.live.reader import looks_at

_HARMLESS = ("sns", "lambda")


@dataclass(frozen=True, slots=True)
class Trial:
    """One alarm to set, and the topics that have to hear of it."""

    alarm: Item
    state: State
    """What it is set to."""
    before: State
    """What it is in, and is put back to."""
    topics: tuple[str, ...]
    """ARNs."""
    parents: tuple[str, ...] = ()
    """Names of composite alarms that may change with it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Which alarms are set to try all topics."""

    trials: tuple[Trial, ...]
    untried: dict[str, str]
    """Topics that no alarm can try now, and why."""


def plan(
    connection: Connection, live: Account, alarms: Sequence[Item], heartbeats: Collection[str] = ()
) -> Plan:
    """Choose one alarm for each topic that the alarms tell, as few as possible.

    Rather one of `heartbeats`, by name: they are there to be set, and fewer people hear them.
    Alarms that stop or scale something are never set. An alarm that is in ALARM already is set to
    OK, if it tells that; setting it to the state it is in would do nothing.
    """
    topics = dict.fromkeys(t for alarm in alarms for s in State for t in _topics(live, alarm, s))
    needed = {name for alarm in live.alarms for name in looks_at(alarm.data)}
    trials: list[Trial] = []
    untried: dict[str, str] = {}
    for topic in topics:
        if any(topic in trial.topics for trial in trials):
            continue
        found = [trial for alarm in alarms if (trial := _trial(live, alarm, topic))]
        if found:
            trials.append(min(found, key=lambda trial: _reluctance(needed, heartbeats, trial)))
        else:
            untried[topic] = _why_untried(live, alarms, topic)
    return Plan(tuple(_with_parents(connection, trial) for trial in trials), untried)


def _trial(live: Account, alarm: Item, topic: str) -> Trial | None:
    before = State(alarm.get("StateValue", State.INSUFFICIENT_DATA))
    state = State.OK if before is State.ALARM else State.ALARM
    topics = _topics(live, alarm, state)
    if topic not in topics or alarm.get("ActionsEnabled") is False or muted(live, alarm):
        return None
    if any(service_of(str(a)) not in _HARMLESS for s in (state, before) for a in actions(alarm, s)):
        return None
    return Trial(alarm, state, before, topics)


def _topics(live: Account, alarm: Item, state: State) -> tuple[str, ...]:
    """The topics an alarm tells of a state, where they can be seen."""
    found = (action for action in actions(alarm, state) if live.find(Kind.TOPIC, action))
    return tuple(str(action) for action in found)


def muted(live: Account, alarm: Item) -> bool:
    """Whether a mute rule holds an alarm's actions back right now."""
    return any(
        alarm.get("AlarmName") in rule.get("MuteTargets", {}).get("AlarmNames", ())
        for rule in live.of(Kind.MUTE_RULE)
        if rule.get("Status") == "ACTIVE"
    )


def _reluctance(
    needed: Collection[str], heartbeats: Collection[str], trial: Trial
) -> tuple[bool, bool, bool, bool, int]:
    """Rather a heartbeat, one nothing depends on, no composite, one of ALARM, of many topics."""
    return (
        trial.alarm.get("AlarmName") not in heartbeats,
        trial.alarm.get("AlarmName") in needed,
        "AlarmRule" in trial.alarm.data,
        trial.state is State.OK,
        -len(trial.topics),
    )


def _why_untried(live: Account, alarms: Iterable[Item], topic: str) -> str:
    telling = [a for a in alarms if any(topic in _topics(live, a, state) for state in State)]
    if all(alarm.get("ActionsEnabled") is False for alarm in telling):
        return "the actions of every alarm that tells it are switched off"
    if all(muted(live, alarm) for alarm in telling):
        return "a mute rule holds back every alarm that tells it"
    return (
        "no alarm that tells it can be set now: an alarm that is in ALARM already, that tells "
        "another state only, or that also stops or scales something is left alone"
    )


def _with_parents(connection: Connection, trial: Trial) -> Trial:
    """The trial with the composites above its alarm, in whatever stack they are."""
    client = connection.clients("cloudwatch", connection.region)
    found: list[str] = []
    with suppress(ClientError, BotoCoreError):
        pages = client.get_paginator("describe_alarms").paginate(
            ParentsOfAlarmName=trial.alarm.get("AlarmName"), AlarmTypes=["CompositeAlarm"]
        )
        found = [parent["AlarmName"] for page in pages for parent in page["CompositeAlarms"]]
    return replace(trial, parents=tuple(found))
