"""The event of an alarm's change, against the samples of the CloudWatch user guide."""

from alerting.cloudwatch.event import Muted, state_change_event
from alerting.cloudwatch.transition import Transition

ARN = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:ServerCpuTooHigh"
ALARM = {
    "AlarmName": "ServerCpuTooHigh",
    "AlarmArn": ARN,
    "AlarmDescription": "Goes into alarm when server CPU utilization is too high!",
}
CHANGE = Transition(1570035880.989, "OK", "ALARM", "Threshold Crossed")


def test_it_says_what_the_alarm_did_where_and_when():
    event = state_change_event(ALARM, CHANGE)
    assert {key: event[key] for key in event if key not in ("id", "detail")} == {
        "version": "0",
        "detail-type": "CloudWatch Alarm State Change",
        "source": "aws.cloudwatch",
        "account": "123456789012",
        "time": "2019-10-02T17:04:40Z",
        "region": "us-east-1",
        "resources": [ARN],
    }
    assert event["detail"] == {
        "alarmName": "ServerCpuTooHigh",
        "configuration": {"description": ALARM["AlarmDescription"]},
        "previousState": {"value": "OK"},
        "state": {
            "value": "ALARM",
            "reason": "Threshold Crossed",
            "timestamp": "2019-10-02T17:04:40.989+0000",
        },
    }


def test_a_mute_window_stands_in_it():
    event = state_change_event(ALARM, CHANGE, muted=Muted("arn:mute", 1767261600, 1767268800))
    assert event["detail"]["muteDetail"] == {
        "mutedByArn": "arn:mute",
        "muteWindowStart": "2026-01-01T10:00:00.000+0000",
        "muteWindowEnd": "2026-01-01T12:00:00.000+0000",
    }


def test_a_composite_says_its_rule_and_what_suppresses_it():
    composite = {"AlarmName": "both", "AlarmArn": ARN, "AlarmRule": "ALARM(a)"}
    composite |= {"ActionsSuppressor": "quiet", "ActionsSuppressorWaitPeriod": 120}
    detail = state_change_event(composite, CHANGE, suppressed_by="WaitPeriod")["detail"]
    assert detail["state"]["actionsSuppressedBy"] == "WaitPeriod"
    assert detail["configuration"] == {
        "alarmRule": "ALARM(a)",
        "actionsSuppressor": "quiet",
        "actionsSuppressorWaitPeriod": 120,
    }


def test_each_change_has_an_event_of_its_own():
    later = Transition(CHANGE.time + 60, "OK", "ALARM", "")
    one, other = (state_change_event(ALARM, change)["id"] for change in (CHANGE, later))
    assert one != other
    assert one == state_change_event(ALARM, CHANGE)["id"]
