"""Audit the locked packages for known vulnerabilities, and say what could not be audited.

Exits 1 where a vulnerability is known. Where not one package could be audited (the advisory
service does not answer), that is "skipped", never a pass.
"""

import json
import subprocess
import sys
from typing import Any

LOCKS = ("requirements.txt", "requirements-dev.txt")


def audit(lock: str) -> list[dict[str, Any]]:
    """What pip-audit says of each package in a lock; empty where it could not run at all."""
    command = ["pip-audit", "--format", "json", "--disable-pip", "--progress-spinner", "off"]
    run = subprocess.run(
        [f"{sys.prefix}/bin/{command[0]}", *command[1:], "--requirement", lock],
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        return json.loads(run.stdout)["dependencies"]
    except (json.JSONDecodeError, KeyError):
        lines = run.stderr.strip().splitlines() or ["it printed nothing"]
        print(f"audit: {lock}: pip-audit did not run: {lines[-1]}")
        return []


def summary(lock: str, packages: list[dict[str, Any]]) -> tuple[list[str], bool]:
    """Lines to print, and whether a vulnerability is known."""
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    audited = [package for package in packages if "skip_reason" not in package]
    lines: list[str] = []
    for package in audited:
        for found in package["vulns"]:
            fix = ", ".join(found["fix_versions"]) or "no version yet"
            name = f"{package['name']} {package['version']}"
            lines.append(f"audit: {lock}: {name}: {found['id']}, fixed in {fix}")
    bad = bool(lines)
    if not audited:
        reason = f"none of {len(packages)} packages could be audited"
        lines.append(f"audit: {lock}: skipped: {reason} (no advisory service answers)")
        return lines, bad
    lines.append(f"audit: {lock}: {len(audited)} audited, {len(skipped)} could not be")
    if skipped:
        lines.append(f"audit: {lock}: not audited: {', '.join(sorted(skipped))}")
    return lines, bad


def main() -> int:
    """Audit every lock."""
    worst = 0
    for lock in LOCKS:
        lines, bad = summary(lock, audit(lock))
        print("\n".join(lines))
        worst |= bad
    return worst


if __name__ == "__main__":
    sys.exit(main())
