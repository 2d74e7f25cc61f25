"""What came of scenarios: on a terminal, as data, as Markdown."""

from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape

from alerting.scenarios.coverage import Coverage
from alerting.scenarios.judging import Verdict
from alerting.scenarios.mistakes import Place
from alerting.scenarios.session import Played, Session
from alerting.scenarios.timeline import lines

VERSION = 1
"""Of the JSON form."""


def print_text(session: Session, out: Console, *, timeline: bool = False) -> None:
    """Every file, every failure with all that is known of it, the totals last.

    Args:
        session: What was played.
        out: Where it goes.
        timeline: Whether every file is followed by all that its alarms did.
    """
    for one in session.played:
        failed = sum(verdict.failure is not None for verdict in one.verdicts)
        mark = "[bold red]failed[/]" if failed else "[green]ok[/]    "
        tally = f"{len(one.verdicts) - failed} of {_count(len(one.verdicts), 'expectation')} held"
        _line(out, f"{mark}  {escape(str(one.scenario.file))}: {tally}")
        for warning in one.run.warnings:
            _line(out, f"[yellow]warning:[/] {escape(warning)}")
        for line in lines(one.run) if timeline else ():
            _line(out, f"  {escape(line)}")
    for places, headline, details in grouped(session.failed):
        out.print()
        for place in places:
            _line(out, f"[bold]{escape(str(place))}[/]")
        _line(out, f"[red]{escape(headline)}[/]")
        for detail in details:
            _line(out, f"  {escape(detail)}")
    out.print()
    for covered in session.coverage:
        for line in coverage_lines(covered):
            _line(out, escape(line))
    _line(out, f"[bold]{closing_line(session)}[/]")


def grouped(
    failed: Sequence[Verdict],
) -> Iterator[tuple[list[Place], str, tuple[str, ...]]]:
    """Failures with the same text once, with all the places they occur at."""
    found: dict[tuple[str, tuple[str, ...]], list[Place]] = {}
    for verdict in failed:
        assert verdict.failure is not None
        what = verdict.failure.headline, verdict.failure.details
        found.setdefault(what, []).append(verdict.failure.place)
    for (headline, details), places in found.items():
        yield places, headline, details


def coverage_lines(covered: Coverage) -> Iterator[str]:
    """What no scenario shows."""
    yield f"coverage of {covered.name}: {covered.percent:.0f} %"
    for what, names in (
        ("never fires", covered.never_fired),
        ("never clears", covered.never_cleared),
        ("is never told", covered.never_told),
        ("cannot be replayed, and does not count", covered.not_replayable),
    ):
        if names:
            shown = ", ".join(names[:10]) + (f" and {len(names) - 10} more" * (len(names) > 10))
            yield f"  {what}: {shown}"


def closing_line(session: Session) -> str:
    """The totals."""
    total, failed = len(session.verdicts), len(session.failed)
    return (
        f"{_count(len(session.played), 'scenario')}, {_count(total, 'expectation')}: "
        f"{total - failed} held, {failed} failed"
    )


def as_data(session: Session) -> dict[str, Any]:
    """The same as plain data."""
    return {
        "version": VERSION,
        "scenarios": [_played_data(one) for one in session.played],
        "coverage": [
            {
                "of": covered.name,
                "percent": round(covered.percent, 1),
                "neverFired": list(covered.never_fired),
                "neverCleared": list(covered.never_cleared),
                "neverTold": list(covered.never_told),
                "notReplayable": list(covered.not_replayable),
            }
            for covered in session.coverage
        ],
        "counts": {
            "scenarios": len(session.played),
            "expectations": len(session.verdicts),
            "failed": len(session.failed),
        },
    }


def as_markdown(session: Session) -> str:
    """The failures and the totals, for a pull request."""
    lines = ["### Scenarios", ""]
    for places, headline, details in grouped(session.failed):
        lines += [f"- **{headline}**", *(f"  `{place}`" for place in places)]
        lines += ["", "  ```text", *(f"  {line}" for line in details), "  ```", ""]
    for covered in session.coverage:
        lines += [f"- {line.strip()}" for line in coverage_lines(covered)]
    return "\n".join([*lines, "", f"**{closing_line(session)}**"])


def _played_data(one: Played) -> dict[str, Any]:
    return {
        "file": str(one.scenario.file),
        "expectations": [
            {
                "test": verdict.test.name,
                "line": verdict.place.line,
                "expectation": str(verdict),
                "held": verdict.failure is None,
                "failure": verdict.failure
                and {
                    "headline": verdict.failure.headline,
                    "details": list(verdict.failure.details),
                },
            }
            for verdict in one.verdicts
        ],
        "warnings": list(one.run.warnings),
    }


def _line(out: Console, text: str) -> None:
    out.print(text, soft_wrap=True)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
