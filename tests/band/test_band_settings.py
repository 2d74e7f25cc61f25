"""What a band may be told."""

import numpy as np
import pytest

from alerting.band import BandSettings
from alerting.band.localtime import local_seconds

HOUR = 3600


@pytest.mark.parametrize("name", ["Europe/Atlantis", "", "../etc/passwd", "Europe"])
def test_a_zone_that_is_none_is_refused_by_name(name):
    with pytest.raises(ValueError, match="must be an IANA name such as Europe/Berlin, got"):
        BandSettings(timezone=name)


def test_an_excluded_range_has_to_end_after_its_start():
    with pytest.raises(ValueError, match="must end after its start, got 20 to 10"):
        BandSettings(excluded=((0, 10), (20, 10)))


@pytest.mark.parametrize("floor", [None, 0.0])
def test_limits_have_to_leave_room(floor):
    with pytest.raises(ValueError, match="ceiling must be above 0, got -1"):
        BandSettings(floor=floor, ceiling=-1)


def test_local_time_follows_the_clocks():
    before = 1_698_541_200  # 2023-10-29 01:00 UTC: Berlin goes from +02:00 to +01:00
    stamps = np.array([before - 1, before, before + 1800])
    ahead = local_seconds(stamps, "Europe/Berlin") - stamps
    assert ahead.tolist() == [2 * HOUR, HOUR, HOUR]


def test_zones_behind_utc_and_off_the_hour_too():
    stamps = np.array([1_700_000_000])
    assert local_seconds(stamps, "America/New_York") - stamps == -5 * HOUR
    assert local_seconds(stamps, "Asia/Kathmandu") - stamps == 5 * HOUR + 2700
    assert local_seconds(stamps, "UTC") is stamps
