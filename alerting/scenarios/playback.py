"""Alarms from anywhere, replayed on recordings, without an in-memory AWS."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from alerting.account import Item
from alerting.output import BadInput
from alerting.rehearsal.library import Feed, feed, metrics_of, shipped_recordings
from alerting.scenarios.run import Run, play, unread_rules
from alerting.scenarios.stage import Stage

SHIPPED = Path("examples/recordings")
"""Of the project's folder: recordings that are played to whatever watches such a metric."""


@dataclass(frozen=True, eq=False)
class Playback:
    """What the alarms made of the recordings."""

    run: Run
    feed: Feed
    untested: Mapping[str, str]
    """Alarms that were not replayed, and why."""

    @property
    def stage(self) -> Stage:
        """Whose alarms."""
        return self.run.stage


def recordings_for(stage: Stage, named: Mapping[str, Path], folder: Path) -> Feed:
    """The recordings of a stage's metrics.

    Args:
        stage: Whose alarms.
        named: Recordings by alarm, as the user gave them.
        folder: Of the project, whose own recordings are played too.

    Raises:
        BadInput: a recording that cannot be used, or none for any alarm.
    """
    found = feed(stage.account, named, shipped_recordings(folder / SHIPPED))
    if not found.data:
        watched = sorted({str(key) for alarm in stage.account.alarms for key in metrics_of(alarm)})
        listed = "".join(f"\n  the {key}" for key in watched[:10])
        raise BadInput(
            f"there is no recording for {stage.name}; give one with --recording ALARM=FILE. "
            f"Its alarms watch:{listed or ' no metric that can be replayed'}"
        )
    return found


def play_back(stage: Stage, what: Feed) -> Playback:
    """Replay recordings at the times they were recorded."""
    replay = play(stage, what.data)
    warnings = (*what.warnings, *unread_rules(stage))
    run = Run(stage, 0, replay.end, what.data, replay, warnings)
    why = {skipped.alarm.label: skipped.reason for skipped in replay.skipped}
    untested = {
        alarm.label: why.get(alarm.label, _why_not(stage, alarm))
        for alarm in stage.account.alarms
        if replay.history(alarm) is None
    }
    return Playback(run, what, untested)


def _why_not(stage: Stage, alarm: Item) -> str:
    what = stage.watched(alarm)
    return str(what) if isinstance(what, Exception) else "there is no recording of its metric"
