"""A verification as Markdown, for a pull request or a deployment's log."""

from collections.abc import Iterator

from alerting.delivery import Level
from alerting.explain.groups import grouped
from alerting.live.report.rows import (
    basis,
    closing_line,
    heading,
    proofs_in_words,
    rows,
    topic_label,
)
from alerting.live.verify import Verification
from alerting.markdown import plain


def as_markdown(verification: Verification, *, found_by: str) -> str:
    """GitHub's Markdown."""
    blocks = [
        f"### {plain(heading(verification))}",
        f"**{plain(closing_line(verification))}** (found {plain(found_by)})",
        *_findings(verification),
        *_sent(verification),
        *_routes(verification),
        *_untold(verification),
    ]
    return "\n\n".join(blocks) + "\n"


def _findings(verification: Verification) -> Iterator[str]:
    groups = grouped(verification.look.findings)
    if groups:
        yield "#### Findings"
    for group in groups:
        lines = [f"- **{group.level}** `{group.rule}`"]
        lines += [f"  - {plain(finding.what)}" for finding in group.found]
        if group.level is not Level.NOTE:
            lines.append(f"\n  {plain(f'{group.consequence} {group.fix}')}")
        yield "\n".join(lines)


def _sent(verification: Verification) -> Iterator[str]:
    lines = [
        f"- {plain(sent)}: {plain(became)}" for _, sent, became in proofs_in_words(verification)
    ]
    lines += [
        f"- nothing to {plain(topic_label(verification, topic))}: {plain(why)}"
        for topic, why in verification.untried.items()
    ]
    if lines:
        yield "#### Sent"
        yield "\n".join(lines)


def _routes(verification: Verification) -> Iterator[str]:
    if not verification.routes:
        return
    yield f"#### Routes, {basis(verification)}"
    lines = ["| topic | receiver | verdict | of what |", "|---|---|---|---|"]
    for row in rows(verification):
        verdict = f"{row.outcome}: {row.why}" if row.why else row.outcome
        cells = (row.topic, row.who, verdict, row.what)
        lines.append(f"| {' | '.join(map(plain, cells))} |")
    yield "\n".join(lines)


def _untold(verification: Verification) -> Iterator[str]:
    if verification.look.untold:
        yield "#### Cannot be told"
        yield "\n".join(
            f"- {plain(what)}: {plain(why)}" for what, why in verification.look.untold.items()
        )
