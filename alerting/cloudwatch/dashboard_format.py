"""What CloudWatch takes as the body of a dashboard.

Source: CloudWatch API reference, "Dashboard body structure and syntax". Looked at are the frame,
and the widgets with metrics, alarms and text; of the others only that they have properties, and
properties that are not documented as wrong are let through.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from alerting.cloudwatch.dashboard import COLUMNS, MAX_ALARMS, MAX_METRICS, MAX_WIDGETS
from alerting.problems import Problem, must

MAX_METRICS_OF_WIDGET = 500

_TYPES = ("metric", "text", "log", "alarm", "explorer", "custom", "chart", "trace")
_GRID = {"x": (0, COLUMNS - 1), "y": (0, None), "width": (1, COLUMNS), "height": (1, 1000)}
"""Least and most; each is optional, 6 by 6 is the default size."""
_SORTED_BY = ("default", "stateUpdatedTimestamp", "timestamp")
_STATES = ("ALARM", "INSUFFICIENT_DATA", "OK")
_VIEWS = ("timeSeries", "singleValue", "gauge", "bar", "pie", "table")
_HIGH_RESOLUTION = (1, 5, 10, 20, 30)
_ALARM_ARN = re.compile(r"arn:aws[a-z-]*:cloudwatch:[a-z0-9-]+:\d{12}:alarm:.+", re.DOTALL)
_ID = re.compile(r"[a-z][A-Za-z0-9_]*")
_BAND_OF = re.compile(r"ANOMALY_DETECTION_BAND\(\s*([A-Za-z0-9_]+)")


def body_problems(body: str | Mapping[str, Any]) -> list[Problem]:
    """What is wrong with the body of a dashboard; the path leads through the JSON.

    Args:
        body: as PutDashboard takes it, or the same already read.
    """
    if isinstance(body, str):
        try:
            body = json.loads(body)
        except (ValueError, RecursionError) as error:
            return [Problem((), f"is not JSON ({error})")]
    return list(_body(body))


def data_path(problem: Problem) -> str:
    """Where a problem is, as `DashboardValidationMessages` have it: `/widgets/0/type`."""
    return "".join(f"/{part}" for part in problem.path)


def alarm_arns(body: str | Mapping[str, Any]) -> list[str]:
    """The ARNs of the alarms that a body shows, each once; of one that is broken, what is there."""
    if isinstance(body, str):
        try:
            body = json.loads(body)
        except (ValueError, RecursionError):
            return []
    found: list[str] = []
    for widget in _list(_map(body).get("widgets")):
        properties = _map(_map(widget).get("properties"))
        shown = (
            *_list(properties.get("alarms")),
            *_list(_map(properties.get("annotations")).get("alarms")),
        )
        found += [arn for arn in shown if isinstance(arn, str)]
    return list(dict.fromkeys(found))


def _map(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else ()


def _body(body: object) -> Iterator[Problem]:
    if not isinstance(body, Mapping):
        yield must("", "a JSON object", body)
        return
    period = body.get("periodOverride", "auto")
    if period not in ("auto", "inherit"):
        yield must("periodOverride", "auto or inherit", period)
    widgets = body.get("widgets")
    if not isinstance(widgets, list | tuple):
        yield must("widgets", "a list of widgets", widgets)
        return
    if len(widgets) > MAX_WIDGETS:
        yield must("widgets", f"at most {MAX_WIDGETS} widgets", len(widgets))
    for number, widget in enumerate(widgets):
        for problem in _widget(widget):
            yield problem.under("widgets", str(number))
    metrics = sum(len(_list(_map(_map(w).get("properties")).get("metrics"))) for w in widgets)
    if metrics > MAX_METRICS:
        yield must("widgets", f"at most {MAX_METRICS} metrics in all widgets together", metrics)


def _widget(widget: object) -> Iterator[Problem]:
    if not isinstance(widget, Mapping):
        yield must("", "a widget", widget)
        return
    kind, properties = widget.get("type"), widget.get("properties")
    if kind not in _TYPES:
        yield must("type", f"one of {', '.join(_TYPES)}", kind)
    for key, (least, most) in _GRID.items():
        if key in widget and not _whole(widget[key], least, most):
            allowed = f"from {least} to {most}" if most is not None else f"at least {least}"
            yield must(key, f"a whole number, {allowed}", widget[key])
    if ("x" in widget) != ("y" in widget):
        yield Problem((), "has one of x and y, and needs both or neither")
    x, width = widget.get("x", 0), widget.get("width", 6)
    if _whole(x, *_GRID["x"]) and _whole(width, *_GRID["width"]) and x + width > COLUMNS:
        yield must("width", f"at most {COLUMNS - x} from column {x} on", width)
    if not isinstance(properties, Mapping):
        yield must("properties", "a map", properties)
        return
    check = _PROPERTIES.get(str(kind))
    for problem in check(properties) if check else ():
        yield problem.under("properties")


def _whole(value: object, least: int, most: int | None) -> bool:
    return (
        isinstance(value, int)
        and not isinstance(value, bool)
        and least <= value
        and (most is None or value <= most)
    )


def _text(properties: Mapping[str, Any]) -> Iterator[Problem]:
    if not isinstance(properties.get("markdown"), str):
        yield must("markdown", "text", properties.get("markdown"))


def _alarm(properties: Mapping[str, Any]) -> Iterator[Problem]:
    alarms = properties.get("alarms")
    if not isinstance(alarms, list | tuple) or not 1 <= len(alarms) <= MAX_ALARMS:
        count = len(alarms) if isinstance(alarms, list | tuple) else alarms
        yield must("alarms", f"a list of 1 to {MAX_ALARMS} ARNs of alarms", count)
    yield from _arns("alarms", alarms)
    sort = properties.get("sortBy", "default")
    if sort not in _SORTED_BY:
        yield must("sortBy", f"one of {', '.join(_SORTED_BY)}", sort)
    for state in _list(properties.get("states")):
        if state not in _STATES:
            yield must("states", f"among {', '.join(_STATES)}", state)


def _arns(path: str, alarms: object) -> Iterator[Problem]:
    for arn in _list(alarms):
        if not isinstance(arn, str) or not _ALARM_ARN.fullmatch(arn):
            yield must(path, "ARNs of alarms (arn:aws:cloudwatch:REGION:ACCOUNT:alarm:NAME)", arn)


def _metric_widget(properties: Mapping[str, Any]) -> Iterator[Problem]:
    region, view = properties.get("region"), properties.get("view", "timeSeries")
    if not isinstance(region, str) or not region:
        yield must("region", "a Region", region)
    if view not in _VIEWS:
        yield must("view", f"one of {', '.join(_VIEWS)}", view)
    yield from _period(properties)
    annotations = properties.get("annotations", {})
    if not isinstance(annotations, Mapping):
        yield must("annotations", "a map", annotations)
        annotations = {}
    yield from _annotations(annotations)
    if "metrics" in properties:
        yield from _metrics(properties["metrics"])
        if annotations.get("alarms"):
            yield Problem(("annotations", "alarms"), "cannot stand beside metrics")
    elif not annotations.get("alarms"):
        yield Problem(("metrics",), "is required without an alarm in annotations")


def _period(properties: Mapping[str, Any]) -> Iterator[Problem]:
    period = properties.get("period", 300)
    if not _whole(period, 1, None) or not (period in _HIGH_RESOLUTION or period % 60 == 0):
        yield must("period", "a multiple of 60 seconds, or 1, 5, 10, 20 or 30", period)


def _annotations(annotations: Mapping[str, Any]) -> Iterator[Problem]:
    alarms = annotations.get("alarms", [])
    if not isinstance(alarms, list | tuple) or len(alarms) > 1:
        yield must("annotations.alarms", "a list of at most one ARN", alarms)
    yield from _arns("annotations.alarms", alarms)
    lines = [key for key in ("horizontal", "vertical") if annotations.get(key)]
    if alarms and lines:
        yield Problem(("annotations", lines[0]), "cannot stand beside an alarm")


def _metrics(metrics: object) -> Iterator[Problem]:
    if not isinstance(metrics, list | tuple):
        yield must("metrics", "a list of metrics", metrics)
        return
    if len(metrics) > MAX_METRICS_OF_WIDGET:
        yield must("metrics", f"at most {MAX_METRICS_OF_WIDGET} metrics", len(metrics))
    drawn = [_drawn(metric) for metric in metrics]
    ids = [one["id"] for one in drawn if isinstance(one.get("id"), str)]
    for number, metric in enumerate(metrics):
        for problem in (*_one_metric(metric), *_rendering(drawn[number], ids)):
            yield problem.under("metrics", str(number))
    for twice in dict.fromkeys(one for one in ids if ids.count(one) > 1):
        yield Problem(("metrics",), f"use the id {twice!r} twice")


def _drawn(metric: object) -> Mapping[str, Any]:
    """How a line is drawn: the object at its end, where there is one."""
    parts = _list(metric)
    return _map(parts[-1]) if parts else {}


def _one_metric(metric: object) -> Iterator[Problem]:
    """`[namespace, name, dimension, value, ..., {rendering}]` or `[{expression}]`."""
    if not isinstance(metric, list | tuple) or not metric:
        yield must("", "a list: namespace, name, dimensions", metric)
        return
    named = metric[:-1] if isinstance(metric[-1], Mapping) else metric
    if not all(isinstance(part, str) for part in named):
        yield Problem((), "must be text, but for the rendering at the end")
    elif not named and "expression" not in _drawn(metric):
        yield Problem((), "names neither a metric nor an expression")
    elif named and "..." not in named and len(named) % 2:
        yield Problem((), "must be a namespace, a name, and a value for each dimension")


def _rendering(drawn: Mapping[str, Any], ids: Sequence[str]) -> Iterator[Problem]:
    if "id" in drawn and not (isinstance(drawn["id"], str) and _ID.fullmatch(drawn["id"])):
        yield must("id", "letters, digits and underscores, the first a small letter", drawn["id"])
    if "visible" in drawn and not isinstance(drawn["visible"], bool):
        yield must("visible", "true or false", drawn["visible"])
    if drawn.get("yAxis", "left") not in ("left", "right"):
        yield must("yAxis", "left or right", drawn["yAxis"])
    yield from _period(drawn)
    expression = drawn.get("expression", "")
    if not isinstance(expression, str):
        yield must("expression", "text", expression)
        return
    for watched in _BAND_OF.findall(expression):
        if watched not in ids:
            yield Problem(("expression",), f"is of {watched!r}, which is no id of a metric here")


_PROPERTIES: Mapping[str, Callable[[Mapping[str, Any]], Iterator[Problem]]] = {
    "alarm": _alarm,
    "metric": _metric_widget,
    "text": _text,
}
