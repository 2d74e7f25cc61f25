"""The band against its goals, on 24 recordings of the Numenta Anomaly Benchmark.

    python -m benchmarks.nab            print the table
    python -m benchmarks.nab --write    and put it into docs/band.md

A few seconds. What is judged is what a backtest would write: the band of each datapoint, and the
alarm's state after the tick at which it is first seen (side outside, missing data `missing`).
"""

import csv
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from alerting.band import Band, learn_band
from alerting.cloudwatch.comparison import Comparison
from alerting.cloudwatch.evaluation import Evaluation
from alerting.cloudwatch.state import State
from alerting.replay import Recording, evaluate, first_seen, read_recording
from benchmarks.nab.score import PROFILES, Verdict, Window, judge, scaled

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "band.md"
BEGIN, END = "<!-- benchmarks/nab: begin -->", "<!-- benchmarks/nab: end -->"
GROUPS = {"nab_realAWSCloudWatch": "AWS", "nab_realKnownCause": "known causes"}


@dataclass(frozen=True)
class Learned:
    """A recording with its band and its labels."""

    recording: Recording
    windows: list[Window]
    band: Band

    def verdict(self, width: float, m: int, n: int) -> Verdict:
        """How an alarm of this width on M of N does."""
        series = self.recording.series
        rule = Evaluation(series.spacing, evaluation_periods=n, datapoints_to_alarm=m)
        band = self.band.at(width)
        line = evaluate(series, rule, Comparison.OUTSIDE_BAND, band=band)
        seen = first_seen(series.stamps, series.spacing, rule.tick)
        row = self.recording.index
        return judge(
            series.stamps[row],
            series.values[row],
            self.windows,
            band[0][row],
            band[1][row],
            line.in_state(State.ALARM, seen)[row],
        )


@dataclass(frozen=True)
class Goal:
    """One line of the table."""

    group: str
    what: str
    measured: float
    least: float | None = None
    most: float | None = None
    digits: int = 1

    @property
    def met(self) -> bool:
        """Whether the measure lies within the goal."""
        return (self.least is None or self.measured >= self.least) and (
            self.most is None or self.measured <= self.most
        )

    @property
    def cells(self) -> list[str]:
        """Group, measure, goal, measured, met."""
        bounds = [
            f"{sign} {bound:g}"
            for sign, bound in (("≥", self.least), ("≤", self.most))
            if bound is not None
        ]
        measured = f"{self.measured:.{self.digits}f}"
        return [self.group, self.what, ", ".join(bounds), measured, "yes" if self.met else "no"]


def learned() -> dict[str, list[Learned]]:
    """The recordings by group, each with its band."""
    labels = json.loads((HERE / "windows.json").read_text())
    found: dict[str, list[Learned]] = {group: [] for group in GROUPS.values()}
    for name, windows in sorted(labels.items()):
        recording = read_recording(HERE / name)
        series = recording.series
        band = learn_band(series.stamps, series.values, period=series.spacing)
        stamps = [(_stamp(first), _stamp(last)) for first, last in windows]
        found[GROUPS[name.split("/")[0]]].append(Learned(recording, stamps, band))
    return found


def _stamp(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def goals(recordings: dict[str, list[Learned]]) -> Iterator[Goal]:
    """Every goal with what was measured."""
    for group, interval, weekly in (("AWS", 4.2, 0.25), ("known causes", 3.7, 0.4)):
        two = [one.verdict(2, 1, 1) for one in recordings[group]]
        three = [one.verdict(3, 3, 3) for one in recordings[group]]
        score = float(np.median([one.interval for one in two]))
        yield Goal(group, "interval score at width 2, median", score, most=interval, digits=2)
        inside = [one.coverage for one in two]
        yield Goal(
            group, "coverage at width 2, mean", float(np.mean(inside)), 0.935, 0.98, digits=3
        )
        tenth = float(np.quantile(inside, 0.1))
        yield Goal(group, "coverage at width 2, nine of ten", tenth, least=0.91, digits=3)
        inside = [one.coverage for one in three]
        yield Goal(
            group, "coverage at width 3, mean", float(np.mean(inside)), least=0.991, digits=4
        )
        tenth = float(np.quantile(inside, 0.1))
        yield Goal(group, "coverage at width 3, nine of ten", tenth, least=0.982, digits=4)
        false = sum(one.false_alarms for one in three) / sum(one.weeks for one in three)
        yield Goal(group, "false alarms a week, width 3, 3/3", false, most=weekly, digits=2)
    alarms = [one.verdict(3.5, 1, 1) for one in recordings["AWS"]]
    for profile, least in (("standard", 60), ("low FP", 51), ("low FN", 66)):
        yield Goal("AWS", f"NAB {profile}, width 3.5, 1/1", scaled(alarms, profile), least)
    alarms = [one.verdict(3, 3, 3) for one in recordings["known causes"]]
    yield Goal("known causes", "NAB standard, width 3, 3/3", scaled(alarms, "standard"), 55)


def published() -> list[list[str]]:
    """What others reached, the best on the AWS recordings first."""
    with (HERE / "published.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["det"]]
    columns = ("AWS_standard", "AWS_lowFP", "AWS_lowFN", "Known_standard")
    rows.sort(key=lambda row: -float(row["AWS_standard"]))
    return [[row["det"], *(row[column] for column in columns)] for row in rows]


def markdown(header: list[str], rows: list[list[str]]) -> str:
    """A table."""
    rule = ["---"] * len(header)
    return "\n".join(f"| {' | '.join(row)} |" for row in [header, rule, *rows])


def ours(recordings: dict[str, list[Learned]]) -> list[list[str]]:
    """The lines of this band beside the published ones."""
    lines: list[list[str]] = []
    for width, m, n in ((3.5, 1, 1), (3, 3, 3)):
        verdicts = {g: [one.verdict(width, m, n) for one in recordings[g]] for g in recordings}
        scores = [scaled(verdicts["AWS"], profile) for profile in PROFILES]
        scores.append(scaled(verdicts["known causes"], "standard"))
        name = f"**this band, width {width:g}, {m}/{n}**"
        lines.append([name, *(f"**{score:.1f}**" for score in scores)])
    return lines


def page(measured: list[Goal], recordings: dict[str, list[Learned]]) -> str:
    """The measured part of docs/band.md."""
    return "\n\n".join(
        [
            BEGIN,
            markdown(
                ["recordings", "measure", "goal", "measured", "met"], [g.cells for g in measured]
            ),
            "The scores beside those published for other detectors, each with the one threshold "
            "that the benchmark's own optimiser chose for it over all recordings. This band stands "
            "there with both settings, because neither is the better one for both groups:",
            markdown(
                ["detector", "AWS standard", "AWS low FP", "AWS low FN", "known causes standard"],
                [*ours(recordings), *published()],
            ),
            END,
        ]
    )


def main() -> int:
    """Print the table, write it if asked to; 1 if a goal is missed."""
    began = time.process_time()
    recordings = learned()
    measured = list(goals(recordings))
    for goal in measured:
        print("{:13} {:34} {:16} {:>7}  {}".format(*goal.cells))
    print(f"{time.process_time() - began:.1f} s of CPU")
    if "--write" in sys.argv[1:]:
        text = PAGE.read_text()
        before, rest = text.split(BEGIN)
        PAGE.write_text(before + page(measured, recordings) + rest.split(END)[1])
        print(f"written into {PAGE.relative_to(Path.cwd())}")
    return 0 if all(goal.met for goal in measured) else 1


if __name__ == "__main__":
    sys.exit(main())
