"""One metric over time, with its limit, its alarms and what was known to be wrong."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from alerting.replay import Series
from alerting.replay.series import Values

Spec = dict[str, Any]
"""A picture in the language of Vega-Lite."""

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
"""The name of that language; nothing is fetched from there."""

_METRIC, _BAND, _THRESHOLD = "metric", "expected band (our estimate)", "threshold"
_ALARM, _INCIDENT = "in ALARM", "labelled incident"
_COLOURS = {
    _METRIC: "#222222",
    _BAND: "#56b4e9",
    _THRESHOLD: "#0072b2",
    _ALARM: "#d55e00",
    _INCIDENT: "#009e73",
}
"""Okabe and Ito's palette, whose colours people with any colour blindness can tell apart."""

_HEIGHT = 260
_FEW = 200
"""Up to so many datapoints are drawn as points too."""
_Y = {"type": "quantitative", "scale": {"zero": False}, "axis": {"title": None, "tickCount": 5}}
_LEGEND = {"title": None, "orient": "top", "symbolType": "square", "symbolOpacity": 1}
_DAY = "%a %-d %b"
_CLOCK = {
    "month": _DAY,
    "week": _DAY,
    "date": _DAY,
    "hours": "%-d %b %H:%M",  # labels that are left out for want of room may be all the dates
    "minutes": "%H:%M",
    "seconds": "%H:%M:%S",
}
"""What the x axis says, by how far apart its ticks are."""
_WHOLE_HEIGHT = {"y": {"value": 0}, "y2": {"value": _HEIGHT}}


@dataclass(frozen=True, slots=True)
class Alarmed:
    """One time in ALARM."""

    start: int
    """Epoch seconds."""
    end: int
    text: str
    """What is said of it where the mouse points at it."""


@dataclass(frozen=True, eq=False)
class Panel:
    """What one panel shows."""

    title: str
    """What is seen, in a sentence."""
    text: Sequence[str]
    """What else there is to know; sentences."""
    series: Series
    band: tuple[Values, Values] | None = None
    """Lower and upper edge beside each row of the series; NaN where there is none."""
    threshold: float | None = None
    alarms: Sequence[Alarmed] = ()
    incidents: Sequence[tuple[int, int]] = ()
    """First and last second of labelled windows."""


def spec(panel: Panel, width: int | str = "container") -> Spec:
    """The panel in Vega-Lite, without its text.

    The wheel zooms into time, dragging pans, a double click resets.

    Args:
        panel: What to show.
        width: In pixels, or `container` to fill what it stands in.
    """
    layers = [
        _incidents(panel),
        *_limit(panel),
        _in_alarm(panel),
        _line(),
        _begins(panel),
        _points(panel),
    ]
    zoom = {"name": "zoom", "select": {"type": "interval", "encodings": ["x"]}, "bind": "scales"}
    layers[-1]["params"] = [zoom]
    names = list(_names(panel))
    for layer in layers:
        layer["mark"]["clip"] = True
        if color := layer["encoding"].get("color"):
            color["scale"] = {"domain": names, "range": [_COLOURS[name] for name in names]}
            color["legend"] = _LEGEND
    return {
        "width": width,
        "height": _HEIGHT,
        "data": {"values": _rows(panel)},
        "layer": layers,
    }


def _names(panel: Panel) -> Iterator[str]:
    yield _METRIC
    if panel.band is not None:
        yield _BAND
    if panel.threshold is not None:
        yield _THRESHOLD
    yield _ALARM
    if panel.incidents:
        yield _INCIDENT


def _rows(panel: Panel) -> list[dict[str, float | None]]:
    """A row per datapoint, and an empty one in every gap, so that no line crosses it."""
    series = panel.series
    nowhere = np.full(series.stamps.size, np.nan)
    after = np.flatnonzero(np.diff(series.stamps) * 2 >= series.spacing * 3) + 1
    stamps = np.insert(series.stamps, after, series.stamps[after - 1] + series.spacing)
    columns = (series.values, *(panel.band or (nowhere, nowhere)))
    filled = [map(_short, np.insert(column, after, np.nan).tolist()) for column in columns]
    return [
        {"t": stamp * 1000, "v": value, "l": lower, "u": upper}
        for stamp, value, lower, upper in zip(stamps.tolist(), *filled, strict=True)
    ]


def _incidents(panel: Panel) -> Spec:
    windows = [{"t": start * 1000, "end": end * 1000} for start, end in panel.incidents]
    return {
        "data": {"values": windows},
        "mark": {"type": "rect", "opacity": 0.15},
        "encoding": {
            **_span(),
            **_WHOLE_HEIGHT,
            "color": {"datum": _INCIDENT},
            "tooltip": [_tip("t", "labelled from"), _tip("end", "to")],
        },
    }


def _limit(panel: Panel) -> Iterator[Spec]:
    if panel.band is not None:
        yield {
            "mark": {"type": "area", "opacity": 0.5},
            "encoding": {
                "x": _time("t"),
                "y": {**_Y, "field": "l"},
                "y2": {"field": "u"},
                "color": {"datum": _BAND},
            },
        }
    if panel.threshold is not None:
        yield {
            "data": {"values": [{"limit": panel.threshold}]},
            "mark": {"type": "rule", "strokeDash": [6, 4], "strokeWidth": 1.5},
            "encoding": {"y": {**_Y, "field": "limit"}, "color": {"datum": _THRESHOLD}},
        }


def _in_alarm(panel: Panel) -> Spec:
    return {
        "data": _alarms(panel),
        "mark": {"type": "rect", "opacity": 0.3},
        "encoding": {
            **_span(),
            **_WHOLE_HEIGHT,
            "color": {"datum": _ALARM},
            "tooltip": _ALARM_TIPS,
        },
    }


def _begins(panel: Panel) -> Spec:
    """A mark where an alarm begins, visible however short it was."""
    mark = {"type": "point", "shape": "triangle-down", "filled": True, "size": 90, "opacity": 1}
    return {
        "data": _alarms(panel),
        "mark": {**mark, "yOffset": 5},
        "encoding": {
            "x": _time("t"),
            "y": {"value": 0},
            "color": {"datum": _ALARM},
            "tooltip": _ALARM_TIPS,
        },
    }


def _alarms(panel: Panel) -> Spec:
    return {
        "values": [
            {"t": alarm.start * 1000, "end": alarm.end * 1000, "text": alarm.text}
            for alarm in panel.alarms
        ]
    }


def _line() -> Spec:
    return {
        "mark": {"type": "line", "strokeWidth": 0.9, "interpolate": "linear"},
        "encoding": {
            "x": _time("t"),
            "y": {**_Y, "field": "v"},
            "color": {"datum": _METRIC},
        },
    }


def _points(panel: Panel) -> Spec:
    """What the mouse points at; visible where the datapoints are few."""
    visible = panel.series.stamps.size <= _FEW
    return {
        "mark": {"type": "point", "filled": True, "size": 30, "opacity": 1 if visible else 0},
        "encoding": {
            "x": _time("t"),
            "y": {**_Y, "field": "v"},
            "color": {"datum": _METRIC},
            "tooltip": [
                _tip("t", "datapoint"),
                {"field": "v", "title": "value"},
                *(
                    ({"field": "l", "title": "band from"}, {"field": "u", "title": "to"})
                    if panel.band is not None
                    else ()
                ),
            ],
        },
    }


def _time(field: str) -> Spec:
    axis = {"title": None, "labelOverlap": True, "grid": False, "format": _CLOCK}
    return {"field": field, "type": "temporal", "scale": {"type": "utc"}, "axis": axis}


def _span() -> Spec:
    return {"x": _time("t"), "x2": {"field": "end"}}


def _tip(field: str, title: str) -> Spec:
    form = {"type": "temporal", "formatType": "utc", "format": "%Y-%m-%d %H:%M"}
    return {"field": field, "title": title, **form}


def _short(value: float) -> float | None:
    """Six digits are more than can be seen; NaN has no JSON."""
    return None if value != value else float(f"{value:.6g}")


_ALARM_TIPS = [_tip("t", "ALARM from"), _tip("end", "to"), {"field": "text", "title": "value"}]
