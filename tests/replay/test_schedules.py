"""When EventBridge Scheduler invokes a target."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.replay.schedules import ScheduleError, occurrences

MONDAY, DAY = 1_704_067_200, 86_400  # 2024-01-01T00:00Z


def times(expression, days=7, start=MONDAY, **more):
    """The invocations, as `MM-DD HH:MM` in UTC."""
    schedule = {"ScheduleExpression": expression, **more}
    found = occurrences(schedule, start, start + days * DAY)
    return [f"{datetime.fromtimestamp(one, UTC):%m-%d %H:%M}" for one in found]


def test_a_rate_begins_at_once():
    assert times("rate(1 day)", 2) == ["01-01 00:00", "01-02 00:00", "01-03 00:00"]
    assert times("rate(12 hours)", 1, MONDAY + 59) == ["01-01 00:01", "01-01 12:01"]


def test_a_start_date_is_the_first_occurrence_and_counts_from_the_past():
    assert times("rate(1 day)", 2, StartDate="2024-01-02T06:00:00Z") == ["01-02 06:00"]
    assert times("rate(1 day)", 1, StartDate="2023-12-30T06:00:00Z") == ["01-01 06:00"]


def test_nothing_is_invoked_after_the_end_date_or_while_disabled():
    assert times("rate(1 day)", EndDate="2024-01-02T12:00:00Z") == ["01-01 00:00", "01-02 00:00"]
    assert times("rate(1 day)", State="DISABLED") == []


def test_at_is_once_in_its_zone():
    berlin = {"ScheduleExpressionTimezone": "Europe/Berlin"}
    assert times("at(2024-01-03T08:30:00)", **berlin) == ["01-03 07:30"]
    assert times("at(2023-01-03T08:30:00)") == []


@pytest.mark.parametrize(
    ("cron", "found"),
    [
        ("cron(0 9 ? * MON-FRI *)", [f"01-0{day} 09:00" for day in range(1, 6)]),
        ("cron(15 8,20 3 * ? *)", ["01-03 08:15", "01-03 20:15"]),
        ("cron(0/30 0 2 1 ? 2024)", ["01-02 00:00", "01-02 00:30"]),
        ("cron(0 0 ? * 1 *)", ["01-07 00:00"]),  # Sunday
        ("cron(0 0 ? * TUE#1 *)", ["01-02 00:00"]),
        ("cron(0 0 ? * 3#2 *)", []),
        ("cron(0 0 * 2 ? *)", []),
    ],
)
def test_cron_has_six_fields(cron, found):
    assert times(cron) == found


def test_the_last_day_and_the_last_friday_of_a_month_are_known():
    assert times("cron(0 0 L * ? *)", 40) == ["01-31 00:00"]
    assert times("cron(0 0 ? * 6L *)", 40) == ["01-26 00:00"]


def test_a_local_time_the_clocks_skip_is_skipped_and_one_they_repeat_is_taken_once():
    zone = {"ScheduleExpressionTimezone": "Europe/Berlin"}
    spring = int(datetime(2024, 3, 30, tzinfo=UTC).timestamp())
    assert times("cron(30 2 * * ? *)", 2, spring, **zone) == ["03-30 01:30"]
    autumn = int(datetime(2024, 10, 26, 12, tzinfo=UTC).timestamp())
    assert times("cron(30 2 * * ? *)", 1, autumn, **zone) == ["10-27 00:30"]


@pytest.mark.parametrize(
    ("schedule", "said"),
    [
        ({"ScheduleExpression": "every day"}, "has the expression every day, which is not known"),
        ({"ScheduleExpression": "rate(0 days)"}, "has the expression rate"),
        ({"ScheduleExpression": "cron(0 0 15W * ? *)"}, "has cron.0 0 15W"),
        ({"ScheduleExpression": "at(tomorrow)"}, "has the time tomorrow, which is none"),
        (
            {"ScheduleExpression": "at(2024-01-03T08:30:00)", "ScheduleExpressionTimezone": "X/Y"},
            "has the time zone X/Y, which is none",
        ),
        ({"ScheduleExpression": "rate(1 day)", "EndDate": "soon"}, "has the date soon"),
    ],
)
def test_what_cannot_be_told_says_why(schedule, said):
    with pytest.raises(ScheduleError, match=said):
        occurrences(schedule, MONDAY, MONDAY + DAY)


@given(st.integers(1, 5000), st.integers(0, 3 * DAY), st.integers(0, 3 * DAY))
def test_a_rate_is_regular_and_stays_within(minutes, start, length):
    found = occurrences({"ScheduleExpression": f"rate({minutes} minutes)"}, start, start + length)
    assert all(start <= one <= start + length for one in found)
    assert {after - one for one, after in pairwise(found)} <= {minutes * 60}
