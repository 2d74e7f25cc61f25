"""Bands that are still being learned, and mute rules that are not as declared."""

import pytest

from alerting.live.drift import CHANGED, MISSING
from alerting.live.young_bands import YOUNG
from tests.live.deployed_stack import Deployed, deployed

ODD = {
    "Namespace": "AWS/EC2",
    "MetricName": "CPUUtilization",
    "Dimensions": [{"Name": "InstanceId", "Value": "i-1"}],
    "Stat": "Average",
}
LEARNING = {"Schedule": {"Expression": "cron(0 * * * *)", "Duration": "PT2H"}}
WINDOWS = """
  watch:windows:
    nightly: {cron: "0 2 * * *", lasts: 1h, timezone: UTC}
    over: {from: "2026-01-01T20:00", to: "2026-01-01T22:00", timezone: UTC}
"""


@pytest.fixture
def stack(tmp_path):
    with deployed(tmp_path) as there:
        yield there


@pytest.fixture
def windowed(tmp_path):
    from tests.live.deployed_stack import TWO_SEVERITIES

    with deployed(tmp_path, TWO_SEVERITIES + WINDOWS.lstrip("\n")) as there:
        yield there


def found(stack: Deployed, *rules: str) -> list[str]:
    return [one.what for one in stack.verified().look.findings if one.rule in rules]


def test_a_band_that_is_not_learned_is_named(stack):
    """A new detector waits for its training."""
    stack.cloud.client("cloudwatch").put_anomaly_detector(SingleMetricAnomalyDetector=ODD)
    assert found(stack, YOUNG) == [
        "CloudWatch is still learning the band of odd (PENDING_TRAINING)."
    ]


def test_a_band_nobody_has_a_detector_of_is_not_young(stack):
    assert found(stack, YOUNG) == []


def test_the_detector_of_another_statistic_says_nothing(stack):
    other = {**ODD, "Stat": "p99"}
    stack.cloud.client("cloudwatch").put_anomaly_detector(SingleMetricAnomalyDetector=other)
    assert found(stack, YOUNG) == []


def test_an_alarm_that_waits_may_have_a_young_band(stack):
    client = stack.cloud.client("cloudwatch")
    client.put_anomaly_detector(SingleMetricAnomalyDetector=ODD)
    client.put_alarm_mute_rule(
        Name="learning",
        Rule=LEARNING,
        MuteTargets={"AlarmNames": ["prod-odd"]},
        ExpireDate="2099-01-01T00:00:00Z",
    )
    assert found(stack, YOUNG) == []


def test_an_alarm_that_has_waited_may_not(stack):
    client = stack.cloud.client("cloudwatch")
    client.put_anomaly_detector(SingleMetricAnomalyDetector=ODD)
    client.put_alarm_mute_rule(
        Name="learning",
        Rule=LEARNING,
        MuteTargets={"AlarmNames": ["prod-odd"]},
        ExpireDate="2020-01-01T00:00:00Z",
    )
    assert len(found(stack, YOUNG)) == 1


def test_what_may_not_be_seen_cannot_be_told(stack):
    stack.refused["DescribeAnomalyDetectors"] = "AccessDenied"
    assert "which bands are learned" in stack.verified().look.untold


def test_windows_are_as_declared_those_that_are_over_too(windowed):
    assert found(windowed, MISSING, CHANGED, "mute-rule-without-alarm") == []


def test_a_window_that_was_changed_by_hand_is_named(windowed):
    windowed.cloud.client("cloudwatch").put_alarm_mute_rule(
        Name="prod-window-nightly",
        Rule={"Schedule": {"Expression": "cron(0 3 * * *)", "Duration": "PT1H", "Timezone": "UTC"}},
        MuteTargets={"AlarmNames": ["prod-cpu"]},
    )
    (said,) = found(windowed, CHANGED)
    assert said.startswith("The mute rule nightly is not as declared: Rule.Schedule.Expression is ")


def test_a_window_that_was_removed_by_hand_is_named(windowed):
    windowed.cloud.client("cloudwatch").delete_alarm_mute_rule(
        AlarmMuteRuleName="prod-window-nightly"
    )
    (said,) = found(windowed, MISSING)
    assert said.startswith("The mute rule nightly is not there")


def test_windows_that_may_not_be_listed_are_not_missing(windowed):
    windowed.refused["ListAlarmMuteRules"] = "AccessDenied"
    assert found(windowed, MISSING) == []


def test_somebody_elses_rule_is_their_own_affair(stack):
    stack.cloud.client("cloudwatch").put_alarm_mute_rule(
        Name="theirs",
        Rule={"Schedule": {"Expression": "cron(0 3 * * *)", "Duration": "PT1H"}},
        MuteTargets={"AlarmNames": ["theirs"]},
    )
    assert found(stack, "mute-rule-without-alarm") == []
