"""Scenarios in pictures: a PNG a file, a panel for each alarm that is expected on."""

from collections.abc import Callable, Iterator
from pathlib import Path

from alerting.account import Item
from alerting.band_source import learned_bands
from alerting.cloudwatch import State
from alerting.output import BadInput
from alerting.pictures import Alarmed, Panel, png
from alerting.replay import History
from alerting.scenarios.session import Played, Session
from alerting.scenarios.telling import list_of_changes
from alerting.spans import span


def draw(session: Session, folder: Path, say: Callable[[str], None]) -> None:
    """Draw every scenario into a folder, which is made if it is not there.

    An alarm on metric math or on other alarms has no panel: there is no one metric to draw.

    Raises:
        BadInput: a file cannot be written.
    """
    taken: set[Path] = set()
    for one in session.played:
        panels = list(_panels(one))
        if not panels:
            continue
        say(f"drawing {one.scenario.file}")
        stem = one.scenario.file.name.removesuffix(".yaml").removesuffix(".scenario")
        file, again = folder / f"{stem}.png", 1
        while file in taken:
            again += 1
            file = folder / f"{stem}-{again}.png"
        taken.add(file)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            file.write_bytes(png(_title(one), panels))
        except OSError as error:
            raise BadInput(f"--picture {folder}: cannot be written: {error.strerror}") from None


def _title(one: Played) -> str:
    failed = sum(verdict.failure is not None for verdict in one.verdicts)
    held = len(one.verdicts) - failed
    return f"{one.scenario.file.name}: {held} of {len(one.verdicts)} expectations held"


def _panels(one: Played) -> Iterator[Panel]:
    bands = learned_bands(one.run.stage.account)
    expected = {id(v.alarm): v.alarm for v in one.verdicts if v.alarm is not None}
    for alarm in expected.values():
        history = one.run.replay.history(alarm)
        what = history.watched if history else None
        if history is None or what is None or what.metric is None:
            continue
        series, width = one.run.data[what.metric], what.band_width
        same_pace = width is not None and series.spacing >= what.period
        yield Panel(
            title=alarm.label,
            text=tuple(_text(one, alarm)),
            series=series,
            band=bands(alarm, series, width) if same_pace and width is not None else None,
            threshold=history.threshold,
            alarms=list(_alarms(one, history)),
        )


def _text(one: Played, alarm: Item) -> Iterator[str]:
    for line in list_of_changes(one.run, alarm):
        yield f"{line[0].upper()}{line[1:]}."
    for verdict in one.verdicts:
        if verdict.alarm is alarm and verdict.failure is not None:
            yield f"FAILED, line {verdict.place.line}: {verdict.failure.headline}."


def _alarms(one: Played, history: History) -> Iterator[Alarmed]:
    for start, end in history.timeline.spans(State.ALARM):
        yield Alarmed(start, end, f"from {span(start - one.run.zero)}")
