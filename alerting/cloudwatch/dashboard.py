"""A dashboard of alarms: their states on top, then a graph of each.

Source: CloudWatch API reference, "Dashboard body structure and syntax"; CloudWatch user guide,
"CloudWatch service quotas" (widgets, metrics).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from alerting.problems import Problem, must

MAX_WIDGETS = 500
"""Of a dashboard."""
MAX_METRICS = 2500
"""Of all widgets of a dashboard together."""
MAX_ALARMS = 100
"""Of an alarm-status widget."""
COLUMNS = 24
"""Of the grid."""

_NAME = re.compile(r"[A-Za-z0-9_-]{1,255}")
_CONSOLES = {
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}
_GRAPH_WIDTH, _GRAPH_HEIGHT = 12, 6
_NOTE_HEIGHT = 1
_STATES_A_ROW = 4


def dashboard_name_problems(path: str, name: object) -> Iterator[Problem]:
    """A dashboard's name: 1-255 letters, digits, hyphens, underscores."""
    if isinstance(name, str) and not _NAME.fullmatch(name):
        yield must(path, "1 to 255 letters, digits, hyphens and underscores", name)


def dashboard_url(name: str, region: str, partition: str = "aws") -> str:
    """Where the console shows a dashboard."""
    host = _CONSOLES.get(partition, "console.aws.amazon.com")
    shown = quote(name, safe="")
    return f"https://{host}/cloudwatch/home?region={region}#dashboards:name={shown}"


def dashboard_body(alarms: Mapping[str, Mapping[str, Any]], region: str) -> dict[str, Any]:
    """The body of a dashboard, to be written as JSON.

    Composites are in the status widget alone: a graph shows metrics. Where the graphs would be more
    widgets or metrics than a dashboard holds, the first ones are drawn, and a line says so.

    Args:
        alarms: by title, in the shape of DescribeAlarms with `AlarmArn`; values that are only
            placed (ARNs, dimensions) may be anything that becomes text later.
        region: the alarms' Region.
    """
    arns = [alarm["AlarmArn"] for alarm in alarms.values()]
    rows = [_states(arns[at : at + MAX_ALARMS]) for at in range(0, len(arns), MAX_ALARMS)]
    graphs = {title: _graph(alarm, title, region) for title, alarm in alarms.items()}
    wanted = [graph for graph in graphs.values() if graph is not None]
    room = MAX_WIDGETS - len(rows)
    drawn = _that_fit(wanted, room)
    if len(drawn) < len(wanted):
        drawn = drawn[: room - 1]  # the line that says so is a widget too
        rows.append(_note(len(wanted) - len(drawn)))
    return {"widgets": list(_placed([*rows, *drawn]))}


def metrics_of(widget: Mapping[str, Any]) -> int:
    """How many metrics a widget counts for; one that draws an alarm is taken to count for one."""
    metrics = widget["properties"].get("metrics")
    return 1 if metrics is None else len(metrics)


def _that_fit(graphs: Sequence[dict[str, Any]], most: int) -> list[dict[str, Any]]:
    """As many of the first graphs as a dashboard holds."""
    fitting: list[dict[str, Any]] = []
    metrics = 0
    for graph in graphs[:most]:
        metrics += metrics_of(graph)
        if metrics > MAX_METRICS:
            break
        fitting.append(graph)
    return fitting


def _placed(widgets: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The widgets on the grid, from left to right and from top to bottom."""
    x = y = below = 0
    for widget in widgets:
        if x + widget["width"] > COLUMNS:
            x, y = 0, below
        yield {"type": widget["type"], "x": x, "y": y, **widget}
        x, below = x + widget["width"], max(below, y + widget["height"])


def _states(arns: Sequence[Any]) -> dict[str, Any]:
    height = 2 + -(-len(arns) // _STATES_A_ROW)
    return {
        "type": "alarm",
        "width": COLUMNS,
        "height": height,
        "properties": {"title": "Alarms", "alarms": list(arns)},
    }


def _note(missing: int) -> dict[str, Any]:
    graphs = "1 more graph does" if missing == 1 else f"{missing} more graphs do"
    said = (
        f"{graphs} not fit on a dashboard ({MAX_WIDGETS} widgets, {MAX_METRICS} metrics); "
        "their alarms are above."
    )
    return {
        "type": "text",
        "width": COLUMNS,
        "height": _NOTE_HEIGHT,
        "properties": {"markdown": said},
    }


def _graph(alarm: Mapping[str, Any], title: str, region: str) -> dict[str, Any] | None:
    """The metric with its band or its threshold; None for a composite.

    A threshold is drawn by naming the alarm. A band is drawn as metrics of the graph's own, which
    cannot stand beside an alarm.
    """
    if alarm.get("AlarmRule") is not None:
        return None
    properties: dict[str, Any] = {"title": title, "region": region, "view": "timeSeries"}
    if alarm.get("ThresholdMetricId") is None:
        properties["annotations"] = {"alarms": [alarm["AlarmArn"]]}
    else:
        queries = alarm["Metrics"]
        stats = (query["MetricStat"] for query in queries if query.get("MetricStat"))
        properties |= {
            "period": next(stat["Period"] for stat in stats),
            "metrics": [_metric(query) for query in queries],
        }
    return {
        "type": "metric",
        "width": _GRAPH_WIDTH,
        "height": _GRAPH_HEIGHT,
        "properties": properties,
    }


def _metric(query: Mapping[str, Any]) -> list[Any]:
    """One metric query as a line of a graph: namespace, name, dimensions, and how it is drawn."""
    drawn: dict[str, Any] = {"id": query["Id"]}
    if query.get("Label"):
        drawn["label"] = query["Label"]
    if query.get("AccountId"):
        drawn["accountId"] = query["AccountId"]
    if not query.get("ReturnData", True):
        drawn["visible"] = False
    stat = query.get("MetricStat")
    if stat is None:
        return [{"expression": query["Expression"], **drawn}]
    metric = stat["Metric"]
    dimensions = [
        part for one in metric.get("Dimensions") or () for part in (one["Name"], one["Value"])
    ]
    return [metric["Namespace"], metric["MetricName"], *dimensions, {**drawn, "stat": stat["Stat"]}]
