"""Fields of cron expressions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.cloudwatch.cron import MONTHS, WEEKDAYS, numbers


@pytest.mark.parametrize(
    ("field", "stands_for"),
    [
        ("*", range(1, 13)),
        ("5", [5]),
        ("1-3", [1, 2, 3]),
        ("*/5", [1, 6, 11]),
        ("10/2", [10, 12]),
        ("2-9/3", [2, 5, 8]),
        ("jan,MAR-apr", [1, 3, 4]),
    ],
)
def test_what_a_field_stands_for(field, stands_for):
    assert numbers(field, 1, 12, MONTHS) == set(stands_for)


@pytest.mark.parametrize("field", ["0", "13", "4-2", "FOO", "", "1,", "?", "1-", "*/0", "1.5"])
def test_a_field_that_stands_for_nothing_is_refused(field):
    with pytest.raises(ValueError):
        numbers(field, 1, 12, MONTHS)


def test_a_week_may_end_on_the_sunday_that_is_seven():
    assert numbers("FRI-SUN", 0, 7, WEEKDAYS) == {5, 6, 7}


def test_a_week_that_begins_on_sunday_ends_on_saturday():
    with pytest.raises(ValueError, match="FRI-SUN"):
        numbers("FRI-SUN", 1, 7, WEEKDAYS)


@given(st.integers(0, 59), st.integers(0, 59))
def test_a_range_has_both_its_ends(first, last):
    low, high = sorted((first, last))
    assert numbers(f"{low}-{high}", 0, 59) == set(range(low, high + 1))
