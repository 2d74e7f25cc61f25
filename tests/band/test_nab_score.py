"""The benchmark's scorer, on cases worked out by hand."""

import numpy as np
import pytest

from benchmarks.nab.score import judge, scaled

ROWS = 2000
STAMPS = np.arange(ROWS) * 300
WINDOW = (1000, 1099)


def verdict(*alarms, lower=-1.0, upper=1.0, windows=(WINDOW,)):
    """Of a metric that is 0, with alarms in [start, stop) rows."""
    alarm = np.zeros(ROWS, bool)
    for start, stop in alarms:
        alarm[start:stop] = True
    spans = [(int(STAMPS[a]), int(STAMPS[b])) for a, b in windows]
    return judge(STAMPS, np.zeros(ROWS), spans, np.full(ROWS, lower), np.full(ROWS, upper), alarm)


def test_no_alarm_scores_nothing():
    assert scaled([verdict()], "standard") == 0
    assert scaled([verdict()], "low FN") == 0


def test_an_alarm_at_the_begin_of_the_window_is_perfect():
    assert scaled([verdict((1000, 1010))], "standard") == pytest.approx(100)


def test_a_later_alarm_earns_less_and_only_the_first_counts():
    late = scaled([verdict((1090, 1095))], "standard")
    assert 50 < late < 70
    assert scaled([verdict((1090, 1092), (1095, 1099))], "standard") == late


def test_an_alarm_that_began_before_the_window_does_not_find_it():
    assert scaled([verdict((990, 1050))], "standard") < 0


def test_a_false_alarm_costs_by_the_profile():
    one = verdict((400, 410))
    assert one.false_alarms == 1
    assert scaled([one], "standard") == pytest.approx(-100 * 0.11 / 2)
    assert scaled([one], "low FP") == pytest.approx(-100 * 0.22 / 2)
    assert scaled([one], "low FN") == pytest.approx(-100 * 0.11 / 3)


def test_a_false_alarm_right_after_the_window_costs_little():
    assert -1 < scaled([verdict((1100, 1101))], "standard") < 0


def test_the_first_rows_are_not_judged():
    assert verdict((10, 20)).false_alarms == 0
    assert verdict((10, 301)).false_alarms == 1  # it is still on in the first row that is
    assert verdict(windows=((100, 150),)).scores["standard"] == 0


def test_coverage_and_interval_score_are_of_the_quiet_rows():
    tight = verdict()
    assert tight.coverage == 1
    assert tight.interval == 2  # all width
    missed = verdict(lower=0.5, upper=1.5)
    assert missed.coverage == 0
    assert missed.interval == pytest.approx(1 + 2 / 0.0455 * 0.5)
    assert tight.weeks == pytest.approx((ROWS - 300 - 100) * 300 / 604800)
