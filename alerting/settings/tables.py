"""The config tables of the README and of docs/config.md, made from the models."""

import re
from pathlib import Path

from alerting.settings.described import described
from alerting.settings.models import (
    Alarm,
    Band,
    Dashboard,
    Escalate,
    Guard,
    GuardMetric,
    Heartbeat,
    LogAnomalies,
    Logs,
    Math,
    MathMetric,
    Metric,
    QuietWhile,
    Receiver,
    Remind,
    SecondPath,
    Severity,
    StackConfig,
    Threshold,
    TimeRange,
    WatchSet,
    WeightSeverities,
    Window,
)
from alerting.settings.models.model import Model

TABLES: dict[str, type[Model]] = {
    "config": StackConfig,
    "alarm": Alarm,
    "metric": Metric,
    "math": Math,
    "math-metric": MathMetric,
    "logs": Logs,
    "log-anomalies": LogAnomalies,
    "threshold": Threshold,
    "band": Band,
    "exclude": TimeRange,
    "only-when": Guard,
    "guard-metric": GuardMetric,
    "escalate": Escalate,
    "quiet-while": QuietWhile,
    "watch": WatchSet,
    "weight-severities": WeightSeverities,
    "receiver": Receiver,
    "severity": Severity,
    "heartbeat": Heartbeat,
    "remind": Remind,
    "second-path": SecondPath,
    "window": Window,
    "dashboard": Dashboard,
}
"""Models by the name of their table."""

PAGES = ("README.md", "docs/config.md")
"""Where tables stand: the most used ones, and all."""

_BLOCK = r"(<!-- table: {name} -->\n).*?(<!-- end -->)"


def table(model: type[Model]) -> str:
    """A Markdown table of a model's keys."""
    texts = described(model)
    lines = ["| key | default | what it is |", "|---|---|---|"]
    for name, field in model.model_fields.items():
        default = "" if field.is_required() else _shown(field.get_default())
        text = " ".join(texts.get(name, "").split()).replace("|", "\\|")
        lines.append(f"| `{field.alias or name}` | {default} | {text} |")
    return "\n".join(lines) + "\n"


def with_tables(text: str) -> str:
    """A page with the tables between its marks made anew."""
    for name, model in TABLES.items():
        pattern = re.compile(_BLOCK.format(name=name), re.DOTALL)
        text = pattern.sub(lambda match, m=model: f"{match[1]}{table(m)}{match[2]}", text)
    return text


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, list | dict):
        return "`{}`" if isinstance(value, dict) else "`[]`"
    return f"`{value}`"


if __name__ == "__main__":
    for page in map(Path, PAGES):
        page.write_text(with_tables(page.read_text()))
