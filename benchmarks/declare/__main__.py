"""Our program beside the plainest one: CPU and peak memory of whole processes.

    python -m benchmarks.declare [--rounds R] [COUNT...]

Rounds are interleaved (ours, raw, ours, raw, ...), so that a machine whose speed drifts does not
favour one; ratios are of medians. Two settings: under the SDK's mocks, and over gRPC to a monitor
that answers at once, whose own process is not counted. Exits 1 where a goal is missed.
"""

import argparse
import os
import statistics
import subprocess
import sys
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

COUNTS = (1, 10, 100, 1000, 5000)
MOST_RATIO = 0.70
"""Of the CPU of both programs, at a thousand alarms."""
MOST_SECONDS_MORE = 0.15
"""CPU, at one alarm."""
MOST_MIB_MORE = 20
"""Up to a thousand alarms."""
MOST_GROWTH = 1.5
"""Of the CPU an alarm costs, from a thousand to five thousand: flat, but for noise."""


class Cost(NamedTuple):
    """What a process took."""

    seconds: float
    """CPU, of user and system."""
    mib: float
    """At its peak."""


def measured(which: str, count: int, setting: str) -> Cost:
    """What one run took."""
    command = [sys.executable, "-m", "benchmarks.declare.program", which, str(count), setting]
    child = subprocess.Popen(command)
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command)}: ended with {status}")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


@contextmanager
def monitor() -> Generator[str]:
    """The port of a monitor that answers at once."""
    child = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.declare.monitor"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdin is not None
    try:
        yield child.stdout.readline().strip()
    finally:
        child.stdin.close()
        child.wait()


def compared(count: int, setting: str, rounds: int) -> tuple[Cost, Cost]:
    """The medians of ours and of the raw program."""
    runs: dict[str, list[Cost]] = {"ours": [], "raw": []}
    for _ in range(rounds):
        for which, done in runs.items():
            done.append(measured(which, count, setting))
    ours, raw = (Cost(*map(statistics.median, zip(*done, strict=True))) for done in runs.values())
    return ours, raw


def misses(found: Mapping[int, tuple[Cost, Cost]]) -> Iterator[str]:
    """The goals that are not reached, given ours and raw by the number of alarms."""
    for count, (ours, raw) in found.items():
        if count == 1 and ours.seconds > raw.seconds + MOST_SECONDS_MORE:
            yield f"1 alarm: {ours.seconds - raw.seconds:.2f} CPU s more, not {MOST_SECONDS_MORE}"
        if count == 1000 and ours.seconds > raw.seconds * MOST_RATIO:
            yield f"1,000 alarms: {ours.seconds / raw.seconds:.2f} of the CPU, not {MOST_RATIO:.2f}"
        if count <= 1000 and ours.mib > raw.mib + MOST_MIB_MORE:
            yield f"{count:,} alarms: {ours.mib - raw.mib:.0f} MiB more, not {MOST_MIB_MORE}"
    if {1, 1000, 5000} <= found.keys():
        start = found[1][0].seconds
        some, many = ((found[count][0].seconds - start) / count for count in (1000, 5000))
        if many > some * MOST_GROWTH:
            yield f"5,000 alarms: each costs {many / some:.2f} times as much as of 1,000"


def main() -> None:
    """Measure, print a table, and say which goals are missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.declare")
    parser.add_argument("counts", nargs="*", type=int, default=COUNTS, metavar="COUNT")
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    print("| setting | alarms | ours, CPU s | raw, CPU s | ratio | ours, MiB | raw, MiB |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    missed: list[str] = []
    with monitor() as port:
        for name, setting in (("mocks", "mocks"), ("gRPC", port)):
            found: dict[int, tuple[Cost, Cost]] = {}
            for count in args.counts:
                ours, raw = found[count] = compared(count, setting, args.rounds)
                ratio = ours.seconds / raw.seconds
                seconds = f"{ours.seconds:.2f} | {raw.seconds:.2f} | {ratio:.2f}"
                memory = f"{ours.mib:.0f} | {raw.mib:.0f}"
                print(f"| {name} | {count:,} | {seconds} | {memory} |", flush=True)
            missed += [f"{name}: {miss}" for miss in misses(found)]
    for line in missed:
        print(line, file=sys.stderr)
    sys.exit(bool(missed))


if __name__ == "__main__":
    main()
