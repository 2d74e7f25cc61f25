"""Profiles and their medians, against the slow way to find them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerting.band.profiles import DAY, HOUR, medians, profiles


@st.composite
def binned(draw):
    rows = draw(st.integers(1, 60))
    size = draw(st.integers(1, 6))
    whole = st.integers(-5, 5)
    return (
        np.array(draw(st.lists(whole, min_size=rows, max_size=rows)), float),
        np.array(draw(st.lists(st.integers(0, size - 1), min_size=rows, max_size=rows)), np.uint16),
        size,
        np.array(draw(st.lists(st.integers(0, 3), min_size=rows, max_size=rows)), np.uint8),
    )


@given(binned())
@settings(max_examples=300, deadline=None)
def test_medians_without_a_block_are_those_of_the_other_rows(drawn):
    values, bins, size, blocks = drawn
    found = medians(values, bins, size, blocks, np.argsort(values, kind="stable"))
    for bin_ in range(size):
        members = values[bins == bin_]
        assert found.rows[bin_] == len(members)
        assert np.isnan(found.centre[bin_]) == (len(members) == 0)
        if len(members):
            assert found.centre[bin_] == np.median(members)
    for row in range(len(values)):
        others = values[(bins == bins[row]) & (blocks != blocks[row])]
        assert found.peers[row] == len(others)
        assert found.own[row] == (len(others) > 0)
        assert np.isnan(found.expected[row]) == (len(others) == 0)
        if len(others):
            assert found.expected[row] == np.median(others)


@pytest.mark.parametrize(
    ("period", "sizes"),
    [
        (60, [1, 60, 24, 1440, 2880, 10080]),
        (300, [1, 12, 24, 288, 576, 2016]),
        (420, [1, 9, 24, 206, 412, 1442]),  # neither the hour nor the day is a multiple
        (HOUR, [1, 24, 48, 168]),
        (7 * HOUR, [1, 4, 8, 28]),
        (DAY, [1, 2, 7]),
    ],
)
def test_a_long_period_leaves_out_what_it_makes_equal(period, sizes):
    local = np.arange(0, 20 * DAY, period)
    found = profiles(local, period)
    assert [profile.size for profile in found] == sizes
    for profile in found:
        assert profile.bins.max() < profile.size
        assert len(profile.parent_bins) == profile.size


@pytest.mark.parametrize("period", [60, 300, HOUR, 7 * HOUR, DAY])
def test_a_parents_bin_covers_its_childrens_rows(period):
    found = profiles(np.arange(0, 20 * DAY, period), period)
    assert found[0].parent == -1
    for profile in found[1:]:
        parent = found[profile.parent]
        assert np.array_equal(profile.parent_bins[profile.bins], parent.bins)


def test_the_week_begins_on_monday():
    saturday = 2 * DAY  # 1970-01-03
    weekend, week = profiles(np.array([saturday, saturday + 2 * DAY]), DAY)[1:]
    assert weekend.bins.tolist() == [1, 0]
    assert week.bins.tolist() == [5, 0]
