import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.scenarios.mistakes import with_caret
from alerting.scenarios.values import ValuesError, parse_values
from alerting.spans import span


def test_a_level_has_a_datapoint_a_step():
    assert parse_values("40 for 15m", 300).tolist() == [40, 40, 40]


def test_stretches_follow_each_other():
    assert parse_values("40 for 10m, -1.5e1 for 5m", 300).tolist() == [40, 40, -15]


def test_missing_datapoints_are_nan():
    assert np.isnan(parse_values("missing for 10m", 300)).tolist() == [True, True]


def test_a_ramp_starts_at_its_first_value_and_ends_one_step_before_its_last():
    assert parse_values("40 to 70 over 30m", 300).tolist() == [40, 45, 50, 55, 60, 65]


@pytest.mark.parametrize(
    ("text", "message", "at"),
    [
        ("", "expected a number or missing, but the text ends", 0),
        ("40", "expected for or to, but the text ends", 2),
        ("40 for", "expected a duration, but the text ends", 6),
        ("40 fro 2h", "expected for or to, got 'fro'", 3),
        ("forty for 2h", "expected a number or missing, got 'forty'", 0),
        ("40 for 2h 95 for 20m", "expected a comma, got '95'", 10),
        ("40 for 2h,", "expected a number or missing, but the text ends", 10),
        ("40 for 2h,, 1 for 1h", "expected a number or missing, got ','", 10),
        ("40 for 7m", "7m is no multiple of 5m", 7),
        ("40 for 0m", "0m holds no datapoint", 7),
        ("40 to x over 1h", "expected a number, got 'x'", 6),
        ("40 to 50 for 1h", "expected over, got 'for'", 9),
        ("nan for 1h", "expected a number or missing, got 'nan'", 0),
        ("inf for 1h", "expected a number or missing, got 'inf'", 0),
        ("1e999 for 1h", "more than a number can hold", 0),
        ("1 for 10y", "expected a duration, got '10y'", 6),
        ("1 for 9w, 1 for 520w", "more than 1,000,000 datapoints", 16),
    ],
)
def test_what_does_not_parse_is_refused_at_its_character(text: str, message: str, at: int):
    with pytest.raises(ValuesError, match=message) as refused:
        parse_values(text, 300)
    assert refused.value.at == at


def test_the_caret_stands_under_the_character():
    _, text, caret = with_caret("wrong", "40 for 2h, 95 fro 20m", 14).splitlines()
    assert text[caret.index("^") :].startswith("fro")


def test_the_caret_of_a_long_text_is_on_the_screen():
    text = "40 for 5m, " * 50
    _, shown, caret = with_caret("wrong", text + "fro", len(text)).splitlines()
    assert shown[caret.index("^") :] == "fro"
    assert len(shown) < 100


_LEVELS = st.lists(st.tuples(st.floats(-1e6, 1e6), st.integers(1, 50)), min_size=1, max_size=5)


@given(_LEVELS, st.sampled_from([10, 60, 300, 3600]))
def test_what_is_written_is_what_is_read(levels: list[tuple[float, int]], every: int):
    text = ", ".join(f"{value!r} for {span(count * every)}" for value, count in levels)
    expected = [value for value, count in levels for _ in range(count)]
    assert parse_values(text, every).tolist() == expected
