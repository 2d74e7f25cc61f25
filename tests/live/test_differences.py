"""Where a live thing differs from a declared one, and where it only looks different."""

import json
from typing import Any

import pytest

from alerting.account import Item, Kind, Unknown
from alerting.live.differences import differences

ALARM: dict[str, Any] = {
    "AlarmName": "cpu",
    "MetricName": "CPUUtilization",
    "Namespace": "AWS/EC2",
    "Statistic": "Average",
    "Dimensions": [{"Name": "A", "Value": "1"}, {"Name": "B", "Value": "2"}],
    "Period": 300,
    "EvaluationPeriods": 3,
    "Threshold": 80,
    "ComparisonOperator": "GreaterThanThreshold",
    "AlarmActions": ["arn:b", "arn:a"],
}
BAND: dict[str, Any] = {
    "Metrics": [
        {
            "Id": "m",
            "MetricStat": {
                "Metric": {"Namespace": "N", "MetricName": "M", "Dimensions": []},
                "Period": 60,
                "Stat": "Sum",
            },
        },
        {"Id": "b", "Expression": "ANOMALY_DETECTION_BAND(m, 3)"},
    ],
    "ThresholdMetricId": "b",
}


def differ(kind: Kind, declared: dict[str, Any], live: dict[str, Any], **more: Any) -> list[Any]:
    return differences(Item(kind, "arn:x", declared), Item(kind, "arn:x", live), **more)


@pytest.mark.parametrize(
    "same",
    [
        {"Threshold": 80.0},
        {"Dimensions": [{"Name": "B", "Value": "2"}, {"Name": "A", "Value": "1"}]},
        {"AlarmActions": ["arn:a", "arn:b"]},
        {"TreatMissingData": "missing"},
        {"DatapointsToAlarm": 3},
        {"ActionsEnabled": True},
        {"OKActions": []},
        {"AlarmDescription": ""},
        {"StateValue": "ALARM"},
    ],
)
def test_what_aws_adds_or_writes_otherwise_is_no_difference(same):
    assert differ(Kind.ALARM, ALARM, {**ALARM, **same}) == []


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"Threshold": 81}, "Threshold"),
        ({"ActionsEnabled": False}, "ActionsEnabled"),
        ({"AlarmActions": []}, "AlarmActions"),
        ({"OKActions": ["arn:a"]}, "OKActions"),
        ({"TreatMissingData": "ignore"}, "TreatMissingData"),
        ({"DatapointsToAlarm": 1}, "DatapointsToAlarm"),
        ({"Dimensions": [{"Name": "A", "Value": "1"}]}, "Dimensions.B"),
        ({"Unit": "Percent"}, "Unit"),
        ({"AlarmDescription": "by hand"}, "AlarmDescription"),
    ],
)
def test_what_somebody_changed_is_named(changed, path):
    assert [found[0] for found in differ(Kind.ALARM, ALARM, {**ALARM, **changed})] == [path]


def test_queries_are_compared_by_id_and_down_to_the_value():
    live = json.loads(json.dumps(BAND))
    live["Metrics"].reverse()
    assert differ(Kind.ALARM, BAND, live) == []
    live["Metrics"][1]["MetricStat"]["Stat"] = "Average"
    live["Metrics"][0]["ReturnData"] = False
    assert differ(Kind.ALARM, BAND, live) == [
        ("Metrics.m.MetricStat.Stat", "Sum", "Average"),
        ("Metrics.b.ReturnData", True, False),
    ]


@pytest.mark.parametrize("key", ["Threshold", "AlarmActions", "Dimensions", "Metrics"])
def test_what_is_not_known_here_is_no_difference(key):
    assert differ(Kind.ALARM, {**ALARM, key: Unknown()}, ALARM) == []


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


OPEN = {
    "Sid": "Open",
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
    "Action": ["sns:Publish", "sns:Subscribe"],
    "Resource": "*",
}


@pytest.mark.parametrize(
    "same",
    [
        {"Principal": {"AWS": "111122223333"}},
        {"Principal": {"AWS": ["arn:aws:iam::111122223333:root"]}},
        {"Action": ["sns:Subscribe", "sns:Publish"]},
        {"Resource": ["*"]},
    ],
)
def test_a_policy_is_compared_by_what_it_says(same):
    ours, theirs = {"Policy": policy(OPEN)}, {"Policy": policy({**OPEN, **same})}
    assert differ(Kind.TOPIC, ours, theirs) == []


def test_a_changed_statement_is_named_by_its_sid():
    theirs = {"Policy": policy({**OPEN, "Effect": "Deny"})}
    assert differ(Kind.TOPIC, {"Policy": policy(OPEN)}, theirs) == [
        ("Policy.Statement.Open.Effect", "Allow", "Deny")
    ]


def test_a_policy_that_is_not_json_differs_as_a_whole():
    ((path, _, theirs),) = differ(Kind.TOPIC, {"Policy": policy(OPEN)}, {"Policy": "{"})
    assert (path, theirs) == ("Policy", "{")


def test_what_is_not_declared_is_awss_business():
    assert differ(Kind.TOPIC, {}, {"Policy": policy(OPEN), "DisplayName": "x"}) == []


def test_what_could_not_be_read_is_no_difference():
    ours = {"Policy": policy(OPEN)}
    assert differ(Kind.KEY, ours, {}) != []
    assert differ(Kind.KEY, ours, {}, partial=True) == []
    assert differ(Kind.SUBSCRIPTION, {"FilterPolicy": "{}"}, {"FilterPolicy": Unknown()}) == []


def test_a_functions_other_permissions_are_other_peoples_business():
    ours = {"Policy": policy(OPEN)}
    assert differ(Kind.FUNCTION, ours, {"Policy": policy(OPEN, {**OPEN, "Sid": "More"})}) == []
    ((path, _, _),) = differ(Kind.FUNCTION, ours, {"Policy": policy({**OPEN, "Sid": "More"})})
    assert path == "Policy.Statement.Open"


def test_a_permission_that_was_changed_is_named():
    closed = {"Policy": policy({**OPEN, "Effect": "Deny"})}
    assert differ(Kind.FUNCTION, {"Policy": policy(OPEN)}, closed) == [
        ("Policy.Statement.Open.Effect", "Allow", "Deny")
    ]


def test_a_roles_policies_are_found_under_any_name():
    ours = {"Policies": {"made-up": policy(OPEN)}, "AttachedPolicies": []}
    assert differ(Kind.ROLE, ours, {"Policies": {"real": json.loads(policy(OPEN))}}) == []
    ((path, _, _),) = differ(Kind.ROLE, ours, {"Policies": {}})
    assert path == "Policies.made-up"


def test_a_policy_that_is_no_longer_attached_is_named():
    ours = {"Policies": {}, "AttachedPolicies": ["arn:p"]}
    assert differ(Kind.ROLE, ours, {"Policies": {}, "AttachedPolicies": []}) == [
        ("AttachedPolicies", "arn:p", None)
    ]
