"""The body of a dashboard: what is drawn, and that CloudWatch would take it."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerting.cloudwatch.dashboard import (
    COLUMNS,
    MAX_METRICS,
    MAX_WIDGETS,
    dashboard_body,
    dashboard_name_problems,
    dashboard_url,
    metrics_of,
)
from alerting.cloudwatch.dashboard_format import alarm_arns, body_problems

REGION = "us-east-1"


def arn(name: str) -> str:
    return f"arn:aws:cloudwatch:{REGION}:123456789012:alarm:{name}"


def plain(name: str) -> dict[str, Any]:
    return {"AlarmName": name, "AlarmArn": arn(name), "Period": 300}


def composite(name: str) -> dict[str, Any]:
    return {"AlarmName": name, "AlarmArn": arn(name), "AlarmRule": "ALARM(a)"}


def metric(id: str, *, shown: bool = True, dimensions: Mapping[str, str] | None = None) -> Any:
    named = [{"Name": name, "Value": value} for name, value in (dimensions or {}).items()]
    watched = {"Namespace": "Shop", "MetricName": "Orders", "Dimensions": named}
    stat = {"Metric": watched, "Period": 60, "Stat": "p90"}
    return {"Id": id, "MetricStat": stat, "ReturnData": shown}


def band(name: str, *metrics: Any) -> dict[str, Any]:
    watched = metrics or (metric("observed", dimensions={"Shop": "a", "Till": "1"}),)
    expected = {
        "Id": "expected",
        "Expression": f"ANOMALY_DETECTION_BAND({watched[-1]['Id']}, 3)",
        "Label": "expected",
        "ReturnData": True,
    }
    return {
        "AlarmName": name,
        "AlarmArn": arn(name),
        "ThresholdMetricId": "expected",
        "Metrics": [*watched, expected],
    }


def widgets(alarms: Mapping[str, Any], type: str = "metric") -> list[dict[str, Any]]:
    found = dashboard_body(alarms, REGION)["widgets"]
    return [widget for widget in found if widget["type"] == type]


def test_the_states_of_all_alarms_are_on_top():
    body = dashboard_body({"a": plain("a"), "b": composite("b")}, REGION)
    first = body["widgets"][0]
    assert (first["type"], first["x"], first["y"], first["width"]) == ("alarm", 0, 0, COLUMNS)
    assert first["properties"]["alarms"] == [arn("a"), arn("b")]


def test_a_threshold_is_drawn_by_naming_the_alarm():
    [graph] = widgets({"busy": plain("dev-busy")})
    assert graph["properties"] == {
        "title": "busy",
        "region": REGION,
        "view": "timeSeries",
        "annotations": {"alarms": [arn("dev-busy")]},
    }


def test_a_band_is_drawn_with_its_metric():
    [graph] = widgets({"odd": band("dev-odd")})
    assert graph["properties"] == {
        "title": "odd",
        "region": REGION,
        "view": "timeSeries",
        "period": 60,
        "metrics": [
            ["Shop", "Orders", "Shop", "a", "Till", "1", {"id": "observed", "stat": "p90"}],
            [
                {
                    "expression": "ANOMALY_DETECTION_BAND(observed, 3)",
                    "id": "expected",
                    "label": "expected",
                }
            ],
        ],
    }


def test_metrics_inside_an_expression_are_hidden():
    ratio = {"Id": "ratio", "Expression": "a / b", "ReturnData": True}
    [graph] = widgets({"odd": band("odd", metric("a", shown=False), metric("b"), ratio)})
    drawn = [line[-1] for line in graph["properties"]["metrics"]]
    assert [(one["id"], one.get("visible", True)) for one in drawn] == [
        ("a", False),
        ("b", True),
        ("ratio", True),
        ("expected", True),
    ]


def test_a_metric_of_another_account_stays_one():
    [graph] = widgets({"odd": band("odd", {**metric("m"), "AccountId": "111122223333"})})
    assert graph["properties"]["metrics"][0][-1]["accountId"] == "111122223333"


def test_a_composite_has_no_graph():
    assert widgets({"both": composite("both")}) == []


def test_two_graphs_stand_side_by_side():
    graphs = widgets({name: plain(name) for name in "abc"})
    assert [(graph["x"], graph["y"]) for graph in graphs] == [(0, 3), (12, 3), (0, 9)]


def test_a_status_widget_holds_a_hundred_alarms():
    states = widgets({f"a{number}": plain(f"a{number}") for number in range(201)}, "alarm")
    assert [len(widget["properties"]["alarms"]) for widget in states] == [100, 100, 1]


def test_of_more_graphs_than_fit_the_first_are_drawn_and_the_rest_is_told():
    body = dashboard_body({f"a{number}": plain(f"a{number}") for number in range(600)}, REGION)
    types = [widget["type"] for widget in body["widgets"]]
    assert (types.count("alarm"), types.count("text"), types.count("metric")) == (6, 1, 493)
    [note] = [widget for widget in body["widgets"] if widget["type"] == "text"]
    assert note["properties"]["markdown"].startswith("107 more graphs do not fit")
    assert len(alarm_arns(body)) == 600


def test_metrics_are_counted_too():
    wide = band("wide", *(metric(f"m{number}") for number in range(9)))
    alarms = {f"a{number}": {**wide, "AlarmArn": arn(f"a{number}")} for number in range(300)}
    graphs = widgets(alarms)
    assert len(graphs) == MAX_METRICS // 10
    assert body_problems(dashboard_body(alarms, REGION)) == []


NAMES = st.text(min_size=1, max_size=12)
ALARMS = st.dictionaries(
    NAMES,
    st.builds(
        lambda make, name: make(name),
        st.sampled_from([plain, band, composite]),
        NAMES,
    ),
    max_size=40,
)


@settings(max_examples=60, deadline=None)
@given(ALARMS, st.sampled_from([1, 30]))
def test_any_alarms_make_a_body_that_is_taken(alarms: dict[str, Any], times: int):
    many = {f"{name}-{n}": alarm for name, alarm in alarms.items() for n in range(times)}
    body = dashboard_body(many, REGION)
    assert body_problems(json.dumps(body)) == []
    assert len(body["widgets"]) <= MAX_WIDGETS
    assert sum(metrics_of(widget) for widget in body["widgets"]) <= MAX_METRICS + MAX_WIDGETS


@settings(max_examples=60, deadline=None)
@given(ALARMS)
def test_no_two_widgets_overlap(alarms: dict[str, Any]):
    taken: set[tuple[int, int]] = set()
    for widget in dashboard_body(alarms, REGION)["widgets"]:
        cells = {
            (widget["x"] + column, widget["y"] + row)
            for column in range(widget["width"])
            for row in range(widget["height"])
        }
        assert not cells & taken
        taken |= cells


@settings(max_examples=60, deadline=None)
@given(ALARMS)
def test_every_alarm_is_shown(alarms: dict[str, Any]):
    body = dashboard_body(alarms, REGION)
    assert set(alarm_arns(body)) == {alarm["AlarmArn"] for alarm in alarms.values()}


@pytest.mark.parametrize("name", ["", "a b", "x" * 256, "ä", "a.b"])
def test_a_name_cloudwatch_would_refuse_is_refused(name: str):
    [problem] = dashboard_name_problems("name", name)
    assert "1 to 255 letters, digits, hyphens and underscores" in problem.message


def test_a_name_cloudwatch_takes_is_taken():
    assert list(dashboard_name_problems("name", "prod_alerts-1")) == []


@pytest.mark.parametrize(
    ("partition", "host"),
    [
        ("aws", "console.aws.amazon.com"),
        ("aws-cn", "console.amazonaws.cn"),
        ("aws-us-gov", "console.amazonaws-us-gov.com"),
    ],
)
def test_the_link_leads_to_the_partitions_console(partition: str, host: str):
    link = dashboard_url("prod-alerts", "eu-west-1", partition)
    assert link == f"https://{host}/cloudwatch/home?region=eu-west-1#dashboards:name=prod-alerts"
