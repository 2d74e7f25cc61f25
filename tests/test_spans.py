import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.spans import iso_span, parse_iso_span, parse_span, span


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


@given(st.integers(0, 300_000_000))
def test_every_number_of_seconds_can_be_written_and_read_back_as_aws_does(seconds: int):
    assert parse_iso_span(iso_span(seconds)) == seconds


@pytest.mark.parametrize(
    ("text", "seconds"), [("PT2H30M", 9000), ("P15D", 1_296_000), ("P1DT1S", 86_401), ("PT0S", 0)]
)
def test_an_iso_duration_is_the_sum_of_its_parts(text: str, seconds: int):
    assert parse_iso_span(text) == seconds


@pytest.mark.parametrize("text", ["", "P", "PT", "P1DT", "PT1H1D", "2h", "P1W", "PT-1M", "P1.5D"])
def test_what_is_no_iso_duration_is_refused(text: str):
    with pytest.raises(ValueError, match="no ISO 8601 duration"):
        parse_iso_span(text)
