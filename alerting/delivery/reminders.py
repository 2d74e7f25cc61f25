"""What the state machines of an account would tell of its alarms, found out by a trial."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from alerting.account import Account, Item, Kind
from alerting.cloudwatch import State
from alerting.cloudwatch.event import state_change_event
from alerting.cloudwatch.transition import Transition
from alerting.delivery.machines import start_steps
from alerting.delivery.paths import Paths
from alerting.delivery.requests import alarm_place
from alerting.delivery.steps import Step
from alerting.events.transformer import TransformerError
from alerting.states.started import Published, Started, started_by_alarms
from alerting.states.timestamps import timestamp

_FOREVER = 400 * 86_400.0
"""Longer than an execution can take; seconds."""


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """A machine, started by an alarm that then never leaves ALARM."""

    started: Started
    alarms: tuple[Item, ...]
    """All that its rule picks; the first is the one that was tried."""
    published: tuple[Published, ...]
    """Its times are seconds after the ALARM."""


def trials(paths: Paths) -> tuple[Trial, ...]:
    """One for every event rule that starts a machine; where it picks no alarm nothing is tried."""
    return paths.once(lambda: tuple(_trials(paths.account)), "trials")


def reminder_steps(paths: Paths) -> Iterator[tuple[str, Step]]:
    """Whether reminders are started and get through to their topics: the machine, and a step."""
    account = paths.account
    for trial in trials(paths):
        machine = trial.started.item
        for step in start_steps(account, trial.started):
            yield machine.label, step
        for arn in dict.fromkeys(said.topic for said in trial.published):
            for topic in account.find(Kind.TOPIC, arn):
                for step in paths.publish(machine, topic):
                    yield machine.label, step


def _trials(account: Account) -> Iterator[Trial]:
    machines, _ = started_by_alarms(account)
    events = [(alarm, _event(account, alarm)) for alarm in account.alarms] if machines else []
    for started in machines:
        picked = [(alarm, event) for alarm, event in events if event and started.picks(event)]
        alarms = tuple(alarm for alarm, _ in picked)
        yield Trial(started, alarms, _tried(started, *picked[0]) if picked else ())


def _event(account: Account, alarm: Item) -> dict[str, Any] | None:
    """The event of an alarm that goes into ALARM when the epoch begins; None: not known yet."""
    arn = alarm_place(account, alarm).arn
    if not isinstance(arn, str):
        return None
    known = {**alarm.data, "AlarmArn": arn}
    return state_change_event(known, Transition(0, State.OK, State.ALARM, ""))


def _tried(started: Started, alarm: Item, event: Mapping[str, Any]) -> tuple[Published, ...]:
    item = {
        "ActionsEnabled": True,
        "StateValue": str(State.ALARM),
        "StateTransitionedTimestamp": timestamp(0),
    }
    kind = "MetricAlarms" if alarm.get("AlarmRule") is None else "CompositeAlarms"

    def look(parameters: Mapping[str, Any], time: float) -> dict[str, Any]:
        del parameters, time
        return {kind: [item]}

    try:
        return started.run(event, look, start=0, end=_FOREVER).published
    except TransformerError:
        return ()
