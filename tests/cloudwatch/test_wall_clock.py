"""Local times as people write them, and what is refused of them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.cloudwatch.wall_clock import (
    date_problems,
    moment_of,
    time_problems,
    zone_of,
    zone_problems,
)

BERLIN = ZoneInfo("Europe/Berlin")


def said(problems) -> str:
    return "\n".join(map(str, problems))


@pytest.mark.parametrize(
    ("text", "zone", "utc"),
    [
        ("2026-12-01T20:00", "Europe/Berlin", "2026-12-01T19:00:00Z"),
        ("2026-07-01T20:00", "Europe/Berlin", "2026-07-01T18:00:00Z"),
        ("2026-12-01", "UTC", "2026-12-01T00:00:00Z"),
        ("2026-12-01T00:30", "Asia/Kathmandu", "2026-11-30T18:45:00Z"),
    ],
)
def test_a_local_time_means_a_moment(text, zone, utc):
    moment = moment_of(text, ZoneInfo(zone))
    assert moment is not None
    assert f"{moment:%Y-%m-%dT%H:%M:%SZ}" == utc


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2026-12-01T20:00:00", "without seconds"),
        ("2026-12-01T20:00:30", "without seconds"),
        ("2026-12-01 20:00", "a local time such as"),
        ("2026-12-01T20:00Z", "a local time such as"),
        ("2026-12-01T20:00+01:00", "a local time such as"),
        ("2026-13-01T20:00", "a local time such as"),
        ("2026-12-01T24:00", "a local time such as"),
        ("2026-12-01 20:00:00 +0000 UTC", "in quotes"),
        ("tomorrow", "a local time such as"),
        (None, "got nothing"),
        (20261201, "a local time such as"),
        ("2026-03-29T02:30", "the clocks of Europe/Berlin skip this one"),
        ("2026-10-25T02:30", "the clocks of Europe/Berlin repeat it"),
    ],
)
def test_what_is_no_local_time_is_refused(text, why):
    assert why in said(time_problems("from", text, BERLIN))


@pytest.mark.parametrize("text", ["2026-03-29T01:59", "2026-03-29T03:00", "2026-10-25T03:00"])
def test_times_beside_a_change_of_the_clocks_are_fine(text):
    assert not list(time_problems("from", text, BERLIN))


def test_without_a_zone_the_form_alone_is_looked_at():
    assert not list(time_problems("from", "2026-03-29T02:30", None))
    assert list(time_problems("from", "2026-03-29", None)) == []
    assert list(time_problems("from", "soon", None))


@pytest.mark.parametrize(
    "zone", ["Europe", "Mars", "", "+01:00", "../etc/passwd", 1, None, "x" * 51]
)
def test_what_is_no_iana_zone_is_refused(zone):
    assert "an IANA time zone such as" in said(zone_problems("timezone", zone))
    assert zone_of(zone) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2026-12-15T00:00", "a date such as"),
        ("2026-02-30", "a date such as"),
        ("15.12.2026", "a date such as"),
        ("2026-12-15 00:00:00 +0000 UTC", "in quotes"),
        (20261215, "a date such as"),
    ],
)
def test_what_is_no_date_is_refused(text, why):
    assert why in said(date_problems("learn_until", text))


def test_a_date_is_fine():
    assert not list(date_problems("learn_until", "2026-12-15"))


@given(
    st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2035, 1, 1)),
    st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]),
)
def test_a_time_that_is_accepted_is_there_exactly_once(naive, name):
    zone, text = ZoneInfo(name), f"{naive:%Y-%m-%dT%H:%M}"
    if list(time_problems("from", text, zone)):
        return
    moment = moment_of(text, zone)
    assert moment is not None
    assert f"{moment.astimezone(zone):%Y-%m-%dT%H:%M}" == text
    hours = [moment.timestamp() + shift * 1800 for shift in (-4, -3, -2, -1, 1, 2, 3, 4)]
    others = {f"{datetime.fromtimestamp(h, UTC).astimezone(zone):%Y-%m-%dT%H:%M}" for h in hours}
    assert text not in others
