"""The band of a series: causal, clamped, and honest about what it cannot know."""

from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerting.band import Band, BandSettings, learn_band

HOUR, DAY = 3600, 86400
MONDAY = 1_699_833_600  # 2023-11-13 00:00 UTC


def stamps(days, period=300, start=MONDAY):
    return np.arange(start, start + int(days * DAY), period)


def noise(rows, seed=0):
    return np.random.default_rng(seed).standard_normal(rows)


def daily(at, amplitude=10.0):
    return 50 + amplitude * np.sin(2 * np.pi * at / DAY)


def same(one: Band, other: Band, rows: int) -> bool:
    """Whether two bands agree to the last bit in their first rows."""
    edges = [*one.at(1.5), *one.at(2), *one.at(3), *one.at(4), one.centre]
    others = [*other.at(1.5), *other.at(2), *other.at(3), *other.at(4), other.centre]
    return all(a[:rows].tobytes() == b[:rows].tobytes() for a, b in zip(edges, others, strict=True))


@st.composite
def rough_series(draw):
    """Some days of a metric with gaps, uneven stamps, missing values and odd ones."""
    period = draw(st.sampled_from([300, 420, 3600, 5400, DAY]))
    rows = draw(st.integers(1, 400 if period < DAY else 40))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    steps = np.where(rng.random(rows) < 0.03, rng.integers(1, 200, rows) * 7, 0) + period
    steps[rng.random(rows) < 0.02] += draw(st.sampled_from([0, 3 * DAY, 20 * DAY]))
    at = MONDAY + np.cumsum(steps)
    values = np.round(daily(at, 20) + 30 * rng.standard_normal(rows), 1)
    values[rng.random(rows) < 0.05] = draw(st.sampled_from([np.nan, np.inf, -np.inf, 0.0, 1e9]))
    return period, at, values


@given(rough_series(), st.data())
@settings(max_examples=60, deadline=None)
def test_altering_the_future_changes_no_band_before_it(series, data):
    period, at, values = series
    cut = data.draw(st.integers(0, len(at)))
    adaptive = data.draw(st.booleans())
    chosen = BandSettings(adaptive=adaptive, timezone="Europe/Berlin")
    whole = learn_band(at, values, period=period, settings=chosen)

    altered = values.copy()
    altered[cut:] = data.draw(st.sampled_from([-1e6, 0.0, 1e6, np.nan]))
    assert same(whole, learn_band(at, altered, period=period, settings=chosen), cut)
    shortened = learn_band(at[:cut], values[:cut], period=period, settings=chosen)
    assert same(whole, shortened, cut)


def test_the_value_itself_has_no_say_in_the_band_it_is_compared_with():
    at = stamps(4)
    values = daily(at) + noise(len(at))
    band = learn_band(at, values, period=300)
    for row in (40, 300, 700, 1000):
        altered = values.copy()
        altered[row] = 1e6
        assert same(band, learn_band(at, altered, period=300), row + 1)


def test_a_datapoint_that_is_not_complete_teaches_nothing():
    half_past_one, twenty_past_two = MONDAY + 2 * DAY + 1.5 * HOUR, MONDAY + 2 * DAY + 7 * HOUR / 3
    at = np.append(stamps(2, HOUR), [half_past_one, twenty_past_two]).astype(int)
    values = noise(len(at)) + 50
    altered = values.copy()
    altered[-2] = 1e6  # the training at two sees but half of it
    assert same(*(learn_band(at, v, period=HOUR) for v in (values, altered)), len(at))


@given(rough_series(), st.lists(st.floats(0.01, 20), min_size=2, max_size=5))
@settings(max_examples=40, deadline=None)
def test_a_wider_band_holds_a_narrower_one(series, widths):
    period, at, values = series
    band = learn_band(at, values, period=period)
    edges = [band.at(width) for width in sorted(widths)]
    there = np.isfinite(band.centre)
    for lower, upper in edges:
        assert np.array_equal(np.isfinite(lower), there)
        assert np.array_equal(np.isfinite(upper), there)
        assert (lower[there] <= upper[there]).all()
    for (lower, upper), (below, above) in pairwise(edges):
        assert (below[there] <= lower[there]).all()
        assert (upper[there] <= above[there]).all()


def test_a_width_need_not_be_whole():
    at = stamps(5)
    band = learn_band(at, 100 + noise(len(at)), period=300)
    spans = {width: np.nanmean(np.subtract(*band.at(width)[::-1])) for width in (1.5, 2, 2.5, 3)}
    assert spans[1.5] == pytest.approx(spans[2] * 0.75)
    assert spans[2.5] == pytest.approx((spans[2] + spans[3]) / 2)


@pytest.mark.parametrize("width", [0, -1, np.nan, np.inf])
def test_a_width_that_is_no_width_is_refused(width):
    band = learn_band(stamps(1), np.ones(288), period=300)
    with pytest.raises(ValueError, match="width must be above 0, got"):
        band.at(width)


def test_the_first_band_stands_after_three_hours():
    at = stamps(1)
    band = learn_band(at, 50 + noise(len(at)), period=300)
    assert band.first is not None
    assert at[band.first] - at[0] == 3 * HOUR
    assert np.isnan(band.centre[: band.first]).all()
    assert np.isfinite(band.centre[band.first :]).all()


def test_the_clock_starts_with_the_first_value_there_is():
    at = stamps(1)
    values = 50 + noise(len(at))
    values[:60] = np.nan
    band = learn_band(at, values, period=300)
    assert band.first == 60 + 36


def test_an_hourly_metric_has_a_band_once_there_are_ten_datapoints():
    at = stamps(1, 3600)
    assert learn_band(at, noise(24) + 9, period=3600).first == 10


@pytest.mark.parametrize("rows", [0, 1, 2, 9])
def test_of_a_few_rows_there_is_no_band(rows):
    at = stamps(20, DAY)[:rows]
    band = learn_band(at, np.ones(rows), period=DAY)
    assert band.first is None
    assert all(np.isnan(edge).all() and len(edge) == rows for edge in band.at(2))


def test_of_nothing_but_missing_values_there_is_no_band():
    values = np.where(np.arange(600) % 2, np.nan, np.inf)
    assert learn_band(stamps(3)[:600], values, period=300).first is None


def test_infinities_are_missing_datapoints():
    at = stamps(3)
    values = 50 + noise(len(at))
    holes = np.arange(100, 800, 17)
    infinite, missing = values.copy(), values.copy()
    infinite[holes] = np.where(holes % 2, np.inf, -np.inf)
    missing[holes] = np.nan
    assert same(*(learn_band(at, v, period=300) for v in (infinite, missing)), len(at))


def test_a_missing_value_still_has_a_band_beside_it():
    at = stamps(3)
    values = 50 + noise(len(at))
    values[500:700] = np.nan
    assert np.isfinite(learn_band(at, values, period=300).centre[500:700]).all()


@pytest.mark.parametrize("value", [0.0, 7.0, 1e9])
def test_a_metric_that_never_moves_stays_within_its_band(value):
    at = stamps(20, 900)
    band = learn_band(at, np.full(len(at), value), period=900)
    lower, upper = band.at(0.5)
    there = np.isfinite(lower)
    assert (lower[there] <= value).all()
    assert (upper[there] >= value).all()
    assert np.nanmax(band.at(3)[1] - value) <= 0.01 * value


def test_steps_of_a_coarse_metric_lie_within_width_two():
    at = stamps(14)
    values = np.random.default_rng(3).choice([0.066, 0.132, 0.134, 0.2], len(at))
    lower, upper = learn_band(at, values, period=300).at(2)
    there = np.isfinite(lower)
    assert np.mean((lower <= values) & (values <= upper), where=there) > 0.99


def test_a_long_gap_is_survived_and_two_weeks_of_it_forgotten():
    at = np.concatenate([stamps(3), stamps(2, start=MONDAY + 40 * DAY)])
    values = np.where(at < MONDAY + 10 * DAY, 50, 500) + noise(len(at))
    band = learn_band(at, values, period=300)
    after = len(stamps(3))
    assert np.isnan(band.centre[after : after + 10]).all()  # nothing in the last two weeks
    assert np.nanmin(band.centre[after + 50 :]) > 400


@pytest.mark.parametrize("period", [60, 420, 900, 5400, 7 * HOUR, 12 * HOUR, DAY])
def test_any_period_from_a_minute_to_a_day_has_a_band(period):
    at = stamps(4 if period < HOUR else 60, period)
    values = daily(at) + noise(len(at))
    lower, upper = learn_band(at, values, period=period).at(3)
    late = slice(len(at) // 2, None)
    assert np.isfinite(lower[late]).all()
    assert np.mean((lower <= values)[late] & (values <= upper)[late]) > 0.95


def test_the_band_does_not_go_below_zero():
    at = stamps(3)
    values = np.abs(noise(len(at)))
    lower, _ = learn_band(at, values, period=300).at(4)
    assert np.nanmin(lower) == 0


def test_a_negative_value_lifts_the_floor_once_it_was_seen():
    at = stamps(3)
    values = np.abs(noise(len(at)))
    values[500] = -0.5
    lower, _ = learn_band(at, values, period=300).at(4)
    assert np.nanmin(lower[:501]) == 0
    assert lower[501] < 0
    assert (lower[501:] < 0).all()


def test_a_percentage_stays_between_its_limits():
    at = stamps(3)
    values = np.clip(95 + 5 * noise(len(at)), 0, 100)
    lower, upper = learn_band(at, values, period=300, settings=BandSettings(ceiling=100)).at(3)
    assert np.nanmax(upper) == 100
    _, free = learn_band(at, values, period=300).at(3)
    assert np.nanmax(free) > 100
    assert np.nanmin(lower) > 50


def test_a_given_floor_holds_whatever_was_seen():
    at = stamps(3)
    values = noise(len(at))
    lower, _ = learn_band(at, values, period=300, settings=BandSettings(floor=-2)).at(4)
    assert np.nanmin(lower) == -2


def test_excluded_ranges_teach_nothing():
    at = stamps(6)
    values = daily(at) + noise(len(at))
    test = (MONDAY + 3 * DAY, MONDAY + 4 * DAY)
    loaded, other = values.copy(), values.copy()
    within = (at >= test[0]) & (at < test[1])
    loaded[within] += 500
    other[within] = 1e5
    without = BandSettings(excluded=(test,))
    taught, told = (
        learn_band(at, loaded, period=300, settings=s) for s in (BandSettings(), without)
    )
    after = at >= test[1]
    assert np.nanmax(told.at(3)[1][after]) < 80
    assert np.nanmax(taught.at(3)[1][after]) > 200
    unseen = learn_band(at, other, period=300, settings=without)
    assert told.centre.tobytes() == unseen.centre.tobytes()
    assert np.isfinite(told.centre[within]).all()


def test_a_daily_pattern_keeps_its_hour_over_a_change_of_the_clocks():
    zone = "America/New_York"  # clocks went back on 2023-11-05
    at = stamps(10, 900, int(datetime(2023, 11, 1, tzinfo=UTC).timestamp()))
    hours = np.array([datetime.fromtimestamp(t, ZoneInfo(zone)).hour for t in at.tolist()])
    values = np.where((hours >= 9) & (hours < 17), 100.0, 10.0) + noise(len(at))

    def missed(timezone):
        lower, upper = learn_band(
            at, values, period=900, settings=BandSettings(timezone=timezone)
        ).at(3)
        days = (at >= at[0] + 4 * DAY) & (at < at[0] + 6 * DAY)
        return float(np.mean(((values < lower) | (values > upper))[days]))

    assert missed(zone) < 0.01
    assert missed("UTC") > 0.04  # an hour each morning and each evening


def test_an_adaptive_band_follows_a_new_level_within_hours():
    at = stamps(6)
    values = 50 + noise(len(at))
    drift = np.cumsum(noise(len(at), 1)) * 0.5
    plain, adaptive = (
        learn_band(at, values + 100 + drift, period=300, settings=BandSettings(adaptive=a))
        for a in (False, True)
    )
    late = slice(len(at) // 2, None)
    span = [np.mean(np.subtract(*band.at(2)[::-1])[late]) for band in (plain, adaptive)]
    assert span[1] < 0.5 * span[0]


def test_stamps_that_do_not_ascend_are_refused():
    with pytest.raises(ValueError, match="stamps must ascend, each once"):
        learn_band(np.array([0, 300, 300]), np.ones(3), period=300)


def test_arrays_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match=r"of one length, got \(2,\) and \(3,\)"):
        learn_band(np.array([0, 300]), np.ones(3), period=300)


def test_a_period_below_a_minute_is_refused():
    with pytest.raises(ValueError, match="at least 60 seconds, got 10"):
        learn_band(np.array([0, 10]), np.ones(2), period=10)
