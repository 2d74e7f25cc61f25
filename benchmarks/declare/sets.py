"""Alarms made by `watch` sets beside the same alarms written out: CPU of whole processes.

    python -m benchmarks.declare.sets [--rounds R] [COUNT...]

Measured as `benchmarks.declare` measures: rounds interleaved, ratios of medians. COUNT is a
multiple of four.
"""

import argparse
import json
import statistics
import tempfile
from pathlib import Path

from benchmarks.declare.__main__ import measured, monitor
from benchmarks.declare.watching import sets, tagged, written

COUNTS = (4, 1000)
_WAYS = {"written": written, "sets": sets, "tagged": tagged}


def _medians(count: int, setting: str, rounds: int, folder: Path) -> list[float]:
    """CPU seconds of each way."""
    files = {way: folder / f"{way}.json" for way in _WAYS}
    for way, file in files.items():
        file.write_text(json.dumps(_WAYS[way](count)))
    runs: dict[str, list[float]] = {way: [] for way in _WAYS}
    for _ in range(rounds):
        for way, done in runs.items():
            done.append(measured(str(files[way]), count, setting)[0])
    return [statistics.median(done) for done in runs.values()]


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.declare.sets")
    parser.add_argument("counts", nargs="*", type=int, default=COUNTS, metavar="COUNT")
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    print("| setting | alarms | written out, CPU s | sets, CPU s | ratio | by tag, CPU s | ratio |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    with monitor() as port, tempfile.TemporaryDirectory() as folder:
        for name, setting in (("mocks", "mocks"), ("gRPC", port)):
            for count in args.counts:
                out, own, tag = _medians(count, setting, args.rounds, Path(folder))
                cells = f"{out:.2f} | {own:.2f} | {own / out:.2f} | {tag:.2f} | {tag / out:.2f}"
                print(f"| {name} | {count:,} | {cells} |", flush=True)


if __name__ == "__main__":
    main()
