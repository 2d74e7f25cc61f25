"""Pictures of metrics and their alarms: Vega-Lite drawn into one offline page, or into a PNG."""

from alerting.pictures.page import Section, Table, page
from alerting.pictures.panel import Alarmed, Panel, spec
from alerting.pictures.png import png

__all__ = ["Alarmed", "Panel", "Section", "Table", "page", "png", "spec"]
