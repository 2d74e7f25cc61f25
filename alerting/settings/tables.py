"""The config tables of the README, made from the models."""

import re
from pathlib import Path

from pydantic import BaseModel

from alerting.settings.models import Alarm, Receiver, Severity, StackConfig, WatchSet

TABLES: dict[str, type[BaseModel]] = {
    "config": StackConfig,
    "alarm": Alarm,
    "receiver": Receiver,
    "severity": Severity,
    "watch": WatchSet,
}
"""Models by the name of their table in the README."""

_BLOCK = r"(<!-- table: {name} -->\n).*?(<!-- end -->)"


def table(model: type[BaseModel]) -> str:
    """A Markdown table of a model's keys."""
    lines = ["| key | default | what it is |", "|---|---|---|"]
    for name, field in model.model_fields.items():
        default = "" if field.is_required() else _shown(field.get_default())
        text = " ".join((field.description or "").split()).replace("|", "\\|")
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
    readme = Path("README.md")
    readme.write_text(with_tables(readme.read_text()))
