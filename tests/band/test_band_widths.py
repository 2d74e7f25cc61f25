"""Half-widths from residuals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.band.widths import at_width, half_widths, median_variance


def residuals(rows=20_000, seed=0):
    return np.random.default_rng(seed).standard_normal(rows)


def test_many_normal_residuals_give_two_and_three_standard_deviations():
    off = residuals()
    above, below, both = half_widths(off, np.zeros(len(off)), len(off), 0)
    assert above == pytest.approx(2, rel=0.05)
    assert below == pytest.approx(2, rel=0.05)
    assert both == pytest.approx(3, rel=0.05)


def test_each_side_has_its_own_half_width_at_width_two():
    off = np.where(residuals() > 0, 5, 1) * residuals()
    above, below, _ = half_widths(off, np.zeros(len(off)), len(off), 0)
    assert above == pytest.approx(5 * below, rel=0.1)


def test_recent_days_weigh_more():
    off = residuals()
    ages = np.where(np.arange(len(off)) % 2, 0.0, 13.0)
    off[ages > 0] *= 10
    above, *_ = half_widths(off, ages, len(off), 0)
    assert above < 5  # 10 to 20, did both halves weigh the same


def test_of_few_residuals_the_tail_is_guessed_beyond_the_largest():
    off = residuals(40)
    *_, both = half_widths(off, np.zeros(40), 40, 0)
    assert 1.05 * np.abs(off).max() < both < 3 * np.abs(off).max()


def test_what_is_told_twice_counts_once():
    off = residuals(40)
    once = half_widths(off, np.zeros(40), 40, 0)
    twice = half_widths(np.repeat(off, 2), np.zeros(80), 40, 0)
    assert twice == pytest.approx(once, rel=0.1)


def test_no_half_width_is_below_the_least():
    assert half_widths(np.zeros(50), np.zeros(50), 50, 0.2) == pytest.approx((0.2, 0.2, 0.3))


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0.01, 20), st.floats(0.01, 20))
def test_half_widths_grow_with_the_width(two, three, one, other):
    narrow, wide = sorted((one, other))
    a, b = (float(at_width(np.array(two), np.array(three), w)) for w in (narrow, wide))
    assert a <= b * (1 + 1e-12)


def test_width_three_is_wider_than_two_even_if_less_was_measured():
    assert at_width(np.array(2.0), np.array(1.0), 3) == pytest.approx(2.1)


@pytest.mark.parametrize("rows", [1, 2, 3, 4, 7, 8, 13])
def test_the_variance_of_a_median_is_what_trials_give(rows):
    trials = np.random.default_rng(rows).standard_normal((40_000, rows))
    measured = np.median(trials, axis=1).var()
    assert median_variance(np.array(rows)) == pytest.approx(measured, rel=0.2)
