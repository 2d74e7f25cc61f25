"""How long a replay takes, and how much memory, beside `promtool test rules` on the same data.

    python -m benchmarks.replay [--alone]

Each case runs in a process of its own and counts everything after the interpreter is up: imports,
reading the alarms and the data from disk, the replay, and who was told. `promtool` is measured
where there is one, or a Go to build it; it is given the same series and the same thresholds, and an
expectation for each alert. Exits 1 where a goal of ours is missed.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

DAYS, THRESHOLD = 14, 90
TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts"


@dataclass(frozen=True, slots=True)
class Case:
    """So many alarms on data that far apart."""

    alarms: int
    spacing: int
    """Seconds between datapoints; the period of thresholds and bands alike."""
    bands: int = 0
    """How many of the alarms have a band instead of a threshold."""
    most_seconds: float | None = None
    """CPU, of the goal; None: there is none."""
    most_megabytes: float | None = None

    def __str__(self) -> str:
        what = f"{self.alarms:,} alarm{'s' if self.alarms > 1 else ''}"
        band = f", {self.bands} with a band" if self.bands else ""
        return f"{what}{band}, {DAYS} days at {self.spacing // 60} min"


CASES = (
    Case(1, 300),
    Case(1, 300, bands=1),
    Case(100, 60, most_seconds=2.5),
    Case(1000, 300, most_seconds=6, most_megabytes=250),
)


@dataclass(frozen=True, slots=True)
class Measured:
    """What a process took."""

    seconds: float
    """CPU, of user and system."""
    megabytes: float
    """At its peak."""


def write_case(case: Case, folder: Path) -> None:
    """Alarms as describe-alarms prints them, a CSV for each, and the same for promtool."""
    rng = np.random.default_rng(7)
    alarms = [_alarm(case, number) for number in range(case.alarms)]
    (folder / "alarms.json").write_text(json.dumps({"MetricAlarms": alarms}))
    stamps = np.arange(0, DAYS * 86_400, case.spacing) + 1_704_067_200
    times = np.datetime_as_string(stamps.astype("datetime64[s]"))
    with (folder / "test.yaml").open("w") as test, (folder / "rules.yaml").open("w") as rules:
        rules.write("groups:\n  - name: all\n    rules:\n")
        test.write(f"rule_files: [rules.yaml]\nevaluation_interval: {case.spacing}s\ntests:\n")
        test.write(f"  - interval: {case.spacing}s\n    input_series:\n")
        for number in range(case.alarms):
            daily = 40 + 20 * np.sin(stamps / 86_400 * 2 * np.pi + number)
            values = np.round(daily + rng.normal(0, 8, stamps.size), 2)
            values[rng.integers(0, stamps.size, 8)] = 95
            values[-1] = 40  # so that no alert is left at the end, which is what promtool is asked
            rows = "".join(f"{t},{v}\n" for t, v in zip(times, values, strict=True))
            (folder / f"{number}.csv").write_text(f"timestamp,value\n{rows}")
            series = " ".join(map(str, values))
            test.write(f"      - series: 'metric_{number}'\n        values: '{series}'\n")
            rules.write(
                f"      - alert: alarm_{number}\n        expr: metric_{number} > {THRESHOLD}\n"
            )
        test.write("    alert_rule_test:\n")
        end = (
            f"{DAYS * 1440 - case.spacing // 60}m"  # promtool evaluates up to here, and no further
        )
        for number in range(case.alarms):
            name = f"alarm_{number}"
            test.write(f"      - {{eval_time: {end}, alertname: {name}, exp_alerts: []}}\n")


def _alarm(case: Case, number: int) -> dict[str, object]:
    name = f"alarm-{number}"
    metric = {"Namespace": "Shop", "MetricName": f"metric-{number}", "Dimensions": []}
    alarm = {
        "AlarmName": name,
        "AlarmArn": f"arn:aws:cloudwatch:us-east-1:123456789012:alarm:{name}",
        "AlarmActions": [TOPIC],
        "OKActions": [TOPIC],
        "EvaluationPeriods": 1,
    }
    if number >= case.bands:
        return alarm | {
            **metric,
            "Statistic": "Average",
            "Period": case.spacing,
            "Threshold": THRESHOLD,
            "ComparisonOperator": "GreaterThanThreshold",
        }
    stat = {"Metric": metric, "Period": case.spacing, "Stat": "Average"}
    return alarm | {
        "ThresholdMetricId": "band",
        "ComparisonOperator": "GreaterThanUpperThreshold",
        "Metrics": [
            {"Id": "m1", "MetricStat": stat, "ReturnData": True},
            {"Id": "band", "Expression": "ANOMALY_DETECTION_BAND(m1, 3)", "ReturnData": True},
        ],
    }


def replay_case(folder: Path) -> None:
    """What the measured process does."""
    from alerting.replay import read_recording
    from alerting.scenarios.run import Run, play
    from alerting.scenarios.stage import alarms_stage

    stage = alarms_stage(folder / "alarms.json")
    data = {
        key: read_recording(folder / f"{key.name.removeprefix('metric-')}.csv").series
        for key in stage.readers
    }
    replay = play(stage, data)
    run = Run(stage, 0, replay.end, data, replay)
    assert not replay.skipped, replay.skipped
    print(len(replay.changes), len(run.notes))


def measured(command: list[str], folder: Path) -> tuple[Measured, str]:
    """Run a command and say what it took.

    The peak is read from the command's own usage, which a process in between reports: that of all
    children of this process would be the largest of any case.
    """
    ran = subprocess.run(
        [sys.executable, __file__, "--measure", *command],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        raise SystemExit(ran.stdout + ran.stderr)
    *said, usage = ran.stdout.splitlines()
    seconds, kilobytes = map(float, usage.split())
    return Measured(seconds, kilobytes / 1024), "\n".join(said)


def _measure(command: list[str]) -> None:
    code = subprocess.run(command, check=False).returncode
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(usage.ru_utime + usage.ru_stime, usage.ru_maxrss)
    sys.exit(code)


def rows(promtool: Path | None) -> list[tuple[Case, Measured, Measured | None]]:
    """Every case measured."""
    found: list[tuple[Case, Measured, Measured | None]] = []
    for case in CASES:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            write_case(case, folder)
            here = [sys.executable, __file__, "--replay", str(folder)]
            ours, _ = measured(here, Path.cwd())
            theirs = None
            if promtool is not None and not case.bands:
                theirs, _ = measured([str(promtool), "test", "rules", "test.yaml"], folder)
        found.append((case, ours, theirs))
    return found


def table(found: list[tuple[Case, Measured, Measured | None]]) -> str:
    """The table of docs/speed.md."""
    lines = [
        "| | CPU s | peak MB | promtool CPU s | promtool peak MB |",
        "|---|---|---|---|---|",
    ]
    for case, ours, theirs in found:
        beside = f"{theirs.seconds:.1f} | {theirs.megabytes:.0f}" if theirs else "- | -"
        lines.append(f"| {case} | {ours.seconds:.2f} | {ours.megabytes:.0f} | {beside} |")
    return "\n".join(lines)


def misses(found: list[tuple[Case, Measured, Measured | None]]) -> list[str]:
    """The goals that are not reached."""
    return [
        f"{case}: {got:.2f} {unit}, at most {most:g} is the goal"
        for case, ours, _ in found
        for got, most, unit in (
            (ours.seconds, case.most_seconds, "CPU s"),
            (ours.megabytes, case.most_megabytes, "MB"),
        )
        if most is not None and got > most
    ]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Time replays, beside promtool.")
    parser.add_argument("--alone", action="store_true", help="without promtool")
    parser.add_argument("--replay", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--measure", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        _measure(given.measure)
    if given.replay:
        replay_case(given.replay)
        return
    from benchmarks.promtool.build import find_promtool

    promtool = None if given.alone else find_promtool()
    begin = time.monotonic()
    found_rows = rows(promtool)
    print(table(found_rows))
    print(f"\n{time.monotonic() - begin:.0f} s in all", file=sys.stderr)
    wrong = misses(found_rows)
    for line in wrong:
        print(line, file=sys.stderr)
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
