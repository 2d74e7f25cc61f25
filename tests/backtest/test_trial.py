"""One metric's past tried with many settings."""

import pickle
from dataclasses import replace

import numpy as np
import pytest

from alerting.backtest import Choice, Trial, run
from alerting.backtest.choice import choices
from alerting.band import BandSettings
from alerting.cloudwatch import Comparison, MissingData, next_state
from alerting.cloudwatch.evaluation import Evaluation
from alerting.replay import Series
from tests.backtest.recordings import DAY, MONDAY, calm, with_peaks

HOUR = 3600


def trial(series, widths=(3.0,), datapoints=((3, 3),), **more):
    more.setdefault("comparison", Comparison.OUTSIDE_BAND)
    evaluation = Evaluation(
        period=series.spacing, treat_missing_data=more.pop("missing", "missing")
    )
    return Trial(
        name="metric",
        series=series,
        evaluation=evaluation,
        choices=choices(widths, datapoints),
        **more,
    )


def test_a_peak_is_an_alarm_with_its_value_and_the_band_beside_it():
    (alarm,) = run(trial(with_peaks(100))).alarms
    begin = MONDAY + 100 * HOUR
    assert alarm.start == begin + 15 * 60, "the third datapoint is seen after its five minutes"
    assert alarm.stamp == begin + 10 * 60
    assert alarm.value == 200.0
    assert alarm.lower < 50 < alarm.upper < 70
    assert alarm.seconds == alarm.end - alarm.start == 20 * 60


def test_an_alarm_that_is_still_on_at_the_end_has_no_end():
    series = with_peaks(6 * 24 - 1, lasting=HOUR)
    (alarm,) = run(trial(series)).alarms
    assert alarm.end is None
    assert alarm.seconds == series.end - alarm.start


def test_more_datapoints_alarm_later_and_wider_bands_less():
    outcome = run(trial(with_peaks(50, 100), (1.0, 3.0), ((1, 1), (5, 5))))
    alarms = {(cell.choice.width, cell.choice.m): cell.alarms for cell in outcome.cells}
    assert alarms[1.0, 1] > alarms[3.0, 1] >= alarms[3.0, 5] == 2


def test_the_counts_of_a_cell_are_those_of_its_alarms():
    outcome = run(trial(with_peaks(50, 100, lasting=2 * HOUR)))
    (cell,) = outcome.cells
    assert cell.alarms == len(outcome.alarms) == 2
    assert cell.seconds == sum(alarm.seconds for alarm in outcome.alarms)
    assert cell.longest == max(alarm.seconds for alarm in outcome.alarms)
    assert cell.changes == 1 + 2 * 2, "to OK at first, then there and back twice"
    assert cell.per_week == pytest.approx(2 * 7 * DAY / outcome.judged)


def test_judging_begins_with_the_first_band():
    outcome = run(trial(with_peaks()))
    assert outcome.first == MONDAY + 3 * HOUR
    assert outcome.judged == 6 * DAY - 3 * HOUR - 300


def test_a_peak_before_there_is_a_band_is_no_alarm():
    assert run(trial(with_peaks(1))).alarms == ()


def test_the_rows_show_the_state_after_the_tick_at_which_each_was_first_seen():
    """Against the rule written out minute by minute."""
    series = with_peaks(30, 60.2, 100)
    series = Series.of(series.stamps + 40, series.values, spacing=300)
    outcome = run(trial(series, datapoints=((2, 3),)))
    lower, upper = outcome.edges
    points = {
        int(stamp): bool(value < low or value > high)
        for stamp, value, low, high in zip(series.stamps, series.values, lower, upper, strict=True)
        if low == low
    }
    state, states, tick = "INSUFFICIENT_DATA", {}, int(series.stamps[0]) // 60 * 60
    while tick <= series.stamps[-1] + 360:
        window = []
        for slot in range(5, 0, -1):
            begin = tick - slot * 300
            seen = [points.get(t) for t in range(begin, begin + 300) if t + 300 <= tick]
            seen = [one for one in seen if one is not None]
            window.append(seen[0] if seen else None)
        state = next_state(
            window,
            evaluation_periods=3,
            datapoints_to_alarm=2,
            treat_missing_data="missing",
            state=state,
        )
        states[tick] = state
        tick += 60
    expected = [states[-(-(int(stamp) + 300) // 60) * 60] == "ALARM" for stamp in series.stamps]
    assert outcome.in_alarm.tolist() == expected
    assert any(expected)


@pytest.mark.parametrize("cut", [200, 777, 1500])
def test_what_comes_later_changes_nothing_before(cut):
    series = with_peaks(30, 100)
    whole = run(trial(series))
    spoilt = np.append(series.values[:cut], np.full(series.values.size - cut, 1e6))
    for other in (
        Series.of(series.stamps[:cut], series.values[:cut], spacing=300),
        Series.of(series.stamps, spoilt, spacing=300),
    ):
        outcome = run(trial(other))
        for edge, wanted in zip(outcome.edges, whole.edges, strict=True):
            np.testing.assert_array_equal(edge[:cut], wanted[:cut])
        np.testing.assert_array_equal(outcome.in_alarm[:cut], whole.in_alarm[:cut])


def test_coverage_is_the_share_of_datapoints_within_the_band():
    outcome = run(trial(with_peaks(), (1.0, 3.0)))
    assert 0.6 < outcome.coverage[1.0] < 0.8
    assert outcome.coverage[3.0] > 0.99


def test_below_a_minute_there_is_no_band():
    stamps, values = calm(days=1, every=10)
    outcome = run(trial(Series.of(stamps, values, spacing=10)))
    assert np.isnan(outcome.edges).all()
    assert (outcome.first, outcome.judged, outcome.alarms) == (None, 0, ())
    assert outcome.advice.cell is None


@pytest.mark.parametrize("values", [[1.0], [np.nan] * 500, [5.0] * 3], ids=["one", "none", "few"])
def test_too_little_data_is_no_band_and_no_alarm(values):
    series = Series.of(MONDAY + 300 * np.arange(len(values)), values, spacing=300)
    outcome = run(trial(series))
    assert outcome.first is None
    assert not outcome.in_alarm.any()
    assert outcome.cells[0].per_week is None


def test_a_flat_metric_is_within_its_band():
    series = Series.of(MONDAY + 300 * np.arange(2000), np.full(2000, 7.0), spacing=300)
    outcome = run(trial(series))
    assert outcome.coverage == {3.0: 1.0}
    assert outcome.alarms == ()


def test_the_side_that_does_not_count_does_not_alarm():
    series = with_peaks(100, height=-500.0)
    assert run(trial(series, comparison=Comparison.ABOVE_BAND)).alarms == ()
    assert len(run(trial(series, comparison=Comparison.BELOW_BAND)).alarms) == 1


def test_missing_data_counts_as_it_is_told_to():
    series = with_peaks()
    hole = (series.stamps >= MONDAY + 3 * DAY) & (series.stamps < MONDAY + 3 * DAY + 2 * HOUR)
    series = Series.of(series.stamps[~hole], series.values[~hole], spacing=300)
    assert run(trial(series)).alarms == ()
    (alarm,) = run(trial(series, missing=MissingData.BREACHING)).alarms
    assert MONDAY + 3 * DAY < alarm.start < MONDAY + 3 * DAY + HOUR


def test_what_an_alarm_does_before_there_is_a_band_is_not_counted():
    outcome = run(trial(with_peaks(), missing=MissingData.BREACHING))
    assert outcome.in_alarm[:30].all(), "no band is missing data, and that is a breach here"
    assert (outcome.alarms, outcome.shown.alarms, outcome.shown.seconds) == ((), 0, 0)


def test_settings_reach_the_band():
    upper = run(trial(with_peaks(), settings=BandSettings(ceiling=51.0))).edges[1]
    assert np.nanmax(upper) == 51.0


def test_a_threshold_needs_no_band():
    outcome = run(
        trial(with_peaks(1), (None,), ((1, 1), (3, 3)), comparison=Comparison.ABOVE, threshold=100)
    )
    assert outcome.first == MONDAY
    assert [cell.alarms for cell in outcome.cells] == [1, 1]
    assert outcome.coverage == {}
    (alarm,) = outcome.alarms
    assert (alarm.lower, alarm.upper) == (None, None)


def test_what_is_declared_is_what_is_shown():
    declared = Choice(2.0, 1, 1)
    outcome = run(trial(with_peaks(100), (2.0, 3.0), ((1, 1), (3, 3)), declared=declared))
    assert outcome.shown.choice == declared
    assert outcome.advice.cell.choice != declared


def test_incidents_are_scored_and_alarms_within_them_marked():
    incidents = ((MONDAY + 99 * HOUR, MONDAY + 101 * HOUR), (MONDAY + 110 * HOUR,) * 2)
    outcome = run(trial(with_peaks(50, 100), incidents=incidents))
    score = outcome.shown.score
    assert (score.true, score.false, score.found, score.incidents) == (1, 1, 1, 2)
    assert score.delay == HOUR + 15 * 60
    assert [alarm.incident for alarm in outcome.alarms] == [False, True]


def test_an_incident_before_the_first_band_is_not_held_against_an_alarm():
    outcome = run(trial(with_peaks(), incidents=((MONDAY, MONDAY + HOUR),)))
    assert outcome.shown.score is None


def test_trials_and_outcomes_can_be_sent_to_another_process():
    asked = trial(with_peaks(100))
    outcome = pickle.loads(pickle.dumps(run(pickle.loads(pickle.dumps(asked)))))
    assert outcome.alarms == run(asked).alarms


def test_a_day_long_period_is_looked_at_every_hour():
    stamps = MONDAY + DAY * np.arange(60)
    values = np.where(np.arange(60) == 50, 500.0, 50 + np.arange(60) % 3)
    outcome = run(trial(Series.of(stamps, values, spacing=DAY), datapoints=((1, 2),)))
    assert outcome.in_alarm[50]
    assert replace(outcome.alarms[0]).start % HOUR == 0
