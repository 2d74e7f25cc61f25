"""A verification's routes, with those that share a fate together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from alerting.account import Item, Kind
from alerting.cloudwatch import State
from alerting.delivery import Level, Route
from alerting.delivery.rules.rule import listed
from alerting.live.verify import Judged, Verdict, Verification

WOULD_BE = "would be delivered"
"""What is said of a delivery that is judged and not proved."""

_WORST_FIRST = (
    Verdict.LOST,
    Verdict.CANNOT_TELL,
    Verdict.WAITING,
    Verdict.DELIVERED,
    Verdict.FILTERED,
)


@dataclass(slots=True)
class Row:
    """What one receiver hears of one topic, where the verdict is the same."""

    topic: str
    receiver: str
    protocol: str
    verdict: Verdict
    why: str
    judged: list[Judged] = field(default_factory=list[Judged])

    @property
    def who(self) -> str:
        """`team-mail (email)`."""
        return f"{self.receiver} ({self.protocol})" if self.protocol else self.receiver

    @property
    def outcome(self) -> str:
        """The verdict; what was not sent is not said to have been delivered."""
        proved = any(one.proved for one in self.judged)
        delivered = self.verdict is Verdict.DELIVERED
        return WOULD_BE if delivered and not proved else str(self.verdict)

    @property
    def what(self) -> str:
        """`ALARM and OK of shop-errors, orders-missing and 3 more`; what was proved by itself."""
        proved = [one for one in self.judged if one.proved]
        rest = [one for one in self.judged if not one.proved]
        parts = [_of_what(proved)] if proved else []
        if rest:
            parts.append(f"by the same way {_of_what(rest)}" if proved else _of_what(rest))
        return "; ".join(parts)


def rows(verification: Verification) -> tuple[Row, ...]:
    """By topic, the worst first."""
    found: dict[tuple[object, ...], Row] = {}
    for judged in verification.routes:
        route = judged.route
        # Which states a filter drops is said by the row itself.
        why = "" if judged.verdict is Verdict.FILTERED else judged.why
        key = (_topic(route), route.receiver, route.protocol, judged.verdict, why)
        found.setdefault(key, Row(*key)).judged.append(judged)
    topics = list(dict.fromkeys(row.topic for row in found.values()))

    def place(row: Row) -> tuple[int, int]:
        return topics.index(row.topic), _WORST_FIRST.index(row.verdict)

    return tuple(sorted(found.values(), key=place))


def _of_what(judged: Sequence[Judged]) -> str:
    there = {one.route.state for one in judged}
    states = [state for state in (State.ALARM, State.OK, State.INSUFFICIENT_DATA) if state in there]
    return f"{listed(states)} of {listed(one.route.alarm.label for one in judged)}"


def told(verification: Verification, alarm: Item, state: str) -> list[str]:
    """Who may hear of one state of one alarm: receivers with their protocols."""
    may = (Verdict.DELIVERED, Verdict.CANNOT_TELL)
    found = (
        judged
        for judged in verification.routes
        if judged.route.alarm is alarm and judged.route.state == state and judged.verdict in may
    )
    return list(dict.fromkeys(f"{j.route.receiver} ({j.route.protocol})" for j in found))


def counts(verification: Verification) -> dict[str, int]:
    """Notifications by what becomes of them, the worst first; no entry for what there is none of.

    A notification is one state of one alarm on its way to one receiver.
    """
    found: dict[str, int] = {}
    for verdict in _WORST_FIRST:
        for judged in verification.routes:
            if judged.verdict is verdict:
                unsent = verdict is Verdict.DELIVERED and not judged.proved
                name = WOULD_BE if unsent else str(verdict)
                found[name] = found.get(name, 0) + 1
    return found


def heading(verification: Verification) -> str:
    """`prod in account 123456789012, us-east-1`."""
    connection = verification.look.connection
    stack = verification.look.declared.deployment.stack
    return f"{stack} in account {connection.account_id}, {connection.region}"


def basis(verification: Verification) -> str:
    """What the verdicts rest on."""
    if verification.proofs:
        return "proved as far as the topic, judged from there on"
    return "judged by what the account holds; --send proves them"


def closing_line(verification: Verification) -> str:
    """The counts."""
    alarms = len(verification.look.alarms)
    errors = sum(f.level is Level.ERROR for f in verification.look.findings)
    numbers = [f"{n} {what}" for what, n in counts(verification).items()]
    said = f"; notifications: {', '.join(numbers)}" if numbers else ""
    return f"{_count(alarms, 'alarm')}, {_count(errors, 'error')}{said}"


def topic_label(verification: Verification, arn: str) -> str:
    """How people call a topic."""
    found = verification.look.live.find(Kind.TOPIC, arn)
    return found[0].label if found else arn.rsplit(":", 1)[1]


def alarm_label(verification: Verification, arn: str) -> str:
    """How people call an alarm."""
    found = verification.look.live.find(Kind.ALARM, arn)
    return found[0].label if found else arn.split(":alarm:", 1)[1]


def proofs_in_words(verification: Verification) -> Iterator[tuple[bool | None, str, str]]:
    """Whether it arrived, what was sent, and what became of it."""
    for proof in verification.proofs:
        topic = topic_label(verification, proof.topic)
        sent = f"{proof.state} of {alarm_label(verification, proof.alarm)} to {topic}"
        became = f"arrived after {proof.seconds:.1f} s" if proof.arrived else proof.why
        yield proof.arrived, sent, became


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _topic(route: Route) -> str:
    if route.topic is not None:
        return route.topic.label
    return "without a topic" if route.protocol else str(route.action).rsplit(":", 1)[-1]
