"""The explanation as plain data."""

from typing import Any

from alerting.account import Kind
from alerting.cloudwatch.bill import Line, total
from alerting.cloudwatch.prices import AS_OF, REGION
from alerting.explain.explanation import Explained, Explanation
from alerting.explain.families import amount as family_amount
from alerting.explain.found import FoundByTag
from alerting.explain.guests import guests
from alerting.explain.reminders import reminders
from alerting.explain.sentence import sentence
from alerting.explain.upkeep import heartbeats, second_path
from alerting.explain.windows import Silence, silences

VERSION = 1
"""Of the JSON form."""


def as_data(explanation: Explanation) -> dict[str, Any]:
    """Amounts are USD a month as text with two decimals, spans are seconds."""
    return {
        "version": VERSION,
        "stack": explanation.stack,
        "region": explanation.account.region,
        "accountId": explanation.account.account_id if explanation.account_known else None,
        "alarms": [_alarm(explained) for explained in explanation.alarms],
        "findings": [finding.as_data() for finding in explanation.findings],
        "toConfirm": [
            {"receiver": c.receiver, "protocol": c.protocol, "topics": list(c.topics)}
            for c in explanation.confirmations
        ],
        "queueStatements": _statements(explanation, Kind.QUEUE, "receiver"),
        "functionStatements": _statements(explanation, Kind.FUNCTION, "receiver"),
        "topicStatements": _statements(explanation, Kind.TOPIC, "topic"),
        "requirements": [
            {"what": r.what, "alarms": list(r.alarms)} for r in explanation.requirements
        ],
        "windows": [_silence(one) for one in silences(explanation)],
        "reminders": _rows(reminders(explanation)),
        "secondPath": _rows(second_path(explanation)),
        "heartbeats": _rows(heartbeats(explanation)),
        "accounts": [
            {"severity": one.topic, "accounts": list(one.accounts)} for one in guests(explanation)
        ],
        "found": [_found(one) for one in explanation.found],
        "secrets": list(explanation.secrets),
        "cost": {
            "currency": "USD",
            "region": REGION,
            "asOf": AS_OF.isoformat(),
            "confirmed": False,
            "lines": [_line(line) for line in explanation.bill],
            "total": f"{total(explanation.bill):.2f}",
            "budget": None if explanation.budget is None else f"{explanation.budget:.2f}",
        },
    }


def _statements(explanation: Explanation, kind: Kind, whose: str) -> list[dict[str, Any]]:
    said = (one for one in explanation.statements if one.kind is kind)
    return [{whose: one.name, "statement": one.statement} for one in said]


def _rows(rows: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"severity": severity, "what": what} for severity, what in rows]


def _silence(one: Silence) -> dict[str, Any]:
    return {
        "name": one.name,
        "kind": one.kind,
        "schedule": one.schedule,
        "alarms": list(one.alarms),
        "what": one.what,
    }


def _alarm(explained: Explained) -> dict[str, Any]:
    amount, together = explained.charge.amount, family_amount(explained)
    return {
        "name": explained.alarm.label,
        "sentence": sentence(explained),
        "severities": list(explained.severities),
        "receivers": {
            state: [
                {"name": h.name, "protocol": h.protocol, "outcome": h.outcome, "why": h.why}
                for h in hearers
            ]
            for state, hearers in explained.hearers.items()
        },
        "lost": [{"receiver": who, "why": why} for who, why in explained.lost],
        "unseen": list(explained.unseen),
        "partOf": list(explained.part_of),
        "holdsBack": list(explained.holds_back),
        "earliestNotice": explained.earliest,
        "quietWhile": list(explained.quiet_while),
        "members": [member.alarm.label for member in explained.members],
        "cost": None if amount is None else f"{amount:.2f}",
        "familyCost": None if together is None else f"{together:.2f}",
    }


def _found(one: FoundByTag) -> dict[str, Any]:
    resources = None if one.resources is None else list(one.resources)
    return {"set": one.name, "kind": one.kind, "tags": dict(one.tags), "resources": resources}


def _line(line: Line) -> dict[str, Any]:
    return {
        "kind": line.kind,
        "count": line.count,
        "quantity": line.quantity,
        "certain": line.certain,
        "price": None if line.price is None else f"{line.price:.2f}",
        "amount": None if line.amount is None else f"{line.amount:.2f}",
    }
