"""When mute rules are in force."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerting.cloudwatch.mute_schedule import MuteSchedule, MuteScheduleError

MINUTE, HOUR = 60, 3600


def rule(expression, duration="PT1H", zone=None, **more):
    schedule = {"Expression": expression, "Duration": duration}
    return {"Rule": {"Schedule": schedule | ({"Timezone": zone} if zone else {})}, **more}


def at(text):
    moment = datetime.fromisoformat(text)
    return int(moment.replace(tzinfo=moment.tzinfo or UTC).timestamp())


def windows(start, end, *given, **more):
    """As minutes in UTC."""
    found = MuteSchedule.of(rule(*given, **more)).windows(at(start), at(end))
    return [tuple(f"{datetime.fromtimestamp(t, UTC):%m-%dT%H:%M}" for t in one) for one in found]


@pytest.mark.parametrize(
    ("expression", "duration", "zone", "moment", "closes"),
    [
        ("cron(0 22 * * *)", "PT8H", "UTC", "2026-09-14T22:00", "2026-09-15T06:00"),
        ("cron(0 22 * * *)", "PT8H", None, "2026-09-15T05:59", "2026-09-15T06:00"),
        ("cron(0 22 * * *)", "PT8H", "UTC", "2026-09-15T06:00", None),
        ("cron(0 2 * * SUN)", "PT1H", "UTC", "2026-09-13T02:30", "2026-09-13T03:00"),
        ("cron(0 2 * * 7)", "PT1H", "UTC", "2026-09-13T02:30", "2026-09-13T03:00"),
        ("cron(0 2 * * SUN)", "PT1H", "UTC", "2026-09-14T02:30", None),
        ("cron(0 2 * * 1-5)", "PT1H", "UTC", "2026-09-14T02:30", "2026-09-14T03:00"),
        ("cron(0 18 * * FRI)", "P2DT12H", "UTC", "2026-09-14T05:59", "2026-09-14T06:00"),
        ("cron(0 2 1 JAN *)", "P1DT12H", "UTC", "2026-01-02T13:00", "2026-01-02T14:00"),
        ("cron(0 2 * * FRI-SUN)", "PT1H", "UTC", "2026-09-13T02:30", "2026-09-13T03:00"),
        ("cron(*/15 * * * *)", "PT5M", "UTC", "2026-01-02T13:17", "2026-01-02T13:20"),
        ("cron(* * * * *)", "PT1H", "UTC", "2026-01-02T13:17", "2026-01-02T14:17"),
        ("cron(0 9 * * *)", "PT1H", "Asia/Tokyo", "2026-01-02T00:30", "2026-01-02T01:00"),
        ("at(2026-01-02T09:00)", "PT1H", "Asia/Tokyo", "2026-01-02T00:30", "2026-01-02T01:00"),
        ("at(2026-01-02T09:00)", "PT1H", "UTC", "2026-01-03T09:30", None),
    ],
)
def test_windows_open_and_close_on_the_clock_of_their_zone(
    expression, duration, zone, moment, closes
):
    schedule = MuteSchedule.of(rule(expression, duration, zone))
    assert schedule.closes(at(moment)) == (closes and at(closes))


def test_a_day_of_the_month_and_one_of_the_week_are_either_or_as_in_cron():
    schedule = MuteSchedule.of(rule("cron(0 2 13 * FRI)"))

    open_on = [day for day in range(1, 31) if schedule.closes(at(f"2026-09-{day:02}T02:30"))]

    assert open_on == [4, 11, 13, 18, 25]


def test_windows_that_touch_or_overlap_are_one():
    assert windows("2026-01-01T00:00", "2026-01-01T06:00", "cron(0 0-3 * * *)", "PT1H") == [
        ("01-01T00:00", "01-01T04:00")
    ]
    assert windows("2026-01-01T02:30", "2026-01-01T02:30", "cron(0 * * * *)", "PT2H") == [
        ("01-01T01:00", "01-01T04:00")
    ]


def test_a_window_is_shown_whole_even_if_it_is_asked_for_in_part():
    assert windows("2026-01-01T23:00", "2026-01-02T01:00", "cron(0 22 * * *)", "PT4H") == [
        ("01-01T22:00", "01-02T02:00")
    ]


def test_a_rule_that_starts_or_expires_within_a_window_cuts_it():
    bounds = {
        "StartDate": "2026-01-01T22:30:00Z",
        "ExpireDate": datetime(2026, 1, 3, 1, tzinfo=UTC),
    }
    assert windows(
        "2026-01-01T00:00", "2026-01-09T00:00", "cron(0 22 * * *)", "PT4H", **bounds
    ) == [
        ("01-01T22:30", "01-02T02:00"),
        ("01-02T22:00", "01-03T01:00"),
    ]


def test_where_the_clock_skips_the_time_the_window_opens_as_much_later():
    found = windows(
        "2026-03-29T00:00", "2026-03-29T23:00", "cron(30 2 * * *)", "PT2H", "Europe/Berlin"
    )
    assert found == [("03-29T01:30", "03-29T03:30")], "at 03:30 by the new clock"


def test_a_time_that_comes_twice_opens_a_window_once():
    found = windows(
        "2026-10-24T22:00", "2026-10-25T20:00", "cron(30 2 * * *)", "PT30M", "Europe/Berlin"
    )
    assert found == [("10-25T00:30", "10-25T01:00")]


def test_a_window_over_a_clock_change_is_as_long_as_any_other():
    found = windows(
        "2026-10-24T12:00", "2026-10-25T20:00", "cron(0 22 * * SAT)", "PT8H", "Europe/Berlin"
    )
    assert found == [("10-24T20:00", "10-25T04:00")], "it closes at 05:00 by the new clock"


@pytest.mark.parametrize(
    ("expression", "bounds", "moment", "status"),
    [
        ("cron(0 2 * * *)", {}, "2026-01-02T02:30", "ACTIVE"),
        ("cron(0 2 * * *)", {}, "2026-01-02T03:00", "SCHEDULED"),
        ("cron(0 2 * * *)", {"ExpireDate": "2026-01-02T02:30Z"}, "2026-01-02T02:30", "EXPIRED"),
        ("cron(0 2 * * *)", {"StartDate": "2026-01-02T02:31Z"}, "2026-01-02T02:30", "SCHEDULED"),
        ("at(2026-01-02T02:00)", {}, "2026-01-02T01:59", "SCHEDULED"),
        ("at(2026-01-02T02:00)", {}, "2026-01-02T03:00", "EXPIRED"),
    ],
)
def test_a_rule_is_active_scheduled_or_expired(expression, bounds, moment, status):
    assert MuteSchedule.of(rule(expression, **bounds)).status(at(moment)) == status


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (rule("daily"), "Expression must be at(yyyy-MM-ddThh:mm) or cron(...) with five fields"),
        (rule("cron(0 2 * *)"), "got 'cron(0 2 * *)'"),
        (rule("cron(60 2 * * *)"), "'60' is no minute of a cron expression"),
        (rule("cron(0 2 * * 5-2)"), "'5-2' is no day of the week of a cron expression"),
        (rule("cron(0 2 * FEBRUARY *)"), "'FEBRUARY' is no month of a cron expression"),
        (rule("cron(*/0 * * * *)"), "'*/0' is no minute of a cron expression"),
        (rule("at(tomorrow)"), "got 'at(tomorrow)'"),
        (rule("at(2026-01-02T09:00:30)"), "got 'at(2026-01-02T09:00:30)'"),
        (rule("at(2026-02-30T09:00)"), "2026-02-30T09:00 is not in the calendar"),
        (rule("cron(0 2 * * *)", "1h"), "Duration: '1h' is no ISO 8601 duration"),
        (rule("cron(0 2 * * *)", "P15DT1M"), "Duration must be from PT1M to P15D"),
        (rule("cron(0 2 * * *)", "PT59S"), "Duration must be from PT1M to P15D"),
        (rule("cron(0 2 * * *)", "PT1H", "Moon"), "there is no time zone 'Moon'"),
        (rule("cron(0 2 * * *)", StartDate="soon"), "StartDate: 'soon' is no time in ISO 8601"),
        (rule("cron(0 2 * * *)", ExpireDate=object()), "its ExpireDate is not known"),
        (rule(object()), "its Expression is not known"),
        ({"Rule": object()}, "its Rule is not known"),
    ],
)
def test_what_is_no_rule_of_cloudwatchs_is_refused(given, message):
    with pytest.raises(MuteScheduleError) as error:
        MuteSchedule.of(given)
    assert message in str(error.value)


DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]


@settings(max_examples=40, deadline=None)
@given(
    minutes=st.sets(st.integers(0, 59), min_size=1, max_size=3),
    hours=st.sets(st.integers(0, 23), min_size=1, max_size=3),
    weekdays=st.none() | st.sets(st.integers(0, 6), min_size=1, max_size=3),
    length=st.integers(1, 30 * 60),
    zone=st.sampled_from(["UTC", "Asia/Tokyo", "America/St_Johns"]),
    start=st.integers(at("2026-01-05"), at("2026-01-12")),
)
def test_windows_are_open_when_one_opened_not_longer_ago_than_they_last(
    minutes, hours, weekdays, length, zone, start
):
    days = "*" if weekdays is None else ",".join(DAYS[day] for day in weekdays)
    expression = f"cron({','.join(map(str, minutes))} {','.join(map(str, hours))} * * {days})"
    schedule = MuteSchedule.of(rule(expression, f"PT{length}M", zone))
    end = start + 36 * HOUR

    found = list(schedule.windows(start, end))

    assert all(before[1] < after[0] for before, after in pairwise(found))
    local = (start // MINUTE - length) * MINUTE
    opened = []
    for moment in range(local, end + 1, MINUTE):
        clock = datetime.fromtimestamp(moment, schedule.zone)
        on = weekdays is None or clock.isoweekday() % 7 in weekdays
        if clock.minute in minutes and clock.hour in hours and on:
            opened.append(moment)
    for moment in range(start // MINUTE * MINUTE + MINUTE, end, 7 * MINUTE):
        expected = any(moment - length * MINUTE < one <= moment for one in opened)
        assert any(since <= moment < until for since, until in found) == expected
        assert (schedule.closes(moment) is not None) == expected


@settings(max_examples=60, deadline=None)
@given(
    start=st.datetimes(datetime(2026, 3, 1), datetime(2026, 11, 30)),
    length=st.integers(1, 15 * 24 * 60),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]),
)
def test_a_window_given_by_at_lasts_as_long_as_it_says(start, length, zone):
    start = start.replace(second=0, microsecond=0)
    schedule = MuteSchedule.of(rule(f"at({start:%Y-%m-%dT%H:%M})", f"PT{length}M", zone))
    around = int(start.replace(tzinfo=UTC).timestamp())

    ((opens, closes),) = schedule.windows(around - 15 * HOUR, around + 15 * HOUR)

    assert closes - opens == length * MINUTE
    assert schedule.closes(opens) == closes
    assert schedule.closes(opens - 1) is None
    assert schedule.closes(closes) is None
    shown = datetime.fromtimestamp(opens, schedule.zone).replace(tzinfo=None)
    assert shown - start in {timedelta(0), timedelta(hours=1), timedelta(minutes=30)}
