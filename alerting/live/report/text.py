"""A verification on a terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.text import Text

from alerting.delivery import Level
from alerting.explain.groups import Group, grouped
from alerting.live.report.rows import (
    Row,
    basis,
    closing_line,
    heading,
    proofs_in_words,
    rows,
    topic_label,
)
from alerting.live.resend import Asked
from alerting.live.verify import Verdict, Verification
from alerting.output import hanging

_LEVELS = {Level.ERROR: "bold red", Level.WARNING: "yellow", Level.NOTE: "cyan"}
_VERDICTS = {
    Verdict.LOST: "bold red",
    Verdict.CANNOT_TELL: "yellow",
    Verdict.WAITING: "yellow",
    Verdict.DELIVERED: "green",
    Verdict.FILTERED: "dim",
}
_MOST = 8
"""As many findings of one rule are shown, and as many routes of one topic; `--json` has all."""


def print_text(verification: Verification, out: Console, *, found_by: str) -> None:
    """The whole page, top to bottom."""
    out.print(f"[bold]{escape(heading(verification))}[/]", soft_wrap=True)
    hanging(out, Text("  "), Text(f"found {found_by}", "dim"), 2)
    groups = grouped(verification.look.findings)
    if groups:
        _heading(out, "Findings")
        for group in groups:
            _print_group(group, out)
    if verification.proofs or verification.untried:
        _heading(out, "Sent")
        _print_proofs(verification, out)
    if verification.routes:
        _heading(out, f"Routes, {basis(verification)}")
        _print_rows(rows(verification), out)
    if verification.look.untold:
        _heading(out, "Cannot be told")
        _entries(out, list(verification.look.untold.items()))
    out.print()
    out.print(f"[bold]{escape(closing_line(verification))}[/]", soft_wrap=True)


def print_asked(asked: Sequence[Asked], out: Console) -> None:
    """Who was asked again to confirm."""
    if not asked:
        out.print("nobody has to confirm anything")
    for one in asked:
        who = f"{one.receiver} ({one.protocol}), for {one.topic}"
        if one.error:
            text = f"[bold red]not asked:[/] {escape(who)}: {escape(one.error)}"
        else:
            text = f"asked again: {escape(who)}"
        out.print(text, soft_wrap=True)


def _print_group(group: Group, out: Console) -> None:
    hanging(out, Text(), Text(f"{group.level} {group.rule}", _LEVELS[group.level]), 2)
    for finding in group.found[:_MOST]:
        hanging(out, Text(), Text(finding.what), 4)
    if len(group.found) > _MOST:
        hanging(out, Text(), Text(f"and {len(group.found) - _MOST} more like these", "dim"), 4)
    if group.level is not Level.NOTE:
        hanging(out, Text(), Text(f"{group.consequence} {group.fix}".strip(), "dim"), 4)


def _print_proofs(verification: Verification, out: Console) -> None:
    styles = {True: "green", False: "bold red", None: "yellow"}
    for arrived, sent, became in proofs_in_words(verification):
        hanging(out, Text(), Text.assemble(sent, ": ", (became, styles[arrived])), 2)
    for topic, why in verification.untried.items():
        label = topic_label(verification, topic)
        hanging(out, Text(), Text.assemble(f"nothing to {label}: ", (why, "yellow")), 2)


def _print_rows(found: Sequence[Row], out: Console) -> None:
    for topic in dict.fromkeys(row.topic for row in found):
        of_topic = [row for row in found if row.topic == topic]
        hanging(out, Text(), Text(topic, "bold"), 2)
        for row in of_topic[:_MOST]:
            why = f": {row.why}" if row.why else ""
            text = Text.assemble(row.who, "  ", (row.outcome, _VERDICTS[row.verdict]), why)
            hanging(out, Text(), text, 4)
            hanging(out, Text(), Text(row.what, "dim"), 6)
        if len(of_topic) > _MOST:
            hanging(out, Text(), Text(f"and {len(of_topic) - _MOST} more", "dim"), 4)


def _heading(out: Console, text: str) -> None:
    out.print()
    out.print(f"[bold]{escape(text)}[/]")


def _entries(out: Console, entries: Sequence[tuple[str, str]]) -> None:
    for name, text in entries[:_MOST]:
        hanging(out, Text(), Text.assemble((name, "bold"), ": ", text), 2)
    if len(entries) > _MOST:
        hanging(out, Text(), Text(f"and {len(entries) - _MOST} more", "dim"), 2)
