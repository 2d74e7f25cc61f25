"""What no scenario shows: alarms that never fire or clear, receivers that are never told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from alerting.cloudwatch import State
from alerting.scenarios.run import Run
from alerting.scenarios.stage import Stage


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of one stack, or one file of alarms, by all scenarios on it together."""

    name: str
    alarms: tuple[str, ...]
    """Those that can be replayed."""
    receivers: tuple[str, ...]
    never_fired: tuple[str, ...]
    """Alarms that no scenario brings into ALARM."""
    never_cleared: tuple[str, ...]
    """Alarms that no scenario brings into OK after an ALARM."""
    never_told: tuple[str, ...]
    """Receivers that no scenario tells anything."""
    not_replayable: tuple[str, ...] = ()
    """Alarms that no scenario could bring to anything: PromQL alarms, what hangs on those, ...;
    they do not count."""

    @property
    def percent(self) -> float:
        """The share of what could happen that did: each alarm fires, clears; each is told."""
        total = 2 * len(self.alarms) + len(self.receivers)
        missing = len(self.never_fired) + len(self.never_cleared) + len(self.never_told)
        return 100 * (total - missing) / total if total else 100.0


def coverage(runs: Sequence[Run]) -> tuple[Coverage, ...]:
    """One for each stage, in the order in which they were first played."""
    stages = {id(run.stage): run.stage for run in runs}
    return tuple(
        _of(stage, [run for run in runs if run.stage is stage]) for stage in stages.values()
    )


def _of(stage: Stage, runs: Iterable[Run]) -> Coverage:
    fired: set[str] = set()
    cleared: set[str] = set()
    told: set[str] = set()
    for run in runs:
        firing: set[str] = set()
        for change in run.replay.changes:
            name = change.alarm.label
            if change.new == State.ALARM:
                firing.add(name)
            if change.new == State.OK and name in firing:
                cleared.add(name)
            told.update(run.told(change))
        fired |= firing
    alarms = tuple(alarm.label for alarm in stage.replayable)
    able = set(map(id, stage.replayable))
    others = [alarm for alarm in stage.account.alarms if id(alarm) not in able]
    return Coverage(
        name=stage.name,
        alarms=alarms,
        receivers=stage.receivers,
        never_fired=tuple(name for name in alarms if name not in fired),
        never_cleared=tuple(name for name in alarms if name not in cleared),
        never_told=tuple(name for name in stage.receivers if name not in told),
        not_replayable=tuple(alarm.label for alarm in others),
    )
