"""What alarms cost a month."""

from decimal import Decimal
from typing import Any

import pytest

from alerting.cloudwatch.prices import PER_THOUSAND, Charge, alarm_charge
from alerting.sns.limits import Protocol


def single(**more: Any) -> dict[str, Any]:
    return {"MetricName": "Orders", "Namespace": "Shop", "Period": 300, **more}


def math(*expressions: str, metrics: int, period: int = 300) -> dict[str, Any]:
    stat = {"Metric": {"MetricName": "Orders"}, "Period": period, "Stat": "Sum"}
    queries = [{"Id": f"m{number}", "MetricStat": stat} for number in range(metrics)]
    queries += [{"Id": f"e{number}", "Expression": e} for number, e in enumerate(expressions)]
    return {"Metrics": queries}


@pytest.mark.parametrize(
    ("alarm", "kind", "amount"),
    [
        (single(), "standard alarm", "0.10"),
        (single(Period=10), "high-resolution alarm", "0.30"),
        (math("m0 / m1", metrics=2), "standard alarm", "0.20"),
        (math("m0 / m1", metrics=2, period=30), "high-resolution alarm", "0.60"),
        (math("ANOMALY_DETECTION_BAND(m0, 3)", metrics=1), "band alarm", "0.30"),
        (math("m0/m1", "ANOMALY_DETECTION_BAND(e0)", metrics=2), "band alarm", "0.40"),
        ({"AlarmRule": "ALARM(a) OR ALARM(b)"}, "composite alarm", "0.50"),
    ],
)
def test_an_alarm_costs_by_its_metrics(alarm: dict[str, Any], kind: str, amount: str):
    charge = alarm_charge(alarm)
    assert (charge.kind, charge.amount) == (kind, Decimal(amount))
    assert charge.certain


def test_how_many_metrics_a_query_finds_only_aws_knows():
    alarm = math('select MAX(CPUUtilization) FROM "AWS/EC2" GROUP BY InstanceId', metrics=0)
    assert alarm_charge(alarm) == Charge("Metrics Insights alarm", 1, Decimal("0.10"), False)


def test_a_price_that_nobody_knows_is_not_made_up():
    assert alarm_charge({"EvaluationCriteria": {}}).amount is None


def test_every_protocol_has_a_price():
    assert set(PER_THOUSAND) == set(Protocol)
