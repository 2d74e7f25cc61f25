"""What a rehearsal shows: on a terminal, as data, as Markdown."""

from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.text import Text

from alerting.account.model import Item, Kind, Unknown
from alerting.band_source import ESTIMATE
from alerting.delivery import Delivery, receiver_label
from alerting.explain.conditions import Conditions
from alerting.markdown import table_row
from alerting.output import hanging
from alerting.rehearsal.event import NO_DATA, Event
from alerting.rehearsal.rehearse import Rehearsal
from alerting.scenarios.timeline import hold_data, iso, later_data, minute
from alerting.sns.limits import CONFIRMED_BY_HAND

_COLOURS = {"ALARM": "red", "OK": "green", "INSUFFICIENT_DATA": "yellow"}
_INDENT = 18
VERSION = 1
"""Of the JSON form."""


def print_text(rehearsal: Rehearsal, out: Console) -> None:
    """The whole story, top to bottom."""
    out.print(f"[bold]Rehearsal of {rehearsal.stack}[/] in memory: nothing left this machine")
    _heading(out, f"Deployed ({sum(r.custom for r in rehearsal.deployment.resources)} resources)")
    _entries(out, [(f"{kind:<9} {name}", text) for kind, name, text in deployed(rehearsal)])
    waiting = to_confirm(rehearsal)
    if waiting:
        _heading(out, "Must confirm before anything arrives (taken as done here)")
        _entries(out, waiting)
    if rehearsal.secrets:
        _heading(out, "Secrets, unknown offline (stand-ins are played)")
        out.print(f"  {', '.join(rehearsal.secrets)}")
    for warning in rehearsal.feed.warnings:
        out.print(f"[yellow]warning:[/] {escape(warning)}", soft_wrap=True)
    _heading(out, "Recordings")
    _print_recordings(rehearsal, out)
    _heading(out, "Timeline (UTC)")
    for event in rehearsal.events:
        _print_event(event, out)
    out.print()
    for name, why in rehearsal.untested.items():
        if why != NO_DATA:
            out.print(f"[yellow]not replayed:[/] {escape(name)}: {escape(why)}", soft_wrap=True)
    if rehearsal.has_band:
        hanging(out, Text(), Text(ESTIMATE, "dim"), 0)
    for event, delivery in rehearsal.lost:
        what = f"{event.alarm.label} to {delivery.receiver}"
        why = f"{delivery.why} ({delivery.rule})"
        out.print(f"[bold red]lost:[/] {escape(what)}: {escape(why)}", soft_wrap=True)
    out.print(f"[bold]{escape(closing_line(rehearsal))}[/]", soft_wrap=True)


def deployed(rehearsal: Rehearsal) -> Iterator[tuple[str, str, str]]:
    """Kind, name and a few words about each thing people care about."""
    account = rehearsal.account
    conditions = Conditions(account)
    for alarm in account.alarms:
        yield "alarm", alarm.label, f"when {conditions.of(alarm)}"
    for topic in account.of(Kind.TOPIC):
        key = topic.get("KmsMasterKeyId")
        ours = bool(account.find(Kind.KEY, key)) if key else False
        how = "not encrypted" if not key else f"encrypted by {'its own key' if ours else key}"
        yield "topic", topic.label, f"{str(topic.arn).rsplit(':', 1)[1]}, {how}"
    for name, group in _receivers(rehearsal).items():
        topics = ", ".join(
            dict.fromkeys(
                t.label for s in group for t in account.find(Kind.TOPIC, s.get("TopicArn"))
            )
        )
        first = group[0]
        yield (
            "receiver",
            name,
            f"{first.get('Protocol')} {_endpoint(rehearsal, first)}, hears {topics}",
        )


def to_confirm(rehearsal: Rehearsal) -> list[tuple[str, str]]:
    """Who must click, or answer, before a subscription delivers; name and what to do."""
    declared = {r.urn: r for r in rehearsal.deployment.resources}
    found: list[tuple[str, str]] = []
    for name, group in _receivers(rehearsal).items():
        waiting = [
            s
            for s in group
            if s.get("Protocol") in CONFIRMED_BY_HAND
            and not (s.urn and declared[s.urn].inputs.get("endpointAutoConfirms"))
        ]
        if waiting:
            first, times = waiting[0], f"{len(waiting)} times, " if len(waiting) > 1 else ""
            if str(first.get("Protocol")).startswith("email"):
                what = f"click the link that AWS mails to {_endpoint(rehearsal, first)}"
            else:
                what = f"{_endpoint(rehearsal, first)} must visit the SubscribeURL it is sent"
            found.append((name, f"{times}{what}"))
    return found


def closing_line(rehearsal: Rehearsal) -> str:
    """The counts."""
    told = [delivery for event in rehearsal.events for delivery in event.told]
    delivered = [delivery for delivery in told if delivery.delivered]
    receivers = {delivery.receiver for delivery in delivered}
    parts = [
        _count(len(rehearsal.account.alarms), "alarm"),
        _count(len(rehearsal.changes), "state change"),
        f"{_count(len(delivered), 'notification')} to {_count(len(receivers), 'receiver')}",
        f"{len(rehearsal.lost)} lost",
    ]
    by_hand = sum(why == NO_DATA for why in rehearsal.untested.values())
    if by_hand:
        parts.append(f"{_count(by_hand, 'alarm')} driven by hand")
    return ", ".join(parts)


def as_data(rehearsal: Rehearsal) -> dict[str, Any]:
    """The same as plain data; times are ISO 8601 in UTC."""
    return {
        "version": VERSION,
        "stack": rehearsal.stack,
        "deployed": [
            {"kind": kind, "name": name, "about": text} for kind, name, text in deployed(rehearsal)
        ],
        "toConfirm": [{"receiver": name, "what": text} for name, text in to_confirm(rehearsal)],
        "secrets": list(rehearsal.secrets),
        "recordings": [
            {"metric": str(key), "file": source.path.name}
            for key, source in rehearsal.feed.sources.items()
        ],
        "warnings": list(rehearsal.feed.warnings),
        "band": ESTIMATE if rehearsal.has_band else None,
        "timeline": [_change_data(event) for event in rehearsal.changes],
        "later": [
            later_data(event.later, _told_data(event.told))
            for event in rehearsal.events
            if event.later
        ],
        "notReplayed": dict(rehearsal.untested),
        "lost": [
            {"alarm": event.alarm.label, "receiver": d.receiver, "why": d.why, "rule": d.rule}
            for event, d in rehearsal.lost
        ],
        "counts": {
            "alarms": len(rehearsal.account.alarms),
            "stateChanges": len(rehearsal.changes),
            "notifications": sum(d.delivered for event in rehearsal.events for d in event.told),
            "lost": len(rehearsal.lost),
        },
    }


def as_markdown(rehearsal: Rehearsal) -> str:
    """The timeline as a table, for a pull request."""
    lines = [
        f"### Rehearsal of `{rehearsal.stack}`",
        "",
        "| when (UTC) | alarm | change | value | told |",
        "|---|---|---|---|---|",
    ]
    for event in rehearsal.events:
        told = ", ".join(f"{d.receiver} ({d.protocol})" for d in event.told if d.delivered)
        lost = ", ".join(f"~~{d.receiver}~~" for d in event.told if not d.delivered and d.rule)
        held = f" ({event.why_not_told})" if event.held else ""
        cells = (
            event.when,
            event.alarm.label,
            event.what,
            event.value_against_limit,
            (", ".join(part for part in (told, lost) if part) or "nobody") + held,
        )
        lines.append(table_row(*cells))
    notices = ["", ESTIMATE] if rehearsal.has_band else []
    return "\n".join([*lines, *notices, "", f"**{closing_line(rehearsal)}**"])


def _change_data(event: Event) -> dict[str, Any]:
    point = event.datapoint
    return {
        "time": None if event.time is None else iso(event.time),
        "alarm": event.alarm.label,
        "from": event.old,
        "to": event.new,
        "value": point.value if point else None,
        "threshold": event.threshold,
        "band": [point.lower, point.upper] if point and point.lower is not None else None,
        "reason": event.reason,
        "told": _told_data(event.told),
        "held": hold_data(event.held),
    }


def _told_data(told: Sequence[Delivery]) -> list[dict[str, Any]]:
    return [
        {
            "receiver": delivery.receiver,
            "protocol": delivery.protocol,
            "delivered": delivery.delivered,
            "sure": delivery.sure,
            "why": delivery.why,
        }
        for delivery in told
    ]


def _print_recordings(rehearsal: Rehearsal, out: Console) -> None:
    if rehearsal.replay is None:
        out.print("  none fits an alarm of this stack; each alarm is driven by hand")
        return
    start, end = minute(rehearsal.replay.start), minute(rehearsal.replay.end)
    rows = [(s.path.name, f"plays {key}") for key, s in rehearsal.feed.sources.items()]
    _entries(out, [*rows, ("from, to", f"{start}, {end}")])


def _print_event(event: Event, out: Console) -> None:
    line = Text(event.alarm.label, "bold")
    line.append("  ")
    if event.later:
        line.append(event.what, _COLOURS.get(event.new, ""))
    else:
        line.append(event.old, _COLOURS.get(event.old, ""))
        line.append(" → ")
        line.append(event.new, f"bold {_COLOURS.get(event.new, '')}")
    value = event.value_against_limit
    if value:
        line.append(f"  {value}")
    hanging(out, Text(event.when, "dim"), line, _INDENT)
    if not event.later:
        hanging(out, Text(), Text(event.reason, "dim"), _INDENT)
    hanging(out, Text(), _told(event), _INDENT)


def _told(event: Event) -> Text:
    text, told = Text(), event.told
    delivered = [d for d in told if d.delivered]
    if not delivered:
        text.append("told nobody", "yellow" if told else "dim")
        if event.held:
            text.append(f" ({event.why_not_told})", "cyan")
    else:
        text.append("told ")
        text.append(", ".join(f"{d.receiver} ({d.protocol})" for d in delivered), "bold")
    dropped = [d for d in told if not d.delivered and not d.rule]
    if dropped:
        text.append(f"; filtered out: {', '.join(d.receiver for d in dropped)}", "dim")
    lost = [d for d in told if not d.delivered and d.rule]
    if lost:
        text.append(f"; LOST: {', '.join(d.receiver for d in lost)}", "bold red")
    return text


def _receivers(rehearsal: Rehearsal) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = {}
    for subscription in rehearsal.account.of(Kind.SUBSCRIPTION):
        name = receiver_label(rehearsal.account, subscription)
        found.setdefault(name, []).append(subscription)
    return found


def _endpoint(rehearsal: Rehearsal, subscription: Item) -> str:
    """Where it goes, unless that is secret."""
    resource = rehearsal.deployment.get(subscription.urn) if subscription.urn else None
    if resource is not None and "endpoint" in resource.secrets:
        return str(Unknown(secret=True))
    return str(subscription.get("Endpoint"))


def _heading(out: Console, text: str) -> None:
    out.print()
    out.print(f"[bold]{escape(text)}[/]")


def _entries(out: Console, rows: Sequence[tuple[str, str]]) -> None:
    indent = min(max((len(name) for name, _ in rows), default=0), 28) + 4
    for name, text in rows:
        hanging(out, Text(f"  {name}", "bold"), Text(text), indent)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
