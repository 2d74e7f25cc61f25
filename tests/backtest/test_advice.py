"""What to set for a wanted number of alarms a week."""

import pytest

from alerting.backtest import Cell, Choice, Score
from alerting.backtest.advice import advise, result

WEEK = 604_800


def cell(width, m, n, alarms, score=None, seconds=600):
    return Cell(Choice(width, m, n), alarms, alarms / 2, seconds, seconds, 2 * alarms + 1, score)


def score(found, false, delay=600.0):
    return Score(true=found, false=false, found=found, incidents=3, delay=delay)


def test_the_most_watchful_setting_within_the_wanted_number_is_advised():
    cells = [cell(2.0, 1, 1, 40), cell(3.0, 3, 5, 2), cell(4.0, 5, 5, 0, seconds=0)]
    advice = advise(cells, 1, 2 * WEEK)
    assert advice.cell is cells[1]
    assert advice.text == (
        "For at most 1 alarm a week: width 3, 3/5 "
        "(2 alarms, 1 a week, 10 minutes in ALARM, the longest 10 minutes)."
    )


def test_a_little_under_two_weeks_are_two_weeks():
    rare = Cell(Choice(3.0, 3, 3), 2, 2 / 1.98, 600, 300, 5, None)
    assert advise([rare], 1, 2 * WEEK - 10_800).text.startswith("For at most 1 alarm a week")


def test_of_equals_the_quickest_then_the_narrowest_is_advised():
    cells = [cell(2.0, 3, 3, 0), cell(4.0, 2, 3, 0), cell(3.0, 2, 3, 0)]
    assert advise(cells, 1, 2 * WEEK).cell is cells[2]


def test_with_incidents_those_found_count_before_all_else():
    cells = [
        cell(3.0, 1, 1, 2, score(1, 1)),
        cell(3.0, 3, 3, 2, score(2, 0)),
        cell(2.0, 1, 1, 50, score(3, 47)),
    ]
    assert advise(cells, 1, 2 * WEEK).cell is cells[1]


def test_of_settings_that_find_as_many_the_one_with_fewer_false_alarms_is_advised():
    cells = [cell(3.0, 1, 1, 2, score(2, 2)), cell(3.0, 5, 5, 2, score(2, 1, delay=9000))]
    assert advise(cells, 1, 2 * WEEK).cell is cells[1]


def test_where_nothing_keeps_to_it_the_quietest_is_named_and_that_said():
    cells = [cell(2.0, 1, 1, 40), cell(4.0, 5, 5, 6)]
    advice = advise(cells, 1, 2 * WEEK)
    assert advice.cell is cells[1]
    assert advice.text.startswith("Nothing tried here keeps to 1 alarm a week; the quietest is")


def test_little_data_makes_it_a_guess():
    text = advise([cell(3.0, 3, 3, 0)], 1, 86_400).text
    assert text.endswith("A guess: only 1 day could be judged.")


def test_without_any_judging_there_is_no_advice():
    advice = advise([cell(3.0, 3, 3, 0)], 1, 0)
    assert advice.cell is None
    assert "nothing to advise" in advice.text


def test_a_threshold_is_advised_by_its_datapoints():
    assert "a week: 3/5 (" in advise([cell(None, 3, 5, 1)], 1, 2 * WEEK).text


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (cell(3.0, 1, 1, 0), "no alarm"),
        (cell(3.0, 1, 1, 1), "1 alarm, 0.5 a week, 10 minutes in ALARM"),
        (cell(3.0, 1, 1, 0, score(0, 0)), "no alarm; 0 of 3 incidents found, 0 alarms for nothing"),
    ],
)
def test_results_in_a_few_words(found, text):
    assert result(found) == text
