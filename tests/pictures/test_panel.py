"""One metric as a picture."""

import json

import numpy as np

from alerting.pictures import Panel, png, spec
from alerting.replay import Series
from tests.pictures.examples import START, panel


def small(stamps, values, **more):
    return Panel("title", ("text",), Series.of(stamps, values, spacing=300), **more)


def rows(panel):
    return spec(panel)["data"]["values"]


def legend(panel):
    (first, *_) = spec(panel)["layer"]
    return first["encoding"]["color"]["scale"]["domain"]


def layer(panel, kind):
    return next(one for one in spec(panel)["layer"] if one["mark"]["type"] == kind)


def test_a_gap_holds_an_empty_row_so_that_no_line_crosses_it():
    found = rows(small([0, 300, 3000, 3300], [1.0, 2.0, 3.0, 4.0]))
    assert [(row["t"], row["v"]) for row in found] == [
        (0, 1.0),
        (300_000, 2.0),
        (600_000, None),
        (3_000_000, 3.0),
        (3_300_000, 4.0),
    ]


def test_what_is_missing_is_null_and_the_picture_is_strict_json():
    nan = float("nan")
    band = (np.array([nan, 0.5]), np.array([nan, 2.5]))
    found = spec(small([0, 300], [nan, 1.5], band=band))
    assert found["data"]["values"] == [
        {"t": 0, "v": None, "l": None, "u": None},
        {"t": 300_000, "v": 1.5, "l": 0.5, "u": 2.5},
    ]
    json.dumps(found, allow_nan=False)


def test_the_legend_names_what_is_there():
    assert legend(panel()) == [
        "metric",
        "expected band (our estimate)",
        "in ALARM",
        "labelled incident",
    ]
    assert legend(small([0], [1.0], threshold=80)) == ["metric", "threshold", "in ALARM"]


def test_a_threshold_is_a_line_across():
    found = layer(small([0], [1.0], threshold=80), "rule")
    assert found["data"]["values"] == [{"limit": 80}]
    assert "x" not in found["encoding"]


def test_alarms_and_incidents_span_their_time():
    incidents, alarms = (one for one in spec(panel())["layer"] if one["mark"]["type"] == "rect")
    assert incidents["data"]["values"] == [
        {"t": (START + 590_000) * 1000, "end": (START + 620_000) * 1000}
    ]
    (alarm,) = alarms["data"]["values"]
    assert (alarm["t"], alarm["end"]) == ((START + 600_600) * 1000, (START + 604_200) * 1000)
    assert alarm["text"] == "90 against 12 to 18"


def test_a_few_datapoints_are_drawn_as_points():
    few, many = small([0], [1.0]), panel()
    assert [spec(one)["layer"][-1]["mark"]["opacity"] for one in (few, many)] == [1, 0]


def test_times_are_utc():
    assert layer(panel(), "line")["encoding"]["x"]["scale"] == {"type": "utc"}


def test_a_png_holds_the_panels_below_each_other():
    one, two = (png("title", [panel()] * many) for many in (1, 2))
    assert one.startswith(b"\x89PNG")
    size = [(int.from_bytes(p[16:20]), int.from_bytes(p[20:24])) for p in (one, two)]
    assert size[0][0] == size[1][0] > 1500
    assert size[1][1] > size[0][1] + 390
