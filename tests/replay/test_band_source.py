"""Bands for the alarms of a replay."""

import numpy as np
import pytest

from alerting.account.model import Account, Item, Kind
from alerting.band import BandSettings
from alerting.band_source import learned_bands, told_by
from alerting.replay import NotReplayableError, Series

ACCOUNT = Account("123456789012", "us-east-1")


def alarm(name="CPUUtilization", statistic="Average", expression=None):
    stat = {
        "Metric": {"Namespace": "AWS/EC2", "MetricName": name},
        "Period": 300,
        "Stat": statistic,
    }
    queries = [
        {"Id": "m1", "MetricStat": stat, "ReturnData": expression is None},
        {"Id": "band", "Expression": f"ANOMALY_DETECTION_BAND({'e1' if expression else 'm1'}, 3)"},
    ]
    if expression:
        queries.append({"Id": "e1", "Expression": expression})
    data = {"Metrics": queries, "ThresholdMetricId": "band", "EvaluationPeriods": 1}
    return Item(Kind.ALARM, "arn:aws:cloudwatch:us-east-1:123456789012:alarm:a", data)


def noisy(level=97.0, spacing=300):
    stamps = np.arange(0, 3 * 86_400, spacing)
    values = level + np.random.default_rng(1).normal(0, 3, stamps.size)
    return Series.of(stamps, values, spacing=spacing)


def test_a_percentage_has_no_band_above_100():
    _, upper = learned_bands(ACCOUNT)(alarm(), noisy(), 3.0)
    assert np.nanmax(upper) == 100


def test_other_metrics_and_metric_math_have():
    for one in (alarm("NetworkIn"), alarm(expression="m1 * 2")):
        _, upper = learned_bands(ACCOUNT)(one, noisy(), 3.0)
        assert np.nanmax(upper) > 100


def test_what_the_settings_say_wins():
    _, upper = learned_bands(ACCOUNT, BandSettings(ceiling=98.0))(alarm(), noisy(), 3.0)
    assert np.nanmax(upper) == 98


def test_each_series_is_learned_once(monkeypatch):
    from alerting import band_source

    learned, series = [], noisy()
    real = band_source.learn_band
    monkeypatch.setattr(
        band_source, "learn_band", lambda *a, **k: learned.append(1) or real(*a, **k)
    )
    bands = learned_bands(ACCOUNT)
    for width in (2.0, 3.0):
        bands(alarm(), series, width)
    bands(alarm("NetworkIn"), series, 3.0)
    assert len(learned) == 2, "the second metric can be something else"


def test_below_a_minute_there_is_none():
    with pytest.raises(NotReplayableError, match="below 60 seconds"):
        learned_bands(ACCOUNT)(alarm(), noisy(spacing=10), 3.0)


def detector(**configuration):
    series = {"Namespace": "AWS/EC2", "MetricName": "CPUUtilization", "Stat": "Average"}
    return Item(Kind.DETECTOR, "a", {**series, "Configuration": configuration})


def test_what_a_detector_leaves_out_teaches_nothing():
    """A spike that is there for six hours moves the band, unless it is left out."""
    series = noisy(level=40.0)
    day = 86_400
    series.values[(series.stamps >= day) & (series.stamps < 1.25 * day)] += 50
    left_out = {"StartTime": "1970-01-02T00:00:00Z", "EndTime": "1970-01-02T06:00:00Z"}
    told = ACCOUNT.with_items([detector(ExcludedTimeRanges=[left_out])])
    (_, learned), (_, spared) = (learned_bands(of)(alarm(), series, 3.0) for of in (ACCOUNT, told))
    after = series.stamps >= 1.5 * day
    assert np.nanmax(spared[after]) < 60 < np.nanmax(learned[after])


def test_a_detector_of_another_metric_says_nothing_of_this_one():
    told = ACCOUNT.with_items([detector(MetricTimezone="Asia/Tokyo")])
    series = noisy()
    for of in (alarm("NetworkIn"), alarm(expression="m1 * 2")):
        ours, theirs = (learned_bands(a)(of, series, 3.0)[1] for a in (ACCOUNT, told))
        assert np.array_equal(ours, theirs, equal_nan=True)


def test_the_time_zone_of_a_detector_is_followed():
    settings = told_by(detector(MetricTimezone="Asia/Tokyo").data, BandSettings())
    assert settings.timezone == "Asia/Tokyo"
    asked = BandSettings(timezone="Europe/Berlin")
    assert told_by(detector(MetricTimezone="Asia/Tokyo").data, asked).timezone == "Europe/Berlin"
    assert told_by(None, asked) == asked
