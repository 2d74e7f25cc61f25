"""The replay of one series against a minute-by-minute simulation written out plainly."""

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerting.cloudwatch import Comparison, MissingData, next_state
from alerting.cloudwatch.evaluation import Evaluation
from alerting.replay import Series, evaluate, first_seen

MONDAY = 1_704_067_200
NAN = float("nan")

AGGREGATES = {
    "Average": lambda values: sum(values) / len(values),
    "Sum": sum,
    "SampleCount": sum,
    "Minimum": min,
    "Maximum": max,
}


def simulate(series, rule, statistic, breaches, delay, end, buckets=None):
    """Every tick from the first datapoint on: see, aggregate, judge. Returns (tick, state)."""
    points = {
        int(stamp): value
        for stamp, value in zip(series.stamps, series.values, strict=True)
        if value == value
    }
    if not points:
        return []
    lag = series.spacing + delay
    tick = -(-(min(points) + lag) // rule.tick) * rule.tick
    state, states = "INSUFFICIENT_DATA", []
    slots = rule.evaluation_range()
    while tick <= end:
        window = []
        for k in range(slots, 0, -1):
            if buckets is None:
                begin, past = tick - k * rule.period, tick - (k - 1) * rule.period
            else:
                done = [edge for edge in buckets if edge <= tick]
                begin, past = done[-1 - k], done[-k]
            seen = [v for t, v in sorted(points.items()) if begin <= t < past and t + lag <= tick]
            window.append(breaches(AGGREGATES[statistic](seen)) if seen else None)
        state = next_state(
            window,
            evaluation_periods=rule.evaluation_periods,
            datapoints_to_alarm=rule.datapoints_to_alarm,
            treat_missing_data=rule.treat_missing_data,
            state=state,
        )
        states.append((tick, state))
        tick += rule.tick
    return states


def changes_of(states):
    before, changes = "INSUFFICIENT_DATA", []
    for tick, state in states:
        if state != before:
            changes.append((tick, state))
        before = state
    return changes


@st.composite
def recordings(draw, spacings, max_size=14):
    """Regular with gaps, or anything at all; values from a handful, so that sums are exact."""
    spacing = draw(st.sampled_from(spacings))
    start = MONDAY + draw(st.integers(0, 700))
    if draw(st.booleans()):
        stamps = [start + spacing * at for at in range(draw(st.integers(1, max_size)))]
    else:
        steps = draw(st.lists(st.integers(1, 3 * spacing), max_size=max_size))
        stamps = [start + sum(steps[:at]) for at in range(len(steps) + 1)]
    values = draw(
        st.lists(
            st.sampled_from([0.0, 0.0, 1.0, 4.0, NAN]), min_size=len(stamps), max_size=len(stamps)
        )
    )
    tail = draw(st.sampled_from([0, 0, 40, 4000]))
    return Series.of(stamps, values, spacing=spacing, end=stamps[-1] + spacing + tail)


@st.composite
def rules(draw, periods, most=4, **fixed):
    n = draw(st.integers(1, most))
    return Evaluation(
        period=draw(st.sampled_from(periods)),
        evaluation_periods=n,
        datapoints_to_alarm=draw(st.integers(1, n)),
        treat_missing_data=draw(st.sampled_from(MissingData)),
        **fixed,
    )


def agrees(series, rule, statistic="Average", delay=0, buckets=None):
    line = evaluate(
        series,
        rule,
        Comparison.ABOVE,
        threshold=1.5,
        statistic=statistic,
        ingestion_delay=delay,
        end=series.end,
    )
    states = simulate(series, rule, statistic, lambda v: v > 1.5, delay, series.end, buckets)
    assert [*line.changes] == changes_of(states)
    for tick, state in states:
        assert line.at(tick) == state


@settings(max_examples=150, deadline=None)
@given(
    recordings([60, 120, 300, 420]),
    rules([60, 120, 300]),
    st.sampled_from([*AGGREGATES]),
    st.sampled_from([0, 0, 20, 600]),
)
def test_every_minute_agrees_with_the_simulation(series, rule, statistic, delay):
    agrees(series, rule, statistic, delay)


@settings(max_examples=40, deadline=None)
@given(recordings([10, 20, 60]), rules([10, 20, 30]))
def test_a_high_resolution_alarm_looks_every_ten_seconds(series, rule):
    assert rule.tick == 10
    agrees(series, rule)


@settings(max_examples=25, deadline=None)
@given(recordings([3600, 21_600, 86_400], max_size=6), st.sampled_from(MissingData))
def test_a_multi_day_alarm_looks_every_hour(series, missing):
    rule = Evaluation(43_200, 3, 2, missing)

    assert rule.tick == 3600
    agrees(series, rule)


@settings(max_examples=25, deadline=None)
@given(recordings([60, 300], max_size=10), st.sampled_from(["UTC", "+05:45", "-0330"]))
def test_wall_clock_windows_are_the_completed_periods_of_the_zone(series, zone):
    rule = Evaluation(300, 2, 1, timezone=zone)
    first = MONDAY - 36_000

    agrees(series, rule, "Sum", buckets=range(first, series.end + 300, 300))


@settings(max_examples=15, deadline=None)
@given(recordings([300, 1800], max_size=10))
def test_wall_clock_hours_begin_with_the_hours_of_the_zone(series):
    half_past = MONDAY - 10 * 86_400 + 1800

    agrees(
        series,
        Evaluation(3600, 2, 1, timezone="Asia/Kolkata"),
        "Sum",
        buckets=range(half_past, series.end + 3600, 3600),
    )


def test_wall_clock_days_follow_the_clocks_of_the_zone():
    zone = ZoneInfo("Europe/Berlin")
    midnights = [
        int(datetime(2024, 3, day, tzinfo=zone).timestamp()) for day in (28, 29, 30, 31)
    ] + [int(datetime(2024, 4, day, tzinfo=zone).timestamp()) for day in (1, 2, 3)]
    assert midnights[4] - midnights[3] == 23 * 3600, "the clocks went forward on the 31st"
    stamps = np.arange(midnights[2], midnights[6], 3600)
    series = Series.of(stamps, np.ones(stamps.size), spacing=3600)
    rule = Evaluation(86_400, 1, 1, timezone="Europe/Berlin")

    line = evaluate(series, rule, Comparison.ABOVE, threshold=23.5, statistic="Sum")

    assert line.changes == (
        (midnights[3], "ALARM"),
        (midnights[4], "OK"),
        (midnights[5], "ALARM"),
    )


def test_wall_clock_weeks_begin_on_monday():
    stamps = np.arange(MONDAY, MONDAY + 15 * 86_400, 86_400)
    series = Series.of(stamps, [0.0] * 7 + [2.0] * 8)
    rule = Evaluation(604_800, 1, 1, timezone="UTC")

    line = evaluate(series, rule, Comparison.ABOVE, threshold=1, statistic="Maximum")

    week = 7 * 86_400
    assert line.changes == ((MONDAY + week, "OK"), (MONDAY + 2 * week, "ALARM"))


def test_the_documented_multi_day_example_turns_red_at_the_top_of_the_next_hour():
    failed = MONDAY + 10 * 3600 + 120
    series = Series.of([failed - 3600, failed], [0.0, 1.0], spacing=60, end=failed + 7200)
    rule = Evaluation(86_400, 2, 1)

    line = evaluate(series, rule, Comparison.ABOVE, threshold=0, statistic="Maximum")

    assert line.changes[-1] == (MONDAY + 11 * 3600, "ALARM")


@settings(max_examples=40, deadline=None)
@given(recordings([60, 300]), rules([300]))
def test_a_datapoint_without_a_band_is_a_missing_one(series, rule):
    known = np.arange(series.stamps.size) >= 2
    lower, upper = np.where(known, 0.5, NAN), np.where(known, 1.5, NAN)
    held = Series.of(
        series.stamps,
        np.where(known, series.values, NAN),
        spacing=series.spacing,
        end=series.end,
    )
    line = evaluate(series, rule, Comparison.OUTSIDE_BAND, band=(lower, upper), end=series.end)
    bare = simulate(held, rule, "Average", lambda v: not 0.5 <= v <= 1.5, 0, series.end)

    if rule.treat_missing_data == "missing":
        for tick, state in bare:
            assert line.at(tick) == state


def test_the_clock_starts_with_the_first_datapoint_band_or_not():
    series = Series.of(MONDAY + 300 * np.arange(3), [9.0, 9.0, 9.0])
    band = np.array([NAN, NAN, 0.0]), np.array([NAN, NAN, 5.0])
    rule = Evaluation(treat_missing_data=MissingData.NOT_BREACHING)

    line = evaluate(series, rule, Comparison.OUTSIDE_BAND, band=band)

    assert line.start == MONDAY + 300
    assert line.changes == ((MONDAY + 300, "OK"), (MONDAY + 900, "ALARM"))


def test_many_datapoints_to_alarm_agree_without_tables_and_with():
    rng = np.random.default_rng(7)
    stamps = MONDAY + 60 * np.arange(150)
    values = np.where(rng.random(150) < 0.2, NAN, (rng.random(150) < 0.4) * 2.0)
    for missing in MissingData:
        agrees(Series.of(stamps, values), Evaluation(60, 20, 9, missing))
        agrees(
            Series.of(stamps + rng.integers(0, 50, 150), values, spacing=60),
            Evaluation(60, 20, 9, missing),
        )


def test_a_datapoint_is_seen_when_its_period_is_over():
    series = Series.of([MONDAY, MONDAY + 300], [0.0, 2.0], spacing=300)

    line = evaluate(series, Evaluation(), Comparison.ABOVE, threshold=1)

    assert line.start == MONDAY + 300
    assert line.changes == ((MONDAY + 300, "OK"), (MONDAY + 600, "ALARM"))


def test_the_ingestion_delay_comes_on_top():
    series = Series.of([MONDAY, MONDAY + 300], [0.0, 2.0], spacing=300)

    line = evaluate(series, Evaluation(), Comparison.ABOVE, threshold=1, ingestion_delay=90)

    assert line.changes == ((MONDAY + 420, "OK"), (MONDAY + 720, "ALARM"))


def test_every_row_has_a_state_even_where_the_last_is_seen_after_the_declared_end():
    series = Series.of([MONDAY + 30, MONDAY + 330], [0.0, 2.0], spacing=300)

    line = evaluate(series, Evaluation(), Comparison.ABOVE, threshold=1)
    seen = first_seen(series.stamps, series.spacing, 60)

    assert [*line.in_state("ALARM", seen)] == [False, True]
    assert seen[-1] > series.end


def test_a_series_recorded_more_coarsely_than_the_period_is_out_of_range_when_it_is_seen():
    series = Series.of(MONDAY + 300 * np.arange(10), np.full(10, 9.0))

    line = evaluate(series, Evaluation(60), Comparison.ABOVE, threshold=1)

    assert line.changes == ()
    assert line.at(series.end) == "INSUFFICIENT_DATA"


def test_states_between_changes_and_spans_can_be_asked_for():
    series = Series.of(MONDAY + 300 * np.arange(6), [0, 2, 2, 0, 2, 2.0])

    line = evaluate(series, Evaluation(), Comparison.ABOVE, threshold=1)

    assert line.at(MONDAY) == "INSUFFICIENT_DATA"
    assert line.at(MONDAY + 899) == "ALARM"
    assert [*line.spans("ALARM")] == [
        (MONDAY + 600, MONDAY + 1200),
        (MONDAY + 1500, MONDAY + 1800 + 0),
    ]
    assert [*line.spans("INSUFFICIENT_DATA")] == []


def test_years_between_two_datapoints_cost_nothing():
    series = Series.of([0, MONDAY], [2.0, 0.0], spacing=300)

    line = evaluate(series, Evaluation(), Comparison.ABOVE, threshold=1)

    assert [state for _, state in line.changes] == ["ALARM", "INSUFFICIENT_DATA", "OK"]


def test_a_series_without_a_datapoint_has_no_timeline():
    line = evaluate(Series.of([MONDAY], [NAN]), Evaluation(), Comparison.ABOVE, threshold=1)

    assert line.start is None
    assert line.changes == ()
    assert [*line.spans("INSUFFICIENT_DATA")] == []


@pytest.mark.parametrize(
    ("comparison", "limit"),
    [
        (Comparison.ABOVE, {}),
        (Comparison.ABOVE, {"band": (np.zeros(1), np.ones(1))}),
        (Comparison.ABOVE_BAND, {"threshold": 1.0}),
    ],
)
def test_the_wrong_sort_of_limit_is_refused(comparison, limit):
    with pytest.raises(ValueError, match=r"needs a (threshold|band)"):
        evaluate(Series.of([0], [1.0]), Evaluation(), comparison, **limit)


@pytest.mark.parametrize(
    ("comparison", "breaching"),
    [
        (Comparison.ABOVE, [3]),
        (Comparison.ABOVE_OR_AT, [2, 3]),
        (Comparison.BELOW, [1]),
        (Comparison.BELOW_OR_AT, [1, 2]),
    ],
)
def test_a_threshold_is_met_exactly_as_the_operator_says(comparison, breaching):
    for value in (1, 2, 3):
        line = evaluate(Series.of([0], [value]), Evaluation(), comparison, threshold=2)

        assert line.at(300) == ("ALARM" if value in breaching else "OK")


@pytest.mark.parametrize(
    ("comparison", "breaching"),
    [
        (Comparison.OUTSIDE_BAND, [0, 4]),
        (Comparison.BELOW_BAND, [0]),
        (Comparison.ABOVE_BAND, [4]),
    ],
)
def test_a_value_on_the_edge_of_a_band_is_within(comparison, breaching):
    for value in (0, 1, 2, 3, 4):
        band = np.array([1.0]), np.array([3.0])
        line = evaluate(Series.of([0], [value]), Evaluation(), comparison, band=band)

        assert line.at(300) == ("ALARM" if value in breaching else "OK")
