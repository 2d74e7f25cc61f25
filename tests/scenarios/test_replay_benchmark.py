"""The benchmark itself, on a case that is too small to say anything."""

import sys
from pathlib import Path

import pytest

from benchmarks.replay import (
    CASES,
    Case,
    Measured,
    measured,
    misses,
    replay_case,
    table,
    write_case,
)


def test_a_case_is_written_and_replayed(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    write_case(Case(2, 300, bands=1), tmp_path)
    replay_case(tmp_path)
    changes, notes = map(int, capsys.readouterr().out.split())
    assert changes == notes > 2
    assert (tmp_path / "test.yaml").read_text().count("alertname") == 2


def test_a_process_is_measured(tmp_path: Path):
    took, said = measured([sys.executable, "-c", "print(sum(range(3_000_000)))"], tmp_path)
    assert said == "4499998500000"
    assert took.seconds > 0
    assert took.megabytes > 1


def test_a_missed_goal_is_named():
    case = Case(1000, 300, most_seconds=6, most_megabytes=250)
    assert misses([(case, Measured(7, 100), None)]) == [
        "1,000 alarms, 14 days at 5 min: 7.00 CPU s, at most 6 is the goal"
    ]
    assert misses([(case, Measured(5, 100), None)]) == []


def test_the_page_has_a_row_for_every_case():
    page = Path("docs/speed.md").read_text()
    for line in table([(case, Measured(0, 0), None) for case in CASES]).splitlines():
        assert line.split("|")[1] in page
