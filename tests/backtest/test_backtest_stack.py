"""A stack's alarms tried on what the in-memory CloudWatch has of their metrics."""

import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from alerting import cli
from alerting.backtest.gathering import Gathering
from alerting.backtest.question import Question
from alerting.backtest.stack import ask_stack
from alerting.backtest.words import compared
from alerting.live.clients import Connection
from alerting.live.shelf import Shelf
from alerting.rehearsal.cloud import memory_cloud
from alerting.replay import MetricKey, Series
from alerting.stackfile import read_stack

DAY = 86_400
NOW = int(time.time())
CPU = MetricKey.of("AWS/EC2", "CPUUtilization", {"InstanceId": "i-1234567890abcdef0"})
PROJECT = Path(__file__).parents[2]


def at(stamp):
    return datetime.fromtimestamp(stamp, UTC)


def busy_once():
    """Two calm weeks with an hour at 95 % two days ago."""
    stamps = np.arange(NOW - 15 * DAY, NOW, 300) // 300 * 300
    values = 20 + np.random.default_rng(7).normal(0, 1, stamps.size)
    values[(stamps > NOW - 2 * DAY) & (stamps <= NOW - 2 * DAY + 3600)] = 95.0
    return Series.of(stamps, values, spacing=300)


@pytest.fixture
def cloud():
    with memory_cloud() as cloud:
        yield cloud


def detector(cloud, **configuration):
    dimensions = [{"Name": "InstanceId", "Value": "i-1234567890abcdef0"}]
    cloud.client("cloudwatch").put_anomaly_detector(
        SingleMetricAnomalyDetector={
            "Namespace": "AWS/EC2",
            "MetricName": "CPUUtilization",
            "Dimensions": dimensions,
            "Stat": "Average",
        },
        Configuration=configuration,
    )


def deployed(cloud, name):
    cloud.client("cloudwatch").put_metric_alarm(
        AlarmName=name,
        ComparisonOperator="GreaterThanThreshold",
        EvaluationPeriods=1,
        MetricName="CPUUtilization",
        Namespace="AWS/EC2",
        Period=300,
        Statistic="Average",
        Threshold=1,
    )


def tried(cloud, question=None, shelf=None, stack="dev"):
    """The backtest of a stack, by alarm, and what was said beside it."""
    connection = Connection(cloud.client, cloud.account_id, cloud.region)
    gathering = Gathering()
    stack = read_stack(stack, PROJECT)
    question = question or Question()
    asked = ask_stack(stack, connection, question, gathering, days=14, shelf=shelf)
    result = gathering.gather(asked, total=len(asked))
    return {one.name: one for one in result.results}, result


def test_every_alarm_of_the_stack_is_tried_as_it_is_declared(cloud):
    cloud.gaps.metric_data.hold(cloud.region, CPU, busy_once())
    alarms, _ = tried(cloud)
    assert set(alarms) == {"cpu-high", "cpu-unusual"}
    fixed, banded = alarms["cpu-high"], alarms["cpu-unusual"]
    assert fixed.trial.threshold == 80
    assert banded.outcome.shown.choice == banded.trial.declared
    for one in (fixed, banded):
        (alarm,) = one.outcome.alarms
        assert NOW - 2 * DAY < alarm.start < NOW - 2 * DAY + 3600
        assert alarm.value == 95.0


def test_the_matrix_of_a_threshold_has_no_widths(cloud):
    cloud.gaps.metric_data.hold(cloud.region, CPU, busy_once())
    alarms, _ = tried(cloud)
    assert {cell.choice.width for cell in alarms["cpu-high"].outcome.cells} == {None}


def test_a_percentage_has_a_band_that_ends_at_100(cloud):
    cloud.gaps.metric_data.hold(cloud.region, CPU, busy_once())
    alarms, _ = tried(cloud)
    assert alarms["cpu-unusual"].trial.settings.ceiling == 100


def test_a_metric_both_alarms_read_is_paid_for_once(cloud):
    cloud.gaps.metric_data.hold(cloud.region, CPU, busy_once())
    _, result = tried(cloud)
    assert "took 1 call to GetMetricData for 1 metric, less than a cent" in result.remarks[0]


def test_a_second_look_is_said_to_be_free(cloud, tmp_path):
    cloud.gaps.metric_data.hold(cloud.region, CPU, busy_once())
    tried(cloud, shelf=Shelf(tmp_path))
    _, result = tried(cloud, shelf=Shelf(tmp_path))
    assert "nothing was paid" in result.remarks[0]


def test_a_metric_without_data_is_an_error_with_the_nearest_names(cloud):
    cloud.client("cloudwatch").put_metric_data(
        Namespace="AWS/EC2",
        MetricData=[
            {
                "MetricName": "CPUUtilization",
                "Dimensions": [{"Name": "InstanceId", "Value": "i-1234567890abcdef1"}],
                "Value": 1.0,
            }
        ],
    )
    alarms, result = tried(cloud)
    assert not alarms
    assert len(result.failures) == 2
    for failure in result.failures:
        assert "no datapoint in 14 days" in failure
        assert (
            "the nearest that exist: AWS/EC2 CPUUtilization of InstanceId=i-1234567890abcdef1"
            in failure
        )


def test_without_a_detector_cloudwatchs_band_is_not_asked_for(cloud):
    cloud.gaps.metric_data.hold(cloud.region, CPU, busy_once())
    alarms, _ = tried(cloud)
    assert alarms["cpu-unusual"].outcome.beside is None


def test_cloudwatchs_own_band_is_shown_beside_and_marked_in_sample(cloud):
    cloud.gaps.metric_data.hold(cloud.region, CPU, busy_once())

    def saw_it_coming(series, width):
        """Fitted on what it is tested on: the busy hour is within."""
        return series.values - width, series.values + width

    cloud.gaps.metric_data.band = saw_it_coming
    detector(cloud)
    alarms, _ = tried(cloud)
    beside = alarms["cpu-unusual"].outcome.beside
    assert beside.cell.alarms == 0
    assert alarms["cpu-unusual"].outcome.shown.alarms == 1, "the causal replay is still there"
    assert beside.in_sample_until is None
    assert beside.agreement == pytest.approx(1 - 12 / 4032, abs=0.003)
    assert "All of it is in-sample" in compared(beside)


def test_what_is_younger_than_the_alarm_is_not_in_sample(cloud):
    cloud.gaps.metric_data.hold(cloud.region, CPU, busy_once())
    detector(cloud)
    deployed(cloud, "dev-cpu-unusual")
    alarms, _ = tried(cloud)
    beside = alarms["cpu-unusual"].outcome.beside
    assert NOW - 60 < beside.in_sample_until < NOW + 3600
    assert beside.in_sample == beside.cell.alarms == 1
    assert "it is in-sample (1 of the alarms)" in compared(beside)


def test_the_settings_of_a_detector_are_taken_over(cloud):
    cloud.gaps.metric_data.hold(cloud.region, CPU, busy_once())
    detector(
        cloud,
        MetricTimezone="Europe/Berlin",
        ExcludedTimeRanges=[{"StartTime": at(NOW - 3 * DAY), "EndTime": at(NOW - DAY)}],
    )
    alarms, _ = tried(cloud)
    settings = alarms["cpu-unusual"].trial.settings
    assert settings.timezone == "Europe/Berlin"
    assert settings.excluded == ((NOW - 3 * DAY, NOW - DAY),)


def test_a_missing_permission_for_detectors_leaves_the_rest_standing(cloud):
    cloud.gaps.metric_data.hold(cloud.region, CPU, busy_once())
    client = cloud.client("cloudwatch")

    def refuse(**_):
        from botocore.exceptions import ClientError

        error = {"Code": "AccessDenied", "Message": "No."}
        raise ClientError({"Error": error}, "DescribeAnomalyDetectors")

    client.meta.events.register_first("before-call.cloudwatch.DescribeAnomalyDetectors", refuse)
    alarms, result = tried(cloud)
    assert set(alarms) == {"cpu-high", "cpu-unusual"}
    assert "allow cloudwatch:DescribeAnomalyDetectors" in result.remarks[0]


LOAD_BALANCER = {"LoadBalancer": "app/shop/50dc6c495c0c9188"}


def a_minute_each(value, peak=None):
    stamps = np.arange(NOW - 3 * DAY, NOW, 60) // 60 * 60
    values = np.full(stamps.size, float(value))
    if peak is not None:
        values[2000:2010] = peak
    return Series.of(stamps, values, spacing=60)


def test_metric_math_is_worked_out_and_silent_metrics_lose_no_other(cloud):
    for name, series in (
        ("RequestCount", a_minute_each(1000)),
        ("HTTPCode_Target_5XX_Count", a_minute_each(1, peak=100)),
    ):
        key = MetricKey.of("AWS/ApplicationELB", name, LOAD_BALANCER, "Sum")
        cloud.gaps.metric_data.hold(cloud.region, key, series)
    alarms, result = tried(cloud, stack="prod")
    assert set(alarms) == {"shop-errors"}
    (alarm,) = alarms["shop-errors"].outcome.alarms
    assert alarm.value == 10.0
    failures = {failure.partition(":")[0]: failure for failure in result.failures}
    assert "no datapoint in 14 days" in failures["database-full"]
    assert "no datapoint in 3 hours" in failures["gateway-saturated"]


def test_the_command_says_all_of_it(cloud, monkeypatch, tmp_path, capsys):
    cloud.gaps.metric_data.hold(cloud.region, CPU, busy_once())
    connection = Connection(cloud.client, cloud.account_id, cloud.region)
    monkeypatch.setattr("alerting.live.clients.connect", lambda config: connection)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.chdir(PROJECT)
    monkeypatch.setattr("sys.argv", ["alerting", "backtest", "--stack", "dev"])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    out = capsys.readouterr().out
    assert stop.value.code == 0
    assert "1/1 as declared: 1 alarm" in out
    assert "width 3, 3/5 as declared: 1 alarm" in out
    assert len(list(tmp_path.rglob("*.json"))) == 1


def test_no_credentials_are_told_with_what_to_do(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(PROJECT)
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.setattr("sys.argv", ["alerting", "backtest", "--stack", "dev"])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert stop.value.code == 2
    assert "AWS credentials" in capsys.readouterr().err
