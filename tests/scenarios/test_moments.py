import pytest

from alerting.scenarios.moments import Moment, parse_moment


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
