"""One self-contained page: text, and panels that zoom and pan. It opens offline."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape

from alerting.pictures.panel import SCHEMA, Panel, Spec, spec

_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; "
    "img-src data: blob:"
)
"""The page may load nothing from anywhere; Vega makes functions of its expressions."""
_STYLE = """
:root { color-scheme: light; font: 15px/1.5 system-ui, sans-serif; color: #222; }
body { margin: 2rem auto; max-width: 76rem; padding: 0 1.5rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.5rem; }
p { margin: .4rem 0; max-width: 60rem; }
.panel { width: 100%; margin: 1rem 0 0; }
.hint { color: #555; font-size: .85rem; }
table { border-collapse: collapse; margin: 1rem 0; font-variant-numeric: tabular-nums; }
th, td { padding: .2rem .9rem .2rem 0; text-align: left; vertical-align: top; }
td:not(:last-child) { white-space: nowrap; }
th { border-bottom: 1px solid #999; font-weight: 600; } td { border-bottom: 1px solid #eee; }
.tables { display: flex; flex-wrap: wrap; gap: 0 2.5rem; align-items: start; }
"""
_HINT = (
    '<p class="hint">The wheel zooms into time, dragging pans, a double click resets. '
    "Times are UTC.</p>"
)
_FIT = {"autosize": {"type": "fit-x", "contains": "padding"}}
_OPTIONS = {
    "actions": {"export": True, "source": False, "compiled": False, "editor": False},
    "config": {"view": {"stroke": "#cccccc"}, "font": "system-ui, sans-serif"},
    "renderer": "canvas",  # thousands of datapoints are too many elements for a page
}
"""Of Vega-Embed; its editor would be another site."""


@dataclass(frozen=True, eq=False)
class Table:
    """Rows of text."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, eq=False)
class Section:
    """One part of a page, top to bottom; what is empty is left out."""

    heading: str = ""
    sentences: Sequence[str] = ()
    panel: Panel | None = None
    tables: Sequence[Table] = ()


def page(title: str, sections: Sequence[Section]) -> str:
    """The HTML.

    Args:
        title: What is seen, in a sentence.
        sections: What stands below it.
    """
    drawn: list[Spec] = []
    body = [f"<h1>{escape(title)}</h1>"]
    for section in sections:
        if section.heading:
            body.append(f"<h2>{escape(section.heading)}</h2>")
        body += [f"<p>{escape(sentence)}</p>" for sentence in section.sentences]
        if section.panel is not None:
            body.append(f'<div class="panel" id="panel-{len(drawn)}"></div>\n{_HINT}')
            drawn.append({"$schema": SCHEMA, **_FIT, **spec(section.panel)})
        if section.tables:
            body += ['<div class="tables">', *map(_table, section.tables), "</div>"]
    drawing = _drawing(drawn) if drawn else ""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(body)
        + f"\n{drawing}</body>\n</html>\n"
    )


def _drawing(drawn: Sequence[Spec]) -> str:
    # A closing tag in a name must not end the script.
    specs = json.dumps(drawn, separators=(",", ":"), allow_nan=False).replace("</", "<\\/")
    return (
        f"<script>{_library()}</script>\n<script>\n"
        f"const options = {json.dumps(_OPTIONS)};\n"
        f"{specs}.forEach((panel, at) => vegaEmbed(`#panel-${{at}}`, panel, options));\n"
        "</script>\n"
    )


@cache
def _library() -> str:
    """Vega, Vega-Lite and Vega-Embed; putting it together takes a second."""
    import vl_convert

    return vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")


def _table(table: Table) -> str:
    head = "".join(f"<th>{escape(cell)}</th>" for cell in table.head)
    rows = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in table.rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
