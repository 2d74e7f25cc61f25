"""Expectations held against what happened."""

from collections.abc import Sequence
from dataclasses import dataclass

from alerting.account import Item
from alerting.cloudwatch import State, words
from alerting.replay import Change
from alerting.scenarios.message import differences
from alerting.scenarios.mistakes import Place
from alerting.scenarios.run import Run
from alerting.scenarios.scenario import DEFAULT_WITHIN, Expectation, Test
from alerting.scenarios.telling import (
    clock,
    extreme_of,
    joined,
    list_of_changes,
    picture_of,
    told_at_once,
    told_of,
)
from alerting.spans import span


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an expectation does not hold."""

    place: Place
    headline: str
    """Expected against got, on one line."""
    details: tuple[str, ...] = ()
    """Lines below it: what the alarm did, on which datapoints, and who was told."""

    def __str__(self) -> str:
        return "\n".join(
            [f"{self.place}: {self.headline}", *(f"  {line}" for line in self.details)]
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one expectation."""

    test: Test
    expectation: Expectation | None
    """None for the test's `only`."""
    failure: Failure | None
    alarm: Item | None = None
    taken: tuple[Change, ...] = ()
    """The changes it speaks of."""

    @property
    def place(self) -> Place:
        """Where it is written."""
        return (self.expectation or self.test).place

    def __str__(self) -> str:
        return str(self.expectation) if self.expectation else "nobody else is told"


def judge(run: Run, test: Test) -> tuple[Verdict, ...]:
    """A verdict on every expectation of a test, in their order; last on `only`, where it is set.

    `at` and `by` bind in the order written: each takes the first change of its alarm to its state
    after the change that the one before it on that alarm took.
    """
    taken_up_to: dict[int, int] = {}
    verdicts: list[Verdict] = []
    for one in test.expectations:
        alarm = run.stage.alarms[one.alarm]
        changes = run.changes(alarm)
        judged = _Judged(run, one, alarm, changes)
        if one.at is not None or one.by is not None:
            first = taken_up_to.get(id(alarm), 0)
            found = next(
                (at for at in range(first, len(changes)) if changes[at].new == one.state), None
            )
            if found is not None:
                taken_up_to[id(alarm)] = found + 1
            since = changes[first - 1].time if first else None
            verdicts.append(judged.one_change(found, since, test))
        else:
            verdicts.append(judged.count(test))
    for at, verdict in enumerate(verdicts):
        if verdict.failure is None and verdict.expectation and _never_woke(run, test, verdict):
            failure = _asleep(run, verdict.expectation)
            verdicts[at] = Verdict(test, verdict.expectation, failure, verdict.alarm)
    if test.only:
        verdicts.append(_nobody_else(run, test, verdicts))
    return tuple(verdicts)


@dataclass(frozen=True, slots=True)
class _Judged:
    run: Run
    one: Expectation
    alarm: Item
    changes: Sequence[Change]

    def one_change(self, found: int | None, since: int | None, test: Test) -> Verdict:
        """Of an `at` or a `by`."""
        run, one = self.run, self.one
        zero = run.zero
        if one.at is not None:
            earliest = one.at.epoch(zero)
            latest = earliest + one.within
            when = f"at {clock(run, earliest)}"
            when += f" (within {span(one.within)})" if one.within != 60 else ""
        else:
            assert one.by is not None
            earliest, latest = zero, one.by.epoch(zero)
            when = f"by {clock(run, latest)}"
        wanted = f"{one.alarm}: expected {one.state} {when}"
        if found is None:
            after = f" after {clock(run, since)}" if since is not None else ""
            headline = f"{wanted}, got none{after}"
            moment = earliest if one.at is not None else latest
            return self._verdict(test, (), headline, moment)
        change = self.changes[found]
        if not earliest <= change.time <= latest:
            headline = f"{wanted}, got it at {clock(run, change.time)}"
            return self._verdict(test, (change,), headline, change.time)
        return self._told(test, (change,))

    def count(self, test: Test) -> Verdict:
        """Of a `times` or a `never`."""
        run, one = self.run, self.one
        after = one.after.epoch(run.zero) if one.after else run.zero
        before = one.before.epoch(run.zero) if one.before else run.end
        found = tuple(
            change
            for change in self.changes
            if change.new == one.state and after <= change.time <= before
        )
        bounds = (f" after {clock(run, after)}" if one.after else "") + (
            f" before {clock(run, before)}" if one.before else ""
        )
        times = 0 if one.never else one.times
        if len(found) != times:
            wanted = f"never {one.state}" if one.never else f"{one.state} {_times(times or 0)}"
            got = "got none"
            if found:
                got = f"got it {_times(len(found))}: {joined(run, found)}"
            moment = found[0].time if found else before
            headline = f"{one.alarm}: expected {wanted}{bounds}, {got}"
            return self._verdict(test, found, headline, moment)
        return self._told(test, found)

    def _told(self, test: Test, taken: tuple[Change, ...]) -> Verdict:
        """The changes are as expected; now who was told, and what."""
        run, one = self.run, self.one
        for change in taken:
            when = f"{change.new} at {clock(run, change.time)}"
            told = run.told(change)
            if one.tells is not None and set(told) != set(one.tells):
                headline = (
                    f"{one.alarm}: expected {when} to tell {_listed(one.tells)}, "
                    f"it told {_listed(told)}"
                )
                return self._verdict(test, taken, headline, change.time)
            amiss = self._held(change) or self._told_at(change) or self._reminded(change)
            if amiss:
                headline = f"{one.alarm}: expected {when} to be {amiss}"
                return self._verdict(test, taken, headline, change.time)
            wrong = next(differences(run, change, one.message), None) if one.message else None
            if wrong:
                return self._verdict(test, taken, f"{one.alarm}: {when}: {wrong}", change.time)
        return Verdict(test, one, None, self.alarm, taken)

    def _held(self, change: Change) -> str:
        """Whether what should hold the actions back does; the rest of a headline if not."""
        run, one = self.run, self.one
        if one.held is None:
            return ""
        hold, holder = run.hold(change), run.stage.holders[one.held]
        if hold is None:
            return f"held by {one.held}, it was not held"
        if all(stretch.by is not holder for stretch in hold.stretches):
            return f"held by {one.held}, it was held by {' and '.join(hold.by)}"
        return ""

    def _told_at(self, change: Change) -> str:
        """Whether all are told when they should be; the rest of a headline if not."""
        run, one = self.run, self.one
        if one.told_at is None:
            return ""
        earliest = one.told_at.epoch(run.zero)
        times = sorted({note.time for note in run.news_of(change) if note.delivered})
        if times and all(earliest <= time <= earliest + DEFAULT_WITHIN for time in times):
            return ""
        got = ", ".join(clock(run, time) for time in times)
        said = f"it was told at {got}" if got else f"told: {told_at_once(run, change)}"
        return f"told at {clock(run, earliest)}, {said}"

    def _reminded(self, change: Change) -> str:
        """Whether as many reminders are told of a change; the rest of a headline if not."""
        run, one = self.run, self.one
        told = [again for again in run.reminders_of(change) if again.told]
        if one.reminded is None or len(told) == one.reminded:
            return ""
        got = ", ".join(f"at {clock(run, again.time)}" for again in told)
        said = f"it was {_times(len(told))}{f': {got}' if got else ''}"
        return f"reminded of {_times(one.reminded)}, {said}"

    def _verdict(
        self, test: Test, taken: tuple[Change, ...], headline: str, moment: int
    ) -> Verdict:
        run = self.run
        extreme: tuple[str, ...] = ()
        if self.one.state == State.ALARM and not taken and not self.one.never:
            found = extreme_of(run, self.alarm)
            if found is not None:
                value, at = words.number(found.value), clock(run, found.time)
                extreme = (f"its most extreme datapoint: {value} at {at}, {found.limit}",)
                moment = moment if self.one.at is not None else min(found.seen, run.end)
        details = (
            *list_of_changes(run, self.alarm),
            *extreme,
            *picture_of(run, self.alarm, moment),
            *told_of(run, self.alarm),
        )
        failure = Failure(self.one.place, headline, details)
        return Verdict(test, self.one, failure, self.alarm, taken)


def _never_woke(run: Run, test: Test, verdict: Verdict) -> bool:
    """Whether the expectation holds only because its alarm never left INSUFFICIENT_DATA."""
    if verdict.alarm is None or run.changes(verdict.alarm):
        return False
    about = [one for one in test.expectations if run.stage.alarms[one.alarm] is verdict.alarm]
    asked = any(one.state == State.INSUFFICIENT_DATA and not one.never for one in about)
    never = {one.state for one in about if one.never and not one.after and not one.before}
    return not (asked or {State.OK, State.ALARM} <= never)


def _asleep(run: Run, one: Expectation) -> Failure:
    headline = (
        f"{one.alarm}: stayed in INSUFFICIENT_DATA throughout, so this proves nothing; "
        "if that is meant, expect never: OK and never: ALARM"
    )
    alarm = run.stage.alarms[one.alarm]
    return Failure(one.place, headline, tuple(picture_of(run, alarm, run.end)))


def _nobody_else(run: Run, test: Test, verdicts: Sequence[Verdict]) -> Verdict:
    named: dict[int, set[str] | None] = {}
    for verdict in verdicts:
        assert verdict.expectation is not None
        tells = verdict.expectation.tells
        for change in verdict.taken if not verdict.expectation.never else ():
            before = named.get(id(change), set())
            everybody = tells is None or before is None
            named[id(change)] = None if everybody else {*(before or ()), *(tells or ())}
    extra: list[str] = []
    for change in run.replay.changes:
        covered = named.get(id(change), set())
        for receiver in run.told(change):
            if covered is not None and receiver not in covered:
                at = clock(run, change.time)
                extra.append(f"{receiver} of {change.alarm.label} {change.new} at {at}")
    if not extra:
        return Verdict(test, None, None)
    headline = (
        f"only: {len(extra)} notification{'s' if len(extra) > 1 else ''} no expectation names"
    )
    return Verdict(
        test, None, Failure(test.place, headline, tuple(f"told: {one}" for one in extra))
    )


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _listed(receivers: Sequence[str]) -> str:
    return ", ".join(sorted(receivers)) or "nobody"
