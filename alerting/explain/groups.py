"""Findings that say the same, together."""

from collections.abc import Iterable
from dataclasses import dataclass

from alerting.delivery import Finding, Level

_MOST = 8
"""As many findings of one rule are shown to people; the JSON form has them all."""


@dataclass(frozen=True, slots=True)
class Group:
    """What one rule found, where it means the same each time."""

    rule: str
    level: Level
    consequence: str
    fix: str
    found: tuple[Finding, ...]

    @property
    def said(self) -> list[str]:
        """What is wrong, a line each, cut short where it is many times the same."""
        more = len(self.found) - _MOST
        shown = [finding.what for finding in self.found[:_MOST]]
        return [*shown, f"and {more} more like these"] if more > 0 else shown


def grouped(findings: Iterable[Finding]) -> tuple[Group, ...]:
    """The findings by rule, consequence and fix, in their own order."""
    groups: dict[tuple[str, Level, str, str], list[Finding]] = {}
    for finding in findings:
        same = finding.rule, finding.level, finding.consequence, finding.fix
        groups.setdefault(same, []).append(finding)
    return tuple(Group(*same, tuple(found)) for same, found in groups.items())
