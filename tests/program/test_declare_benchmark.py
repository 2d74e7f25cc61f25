"""The goals of `python -m benchmarks.declare`, each shown missed."""

import pytest

from benchmarks.declare.__main__ import Cost, misses

REACHED = {
    1: (Cost(0.40, 70), Cost(0.26, 60)),
    1000: (Cost(2.0, 220), Cost(3.0, 205)),
    5000: (Cost(9.0, 900), Cost(19.0, 890)),
}


def test_reached_goals_miss_nothing():
    assert list(misses(REACHED)) == []


@pytest.mark.parametrize(
    ("count", "ours", "said"),
    [
        (1, Cost(0.42, 70), "1 alarm: 0.16 CPU s more, not 0.15"),
        (1, Cost(0.40, 81), "1 alarms: 21 MiB more, not 20"),
        (1000, Cost(2.2, 220), "1,000 alarms: 0.73 of the CPU, not 0.70"),
        (5000, Cost(13.0, 900), "5,000 alarms: each costs 1.57 times as much as of 1,000"),
    ],
)
def test_a_missed_goal_is_told(count, ours, said):
    assert list(misses({**REACHED, count: (ours, REACHED[count][1])})) == [said]
