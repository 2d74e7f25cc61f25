"""Panels below each other in one PNG, for a pull request."""

from collections.abc import Sequence
from textwrap import wrap
from typing import Any

from alerting.pictures.panel import SCHEMA, Panel, spec

_WIDTH = 1000
"""Pixels."""
_COLUMNS = 170
"""Characters of a line that wide."""


def png(title: str, panels: Sequence[Panel]) -> bytes:
    """The picture.

    Args:
        title: What is seen, in a sentence.
        panels: At least one.
    """
    import vl_convert

    whole = {
        "$schema": SCHEMA,
        "title": {"text": title, "anchor": "start", "fontSize": 18, "offset": 20},
        "vconcat": [{**spec(panel, _WIDTH), "title": _title(panel)} for panel in panels],
        "spacing": 40,
        "background": "white",
        "padding": 20,
        "config": {"view": {"stroke": "#cccccc"}},
    }
    return vl_convert.vegalite_to_png(whole, scale=1.5)


def _title(panel: Panel) -> dict[str, Any]:
    return {
        "text": panel.title,
        "subtitle": wrap(" ".join(panel.text), _COLUMNS),
        "anchor": "start",
        "frame": "group",
        "fontSize": 15,
        "subtitleFontSize": 12,
        "subtitleColor": "#555555",
        "subtitlePadding": 6,
    }
