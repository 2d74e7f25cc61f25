"""Datapoints over a declared time."""

import numpy as np
import pytest

from alerting.replay import Series
from alerting.replay.series import commonest_spacing


def test_stamps_are_sorted_and_the_last_value_of_a_stamp_wins():
    series = Series.of([600, 0, 300, 0], [3, 1, 2, 9])

    assert series.stamps.tolist() == [0, 300, 600]
    assert series.values.tolist() == [9, 2, 3]


def test_the_declared_time_runs_from_the_first_stamp_to_the_end_of_the_last_datapoint():
    series = Series.of([300, 600, 900], [1, 2, 3])

    assert (series.start, series.end, series.spacing) == (300, 1200, 300)


def test_the_declared_time_can_be_longer():
    series = Series.of([300], [1], spacing=60, start=0, end=9000)

    assert (series.start, series.end, series.spacing) == (0, 9000, 60)


def test_infinities_are_missing():
    stamps, values = Series.of([0, 60, 120], [1, float("inf"), float("-inf")]).present()

    assert (stamps.tolist(), values.tolist()) == ([0], [1])


@pytest.mark.parametrize(
    ("stamps", "spacing"),
    [
        ([0, 60, 120, 420], 60),
        ([0, 300, 360, 660], 300),
        ([0, 60, 360], 60),
        ([600, 300, 0, 60], 60),
        ([0, 0, 0], None),
        ([5], None),
        ([*range(0, 100 * 60, 60), *range(6000, 600_000, 300)], 60),
    ],
)
def test_the_commonest_step_forward_of_the_first_hundred_is_the_spacing(stamps, spacing):
    assert commonest_spacing(np.array(stamps)) == spacing


def test_a_single_stamp_is_taken_for_five_minutes():
    assert Series.of([0], [1]).spacing == 300


@pytest.mark.parametrize(
    ("stamps", "values", "spacing", "message"),
    [
        ([], [], None, "at least one stamp"),
        ([0, 1], [1], None, "2 stamps do not go with 1 values"),
        ([0], [1], 0, "spacing must be above 0, got 0"),
    ],
)
def test_what_makes_no_series_is_refused(stamps, values, spacing, message):
    with pytest.raises(ValueError, match=message):
        Series.of(stamps, values, spacing=spacing)
