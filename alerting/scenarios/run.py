"""A scenario played: what its alarms did, and who was told."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from alerting.account import Item
from alerting.band_source import learned_bands
from alerting.delivery import Delivery
from alerting.output import BadInput
from alerting.replay import (
    Change,
    Hold,
    MetricKey,
    Notification,
    Occasion,
    Replay,
    Series,
    Telling,
    Watched,
    holds,
    notifications,
    replay,
    tellings,
)
from alerting.replay.composites import is_composite
from alerting.replay.mutes import unread_mute_rules
from alerting.scenarios.mistakes import Mistake, ScenarioError
from alerting.scenarios.scenario import Scenario
from alerting.scenarios.stage import Stage, alarms_stage, project_folder, stack_stage
from alerting.scenarios.staging import alarms_fed, staged
from alerting.states.started import started_by_alarms


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
        """All notifications, also those that are late or get lost, in the order of time."""
        return tuple(notifications(self.stage.account, self.replay, self.stage.courier))

    @cached_property
    def _notes(self) -> Mapping[int, list[Notification[Delivery]]]:
        found: dict[int, list[Notification[Delivery]]] = {}
        for note in self.notes:
            found.setdefault(id(note.change), []).append(note)
        return found

    def notes_of(self, change: Change) -> tuple[Notification[Delivery], ...]:
        """The notifications of one change, at once and later."""
        return tuple(self._notes.get(id(change), ()))

    def news_of(self, change: Change) -> tuple[Notification[Delivery], ...]:
        """Those that are no reminders: what the alarm's own actions tell, at once or later."""
        return tuple(
            note
            for note in self.notes_of(change)
            if note.announcement.occasion is not Occasion.REMINDER
        )

    def reminders_of(self, change: Change) -> tuple[Telling[Delivery], ...]:
        """The reminders of one change, in the order of time."""
        return tuple(
            one for one in self.later if one.change is change and one.occasion is Occasion.REMINDER
        )

    def told(self, change: Change) -> tuple[str, ...]:
        """The receivers that were told of a change, at once or later, each once."""
        notes = self.notes_of(change)
        return tuple(dict.fromkeys(note.delivery.receiver for note in notes if note.delivered))

    def told_at_once(self, change: Change) -> tuple[str, ...]:
        """The receivers that were told of a change when it happened."""
        found = self._at_once.get(id(change))
        return found.told if found else ()

    @cached_property
    def later(self) -> tuple[Telling[Delivery], ...]:
        """What was told on other occasions than a change itself, in the order of time."""
        return tuple(one for one in self._tellings if one.occasion is not Occasion.CHANGE)

    @cached_property
    def _tellings(self) -> tuple[Telling[Delivery], ...]:
        return tellings(self.notes)

    @cached_property
    def _at_once(self) -> Mapping[int, Telling[Delivery]]:
        return {id(o.change): o for o in self._tellings if o.occasion is Occasion.CHANGE}

    def hold(self, change: Change) -> Hold | None:
        """What held the actions of a change back; None where they ran at once, or there are none.

        Held is held: whether anybody would have been told is not asked.
        """
        return self._holds.get(id(change))

    @cached_property
    def _holds(self) -> Mapping[int, Hold]:
        return {id(one.change): one for one in holds(self.stage.account, self.replay)}

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
    warnings = (*ready.warnings, *unread_rules(stage))
    return Run(stage, ready.zero, ready.end, ready.data, played, warnings)


def unread_rules(stage: Stage) -> Iterator[str]:
    """The mute rules and state machines that do nothing because they cannot be read, and why."""
    _, machines = started_by_alarms(stage.account)
    for why in (*unread_mute_rules(stage.account), *machines):
        yield f"not replayed: {why}"


def play(stage: Stage, data: Mapping[MetricKey, Series]) -> Replay:
    """Drive data through the alarms that read it, and the composites over them."""
    return replay(
        stage.account, data, bands=learned_bands(stage.account), alarms=alarms_fed(stage, data)
    )


def _has_datapoints(alarm: Item, stage: Stage, data: Mapping[MetricKey, Series]) -> bool:
    """Whether there is anything to see; where all is missing, the alarm stays as it is."""
    if is_composite(alarm):
        return True
    what = stage.watched(alarm)
    return isinstance(what, Watched) and any(
        data[key].present()[0].size for key in what.metrics.values() if key in data
    )
