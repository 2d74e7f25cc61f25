"""What is said of an alarm over a fleet."""

from pulumi_aws import cloudwatch

from alerting.account import account_of
from alerting.cloudwatch.insights import fleet_query
from alerting.delivery import Level, findings
from alerting.recording import record


def noted(*expressions):
    def program():
        queries = [
            {"id": f"q{at}", "expression": text, "period": 300, "return_data": at == 0}
            for at, text in enumerate(expressions)
        ]
        cloudwatch.MetricAlarm(
            "cpu",
            name="cpu",
            comparison_operator="GreaterThanThreshold",
            evaluation_periods=1,
            threshold=80,
            metric_queries=queries,
        )

    found = findings(account_of(record(program)))
    return [one for one in found if one.rule == "fleet-limits"]


def test_its_limits_are_a_note():
    [note] = noted(fleet_query("AWS/EC2", "CPUUtilization", "Average", over=["InstanceId"]))
    assert note.level is Level.NOTE
    assert note.label == "cpu"
    assert note.what == (
        "cpu looks at whatever members there are: one that disappears counts as well again, at "
        "most 10,000 metrics are looked at and 500 members told apart, and each metric is paid for."
    )


def test_a_query_with_one_series_has_no_members():
    assert not noted('SELECT MAX("CPUUtilization") FROM SCHEMA("AWS/EC2", "InstanceId")')
