"""After deploying: is every receiver reached?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import dropwhile

from alerting.delivery import Level, Outcome, Route, Step, routes
from alerting.delivery.steps import outcome_of
from alerting.live.look import Look
from alerting.live.proof import Proof
from alerting.output import CANNOT_TELL, FINE, NO


class Verdict(StrEnum):
    """What becomes of a notification."""

    DELIVERED = "delivered"
    """The receiver is told."""
    LOST = "lost"
    """It is not."""
    WAITING = "waiting for confirmation"
    """It will be, once it has confirmed."""
    CANNOT_TELL = "cannot tell"
    """What decides that cannot be seen."""
    FILTERED = "filtered out"
    """Its filter drops this message by intent and lets others through."""


_VERDICTS = {
    Outcome.OK: Verdict.DELIVERED,
    Outcome.BROKEN: Verdict.LOST,
    Outcome.WAITING: Verdict.WAITING,
    Outcome.CANNOT_TELL: Verdict.CANNOT_TELL,
    Outcome.FILTERED: Verdict.FILTERED,
}


@dataclass(frozen=True, slots=True)
class Judged:
    """One route, and what becomes of its notifications."""

    route: Route
    verdict: Verdict
    why: str
    """Empty where it is delivered."""
    proved: bool
    """Whether a message was seen to get through to the topic's receivers; else it is judged by what
    the account holds."""

    @property
    def is_open(self) -> bool:
        """Whether the verdict is still to come, for somebody whom the stack wants to reach."""
        topic, subscription = self.route.topic, self.route.subscription
        uninvited = topic and topic.urn and subscription and subscription.urn is None
        return self.verdict in (Verdict.WAITING, Verdict.CANNOT_TELL) and not uninvited


@dataclass(frozen=True)
class Verification:
    """The answer."""

    look: Look
    routes: tuple[Judged, ...]
    proofs: tuple[Proof, ...]
    untried: Mapping[str, str]
    """Topics that were to be tried and could not be, and why."""

    @property
    def exit_code(self) -> int:
        """1: lost or drifted; 3: something is open; 0: everybody is reached."""
        lost = any(judged.verdict is Verdict.LOST for judged in self.routes)
        if lost or any(finding.level is Level.ERROR for finding in self.look.findings):
            return NO
        is_open = any(judged.is_open for judged in self.routes)
        return CANNOT_TELL if is_open or self.look.untold or self.untried else FINE


def conclude(
    seen: Look, proofs: Sequence[Proof] = (), untried: Mapping[str, str] | None = None
) -> Verification:
    """The verdict on every route, by what was seen and, where something was sent, proved."""
    proved = {(proof.alarm, str(proof.state), proof.topic): proof for proof in proofs}
    refuted = {proof.topic for proof in proofs if proof.arrived is False}
    judged = [
        _judged(seen, route, proved, refuted)
        for route in routes(seen.live)
        if route.alarm.urn is not None
    ]
    return Verification(seen, tuple(judged), tuple(proofs), untried or {})


def _judged(
    seen: Look,
    route: Route,
    proved: Mapping[tuple[str, str, str], Proof],
    refuted: set[str],
) -> Judged:
    verdict, why, sure = _verdict(seen, route, proved, refuted)
    said = "" if verdict is Verdict.DELIVERED else seen.match.hide(why)
    return Judged(route, verdict, said, sure)


def _verdict(
    seen: Look,
    route: Route,
    proved: Mapping[tuple[str, str, str], Proof],
    refuted: set[str],
) -> tuple[Verdict, str, bool]:
    action = str(route.action)
    proof = proved.get((str(route.alarm.arn), str(route.state), action))
    verdict = _VERDICTS[route.outcome]
    if proof is not None and proof.arrived:
        # The message has got past the topic, whatever the rules make of the way there.
        rest = list(dropwhile(lambda step: step.name != "subscription", route.steps))
        return _VERDICTS[outcome_of(rest)], _why(rest), True
    if proof is not None and proof.arrived is False:
        return Verdict.LOST, proof.why, True
    if verdict is Verdict.LOST:
        return verdict, route.why, False
    if proof is not None:
        return Verdict.CANNOT_TELL, proof.why, False
    last = seen.history.get((str(route.alarm.get("AlarmName")), action))
    if last is not None and last.error is not None:
        return Verdict.LOST, f"on {last.time:%Y-%m-%d %H:%M} UTC it failed: {last.error}", False
    if action in refuted and verdict is Verdict.DELIVERED:
        return Verdict.CANNOT_TELL, "what another alarm told the topic was lost", False
    return verdict, route.why, False


def _why(steps: Sequence[Step]) -> str:
    outcome = outcome_of(steps)
    return next((step.why for step in steps if step.outcome is outcome), "")
