"""The same data through a stack as it is and as it was."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from alerting.output import BadInput
from alerting.replay import MetricKey, Series
from alerting.scenarios.difference import Moved, difference
from alerting.scenarios.playback import recordings_for
from alerting.scenarios.reading import read_scenario
from alerting.scenarios.revision import stage_at
from alerting.scenarios.run import Run, play, stage_of
from alerting.scenarios.session import scenario_files
from alerting.scenarios.stage import Stage, project_folder, stack_stage
from alerting.scenarios.staging import staged

_Data = Mapping[MetricKey, Series]


@dataclass(frozen=True, slots=True)
class Against:
    """What a change does."""

    before: str
    after: str
    moved: tuple[Moved, ...]
    not_compared: tuple[str, ...]
    """Alarms that could not be replayed now or then, and why."""


def compare_stack(
    stack: str, revision: str, recordings: Mapping[str, Path], folder: Path
) -> Against:
    """Recordings through a stack and through what it was at a revision.

    Raises:
        BadInput: a stack or recording that cannot be used.
    """
    now = stack_stage(stack, folder)
    then = stage_at(revision, stack, folder)
    return _compared(then, now, [recordings_for(now, recordings, folder).data])


def compare_scenarios(files: Sequence[Path], revision: str) -> Against:
    """The series of scenario files, all of one stack, through it and through what it was.

    Raises:
        BadInput: a scenario that cannot be used, on alarms of a file, or of another stack.
    """
    scenarios = [read_scenario(file) for file in scenario_files(files)]
    of_files = next((one for one in scenarios if one.stack is None), None)
    if of_files is not None:
        raise BadInput(f"{of_files.place}: --against compares stacks, not the alarms of a file")
    first = scenarios[0]
    stack, folder = first.stack or "", project_folder(first.file)
    other = next((one for one in scenarios if one.stack != stack), None)
    if other is not None:
        raise BadInput(f"{other.place}: --against takes scenarios of one stack, here {stack!r}")
    now = stage_of(first)
    return _compared(
        stage_at(revision, stack, folder), now, [staged(one, now).data for one in scenarios]
    )


def _compared(then: Stage, now: Stage, feeds: Sequence[_Data]) -> Against:
    moved: list[Moved] = []
    odd: dict[str, None] = {}
    for data in feeds:
        before, after = _run(then, data), _run(now, data)
        moved += difference(before, after)
        odd |= dict.fromkeys([*_not_replayed(before, after), *_not_replayed(after, before)])
    return Against(then.name, now.name, tuple(moved), tuple(odd))


def _run(stage: Stage, data: _Data) -> Run:
    replay = play(stage, data)
    return Run(stage, 0, replay.end, data, replay)


def _not_replayed(run: Run, other: Run) -> Iterator[str]:
    """The alarms that only the other replay has, though they are in both stacks."""
    why = {skipped.alarm.label: skipped.reason for skipped in run.replay.skipped}
    replayed = {history.alarm.label for history in run.replay.histories}
    for history in other.replay.histories:
        name = history.alarm.label
        if name in run.stage.alarms and name not in replayed:
            reason = why.get(name, "the data is not of the metric it watches there")
            yield f"{name} of {run.stage.name}: {reason}"
