"""The explanation on a terminal."""

import json
from collections.abc import Iterable, Sequence
from itertools import groupby

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from alerting.cloudwatch import State
from alerting.cloudwatch.bill import money
from alerting.delivery import Finding, Level
from alerting.explain.audiences import audience, audiences
from alerting.explain.besides import besides
from alerting.explain.bill import CAVEAT
from alerting.explain.closing import closing_line
from alerting.explain.explanation import Explained, Explanation, heading
from alerting.explain.families import cost
from alerting.explain.groups import Group, grouped
from alerting.explain.sentence import sentence
from alerting.explain.upkeep import declared
from alerting.output import hanging

_COLOURS = {Level.ERROR: "bold red", Level.WARNING: "yellow", Level.NOTE: "cyan"}
_NAME, _SEVERITY = 30, 16
"""Columns that names get at most."""


def print_text(explanation: Explanation, out: Console) -> None:
    """The whole page, top to bottom."""
    out.print(f"[bold]{escape(heading(explanation))}[/]", soft_wrap=True)
    _print_alarms(explanation, out)
    _print_besides(explanation, out)
    if explanation.found:
        _heading(out, "Found by tag")
        _entries(out, [(one.name, one.words) for one in explanation.found])
    groups = grouped(explanation.findings)
    if groups:
        _heading(out, "Findings")
        for group in groups:
            _print_group(group, out)
    _print_duties(explanation, out)
    _print_bill(explanation, out)
    out.print()
    out.print(f"[bold]{escape(closing_line(explanation))}[/]", soft_wrap=True)


def _print_alarms(explanation: Explanation, out: Console) -> None:
    shown = declared(explanation)
    names = [explained.alarm.label for explained in shown]
    severities = [", ".join(explained.severities) for explained in shown]
    widths = (_width(["ALARM", *names], _NAME), _width(["SEVERITY", *severities], _SEVERITY), 12)
    own: dict[int, list[Finding]] = {}
    for finding in explanation.findings:
        if finding.level is not Level.NOTE and finding.resource is not None:
            own.setdefault(id(finding.resource), []).append(finding)
    often = audiences(shown)
    if often:
        out.print()
        _entries(out, list(often.items()))
    out.print()
    _row(out, widths, ("ALARM", "SEVERITY", "ALSO TOLD OF", "USD A MONTH"), "bold dim")
    for explained, severity in zip(shown, severities, strict=True):
        alarm = explained.alarm
        _row(out, widths, (alarm.label, severity, _also(explained), cost(explained)), "bold")
        _indented(out, 2, Text(sentence(explained, audience(explained, often))))
        for member in explained.unspoken:
            _indented(out, 4, Text(f"{member.alarm.label}: {member.condition}"))
        for who, why in explained.lost:
            _indented(out, 4, Text(f"LOST: {who}: {why}", "bold red"))
        for finding in own.get(id(alarm), ()):
            said = f"{finding.level} {finding.rule}: {finding.what}"
            _indented(out, 4, Text(said, _COLOURS[finding.level]))


def _row(out: Console, widths: Sequence[int], cells: Sequence[str], style: str) -> None:
    table = Table.grid(padding=(0, 2))
    for width in widths:
        table.add_column(width=width, overflow="fold")
    table.add_column(width=11, justify="right")
    first, *rest = cells
    table.add_row(Text(first, style), *rest)
    out.print(table)


def _width(cells: Iterable[str], most: int) -> int:
    return min(max(map(len, cells)), most)


def _also(explained: Explained) -> str:
    """The states beside ALARM of which somebody is told."""
    short = {State.OK: "OK", State.INSUFFICIENT_DATA: "no data"}
    told = (
        name
        for state, name in short.items()
        if any(hearer.told for hearer in explained.hearers[state])
    )
    return ", ".join(told)


def _print_besides(explanation: Explanation, out: Console) -> None:
    found = besides(explanation)
    if found:
        out.print()
    indent = max(map(len, found), default=0) + 2
    for title, rows in found.items():
        for at, (name, said) in enumerate(rows):
            entry = Text.assemble((name, "bold"), "  ", said)
            hanging(out, Text("" if at else title, "bold"), entry, indent)


def _print_group(group: Group, out: Console) -> None:
    """Errors and warnings with all there is to say, notes without."""
    _indented(out, 2, Text(f"{group.level} {group.rule}", _COLOURS[group.level]))
    for line in group.said:
        _indented(out, 4, Text(line))
    if group.level is not Level.NOTE:
        _indented(out, 4, Text(group.consequence, "dim"))
        _indented(out, 4, Text(group.fix, "dim"))


def _print_duties(explanation: Explanation, out: Console) -> None:
    if explanation.confirmations:
        _heading(out, "Must confirm before anything arrives")
        _entries(out, [(f"{c.receiver} ({c.protocol})", c.what) for c in explanation.confirmations])
    for kind, needed in groupby(explanation.statements, key=lambda one: one.kind):
        _heading(out, f"{kind.capitalize()} owners must add to the {kind}'s policy")
        _entries(out, [(one.name, json.dumps(one.statement)) for one in needed])
    if explanation.statements and not explanation.account_known:
        _indented(out, 2, Text(explanation.account_note, "dim"))
    if explanation.requirements:
        _heading(out, "Must be so, or the alarms never see a datapoint")
        _entries(out, [(r.what, ", ".join(r.alarms)) for r in explanation.requirements])
    if explanation.secrets:
        _heading(out, "Secrets, unknown offline")
        _indented(out, 2, Text(", ".join(explanation.secrets)))


def _print_bill(explanation: Explanation, out: Console) -> None:
    _heading(out, "Cost a month (USD)")
    table = Table.grid(padding=(0, 2))
    table.add_column()
    table.add_column(justify="right")
    table.add_column(justify="right")
    for line in explanation.bill:
        if line.price is not None and not line.by_use:  # which is said below
            times = f"{line.quantity} × {line.price:.2f}"
            table.add_row(f"  {line.things}", times, money(line.amount, certain=line.certain))
    unknown = [line.things for line in explanation.bill if line.price is None]
    if unknown:
        table.add_row(f"  {', '.join(unknown)}", "", money(None))
    table.add_row("  together", "", Text(explanation.together, "bold"))
    if explanation.left is not None:
        table.add_row("  left of the budget", f"of {explanation.budget:.2f}", explanation.left)
    out.print(table)
    _indented(out, 2, Text(f"{CAVEAT} {explanation.on_top}".strip(), "dim"))


def _heading(out: Console, text: str) -> None:
    out.print()
    out.print(f"[bold]{escape(text)}[/]")


def _entries(out: Console, rows: Sequence[tuple[str, str]]) -> None:
    indent = _width((name for name, _ in rows), 36) + 4
    for name, text in rows:
        hanging(out, Text(f"  {name}", "bold"), Text(text), indent)


def _indented(out: Console, indent: int, text: Text) -> None:
    hanging(out, Text(), text, indent)
