"""The explanation as Markdown, for a pull request."""

import json
from collections.abc import Iterator, Sequence

from alerting.cloudwatch.bill import money
from alerting.cloudwatch.words import duration
from alerting.delivery import Level
from alerting.explain.besides import besides
from alerting.explain.bill import CAVEAT
from alerting.explain.closing import closing_line
from alerting.explain.diagram import diagram
from alerting.explain.explanation import Explained, Explanation, heading
from alerting.explain.families import cost
from alerting.explain.groups import grouped
from alerting.explain.sentence import sentence
from alerting.explain.upkeep import declared
from alerting.markdown import plain

_MOST_ALARMS = 100
"""A comment on GitHub holds 65,536 characters."""


def as_markdown(explanation: Explanation) -> str:
    """GitHub's Markdown, with the paths as a Mermaid diagram."""
    blocks = [
        f"### {plain(heading(explanation))}",
        f"**{closing_line(explanation)}**",
        *_alarms(explanation),
        *_besides(explanation),
        *_found(explanation),
        *_diagram(explanation),
        *_findings(explanation),
        *_duties(explanation),
        *_bill(explanation),
    ]
    return "\n\n".join(blocks) + "\n"


def _alarms(explanation: Explanation) -> Iterator[str]:
    head = ("alarm", "severity", "what it does", "earliest notice", "USD a month")
    shown = declared(explanation)
    yield _table(head, map(_row, shown[:_MOST_ALARMS]))
    more = len(shown) - _MOST_ALARMS
    if more > 0:
        yield f"And {more} more alarms; `--json` has them all."


def _besides(explanation: Explanation) -> Iterator[str]:
    for title, rows in besides(explanation).items():
        yield f"#### {title}"
        yield "\n".join(f"- `{name}`: {plain(said)}" for name, said in rows)


def _found(explanation: Explanation) -> Iterator[str]:
    if explanation.found:
        yield "#### Found by tag"
        yield "\n".join(f"- `{one.name}`: {plain(one.words)}" for one in explanation.found)


def _row(explained: Explained) -> Sequence[str]:
    told = sentence(explained)
    for who, why in explained.lost:
        told += f"; LOST: {who}: {why}"
    for member in explained.unspoken:
        told += f"; {member.alarm.label}: {member.condition}"
    return (
        explained.alarm.label,
        ", ".join(explained.severities),
        told,
        "" if explained.earliest is None else duration(explained.earliest),
        cost(explained),
    )


def _diagram(explanation: Explanation) -> Iterator[str]:
    source = diagram(explanation)
    if source is None:
        yield "There are too many paths to draw."
    else:
        yield f"```mermaid\n{source}\n```"


def _findings(explanation: Explanation) -> Iterator[str]:
    groups = grouped(explanation.findings)
    if groups:
        yield "#### Findings"
    for group in groups:
        lines = [f"- **{group.level}** `{group.rule}`"]
        lines += [f"  - {plain(line)}" for line in group.said]
        if group.level is not Level.NOTE:
            lines.append(f"\n  {plain(group.consequence)} {plain(group.fix)}")
        yield "\n".join(lines)


def _duties(explanation: Explanation) -> Iterator[str]:
    if explanation.confirmations:
        yield "#### Must confirm before anything arrives"
        yield "\n".join(
            f"- {plain(f'{c.receiver} ({c.protocol}): {c.what}')}"
            for c in explanation.confirmations
        )
    for needed in explanation.statements:
        yield (
            f"The owner of the {needed.kind} of {plain(needed.name)} must add to its policy:"
            f"\n\n```json\n{json.dumps(needed.statement, indent=2)}\n```"
        )
    if explanation.statements and not explanation.account_known:
        yield plain(explanation.account_note)
    if explanation.requirements:
        yield "#### Must be so, or the alarms never see a datapoint"
        for needed in explanation.requirements:
            yield f"- {plain(needed.what)}: {plain(', '.join(needed.alarms))}"
    if explanation.secrets:
        yield f"Secrets, unknown offline: {', '.join(f'`{name}`' for name in explanation.secrets)}."


def _bill(explanation: Explanation) -> Iterator[str]:
    yield "#### Cost a month (USD)"
    rows = [
        (
            line.things,
            "" if line.price is None else f"{line.quantity} × {line.price:.2f}",
            money(line.amount, certain=line.certain),
        )
        for line in explanation.bill
        if not line.by_use
    ]
    rows.append(("together", "", explanation.together))
    if explanation.left is not None:
        rows.append(("left of the budget", f"of {explanation.budget:.2f}", explanation.left))
    yield _table(("what", "how much", "USD"), rows)
    yield f"{CAVEAT} {explanation.on_top}".strip()


def _table(head: Sequence[str], rows: Iterator[Sequence[str]] | Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(plain(cell) for cell in row)} |" for row in rows]
    return "\n".join(lines)
