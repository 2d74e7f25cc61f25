"""The notification in CloudWatch's own format, against real messages."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.cloudwatch.messages import Transition, bodies, default_body, sms_text, subject
from alerting.cloudwatch.regions import region_name

TIME = datetime(2026, 9, 14, 11, 18, 44, 401_000, tzinfo=UTC).timestamp()
CHANGE = Transition(TIME, "OK", "ALARM", "Threshold Crossed: x.")
TOPIC = "arn:aws:sns:us-east-1:111122223333:alerts"


def alarm(name="high-cpu", region="us-east-1", **changes):
    return {
        "AlarmName": name,
        "AlarmArn": f"arn:aws:cloudwatch:{region}:111122223333:alarm:{name}",
        "AlarmConfigurationUpdatedTimestamp": datetime(
            2026, 9, 14, 11, 18, 43, 496_000, tzinfo=UTC
        ),
        "OKActions": [],
        "AlarmActions": [TOPIC],
        "InsufficientDataActions": [],
        "MetricName": "CPUUtilization",
        "Namespace": "AWS/EC2",
        "Statistic": "Average",
        "Unit": "Percent",
        "Dimensions": [{"Name": "InstanceId", "Value": "i-0123"}],
        "Period": 300,
        "EvaluationPeriods": 1,
        "DatapointsToAlarm": 1,
        "ComparisonOperator": "GreaterThanThreshold",
        "Threshold": 50,
        "TreatMissingData": "ignore",
        **changes,
    }


def math_alarm(**changes):
    plain = alarm()
    for key in ("MetricName", "Namespace", "Statistic", "Unit", "Dimensions", "Period"):
        del plain[key]
    stat = {
        "Metric": {
            "Namespace": "AWS/ApiGateway",
            "MetricName": "Count",
            "Dimensions": [{"Name": "ApiName", "Value": "my-api"}],
        },
        "Period": 60,
        "Stat": "Sum",
        "Unit": "Count",
    }
    queries = [
        {"Id": "m1", "MetricStat": stat, "ReturnData": True, "AccountId": "444455556666"},
        {
            "Id": "ad1",
            "Expression": "ANOMALY_DETECTION_BAND(m1, 1.5)",
            "Label": "Count (expected)",
            "ReturnData": True,
        },
    ]
    return plain | {"Metrics": queries} | changes


def band_alarm():
    whole = math_alarm(
        ThresholdMetricId="ad1",
        ComparisonOperator="LessThanLowerOrGreaterThanUpperThreshold",
        EvaluationPeriods=4,
        TreatMissingData="missing",
    )
    del whole["Threshold"]
    return whole


def test_the_body_of_a_metric_alarm_key_by_key():
    body = json.dumps(default_body(alarm(), CHANGE))

    assert body == json.dumps(
        {
            "AlarmName": "high-cpu",
            "AlarmDescription": None,
            "AWSAccountId": "111122223333",
            "AlarmConfigurationUpdatedTimestamp": "2026-09-14T11:18:43.496+0000",
            "NewStateValue": "ALARM",
            "NewStateReason": "Threshold Crossed: x.",
            "StateChangeTime": "2026-09-14T11:18:44.401+0000",
            "Region": "US East (N. Virginia)",
            "AlarmArn": "arn:aws:cloudwatch:us-east-1:111122223333:alarm:high-cpu",
            "OldStateValue": "OK",
            "ActionExecutedAfterMuteWindow": False,
            "OKActions": [],
            "AlarmActions": [TOPIC],
            "InsufficientDataActions": [],
            "Trigger": {
                "MetricName": "CPUUtilization",
                "Namespace": "AWS/EC2",
                "StatisticType": "Statistic",
                "Statistic": "AVERAGE",
                "Unit": "Percent",
                "Dimensions": [{"value": "i-0123", "name": "InstanceId"}],
                "Period": 300,
                "EvaluationPeriods": 1,
                "DatapointsToAlarm": 1,
                "ComparisonOperator": "GreaterThanThreshold",
                "Threshold": 50.0,
                "TreatMissingData": "ignore",
                "EvaluateLowSampleCountPercentile": "",
            },
        }
    )


def test_the_trigger_of_a_band_alarm_key_by_key():
    trigger = json.dumps(default_body(band_alarm(), CHANGE)["Trigger"])

    assert trigger == json.dumps(
        {
            "Period": 60,
            "EvaluationPeriods": 4,
            "DatapointsToAlarm": 1,
            "ComparisonOperator": "LessThanLowerOrGreaterThanUpperThreshold",
            "ThresholdMetricId": "ad1",
            "TreatMissingData": "missing",
            "EvaluateLowSampleCountPercentile": "",
            "Metrics": [
                {
                    "Id": "m1",
                    "MetricStat": {
                        "Metric": {
                            "Dimensions": [{"value": "my-api", "name": "ApiName"}],
                            "MetricName": "Count",
                            "Namespace": "AWS/ApiGateway",
                        },
                        "Period": 60,
                        "Stat": "Sum",
                        "Unit": "Count",
                    },
                    "ReturnData": True,
                    "AccountId": "444455556666",
                },
                {
                    "Expression": "ANOMALY_DETECTION_BAND(m1, 1.5)",
                    "Id": "ad1",
                    "Label": "Count (expected)",
                    "ReturnData": True,
                },
            ],
        }
    )


def test_a_math_alarm_has_a_threshold_and_no_metric_of_its_own():
    query = {"Id": "e1", "Expression": "SELECT 1", "Period": 120}

    trigger = default_body(math_alarm(Metrics=[query]), CHANGE)["Trigger"]

    assert trigger["Threshold"] == 50.0
    assert "ThresholdMetricId" not in trigger
    assert trigger["Metrics"] == [
        {"Expression": "SELECT 1", "Id": "e1", "Period": 120, "ReturnData": True}
    ]


def test_what_an_alarm_leaves_out_is_null_or_absent():
    plain = alarm(ExtendedStatistic="p90")
    for key in ("Statistic", "Unit", "DatapointsToAlarm", "TreatMissingData"):
        del plain[key]

    trigger = default_body(plain, CHANGE)["Trigger"]

    assert "DatapointsToAlarm" not in trigger
    assert trigger["Unit"] is None
    assert trigger["TreatMissingData"] == "missing"
    assert (trigger["StatisticType"], trigger["ExtendedStatistic"]) == ("ExtendedStatistic", "p90")
    assert default_body(alarm(Statistic="SampleCount"), CHANGE)["Trigger"]["Statistic"] == (
        "SAMPLE_COUNT"
    )


def test_times_are_written_alike_whether_boto3_or_the_cli_gave_them():
    body = default_body(
        alarm(AlarmConfigurationUpdatedTimestamp="2026-01-23T15:52:52.310000+00:00"), CHANGE
    )

    assert body["AlarmConfigurationUpdatedTimestamp"] == "2026-01-23T15:52:52.310+0000"
    del (bare := alarm())["AlarmConfigurationUpdatedTimestamp"]
    assert default_body(bare, CHANGE)["AlarmConfigurationUpdatedTimestamp"] is None


def test_the_body_of_a_composite_alarm_key_by_key():
    composite = {
        "AlarmName": "both",
        "AlarmArn": "arn:aws:cloudwatch:us-east-1:111122223333:alarm:both",
        "AlarmDescription": "d",
        "AlarmRule": 'ALARM("a") AND ALARM("b")',
        "AlarmActions": [TOPIC],
    }
    child = {"Arn": "arn:a", "State": {"Value": "ALARM", "Timestamp": "t"}}

    body = default_body(composite, Transition(TIME, "OK", "ALARM", "r", children=[child]))

    assert list(body) == [
        "AlarmName",
        "AlarmDescription",
        "AWSAccountId",
        "NewStateValue",
        "NewStateReason",
        "StateChangeTime",
        "Region",
        "AlarmArn",
        "OKActions",
        "AlarmActions",
        "InsufficientDataActions",
        "ActionExecutedAfterMuteWindow",
        "OldStateValue",
        "AlarmRule",
        "TriggeringChildren",
    ]
    assert body["TriggeringChildren"] == [child]


def test_each_protocol_has_its_body():
    texts = bodies(alarm(), CHANGE)

    assert json.loads(texts["default"]) == default_body(alarm(), CHANGE)
    assert texts["sms"] == 'ALARM: "high-cpu" in US East (N. Virginia)'
    assert texts["email"].startswith(
        'You are receiving this email because your Amazon CloudWatch Alarm "high-cpu" in the '
        "US East (N. Virginia) region has entered the ALARM state, because "
        '"Threshold Crossed: x." at "Monday 14 September, 2026 11:18:44 UTC".\n'
        "\nView this alarm in the AWS Management Console:\n"
        "https://us-east-1.console.aws.amazon.com/cloudwatch/deeplink.js?region=us-east-1"
        "#alarmsV2:alarm/high-cpu\n"
    )


def fields(text):
    lines = [line[2:].partition(":") for line in text.splitlines() if line.startswith("- ")]
    return {name: value.strip() for name, _, value in lines}


def test_the_mail_tells_metric_threshold_and_actions():
    text = bodies(alarm(AlarmDescription="Too hot"), CHANGE)["email"]

    assert (
        "- The alarm is in the ALARM state when the metric is GreaterThanThreshold 50.0 for at "
        "least 1 of the last 1 period(s) of 300 seconds.\n"
    ) in text
    assert fields(text) | {
        "Name": "high-cpu",
        "Description": "Too hot",
        "State Change": "OK -> ALARM",
        "AWS Account": "111122223333",
        "MetricName": "CPUUtilization",
        "Dimensions": "[InstanceId = i-0123]",
        "TreatMissingData": "ignore",
        "ALARM": f"[{TOPIC}]",
        "OK": "",
    } == fields(text)


def test_the_mail_of_metric_math_lists_its_parts():
    text = bodies(band_alarm(), CHANGE)["email"]

    assert "metric is LessThanLowerOrGreaterThanUpperThreshold for at least 1" in text
    assert "- MetricExpression: Count Sum\n" in text
    assert "- MetricExpression: ANOMALY_DETECTION_BAND(m1, 1.5)\n" in text
    assert "- MetricLabel:      Count (expected)\n" in text


def test_the_mail_of_a_composite_tells_its_rule():
    composite = {
        "AlarmName": "both",
        "AlarmArn": "arn:aws:cloudwatch:us-east-1:111122223333:alarm:both",
        "AlarmRule": 'ALARM("a")',
    }

    assert 'Alarm Rule:\n- ALARM("a")\n' in bodies(composite, CHANGE)["email"]


def test_the_subject_is_cut_to_a_hundred_characters_inside_the_quotes():
    line = subject(alarm("x" * 255), CHANGE)

    assert len(line) == 100
    assert line.startswith('ALARM: "xxx')
    assert line.endswith('x..." in US East (N. Virginia)')


def test_a_run_of_letters_beyond_ascii_becomes_one_mark_in_the_subject():
    assert subject(alarm("Überlast äöü!"), CHANGE) == (
        'ALARM: "_berlast _!" in US East (N. Virginia)'
    )


def test_the_sms_cuts_the_name_to_ninety_characters():
    line = sms_text(alarm("x" * 91), CHANGE)

    assert line == f'ALARM: "{"x" * 87}..." in US East (N. Virginia)'
    assert sms_text(alarm("x" * 90), CHANGE) == f'ALARM: "{"x" * 90}" in US East (N. Virginia)'


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1", "xx-new-9"])
@given(
    name=st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"]), min_size=1),
    state=st.sampled_from(["OK", "ALARM", "INSUFFICIENT_DATA"]),
)
def test_any_subject_is_ascii_and_short_enough_for_sns(region, name, state):
    line = subject(alarm(name, region), Transition(TIME, "OK", state, "r"))

    assert len(line) <= 100
    assert line.isascii()
    assert line.startswith(f'{state}: "')


def test_a_region_without_a_known_name_is_its_code():
    assert region_name("eu-west-1") == "EU (Ireland)"
    assert region_name("xx-new-9") == "xx-new-9"
