"""How an alarm is evaluated, as it says itself."""

import pytest

from alerting.cloudwatch import Comparison, MissingData
from alerting.cloudwatch.evaluation import Evaluation

ALARM = {"Namespace": "AWS/EC2", "MetricName": "CPU", "Period": 300, "EvaluationPeriods": 3}


@pytest.mark.parametrize(
    ("period", "periods", "tick"),
    [
        (10, 1, 10),
        (30, 6, 10),
        (60, 1, 60),
        (300, 3, 60),
        (86_400, 1, 60),
        (3600, 24, 60),
        (3600, 25, 3600),
        (86_400, 2, 3600),
    ],
)
def test_how_often_an_alarm_looks(period, periods, tick):
    assert Evaluation(period, periods).tick == tick


@pytest.mark.parametrize(
    ("period", "periods", "slots"), [(300, 3, 5), (60, 1, 3), (10, 3, 9), (30, 2, 4)]
)
def test_how_many_slots_an_alarm_looks_at(period, periods, slots):
    assert Evaluation(period, periods).evaluation_range() == slots


def test_the_documented_number_of_further_slots_is_a_parameter():
    assert Evaluation(300, 3).evaluation_range(extra=0) == 3
    assert Evaluation(10, 3).evaluation_range(extra=0) == 9, "not below a minute"


def test_what_the_alarm_leaves_out_has_the_defaults_of_aws():
    assert Evaluation.of(ALARM) == Evaluation(300, 3, 3, MissingData.MISSING, None)


def test_what_the_alarm_says_counts():
    alarm = ALARM | {
        "DatapointsToAlarm": 2,
        "TreatMissingData": "notBreaching",
        "EvaluationWindow": {"WallClockWindow": {"Timezone": "Europe/Berlin"}},
    }

    assert Evaluation.of(alarm) == Evaluation(300, 3, 2, MissingData.NOT_BREACHING, "Europe/Berlin")


def test_a_sliding_window_is_none_of_the_wall_clock():
    assert Evaluation.of(ALARM | {"EvaluationWindow": {"SlidingWindow": {}}}).timezone is None


def test_dynamodb_ignores_missing_data_by_default():
    query = {"Id": "m1", "MetricStat": {"Metric": {"Namespace": "AWS/DynamoDB"}, "Period": 60}}
    plain = ALARM | {"Namespace": "AWS/DynamoDB"}

    assert Evaluation.of(plain).treat_missing_data == "ignore"
    assert Evaluation.of({"EvaluationPeriods": 1, "Metrics": [query]}).treat_missing_data == (
        "ignore"
    )
    assert Evaluation.of(plain | {"TreatMissingData": "breaching"}).treat_missing_data == (
        "breaching"
    )


@pytest.mark.parametrize(
    ("metrics", "period"),
    [
        ([{"Id": "e1", "Expression": "m1"}, {"Id": "m1", "MetricStat": {"Period": 60}}], 60),
        ([{"Id": "e1", "Expression": "SELECT 1", "Period": 120}], 120),
    ],
)
def test_metric_math_has_the_period_of_its_metrics(metrics, period):
    metrics = [
        query
        | ({"MetricStat": {"Metric": {}, **query["MetricStat"]}} if "MetricStat" in query else {})
        for query in metrics
    ]

    assert Evaluation.of({"EvaluationPeriods": 1, "Metrics": metrics}).period == period


def test_an_alarm_without_a_period_is_refused():
    with pytest.raises(ValueError, match="names no period"):
        Evaluation.of({"EvaluationPeriods": 1})


def test_the_operators_know_which_edges_they_look_at():
    assert [(one.of_band, one.sees_lower, one.sees_upper) for one in Comparison] == [
        (False, False, False),
        (False, False, False),
        (False, False, False),
        (False, False, False),
        (True, True, True),
        (True, True, False),
        (True, False, True),
    ]
