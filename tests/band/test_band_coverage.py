"""A width holds what it says: 95.45 % of the values at 2, 99.73 % at 3, on data of known make."""

import numpy as np
import pytest

from alerting.band import learn_band

DAY = 86400
MONDAY = 1_699_833_600


def flat(at):
    return np.full(len(at), 50.0)


def daily(at):
    return 50 + 6 * np.sin(2 * np.pi * at / DAY) + 2 * np.sin(6 * np.pi * at / DAY)


def weekly(at):
    return daily(at) + 5 * np.sin(2 * np.pi * at / (7 * DAY))


def working_days(at):
    return np.where((at // DAY + 3) % 7 < 5, daily(at), 20.0)


def hourly(at):
    return np.where(at % 3600 < 600, 80.0, 50.0)


def normal(rng, rows):
    return rng.standard_normal(rows)


def student(rng, rows):
    return rng.standard_t(5, rows)


def coverage(pattern, draw, period, known_after, series=2, days=28):
    """Share of the values within widths 2 and 3, from where the pattern can be known."""
    at = np.arange(MONDAY, MONDAY + days * DAY, period)
    held = []
    for seed in range(series):
        values = pattern(at) + draw(np.random.default_rng(seed), len(at))
        band = learn_band(at, values, period=period)
        late = at >= MONDAY + known_after * DAY
        edges = [band.at(width) for width in (2, 3)]
        held.append([np.mean(((lo <= values) & (values <= hi))[late]) for lo, hi in edges])
    return np.mean(held, axis=0)


@pytest.mark.parametrize("draw", [normal, student])
@pytest.mark.parametrize(
    ("pattern", "known_after"),
    [(flat, 2), (hourly, 2), (daily, 2), (weekly, 14), (working_days, 14)],
)
def test_each_width_holds_its_share(pattern, known_after, draw):
    two, three = coverage(pattern, draw, 300, known_after, days=known_after + 14)
    assert two == pytest.approx(0.9545, abs=0.01)
    assert three == pytest.approx(0.9973, abs=0.002)


@pytest.mark.parametrize(("pattern", "known_after"), [(flat, 2), (daily, 2), (weekly, 14)])
def test_an_hourly_metric_too(pattern, known_after):
    two, three = coverage(pattern, normal, 3600, known_after, series=10)
    assert two == pytest.approx(0.9545, abs=0.01)
    assert three == pytest.approx(0.9973, abs=0.002)


def test_a_metric_of_every_minute_too():
    two, three = coverage(daily, normal, 60, 2, series=1, days=8)
    assert two == pytest.approx(0.9545, abs=0.01)
    assert three == pytest.approx(0.9973, abs=0.002)


def test_the_first_days_hold_not_much_less():
    at = np.arange(MONDAY, MONDAY + 2 * DAY, 300)
    held = []
    for seed in range(5):
        values = flat(at) + normal(np.random.default_rng(seed), len(at))
        lower, upper = learn_band(at, values, period=300).at(2)
        there = np.isfinite(lower)
        held.append(np.mean(((lower <= values) & (values <= upper))[there]))
    assert np.mean(held) == pytest.approx(0.9545, abs=0.02)


def test_a_pattern_makes_the_band_no_wider_than_its_noise():
    at = np.arange(MONDAY, MONDAY + 21 * DAY, 300)
    values = working_days(at) + normal(np.random.default_rng(0), len(at))
    lower, upper = learn_band(at, values, period=300).at(2)
    assert np.mean((upper - lower)[at >= MONDAY + 14 * DAY]) < 4.6  # 4 for the noise alone
