"""Mute rules, and when they are in force."""

from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from alerting.rehearsal.cloud import memory_cloud


@pytest.fixture
def cloud():
    with memory_cloud() as there:
        yield there


def refused(code: str):
    return pytest.raises(ClientError, match=code)


def rule(expression: str, duration: str = "PT1H", **more):
    return {"Rule": {"Schedule": {"Expression": expression, "Duration": duration, **more}}}


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


@pytest.mark.parametrize(
    ("expression", "mute_type", "status"),
    [
        ("cron(* * * * *)", "RECURRING", "ACTIVE"),
        ("cron(0 2 29 2 *)", "RECURRING", "SCHEDULED"),
        ("at(2999-12-31T23:00)", "ONE_TIME", "SCHEDULED"),
        ("at(2020-12-31T23:00)", "ONE_TIME", "EXPIRED"),
    ],
)
def test_a_rule_says_whether_it_recurs_and_where_it_stands(cloud, expression, mute_type, status):
    cloudwatch = cloud.client("cloudwatch")
    cloudwatch.put_alarm_mute_rule(Name="x", **rule(expression))

    found = cloudwatch.get_alarm_mute_rule(AlarmMuteRuleName="x")

    assert (found["MuteType"], found["Status"]) == (mute_type, status)
