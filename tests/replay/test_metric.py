"""What an alarm watches, read from the shape of DescribeAlarms."""

import pytest

from alerting.replay import MetricKey, NotReplayableError, watched
from alerting.replay.expression import Name, parse

CPU = {"Namespace": "AWS/EC2", "MetricName": "CPUUtilization"}
DIMENSIONS = [{"Name": "B", "Value": "2"}, {"Name": "A", "Value": "1"}]


def query(name, text=None, **changes):
    if text is not None:
        return {"Id": name, "Expression": text, **changes}
    stat = {"Metric": {**CPU, "Dimensions": DIMENSIONS}, "Period": 60, "Stat": "p90"}
    return {"Id": name, "MetricStat": stat, **changes}


def test_a_plain_metric():
    found = watched({**CPU, "Dimensions": DIMENSIONS, "Statistic": "Average", "Period": 300})

    assert found.metric == MetricKey(
        "AWS/EC2", "CPUUtilization", (("A", "1"), ("B", "2")), "Average"
    )
    assert (found.period, found.band_width) == (300, None)


def test_a_percentile_of_a_plain_metric():
    assert watched({**CPU, "ExtendedStatistic": "p99.9", "Period": 60}).metric == MetricKey(
        "AWS/EC2", "CPUUtilization", (), "p99.9"
    )


def test_dimensions_in_any_order_are_the_same_metric():
    assert MetricKey.of("N", "m", {"A": "1", "B": "2"}) == MetricKey.of("N", "m", DIMENSIONS)
    assert hash(MetricKey.of("N", "m", {"A": "1", "B": "2"}))


def test_a_metric_is_told_in_words():
    assert str(MetricKey.of("N", "m", DIMENSIONS, "Sum")) == "Sum of N m (A=1, B=2)"
    assert str(MetricKey("N", "m")) == "Average of N m"


@pytest.mark.parametrize(
    ("expression", "width"),
    [
        ("ANOMALY_DETECTION_BAND(m1, 2.5)", 2.5),
        ("ANOMALY_DETECTION_BAND(m1,4)", 4),
        ("ANOMALY_DETECTION_BAND(m1)", 2),
    ],
)
def test_a_band_over_a_metric(expression, width):
    found = watched(
        {
            "Metrics": [query("m1", ReturnData=True), query("ad1", expression, ReturnData=True)],
            "ThresholdMetricId": "ad1",
        }
    )

    assert found.band_width == width
    assert found.metric is not None
    assert found.metric.statistic == "p90"
    assert found.period == 60


def test_a_band_says_itself_what_is_watched_where_return_data_does_not():
    found = watched(
        {
            "Metrics": [query("m1"), query("m2"), query("ad1", "ANOMALY_DETECTION_BAND(m2, 2)")],
            "ThresholdMetricId": "ad1",
        }
    )

    assert found.expression == Name("m2")
    assert [*found.metrics] == ["m2"]


def test_expressions_that_name_each_other_become_one():
    found = watched(
        {
            "Metrics": [
                query("m1", ReturnData=False),
                query("m2", ReturnData=False),
                query("unused", ReturnData=False),
                query("e1", "m1 + [m2]", ReturnData=False),
                query("e2", "-e1 / SUM(FILL(m1, REPEAT))", ReturnData=True),
            ]
        }
    )

    assert found.expression == parse("-(m1 + [m2]) / SUM(FILL(m1, REPEAT))")
    assert [*found.metrics] == ["m1", "m2"]
    assert found.metric is None


def test_all_metrics_count_where_the_expression_takes_them_all():
    found = watched(
        {
            "Metrics": [
                query("m1", ReturnData=False),
                query("m2", ReturnData=False),
                query("e1", "SUM(METRICS())"),
            ]
        }
    )

    assert [*found.metrics] == ["m1", "m2"]


def test_expressions_made_of_each_other_are_refused():
    with pytest.raises(NotReplayableError, match="the expression e1 is made of itself"):
        watched({"Metrics": [query("e1", "e2 + 1"), query("e2", "e1", ReturnData=False)]})
