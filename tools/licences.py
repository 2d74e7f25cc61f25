"""List the licence of every locked package that is installed, as Markdown."""

import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

PAGE = Path("docs/licences.md")
_PINNED = re.compile(r"^([A-Za-z0-9_.-]+)==(\S+)", re.MULTILINE)


def licence(package: Distribution) -> str:
    """What a package says of its licence: an SPDX expression, else classifiers, else its field."""
    meta = package.metadata
    if meta.get("License-Expression"):
        return meta["License-Expression"]
    classifiers = [c for c in meta.get_all("Classifier") or [] if c.startswith("License ::")]
    if classifiers:
        return ", ".join(c.rsplit(" :: ", 1)[1] for c in classifiers)
    lines = (meta.get("License") or "").strip().splitlines()
    return lines[0] if lines else "says nothing; see the package"


def page() -> str:
    """The list, of what `pulumi up` needs first."""
    lines = ["# Licences of what this uses", "", "Made by `make licences` from the locks."]
    seen: set[str] = set()
    for title, lock in (
        ("What `pulumi up` needs", "requirements.txt"),
        ("What rehearsing, backtesting and testing need on top", "requirements-dev.txt"),
    ):
        lines += ["", f"## {title}", "", "| package | licence |", "|---|---|"]
        for name, _ in _PINNED.findall(Path(lock).read_text()):
            if name in seen:
                continue
            seen.add(name)
            try:
                lines.append(f"| {name} | {licence(distribution(name))} |")
            except PackageNotFoundError:
                continue  # for another platform or Python
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page())
    sys.stdout.write(f"{PAGE}\n")
