"""Our program beside the plainest one: CPU and peak memory of whole processes.

    python -m benchmarks.declare [--rounds R] [COUNT...]

Rounds are interleaved (ours, raw, ours, raw, ...), so that a machine whose speed drifts does not
favour one; ratios are of medians. Two settings: under the SDK's mocks, and over gRPC to a monitor
that answers at once, whose own process is not counted.
"""

import argparse
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

COUNTS = (1, 10, 100, 1000, 5000)


def measured(which: str, count: int, setting: str) -> tuple[float, float]:
    """CPU seconds and peak MiB of one run."""
    command = [sys.executable, "-m", "benchmarks.declare.program", which, str(count), setting]
    child = subprocess.Popen(command)
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command)}: ended with {status}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


@contextmanager
def monitor() -> Iterator[str]:
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


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.declare")
    parser.add_argument("counts", nargs="*", type=int, default=COUNTS, metavar="COUNT")
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    print("| setting | alarms | ours, CPU s | raw, CPU s | ratio | ours, MiB | raw, MiB |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    with monitor() as port:
        for name, setting in (("mocks", "mocks"), ("gRPC", port)):
            for count in args.counts:
                runs: dict[str, list[tuple[float, float]]] = {"ours": [], "raw": []}
                for _ in range(args.rounds):
                    for which, done in runs.items():
                        done.append(measured(which, count, setting))
                ours, raw = (
                    [statistics.median(column) for column in zip(*done, strict=True)]
                    for done in runs.values()
                )
                cells = f"{ours[0]:.2f} | {raw[0]:.2f} | {ours[0] / raw[0]:.2f}"
                print(
                    f"| {name} | {count:,} | {cells} | {ours[1]:.0f} | {raw[1]:.0f} |", flush=True
                )


if __name__ == "__main__":
    main()
