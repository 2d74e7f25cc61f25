"""Recordings made up for tests, with what is known of them."""

import numpy as np

from alerting.replay import Series

MONDAY = 1_704_067_200
DAY = 86_400


def calm(days=6, every=300, seed=1):
    """A level of 50 with noise."""
    stamps = MONDAY + np.arange(0, days * DAY, every)
    values = 50 + np.random.default_rng(seed).normal(0, 2, stamps.size)
    return stamps, values


def with_peaks(*hours, days=6, every=300, height=200.0, lasting=1800):
    """Calm, but for peaks that begin so many hours after the begin.

    Each is ten times as high as the one before it, which the band has learned from.
    """
    stamps, values = calm(days, every)
    for number, hour in enumerate(hours):
        begin = MONDAY + int(hour * 3600)
        values[(stamps >= begin) & (stamps < begin + lasting)] = height * 10**number
    return Series.of(stamps, values, spacing=every)


def write_csv(path, series):
    """The series as a file, stamps as people write them."""
    times = series.stamps.astype("datetime64[s]").astype(str)
    lines = [
        f"{time.replace('T', ' ')},{'' if value != value else value}"
        for time, value in zip(times, series.values.tolist(), strict=True)
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(["timestamp,value", *lines, ""]))
    return path
