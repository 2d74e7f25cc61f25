"""Windows in which alarms tell nobody: what CloudWatch is asked for, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.cloudwatch.mute_schedule import MuteSchedule
from alerting.components.mute_windows import (
    LEARNING,
    MAX_ALARMS,
    learning_problems,
    schedule_of,
    split,
    window_problems,
)

ONCE = {"from_": "2026-12-01T20:00", "to": "2026-12-01T22:00", "timezone": "Europe/Berlin"}
AGAIN = {"cron": "0 2 * * SUN", "lasts": "2h", "timezone": "UTC"}


def problems(window, name: str = "deploy") -> str:
    alarms = {"cpu": {}, "errors": {}}
    found = window_problems({"windows": {name: window}, "alarms": alarms, "prefix": "prod-"})
    return "\n".join(map(str, found))


@pytest.mark.parametrize(
    ("window", "expression", "duration"),
    [
        (ONCE, "at(2026-12-01T20:00)", "PT2H"),
        ({**ONCE, "to": "2026-12-16T20:00"}, "at(2026-12-01T20:00)", "P15D"),
        ({**ONCE, "from_": "2026-12-01"}, "at(2026-12-01T00:00)", "PT22H"),
        (
            {**ONCE, "from_": "2026-10-24T20:00", "to": "2026-10-25T20:00"},
            "at(2026-10-24T20:00)",
            "P1DT1H",
        ),
        (AGAIN, "cron(0 2 * * SUN)", "PT2H"),
        ({**AGAIN, "cron": " 0  2 1,15 JAN-MAR * ", "lasts": "1d12h"}, None, "P1DT12H"),
    ],
)
def test_a_window_is_a_schedule(window, expression, duration):
    """Over a change of the clocks a window is as long as it takes from one time to the other."""
    assert not problems(window)
    found = schedule_of(window)
    assert found["duration"] == duration
    assert found["expression"] == (expression or "cron(0 2 1,15 JAN-MAR *)")
    assert found["timezone"] == window["timezone"]


@pytest.mark.parametrize(
    ("window", "said"),
    [
        (
            {k: v for k, v in ONCE.items() if k != "timezone"},
            "windows.deploy.timezone: is required",
        ),
        ({**ONCE, "timezone": "Berlin"}, "windows.deploy.timezone: must be an IANA time zone"),
        ({**ONCE, "from_": "2026-12-01T20:00:00"}, "windows.deploy.from_: must be a local time"),
        ({**ONCE, "from_": "2026-12-01T20:00:30"}, "without seconds"),
        ({**ONCE, "to": "2026-12-01T20:00"}, "windows.deploy.to: must be after 2026-12-01T20:00"),
        ({**ONCE, "to": "2026-11-01T20:00"}, "windows.deploy.to: must be after"),
        ({**ONCE, "to": "2026-12-16T20:01"}, "at most 15 days after 2026-12-01T20:00"),
        ({**ONCE, "from_": "2027-03-28T02:30", "to": "2027-03-28T05:00"}, "skip this one"),
        ({**ONCE, "from_": "2026-10-25T02:30", "to": "2026-10-25T05:00"}, "repeat it"),
        ({**ONCE, "to": None}, "windows.deploy.to: must be a local time"),
        ({"timezone": "UTC", "from_": "2026-12-01"}, "windows.deploy.to: is required"),
        ({"timezone": "UTC", "cron": "0 2 * * *"}, "windows.deploy.lasts: is required"),
        ({"timezone": "UTC"}, "needs either from_ and to, or cron and lasts, got neither"),
        ({**ONCE, **AGAIN}, "needs either from_ and to, or cron and lasts, got both"),
        ({**AGAIN, "cron": "0 2 * *"}, "five fields"),
        ({**AGAIN, "cron": "0 2 * * ? *"}, "five fields"),
        ({**AGAIN, "cron": "60 2 * * *"}, "is no minute"),
        ({**AGAIN, "cron": "0 2 * FOO *"}, "is no month"),
        ({**AGAIN, "cron": "*/15 * * * *"}, "and * , -"),
        ({**AGAIN, "cron": "0 2 1 * SUN"}, "does not say what both mean"),
        ({**AGAIN, "cron": "0 2 31 2 *"}, "a day that some year has"),
        ({**AGAIN, "cron": 5}, "five fields"),
        ({**AGAIN, "lasts": "16d"}, "whole minutes, from 1m to 15d"),
        ({**AGAIN, "lasts": "30s"}, "whole minutes, from 1m to 15d"),
        ({**AGAIN, "lasts": "90s"}, "whole minutes, from 1m to 15d"),
        ({**AGAIN, "lasts": "0"}, "whole minutes, from 1m to 15d"),
        ({**AGAIN, "lasts": "soon"}, "windows.deploy.lasts: is not understood"),
        ({**AGAIN, "lasts": 2}, "whole minutes, from 1m to 15d"),
        ({**AGAIN, "alarms": ["cpu", "eror"]}, "there is no alarm 'eror'; did you mean 'errors'?"),
        ({**AGAIN, "alarms": []}, "a list of at least one alarm"),
        ({**AGAIN, "alarms": "cpu"}, "a list of at least one alarm"),
    ],
)
def test_what_is_no_window_is_refused(window, said):
    assert said in problems(window)


@pytest.mark.parametrize("name", ["a b", "", "-x", "x" * 64, "übung"])
def test_a_window_needs_a_name_that_can_name_a_rule(name):
    assert "must be named by 1 to 63" in problems(AGAIN, name)


def test_a_rule_has_a_name_that_cloudwatch_takes():
    windows = {"x" * 63: AGAIN}
    found = list(window_problems({"windows": windows, "prefix": "p" * 180}))
    assert "must be named by fewer characters" in str(found[0])
    assert not list(window_problems({"windows": windows, "prefix": "p" * 170}))


@pytest.mark.parametrize(
    ("alarm", "said"),
    [
        ({"band": {}, "learn_until": "2026-12-32"}, "learn_until: must be a date"),
        ({"band": {}, "learn_until": "2026-12-15T00:00"}, "learn_until: must be a date"),
        ({"threshold": {"above": 1}, "learn_until": "2026-12-15"}, "has nothing to learn"),
        ({"band": {}, "learn_until": "2026-12-15"}, ""),
        ({"band": {}}, ""),
    ],
)
def test_learning_takes_a_date_and_a_band(alarm, said):
    found = "\n".join(map(str, learning_problems(alarm)))
    assert said in found
    assert bool(said) is bool(found)


def test_learning_leaves_no_gap_before_it_expires():
    day, hour = 86_400, 3600
    schedule = {key.capitalize(): value for key, value in LEARNING.items()}
    rule = MuteSchedule.of({"Rule": {"Schedule": schedule}, "ExpireDate": "1970-03-01T00:00:00Z"})
    end = 59 * day
    assert list(rule.windows(10 * day + 17, 100 * day)) == [(10 * day - hour, end)]


def test_as_many_names_as_fit_are_in_one_rule():
    names = [f"alarm-{n}" for n in range(MAX_ALARMS)]
    assert split(names) == {"": names}
    assert len(split([*names, "one-more"])) > 1


@given(st.sets(st.text("abcdef-", min_size=1, max_size=12), max_size=450), st.integers(0, 5))
def test_one_more_name_moves_no_other_between_rules_of_the_same_name(names, number):
    """A rule may be split in two, whose names are longer than its own."""
    before, after = split(sorted(names)), split(sorted(names | {f"new-{number}"}))
    assert sorted(name for part in after.values() for name in part) == sorted(
        names | {f"new-{number}"}
    )
    assert all(1 <= len(part) <= MAX_ALARMS for part in after.values() if names)
    home = {name: part for part, inside in after.items() for name in inside}
    for part, inside in before.items():
        for name in inside:
            assert home[name] == part or part not in after
