"""Several datapoints of one slot."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.replay.statistic import StatisticError, aggregate


def over(values, statistic, *slots):
    first, past = np.array(slots).T
    return aggregate(np.array(values, dtype=float), first, past, statistic).tolist()


@pytest.mark.parametrize(
    ("statistic", "value"),
    [
        ("Average", 3),
        ("Sum", 15),
        ("Minimum", 1),
        ("Maximum", 5),
        ("SampleCount", 15),
        ("p50", 3),
        ("p90", 4.6),
        ("p0", 1),
        ("p100", 5),
        ("tm80", 2.5),
        ("IQM", 3),
        ("TM(20%:80%)", 3),
        ("tm0", 1),
        ("TM(100%:100%)", 5),
    ],
)
def test_each_statistic_over_five_datapoints(statistic, value):
    assert over([5, 1, 4, 2, 3], statistic, (0, 5)) == [pytest.approx(value)]


def test_one_datapoint_is_itself_whatever_the_statistic():
    assert over([7, 8], "PR(1:2)", (0, 1), (1, 2)) == [7, 8]


def test_an_empty_slot_has_no_value():
    assert np.isnan(over([1], "Sum", (0, 0), (1, 1))).all()


def test_a_statistic_that_cannot_be_put_together_is_refused_by_name():
    with pytest.raises(StatisticError, match=r"^ts99 cannot be worked out"):
        over([1, 2], "ts99", (0, 2))


@given(
    st.lists(st.integers(-50, 50), min_size=1, max_size=30),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=8),
    st.sampled_from(
        [
            ("Average", np.mean),
            ("Sum", np.sum),
            ("Minimum", np.min),
            ("Maximum", np.max),
            ("p25", lambda part: np.percentile(part, 25)),
        ]
    ),
)
def test_slots_of_any_length_and_order_are_independent(values, slots, statistic):
    name, function = statistic
    slots = [tuple(sorted((min(a, len(values)), min(b, len(values))))) for a, b in slots]

    found = over(values, name, *slots)

    for value, (first, past) in zip(found, slots, strict=True):
        part = values[first:past]
        assert value == pytest.approx(function(part)) if part else np.isnan(value)
