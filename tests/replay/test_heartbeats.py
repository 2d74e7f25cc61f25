"""Alarms that a schedule sets, on the replay's clock."""

import json

import pytest

from alerting.account import Account, Item, Kind
from alerting.replay import MetricKey, Series, replay

START, MINUTE, DAY = 1_704_067_200, 60, 86_400
ARN = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:{}"
TOPIC = "arn:aws:sns:us-east-1:123456789012:page"
OTHER = MetricKey("Shop", "Orders", (), "Sum")
BEAT = MetricKey("Heartbeats", "beat", (), "Average")


def alarm(missing="notBreaching", **more):
    data = {
        "AlarmName": "beat",
        "AlarmArn": ARN.format("beat"),
        "Namespace": "Heartbeats",
        "MetricName": "beat",
        "Statistic": "Average",
        "Period": 300,
        "EvaluationPeriods": 1,
        "Threshold": 0,
        "ComparisonOperator": "GreaterThanThreshold",
        "TreatMissingData": missing,
        "AlarmActions": [TOPIC],
        **more,
    }
    return Item(Kind.ALARM, data["AlarmArn"], data)


def schedule(state="ALARM", expression="rate(1 day)", sets="beat"):
    asked = {"AlarmName": sets, "StateValue": state, "StateReason": f"Set to {state}."}
    target = {
        "Arn": "arn:aws:scheduler:::aws-sdk:cloudwatch:setAlarmState",
        "Input": json.dumps(asked),
    }
    data = {"ScheduleExpression": expression, "Target": target}
    return Item(Kind.SCHEDULE, f"schedule {state}", data, called=f"to-{state}")


def played(*items, data=None, days=2):
    account = Account("123456789012", "us-east-1", items)
    length = {"spacing": 300, "start": START, "end": START + days * DAY}
    return replay(account, data or {OTHER: Series.of([START], [1.0], **length)})


def changes(result):
    """Minutes from the start, and the new state."""
    return [((one.time - START) // MINUTE, str(one.new)) for one in result.changes]


BEATS = [(0, "OK"), (0, "ALARM"), (1, "OK"), (1440, "ALARM"), (1441, "OK"), (2880, "ALARM")]


def test_a_rate_sets_the_alarm_and_its_next_evaluation_brings_it_back():
    assert changes(played(alarm(), schedule())) == BEATS


def test_the_reasons_are_those_of_the_schedule_and_of_missing_data():
    _, beat, back, *_ = played(alarm(), schedule()).changes
    assert (beat.reason, beat.reason_data, beat.datapoints) == ("Set to ALARM.", {}, ())
    assert (beat.deliberate, back.deliberate) == (True, False)
    assert back.reason.startswith("Threshold Crossed: no datapoints were received for 1 period")


def test_missing_data_that_is_ignored_lets_the_heart_beat_once():
    assert changes(played(alarm("ignore"), schedule())) == [(0, "ALARM")]


def test_a_second_schedule_brings_back_what_does_not_go_back_by_itself():
    back = schedule("OK", "cron(30 0 * * ? *)")
    assert changes(played(alarm("ignore"), schedule(), back)) == [
        (0, "ALARM"),
        (30, "OK"),
        (1440, "ALARM"),
        (1470, "OK"),
        (2880, "ALARM"),
    ]


def test_setting_the_state_an_alarm_is_in_changes_nothing():
    assert changes(played(alarm("breaching"), schedule())) == [(0, "ALARM")]


def test_an_alarm_with_data_goes_back_to_what_its_metric_says():
    stamps = [START + 300 * n for n in range(24)]
    data = {BEAT: Series.of(stamps, [0.0] * 12 + [1.0] * 12, spacing=300, start=START)}
    result = played(alarm("missing"), schedule(expression="rate(30 minutes)"), data=data)
    assert changes(result) == [
        (0, "ALARM"),
        (1, "INSUFFICIENT_DATA"),
        (5, "OK"),
        (30, "ALARM"),
        (31, "OK"),
        (60, "ALARM"),
        (61, "OK"),
        (65, "ALARM"),
    ]


def test_without_a_schedule_an_alarm_without_data_is_not_replayed():
    result = played(alarm(), schedule(sets="another"))
    assert changes(result) == []
    assert [one.alarm.label for one in result.skipped] == ["beat"]


def test_a_composite_sees_the_heartbeat_of_its_child():
    rule = {"AlarmName": "above", "AlarmRule": 'ALARM("beat")', "AlarmArn": ARN.format("above")}
    above = Item(Kind.ALARM, rule["AlarmArn"], rule)
    result = played(alarm(), above, schedule(), days=1)
    of_composite = [one for one in result.changes if one.alarm is above]
    assert [(one.time - START, str(one.new)) for one in of_composite] == [
        (0, "ALARM"),
        (60, "OK"),
        (DAY, "ALARM"),
    ]


@pytest.mark.parametrize("expression", ["rate(2 fortnights)", "cron(0 0 1W * ? *)"])
def test_a_schedule_that_is_not_known_says_so(expression):
    (skipped,) = played(alarm(), schedule(expression=expression)).skipped
    assert skipped.reason.startswith("its schedule to-ALARM has ")
