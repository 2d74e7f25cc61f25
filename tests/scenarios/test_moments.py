import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.scenarios.moments import Moment, parse_moment, parse_span, span


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("5m", 300), ("2h5m", 7500), ("1w2d3h4m5s", 788_645), ("0", 0), ("0s", 0)],
)
def test_a_span_is_the_sum_of_its_units(text: str, seconds: int):
    assert parse_span(text) == seconds


@pytest.mark.parametrize("text", ["", "5", "5 m", "m", "5m2h", "5m5m", "-5m", "1.5h", "٥m", "2H"])
def test_what_is_no_span_is_refused(text: str):
    with pytest.raises(ValueError, match="write a duration"):
        parse_span(text)


def test_a_span_of_centuries_is_refused():
    with pytest.raises(ValueError, match="ten years"):
        parse_span("99999999999w")


@given(st.integers(0, 300_000_000))
def test_every_number_of_seconds_can_be_written_and_read_back(seconds: int):
    assert parse_span(span(seconds)) == seconds


@pytest.mark.parametrize(
    ("text", "epoch"),
    [
        ("2024-01-01T00:00Z", 1_704_067_200),
        ("2024-01-01T00:00:30Z", 1_704_067_230),
        ("2024-01-01 02:00+02:00", 1_704_067_200),
        ("2024-01-01T01:00 Europe/Berlin", 1_704_067_200),
        ("2024-07-01T02:00[Europe/Berlin]", 1_719_792_000),
        ("2024-03-31T03:00 Europe/Berlin", 1_711_846_800),
    ],
)
def test_an_absolute_time_has_its_zone(text: str, epoch: int):
    assert parse_moment(text) == Moment(epoch, absolute=True)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2024-01-01T00:00", "needs its zone"),
        ("2024-02-30T00:00Z", "not in the calendar"),
        ("2024-01-01T00:00 Europe/Nowhere", "no time zone 'Europe/Nowhere'"),
        ("2024-03-31T02:30 Europe/Berlin", "does not exist in Europe/Berlin"),
        ("2024-10-27T02:30 Europe/Berlin", "happens twice in Europe/Berlin"),
        ("yesterday", "write a duration .* or a time with its zone"),
    ],
)
def test_a_time_that_is_none_or_two_is_refused(text: str, message: str):
    with pytest.raises(ValueError, match=message):
        parse_moment(text)
