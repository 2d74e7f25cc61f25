"""What alarms on logs are called, and what CloudWatch Logs takes."""

import pytest

from alerting.cloudwatch import logs

GROUP = "arn:aws:logs:us-east-1:123456789012:log-group:/shop/web"


@pytest.mark.parametrize(
    ("statistic", "value", "pattern", "said"),
    [
        ("Sum", "1", "ERROR", "the number of log events in /shop that match ERROR"),
        ("Sum", "1", "", "the number of log events in /shop"),
        ("Maximum", "1", "", "the highest 1 of log events in /shop"),
        ("Sum", "$bytes", "", "the sum of $bytes of log events in /shop"),
        ("p99", "$.ms", "[ms]", "the p99 of $.ms of log events in /shop that match [ms]"),
    ],
)
def test_a_filtered_metric_is_called_by_what_it_is_made_of(statistic, value, pattern, said):
    assert logs.filtered(statistic, value, "/shop", pattern) == said


@pytest.mark.parametrize(
    ("priority", "said"),
    [
        ("HIGH", "the number of log anomalies of high priority in /shop/web"),
        ("MEDIUM", "the number of log anomalies of high or medium priority in /shop/web"),
        ("LOW", "the number of log anomalies in /shop/web"),
    ],
)
def test_a_priority_takes_in_those_above_it(priority, said):
    assert logs.odd(GROUP, priority) == said


@pytest.mark.parametrize(
    "group", ["/shop/web", GROUP + ":*", GROUP.replace(":logs:", ":sns:"), f"{GROUP} "]
)
def test_what_is_no_arn_of_a_log_group_is_refused(group):
    [said] = map(str, logs.group_arn_problems(group, "us-east-1"))
    assert said.startswith("group: must be a log group's ARN without :* at its end")


@pytest.mark.parametrize("value", ["1", "0.5", "-2", "$.latency", "$bytes"])
def test_a_value_is_a_number_or_a_field(value):
    assert not list(logs.value_problems(value))


@pytest.mark.parametrize("group", ["a", "/aws/lambda/x", "a" * 512, "a.b-c_d#e"])
def test_names_of_log_groups(group):
    assert not list(logs.group_problems(group))


@pytest.mark.parametrize("group", ["", "a" * 513, "a b", "a:b", "ä"])
def test_what_no_log_group_is_called(group):
    assert list(logs.group_problems(group))
