"""A scenario played: what its alarms did, and who was told."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from alerting.account import Item
from alerting.band_source import learned_bands
from alerting.delivery import Delivery
from alerting.output import BadInput
from alerting.replay import (
    Change,
    MetricKey,
    Notification,
    Replay,
    Series,
    Watched,
    notifications,
    replay,
)
from alerting.replay.composites import is_composite
from alerting.scenarios.mistakes import Mistake, ScenarioError
from alerting.scenarios.scenario import Scenario
from alerting.scenarios.stage import Stage, alarms_stage, project_folder, stack_stage
from alerting.scenarios.staging import alarms_fed, staged


@dataclass(frozen=True, eq=False)
class Run:
    """What happened."""

    stage: Stage
    zero: int
    """Epoch seconds of the scenario's zero."""
    end: int
    """Where the longest series ends."""
    data: Mapping[MetricKey, Series]
    replay: Replay
    warnings: tuple[str, ...] = ()

    @cached_property
    def notes(self) -> tuple[Notification[Delivery], ...]:
        """All notifications, also those that get lost, in the order of time."""
        return tuple(notifications(self.stage.account, self.replay, self.stage.courier))

    @cached_property
    def _notes(self) -> Mapping[int, list[Notification[Delivery]]]:
        found: dict[int, list[Notification[Delivery]]] = {}
        for note in self.notes:
            found.setdefault(id(note.change), []).append(note)
        return found

    def notes_of(self, change: Change) -> tuple[Notification[Delivery], ...]:
        """The notifications of one change."""
        return tuple(self._notes.get(id(change), ()))

    def told(self, change: Change) -> tuple[str, ...]:
        """The receivers that were told of a change, each once."""
        notes = self.notes_of(change)
        return tuple(dict.fromkeys(note.delivery.receiver for note in notes if note.delivered))

    def changes(self, alarm: Item) -> tuple[Change, ...]:
        """What one alarm did."""
        history = self.replay.history(alarm)
        return history.changes if history else ()


def stage_of(scenario: Scenario) -> Stage:
    """The alarms a scenario is about.

    Raises:
        ScenarioError: the stack or the file of alarms cannot be used.
    """
    try:
        if scenario.alarms is not None:
            return alarms_stage(scenario.alarms)
        return stack_stage(scenario.stack or "", project_folder(scenario.file))
    except BadInput as error:
        raise ScenarioError(Mistake(scenario.place, str(error))) from None


def run(scenario: Scenario, stage: Stage) -> Run:
    """Play a scenario.

    Raises:
        ScenarioError: what can be told before the replay is wrong.
    """
    ready = staged(scenario, stage)
    played = play(stage, ready.data)
    why = {
        id(skipped.alarm): skipped.reason
        for skipped in played.skipped
        if _has_datapoints(skipped.alarm, stage, ready.data)
    }
    mistakes = [
        Mistake(one.place, f"{one.alarm} cannot be replayed: {why[alarm]}")
        for test in scenario.tests
        for one in test.expectations
        if (alarm := id(stage.alarms[one.alarm])) in why
    ]
    if mistakes:
        raise ScenarioError(*mistakes)
    return Run(stage, ready.zero, ready.end, ready.data, played, ready.warnings)


def play(stage: Stage, data: Mapping[MetricKey, Series]) -> Replay:
    """Drive data through the alarms that read it, and the composites over them."""
    return replay(stage.account, data, bands=learned_bands(), alarms=alarms_fed(stage, data))


def _has_datapoints(alarm: Item, stage: Stage, data: Mapping[MetricKey, Series]) -> bool:
    """Whether there is anything to see; where all is missing, the alarm stays as it is."""
    if is_composite(alarm):
        return True
    what = stage.watched(alarm)
    return isinstance(what, Watched) and any(
        data[key].present()[0].size for key in what.metrics.values() if key in data
    )
