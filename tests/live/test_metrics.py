"""Alarms whose metric has no data, and what they may have meant."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from alerting.account import Item, Kind
from alerting.live.metrics import Metric, Nearest, metrics_of, silences, silent
from alerting.rehearsal.cloud import memory_cloud

CPU = Metric("AWS/EC2", "CPUUtilization", (("InstanceId", "i-1"),))


@pytest.fixture
def cloud():
    with memory_cloud() as there:
        yield there


def put(cloud, metric: Metric, days: float = 0.5) -> None:
    cloud.client("cloudwatch").put_metric_data(
        Namespace=metric.namespace,
        MetricData=[
            {
                "MetricName": metric.name,
                "Dimensions": [{"Name": k, "Value": v} for k, v in metric.dimensions],
                "Value": 1,
                "Timestamp": datetime.now(UTC) - timedelta(days=days),
            }
        ],
    )


def alarm(*metrics: Metric, unit: str = "") -> Item:
    data = {
        "Metrics": [
            {
                "Id": f"m{n}",
                "MetricStat": {
                    "Metric": {
                        "Namespace": metric.namespace,
                        "MetricName": metric.name,
                        "Dimensions": [{"Name": k, "Value": v} for k, v in metric.dimensions],
                    },
                    "Period": 60,
                    "Stat": "Sum",
                    **({"Unit": unit} if unit else {}),
                },
            }
            for n, metric in enumerate(metrics)
        ]
    }
    return Item(Kind.ALARM, "arn:aws:cloudwatch:us-east-1:123456789012:alarm:cpu", data)


def found(cloud, *metrics: Metric) -> list[tuple[str, str]]:
    given = silences(cloud.client, "us-east-1", [alarm(*metrics)])
    return [(str(finding.level), finding.what) for finding in given]


def test_a_metric_with_a_datapoint_in_the_last_fortnight_is_alive(cloud):
    put(cloud, CPU, days=13.5)
    assert silent(cloud.client, "us-east-1", [CPU]) == frozenset()


@pytest.mark.parametrize("hour", [0, 11, 12, 23])
def test_the_hour_of_the_day_makes_no_difference(cloud, hour):
    now = datetime(2026, 3, 20, hour, 59, tzinfo=UTC)
    put(cloud, CPU, days=(datetime.now(UTC) - now) / timedelta(days=1) + 13.5)
    assert silent(cloud.client, "us-east-1", [CPU], now) == frozenset()
    assert silent(cloud.client, "us-east-1", [CPU], now + timedelta(days=1.5)) == {CPU}


def test_an_older_datapoint_does_not_count(cloud):
    put(cloud, CPU, days=15)
    assert silent(cloud.client, "us-east-1", [CPU]) == {CPU}


def test_more_metrics_are_asked_than_one_call_takes(cloud):
    many = [Metric("N", f"m{n}") for n in range(501)]
    put(cloud, many[500])
    assert silent(cloud.client, "us-east-1", many) == frozenset(many[:500])


def test_the_metrics_of_an_alarm_are_those_of_all_its_queries():
    plain = Item(Kind.ALARM, "arn:x", {"Namespace": "N", "MetricName": "M", "Unit": "Count"})
    assert list(metrics_of(plain)) == [Metric("N", "M", unit="Count")]
    assert list(metrics_of(alarm(CPU, Metric("N", "M")))) == [CPU, Metric("N", "M")]
    insight = Item(Kind.ALARM, "arn:x", {"Metrics": [{"Id": "q", "Expression": "SELECT 1"}]})
    assert list(metrics_of(insight)) == []


def test_the_nearest_name_is_suggested(cloud):
    put(cloud, CPU)
    wrong = Metric("AWS/EC2", "CPUUtilisation", CPU.dimensions)
    assert found(cloud, wrong) == [
        (
            "error",
            "cpu reads AWS/EC2 CPUUtilisation of InstanceId=i-1, which has had no datapoint in 14 "
            "days; the nearest that exist: AWS/EC2 CPUUtilization of InstanceId=i-1.",
        )
    ]


def test_the_nearest_dimensions_are_suggested_first(cloud):
    near = Metric("AWS/EC2", "CPUUtilization", (("InstanceId", "i-12"),))
    far = Metric("AWS/EC2", "CPUUtilization", (("AutoScalingGroupName", "web"),))
    put(cloud, far)
    put(cloud, near)
    assert Nearest(cloud.client, "us-east-1").to(CPU) == [near, far]


def test_the_right_name_in_another_namespace_is_suggested(cloud):
    put(cloud, Metric("CWAgent", "mem_used"))
    assert Nearest(cloud.client, "us-east-1").to(Metric("Agent", "mem_used")) == [
        Metric("CWAgent", "mem_used")
    ]


class OnlyPercent:
    """A CloudWatch that has CPU in percent alone; the one in memory knows no units."""

    def get_paginator(self, operation: str) -> "OnlyPercent":
        self.operation = operation
        return self

    def paginate(self, **params: Any) -> list[dict[str, Any]]:
        if self.operation == "list_metrics":
            dimensions = [{"Name": "InstanceId", "Value": "i-1"}]
            metric = {"Namespace": "AWS/EC2", "MetricName": "CPUUtilization"}
            return [{"Metrics": [{**metric, "Dimensions": dimensions}]}]
        (query,) = params["MetricDataQueries"]
        values = [1.0] if query["MetricStat"].get("Unit", "Percent") == "Percent" else []
        return [{"MetricDataResults": [{"Id": query["Id"], "Values": values}]}]


def test_a_unit_that_is_never_published_is_said_to_be_the_cause():
    fake = OnlyPercent()
    given = [alarm(CPU, unit=unit) for unit in ("Percent", "Bytes")]

    (finding,) = (f for one in given for f in silences(lambda *_: fake, "us-east-1", [one]))

    assert finding.what.endswith(
        "in Bytes, which has had no datapoint in 14 days; in another unit it has some, so leave "
        "the unit out."
    )


def test_of_several_metrics_a_silent_one_is_a_warning(cloud):
    requests, errors = Metric("ALB", "Requests"), Metric("ALB", "Errors")
    put(cloud, requests)
    ((level, what),) = found(cloud, requests, errors)
    assert level == "warning"
    assert "reads ALB Errors" in what


def test_nothing_alike_is_said(cloud):
    ((_, what),) = found(cloud, CPU)
    assert what.endswith("; there is none with a name like it.")
