"""Missing data and M of N, against the tables and examples of the CloudWatch user guide."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.cloudwatch import MissingData, State, next_state

TREATMENTS = ("missing", "ignore", "breaching", "notBreaching")
POINTS = {"0": False, "X": True, "-": None}
KEEP = "keep"

# M, slots (oldest left), and the state under each treatment, as the guide prints them.
DOCUMENTED = [
    (3, "0 - X - X", ("OK", "OK", "OK", "OK")),
    (3, "0 - - - -", ("OK", "OK", "OK", "OK")),
    (3, "- - - - -", ("INSUFFICIENT_DATA", KEEP, "ALARM", "OK")),
    (3, "0 X X - X", ("ALARM", "ALARM", "ALARM", "ALARM")),
    (3, "- - X - -", ("ALARM", KEEP, "ALARM", "OK")),
    (2, "0 - X - X", ("ALARM", "ALARM", "ALARM", "ALARM")),
    (2, "0 0 X 0 X", ("ALARM", "ALARM", "ALARM", "ALARM")),
    (2, "0 - X - -", ("OK", "OK", "ALARM", "OK")),
    (2, "- - - - 0", ("OK", "OK", "ALARM", "OK")),
    (2, "- - - X -", ("ALARM", KEEP, "ALARM", "OK")),
]
CELLS = [
    pytest.param(m, slots, treatment, state, id=f"{m}-{slots.replace(' ', '')}-{treatment}")
    for m, slots, states in DOCUMENTED
    for treatment, state in zip(TREATMENTS, states, strict=True)
]


def window(slots):
    return [POINTS[mark] for mark in slots.split()]


def after(slots, *, m=3, n=3, missing="missing", state="OK"):
    return next_state(
        window(slots),
        evaluation_periods=n,
        datapoints_to_alarm=m,
        treat_missing_data=missing,
        state=state,
    )


def test_there_are_forty_documented_cells():
    assert len(CELLS) == 40


@pytest.mark.parametrize("before", State)
@pytest.mark.parametrize(("m", "slots", "treatment", "state"), CELLS)
def test_the_documented_cells(m, slots, treatment, state, before):
    expected = before if state == KEEP else state

    assert after(slots, m=m, missing=treatment, state=before) == expected


def test_with_nothing_missing_the_newest_points_decide():
    assert after("X X 0 0 0") == "OK"
    assert after("0 0 X X X") == "ALARM"


def test_missing_points_are_not_filled_while_enough_real_ones_are_in_range():
    assert after("0 0 - - X", missing="breaching", m=2) == "OK"


def test_breaching_fills_only_up_to_n():
    assert after("0 - - - -", missing="breaching") == "OK", "two filled, and one is good"
    assert after("- - - - -", missing="breaching") == "ALARM", "once the good one has left"


@pytest.mark.parametrize("slots", ["- - - - X", "- - - X -"])
def test_a_fresh_breach_alone_does_not_alarm_prematurely(slots):
    assert after(slots, state="INSUFFICIENT_DATA") == "INSUFFICIENT_DATA"


def test_an_old_breach_alone_alarms_prematurely():
    assert after("- - X - -", state="INSUFFICIENT_DATA") == "ALARM"
    assert after("- - X - X", state="OK") == "ALARM"


def test_a_good_point_in_range_holds_the_premature_alarm_back_until_it_leaves():
    assert after("0 - X - -") == "OK"
    assert after("- X - - -") == "ALARM"


def test_ignore_takes_a_good_point_for_ok():
    assert after("- - 0 - -", missing="ignore", state="ALARM") == "OK"


def test_the_states_and_treatments_are_the_words_of_aws():
    assert [*State] == ["OK", "ALARM", "INSUFFICIENT_DATA"]
    assert [*MissingData] == [*TREATMENTS]
    assert after("X X X", state=State.OK, missing=MissingData.IGNORE) is State.ALARM


@pytest.mark.parametrize(("m", "n"), [(0, 3), (4, 3), (1, 0)])
def test_m_out_of_range_is_refused(m, n):
    with pytest.raises(ValueError, match=rf"must be from 1 to evaluation_periods \({n}\), got {m}"):
        after("0", m=m, n=n)


@pytest.mark.parametrize("wrong", [{"missing": "Breaching"}, {"state": "alarm"}])
def test_a_word_aws_does_not_know_is_refused(wrong):
    with pytest.raises(ValueError, match="is not a valid"):
        after("0", **wrong)


@st.composite
def alarms(draw):
    n = draw(st.integers(1, 6))
    return {
        "evaluation_periods": n,
        "datapoints_to_alarm": draw(st.integers(1, n)),
        "treat_missing_data": draw(st.sampled_from(TREATMENTS)),
        "state": draw(st.sampled_from([*State])),
    }


windows = st.lists(st.sampled_from([True, False, None]), max_size=10)


@given(windows, alarms())
def test_evaluating_the_same_window_again_changes_nothing(points, alarm):
    once = next_state(points, **alarm)

    assert next_state(points, **(alarm | {"state": once})) == once


@given(windows, alarms())
def test_a_full_set_of_real_points_is_judged_alike_under_every_treatment(points, alarm):
    n, m = alarm["evaluation_periods"], alarm["datapoints_to_alarm"]
    points = points + [True] * n
    newest = [point for point in points if point is not None][-n:]

    assert next_state(points, **alarm) == ("ALARM" if newest.count(True) >= m else "OK")


@given(windows, alarms())
def test_m_breaches_alarm_and_enough_good_points_never_do(points, alarm):
    n, m = alarm["evaluation_periods"], alarm["datapoints_to_alarm"]
    newest = [point for point in points if point is not None][-n:]
    state = next_state(points, **alarm)

    if newest.count(True) >= m:
        assert state == "ALARM"
    if newest.count(False) > n - m:
        assert state == "OK"


@given(windows, alarms())
def test_insufficient_data_needs_an_empty_window_or_to_have_been_there(points, alarm):
    if next_state(points, **(alarm | {"state": "OK"})) == "INSUFFICIENT_DATA":
        assert not any(point is not None for point in points)
        assert alarm["treat_missing_data"] == "missing"


@given(windows, alarms())
def test_filling_with_breaches_never_calms_and_filling_with_good_never_alarms(points, alarm):
    states = {
        treatment: next_state(points, **(alarm | {"treat_missing_data": treatment}))
        for treatment in TREATMENTS
    }

    if states["notBreaching"] == "ALARM":
        assert set(states.values()) == {"ALARM"}
    if states["breaching"] == "OK":
        assert states["notBreaching"] == "OK"
