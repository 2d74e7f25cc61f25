"""Bands for the alarms of a replay."""

import numpy as np
import pytest

from alerting.account.model import Item, Kind
from alerting.band import BandSettings
from alerting.band_source import learned_bands
from alerting.replay import NotReplayableError, Series


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
    _, upper = learned_bands()(alarm(), noisy(), 3.0)
    assert np.nanmax(upper) == 100


def test_other_metrics_and_metric_math_have():
    for one in (alarm("NetworkIn"), alarm(expression="m1 * 2")):
        _, upper = learned_bands()(one, noisy(), 3.0)
        assert np.nanmax(upper) > 100


def test_what_the_settings_say_wins():
    _, upper = learned_bands(BandSettings(ceiling=98.0))(alarm(), noisy(), 3.0)
    assert np.nanmax(upper) == 98


def test_each_series_is_learned_once(monkeypatch):
    from alerting import band_source

    learned, series = [], noisy()
    real = band_source.learn_band
    monkeypatch.setattr(
        band_source, "learn_band", lambda *a, **k: learned.append(1) or real(*a, **k)
    )
    bands = learned_bands()
    for width in (2.0, 3.0):
        bands(alarm(), series, width)
    bands(alarm("NetworkIn"), series, 3.0)
    assert len(learned) == 2, "the second metric can be something else"


def test_below_a_minute_there_is_none():
    with pytest.raises(NotReplayableError, match="below 60 seconds"):
        learned_bands()(alarm(), noisy(spacing=10), 3.0)
