"""A panel with everything in it, and a page of such panels."""

import numpy as np

from alerting.pictures import Alarmed, Panel, Section, Table, page
from alerting.replay import Series

START = 1_393_000_000


def panel(name="cpu"):
    stamps = START + 300 * np.arange(4032)
    values = 20 + 5 * np.sin(stamps / 13_751)
    values[2000:2012] = 90
    return Panel(
        title=f"{name}: 1 alarm in 14.0 days",
        text=("A sentence.",),
        series=Series.of(stamps, values, spacing=300),
        band=(values - 3, values + 3),
        alarms=(Alarmed(START + 600_600, START + 604_200, "90 against 12 to 18"),),
        incidents=((START + 590_000, START + 620_000),),
    )


def html(*panels, name="a metric"):
    table = Table(("alarm from", "value"), [("2014-02-28", "90 against 12 to 18")])
    sections = [Section(one.title, one.text, one, [table]) for one in panels]
    return page(f"Backtest of {name}", sections)
