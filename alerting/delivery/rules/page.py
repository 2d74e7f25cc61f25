"""The documentation page of the rules."""

from collections.abc import Iterable

from alerting.delivery.rules.rule import Level, Rule

_HEAD = """# Rules

What the delivery proof looks for, on anybody's alarms and topics. This page is generated from the
code (`python -m alerting.delivery.rules`); a test compares the two.
"""

_INTRO = {
    Level.ERROR: "A notification is lost, or AWS refuses the deployment.",
    Level.WARNING: "Nothing is lost yet.",
    Level.NOTE: "Worth knowing; also what cannot be told before deploying.",
}


def rules_markdown(rules: Iterable[Rule]) -> str:
    """docs/rules.md: for each rule what it finds, why, what AWS does, where AWS says so."""
    parts = [_HEAD]
    listed = list(rules)
    for level, intro in _INTRO.items():
        parts.append(f"## {level.capitalize()}s\n\n{intro}\n")
        parts += [_section(rule) for rule in listed if rule.level is level]
    return "\n".join(parts)


def _section(rule: Rule) -> str:
    lines = [f"### `{rule.id}`\n", f"{rule.finds}\n", f"- **Why:** {rule.why}"]
    lines.append(f"- **What AWS does:** {rule.consequence}")
    lines.append(f"- **To change:** {rule.fix}")
    if rule.source:
        lines.append(f"- **Source:** {rule.source}")
    return "\n".join(lines) + "\n"
