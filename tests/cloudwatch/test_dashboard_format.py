"""What is no dashboard, each fault by itself."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerting.cloudwatch.dashboard_format import alarm_arns, body_problems, data_path

ALARM = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:busy"
OTHER = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:odd"
GOOD: dict[str, Any] = {
    "start": "-PT6H",
    "periodOverride": "inherit",
    "widgets": [
        {
            "type": "alarm",
            "x": 0,
            "y": 0,
            "width": 24,
            "height": 3,
            "properties": {"alarms": [OTHER]},
        },
        {
            "type": "metric",
            "properties": {"region": "us-east-1", "annotations": {"alarms": [ALARM]}},
        },
        {
            "type": "metric",
            "properties": {
                "region": "us-east-1",
                "period": 300,
                "metrics": [
                    ["AWS/EC2", "CPUUtilization", "InstanceId", "i-1", {"id": "m1"}],
                    ["...", "i-2"],
                    [{"expression": "ANOMALY_DETECTION_BAND(m1, 2)", "id": "band"}],
                ],
                "annotations": {"horizontal": [{"value": 80}]},
            },
        },
        {"type": "text", "properties": {"markdown": "Hello"}},
        {"type": "log", "properties": {"query": "fields @message"}},
    ],
}
"""In the order of the widgets the tests below change: states, an alarm, metrics, text."""


def changed(path: str, value: Any) -> dict[str, Any]:
    """The good body with one value replaced, or taken away where it is `...`."""
    body = copy.deepcopy(GOOD)
    *parents, last = [int(part) if part.isdigit() else part for part in path.split("/")]
    node: Any = body
    for part in parents:
        node = node[part]
    if value is ...:
        del node[last]
    else:
        node[last] = value
    return body


def test_a_good_body_is_taken():
    assert body_problems(GOOD) == []
    assert body_problems(json.dumps(GOOD)) == []
    assert body_problems({"widgets": []}) == []


@pytest.mark.parametrize(
    ("path", "value", "where", "said"),
    [
        ("widgets", ..., "/widgets", "a list of widgets"),
        ("widgets", {}, "/widgets", "a list of widgets"),
        ("widgets", [GOOD["widgets"][3]] * 501, "/widgets", "at most 500 widgets"),
        ("periodOverride", "often", "/periodOverride", "auto or inherit"),
        ("widgets/0", "x", "/widgets/0", "a widget"),
        ("widgets/0/type", "graph", "/widgets/0/type", "one of metric, text"),
        ("widgets/0/type", ["metric"], "/widgets/0/type", "one of metric, text"),
        ("widgets/0/x", 24, "/widgets/0/x", "from 0 to 23"),
        ("widgets/0/x", 1.5, "/widgets/0/x", "a whole number"),
        ("widgets/0/x", True, "/widgets/0/x", "a whole number"),
        ("widgets/0/x", 3, "/widgets/0/width", "at most 21 from column 3 on"),
        ("widgets/0/y", -1, "/widgets/0/y", "at least 0"),
        ("widgets/0/y", ..., "/widgets/0", "needs both or neither"),
        ("widgets/0/width", 25, "/widgets/0/width", "from 1 to 24"),
        ("widgets/0/height", 0, "/widgets/0/height", "from 1 to 1000"),
        ("widgets/0/properties", ..., "/widgets/0/properties", "a map"),
        ("widgets/0/properties/alarms", ..., "/widgets/0/properties/alarms", "1 to 100"),
        ("widgets/0/properties/alarms", [], "/widgets/0/properties/alarms", "1 to 100"),
        ("widgets/0/properties/alarms", [ALARM] * 101, "/widgets/0/properties/alarms", "1 to 100"),
        ("widgets/0/properties/alarms", ["busy"], "/widgets/0/properties/alarms", "ARNs of alarms"),
        ("widgets/0/properties/sortBy", "name", "/widgets/0/properties/sortBy", "default, state"),
        ("widgets/0/properties/states", ["RED"], "/widgets/0/properties/states", "among ALARM"),
        ("widgets/1/properties/region", ..., "/widgets/1/properties/region", "a Region"),
        ("widgets/1/properties/view", "3d", "/widgets/1/properties/view", "one of timeSeries"),
        ("widgets/1/properties/annotations", ..., "/widgets/1/properties/metrics", "is required"),
        ("widgets/1/properties/annotations", [], "/widgets/1/properties/annotations", "a map"),
        (
            "widgets/1/properties/annotations/alarms",
            [ALARM, OTHER],
            "/widgets/1/properties/annotations/alarms",
            "at most one",
        ),
        (
            "widgets/1/properties/annotations/horizontal",
            [{"value": 80}],
            "/widgets/1/properties/annotations/horizontal",
            "cannot stand beside an alarm",
        ),
        (
            "widgets/1/properties/metrics",
            [["AWS/EC2", "CPUUtilization"]],
            "/widgets/1/properties/annotations/alarms",
            "cannot stand beside metrics",
        ),
        ("widgets/2/properties/period", 45, "/widgets/2/properties/period", "a multiple of 60"),
        ("widgets/2/properties/metrics", "m1", "/widgets/2/properties/metrics", "a list"),
        ("widgets/2/properties/metrics/0", [], "/widgets/2/properties/metrics/0", "a list: name"),
        (
            "widgets/2/properties/metrics/0",
            ["AWS/EC2", "CPUUtilization", "InstanceId", {"id": "m1"}],
            "/widgets/2/properties/metrics/0",
            "a value for each dimension",
        ),
        (
            "widgets/2/properties/metrics/0/3",
            5,
            "/widgets/2/properties/metrics/0",
            "must be text",
        ),
        (
            "widgets/2/properties/metrics/0/4/id",
            "M1",
            "/widgets/2/properties/metrics/0/id",
            "the first a small letter",
        ),
        (
            "widgets/2/properties/metrics/0/4/visible",
            "no",
            "/widgets/2/properties/metrics/0/visible",
            "true or false",
        ),
        (
            "widgets/2/properties/metrics/0/4/yAxis",
            "top",
            "/widgets/2/properties/metrics/0/yAxis",
            "left or right",
        ),
        (
            "widgets/2/properties/metrics/2/0/expression",
            ...,
            "/widgets/2/properties/metrics/2",
            "neither a metric nor an expression",
        ),
        (
            "widgets/2/properties/metrics/2/0/expression",
            7,
            "/widgets/2/properties/metrics/2/expression",
            "text",
        ),
        (
            "widgets/2/properties/metrics/2/0/expression",
            "ANOMALY_DETECTION_BAND(m9, 2)",
            "/widgets/2/properties/metrics/2/expression",
            "no id of a metric here",
        ),
        (
            "widgets/2/properties/metrics/2/0/id",
            "m1",
            "/widgets/2/properties/metrics",
            "'m1' twice",
        ),
        ("widgets/3/properties/markdown", ..., "/widgets/3/properties/markdown", "text"),
    ],
)
def test_a_fault_is_told_with_its_place(path: str, value: Any, where: str, said: str):
    found = {data_path(problem): problem.message for problem in body_problems(changed(path, value))}
    assert where in found
    assert said in found[where]


def test_more_metrics_than_a_widget_holds_are_told():
    path = "widgets/2/properties/metrics"
    found = body_problems(changed(path, [["AWS/EC2", "CPUUtilization"]] * 501))
    assert [data_path(problem) for problem in found] == ["/widgets/2/properties/metrics"]


def test_more_metrics_than_a_dashboard_holds_are_told():
    widget = copy.deepcopy(GOOD["widgets"][2])
    widget["properties"]["metrics"] = [["AWS/EC2", "CPUUtilization"]] * 500
    [problem] = body_problems({"widgets": [widget] * 6})
    assert problem.message == "must be at most 2500 metrics in all widgets together, got 3000"


def test_text_that_is_no_json_is_told():
    [problem] = body_problems("{")
    assert "is not JSON" in problem.message


def test_the_alarms_of_a_body_are_found_in_both_kinds_of_widget():
    assert alarm_arns(GOOD) == [OTHER, ALARM]
    assert alarm_arns(json.dumps(GOOD)) == [OTHER, ALARM]
    assert alarm_arns("{") == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["widgets", "type", "properties", "metrics", "annotations", "alarms", "id", "x"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@settings(max_examples=200, deadline=None)
@given(JSON)
def test_anything_at_all_is_judged(body: Any):
    text = json.dumps(body)
    assert isinstance(body_problems(text), list)
    assert isinstance(alarm_arns(text), list)
