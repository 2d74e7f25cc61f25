"""Proves delivery: sets alarms, hears what their topics say, puts everything back."""

import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from botocore.exceptions import BotoCoreError, ClientError

from alerting.account.model import Item
from alerting.cloudwatch.state import State
from alerting.live.action_history import Performed, performed
from alerting.live.clients import Connection
from alerting.live.interrupts import Interrupts, held_back
from alerting.live.notes import in_words, is_refusal
from alerting.live.plan import Trial
from alerting.live.probe import Probe
from alerting.live.reader import ALARM_TYPES

_LOOK_BACK = timedelta(days=1)
_TOKEN = "{token}"  # noqa: S105 - marks the place of one
REASON = f"Delivery test {_TOKEN} of `alerting verify --send`. Nothing is wrong."
"""What people read; the token tells one test from another."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What became of one alarm's notification of one state at one topic."""

    alarm: str
    """Its ARN."""
    state: State
    topic: str
    arrived: bool | None
    """Whether the topic passed it on; None where that cannot be told."""
    why: str = ""
    """Why not, or why it cannot be told."""
    seconds: float = 0
    """How long it took."""


def carry_out(
    connection: Connection,
    trials: Sequence[Trial],
    *,
    timeout: float,
    say: Callable[[str], None],
    warn: Callable[[str], None],
    poll: int = 2,
) -> tuple[Proof, ...]:
    """Set every alarm, wait for its topics, put everything back.

    Whatever happens in between, alarms are restored and probes removed; Ctrl-C and SIGTERM wait
    for that.

    Args:
        connection: the account.
        trials: what to try.
        timeout: seconds to wait for each notification.
        say: is told what is being done.
        warn: is told what could not be put back.
        poll: seconds that one look into a queue waits for a message.

    Raises:
        KeyboardInterrupt: somebody wanted it to stop; everything is put back by then.
    """
    with held_back(warn) as interrupts:
        run = _Run(connection, timeout, poll, say, interrupts)
        try:
            return tuple(run.all(trials))
        finally:
            say("putting everything back")
            for left in run.close():
                warn(left)


@dataclass
class _Run:
    connection: Connection
    timeout: float
    poll: int
    say: Callable[[str], None]
    interrupts: Interrupts
    token: str = field(default_factory=lambda: secrets.token_hex(4))
    probes: dict[str, Probe] = field(default_factory=dict[str, Probe])
    touched: list[Trial] = field(default_factory=list[Trial])

    def all(self, trials: Sequence[Trial]) -> Iterator[Proof]:
        refused: dict[str, str] = {}
        for topic in dict.fromkeys(topic for trial in trials for topic in trial.topics):
            self.say(f"putting a probe on {topic.rsplit(':', 1)[1]}")
            self.probes[topic] = Probe(self.connection, topic)
            try:
                self.probes[topic].open()
            except (ClientError, BotoCoreError) as error:
                refused[topic] = f"no probe could be put on the topic: {in_words(error)}"
            self.interrupts.check()
        for trial in trials:
            for topic in trial.topics:
                if topic in refused:
                    yield _proof(trial, topic, None, refused[topic])
            topics = [topic for topic in trial.topics if topic not in refused]
            if topics:
                yield from self._try(trial, topics)

    def _try(self, trial: Trial, topics: Sequence[str]) -> Iterator[Proof]:
        self.say(f"setting {trial.alarm.label} to {trial.state}")
        try:
            known = {done.action: done.time for done in self._performed(trial)}
            self.interrupts.check()
            self.touched.append(trial)
            self._set(trial.alarm, trial.state, REASON.replace(_TOKEN, self.token))
        except (ClientError, BotoCoreError) as error:
            if is_refusal(error) and trial in self.touched:
                self.touched.remove(trial)
            yield from (
                _proof(trial, t, None, f"it cannot be tried: {in_words(error)}") for t in topics
            )
            return
        self.interrupts.check()
        try:
            yield from self._watch(trial, topics, known)
        except (ClientError, BotoCoreError) as error:
            yield from (
                _proof(trial, t, None, f"it cannot be watched: {in_words(error)}") for t in topics
            )
        with suppress(ClientError, BotoCoreError):  # `close` tries again, and says so
            self._restore(trial)
            self.touched.remove(trial)
        self.interrupts.check()

    def _watch(
        self, trial: Trial, topics: Sequence[str], known: dict[str, datetime]
    ) -> Iterator[Proof]:
        """Until every topic has passed the message on, or failed to, or the time is up."""
        self.say(f"waiting for {trial.state} of {trial.alarm.label}")
        proofs: dict[str, Proof] = {}
        begun = time.monotonic()
        while True:
            took = time.monotonic() - begun
            for topic in topics:
                if topic not in proofs and self._heard(trial, topic):
                    proofs[topic] = _proof(trial, topic, True, seconds=took)
                self.interrupts.check()
            tries = self._new(trial, known) if len(proofs) < len(topics) else {}
            for topic in topics:
                error = tries[topic].error if topic in tries else None
                if topic not in proofs and error is not None:
                    proofs[topic] = _proof(trial, topic, False, error, took)
            if len(proofs) == len(topics) or took > self.timeout:
                break
        for topic in topics:
            yield proofs.get(topic) or _proof(trial, topic, None, self._silence(topic in tries))

    def _silence(self, published: bool) -> str:
        if published:
            return (
                f"CloudWatch has published it, and after {self.timeout:g} s no probe has heard it"
            )
        return f"within {self.timeout:g} s neither the probe nor the alarm's history shows anything"

    def _heard(self, trial: Trial, topic: str) -> bool:
        return any(
            self.token in str(message.get("NewStateReason"))
            and message.get("AlarmName") == trial.alarm.get("AlarmName")
            and message.get("NewStateValue") == trial.state
            for message in self.probes[topic].messages(self.poll)
        )

    def _new(self, trial: Trial, known: dict[str, datetime]) -> dict[str, Performed]:
        """What the alarm has done since; AWS's clock is compared with itself only."""
        return {
            one.action: one
            for one in self._performed(trial)
            if one.action not in known or one.time > known[one.action]
        }

    def _performed(self, trial: Trial) -> tuple[Performed, ...]:
        since = datetime.now(UTC) - _LOOK_BACK
        region = self.connection.region
        who = (str(trial.alarm.get("AlarmName")), _type_of(trial.alarm))
        return performed(self.connection.clients, region, [who], since)

    def _set(self, alarm: Item, state: State, reason: str) -> None:
        client = self.connection.clients("cloudwatch", self.connection.region)
        name = alarm.get("AlarmName")
        client.set_alarm_state(AlarmName=name, StateValue=str(state), StateReason=reason)

    def _restore(self, trial: Trial) -> None:
        """Put an alarm back, unless CloudWatch has judged it anew in the meantime.

        Raises:
            ClientError: AWS does not allow it any more.
        """
        client = self.connection.clients("cloudwatch", self.connection.region)
        found = client.describe_alarms(
            AlarmNames=[trial.alarm.get("AlarmName")], AlarmTypes=list(ALARM_TYPES)
        )
        for alarm in (*found.get("MetricAlarms", ()), *found.get("CompositeAlarms", ())):
            if self.token in str(alarm.get("StateReason")):
                self._set(trial.alarm, trial.before, f"Delivery test {self.token} is over.")

    def close(self) -> Iterator[str]:
        """Put back what is not back yet; what could not be."""
        for trial in self.touched:
            try:
                self._restore(trial)
            except (ClientError, BotoCoreError) as error:
                yield (
                    f"{trial.alarm.label} may still be in {trial.state}, set by this test; it was "
                    f"in {trial.before} ({in_words(error)})"
                )
        for probe in self.probes.values():
            yield from probe.close()


def _type_of(alarm: Item) -> str:
    return "CompositeAlarm" if "AlarmRule" in alarm.data else "MetricAlarm"


def _proof(
    trial: Trial, topic: str, arrived: bool | None, why: str = "", seconds: float = 0
) -> Proof:
    return Proof(str(trial.alarm.arn), trial.state, topic, arrived, why, seconds)
