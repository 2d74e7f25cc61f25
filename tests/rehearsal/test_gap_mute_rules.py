"""Mute rules, and when they are in force."""

from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from alerting.rehearsal.cloud import memory_cloud
from alerting.rehearsal.gaps.mute_rules import window_end


@pytest.fixture
def cloud():
    with memory_cloud() as there:
        yield there


def refused(code: str):
    return pytest.raises(ClientError, match=code)


def rule(expression: str, duration: str = "PT1H", **more):
    return {"Rule": {"Schedule": {"Expression": expression, "Duration": duration, **more}}}


@pytest.mark.parametrize(
    ("expression", "duration", "zone", "at", "end"),
    [
        ("cron(0 22 * * *)", "PT8H", "UTC", "2026-09-14T22:00", "2026-09-15T06:00"),
        ("cron(0 22 * * *)", "PT8H", "UTC", "2026-09-15T05:59", "2026-09-15T06:00"),
        ("cron(0 22 * * *)", "PT8H", "UTC", "2026-09-15T06:00", None),
        ("cron(0 2 * * SUN)", "PT1H", "UTC", "2026-09-13T02:30", "2026-09-13T03:00"),
        ("cron(0 2 * * SUN)", "PT1H", "UTC", "2026-09-14T02:30", None),
        ("cron(0 2 * * 1-5)", "PT1H", "UTC", "2026-09-14T02:30", "2026-09-14T03:00"),
        ("cron(0 2 1 JAN *)", "P1DT12H", "UTC", "2026-01-02T13:00", "2026-01-02T14:00"),
        ("cron(*/15 * * * *)", "PT5M", "UTC", "2026-01-02T13:17", "2026-01-02T13:20"),
        ("cron(0 9 * * *)", "PT1H", "Asia/Tokyo", "2026-01-02T00:30", "2026-01-02T01:00"),
        ("at(2026-01-02T09:00)", "PT1H", "Asia/Tokyo", "2026-01-02T00:30", "2026-01-02T01:00"),
        ("at(2026-01-02T09:00)", "PT1H", "UTC", "2026-01-03T09:30", None),
    ],
)
def test_windows_open_and_close_on_the_clock_of_their_zone(expression, duration, zone, at, end):
    there = rule(expression, duration, Timezone=zone)
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    expected = end and datetime.fromisoformat(end).replace(tzinfo=UTC)
    assert window_end(there, moment) == expected


@pytest.mark.parametrize(
    ("expression", "duration", "zone"),
    [
        ("cron(0 2 * *)", "PT1H", "UTC"),
        ("cron(60 2 * * *)", "PT1H", "UTC"),
        ("cron(0 2 * * *)", "1h", "UTC"),
        ("cron(0 2 * * *)", "P16D", "UTC"),
        ("cron(0 2 * * *)", "PT1H", "Moon"),
        ("at(tomorrow)", "PT1H", "UTC"),
        ("daily", "PT1H", "UTC"),
    ],
)
def test_a_schedule_that_is_none_is_refused(cloud, expression, duration, zone):
    schedule = rule(expression, duration, Timezone=zone)
    with refused("ValidationError"):
        cloud.client("cloudwatch").put_alarm_mute_rule(Name="x", **schedule)


def test_rules_are_listed_by_alarm_and_status(cloud):
    cloudwatch = cloud.client("cloudwatch")
    past = datetime.now(UTC) - timedelta(days=1)
    cloudwatch.put_alarm_mute_rule(
        Name="now", MuteTargets={"AlarmNames": ["a"]}, **rule("cron(* * * * *)")
    )
    cloudwatch.put_alarm_mute_rule(Name="over", ExpireDate=past, **rule("cron(* * * * *)"))

    def listed(**filters):
        found = cloudwatch.list_alarm_mute_rules(**filters)["AlarmMuteRuleSummaries"]
        return [(one["AlarmMuteRuleArn"].rsplit(":", 1)[1], one["Status"]) for one in found]

    assert listed() == [("now", "ACTIVE"), ("over", "EXPIRED")]
    assert listed(AlarmName="a") == [("now", "ACTIVE")]
    assert listed(Statuses=["EXPIRED"]) == [("over", "EXPIRED")]
    cloudwatch.delete_alarm_mute_rule(AlarmMuteRuleName="now")
    with refused("ResourceNotFoundException"):
        cloudwatch.get_alarm_mute_rule(AlarmMuteRuleName="now")
