"""An actions suppressor holds the actions of a composite back: CloudWatch's examples, and more."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerting.account import Account, Item, Kind
from alerting.cloudwatch import State
from alerting.replay import Change, History, Replay
from alerting.replay.holds import Ending, holds
from alerting.replay.suppression import Suppression, Suppressor
from alerting.replay.timeline import stepped

HERE = "arn:aws:cloudwatch:us-east-1:111122223333:alarm"
TOPIC = "arn:aws:sns:us-east-1:111122223333:chat"
OK, ALARM = State.OK, State.ALARM
PAGER = Item(Kind.ALARM, f"{HERE}:pager", {"AlarmName": "pager"}, called="pager")


def composite(**changes):
    data = {"AlarmName": "chat", "AlarmRule": "ALARM(x)"}
    actions = {"AlarmActions": [TOPIC], "OKActions": [TOPIC]}
    return Item(Kind.ALARM, f"{HERE}:chat", {**data, **actions, **changes}, called="chat")


class Cause:
    """Of a change, where nothing depends on it."""


def played(changes, suppressor, wait, extension, end, alarm=None):
    """A composite that went through these states, and what its suppressor did to it."""
    alarm, old, made = alarm or composite(), OK, []
    for time, new in changes:
        made.append(Change(time, alarm, old, new, Cause()))
        old = new
    line = stepped(0, end, changes)
    by = Suppressor(PAGER, wait, extension)
    suppression = Suppression.of(by, stepped(0, end, suppressor))
    history = History(alarm, None, line, tuple(made), None, suppression)
    account = Account("111122223333", "us-east-1", (alarm, PAGER))
    return account, Replay(0, end, (history,), ())


def outcome(changes, suppressor, wait=2, extension=3, end=20):
    """Of every change that was held: its time, when that ended, and how."""
    account, replay = played(changes, suppressor, wait, extension, end)
    return [(one.change.time, one.end, str(one.ending)) for one in holds(account, replay)]


# The examples of the user guide: WaitPeriod is 2 time units, ExtensionPeriod is 3.
def test_actions_run_after_the_wait_period():
    assert outcome([(2, ALARM)], []) == [(2, 4, "ran")]


def test_a_suppressor_that_goes_into_alarm_within_the_wait_holds_the_actions():
    assert outcome([(2, ALARM)], [(3, ALARM)]) == [(2, 20, "open")]


def test_a_further_change_discards_the_wait_and_starts_a_new_one():
    found = outcome([(2, ALARM), (3, OK)], [])
    assert found == [(2, 3, "dropped"), (3, 5, "ran")]


def test_a_suppressor_that_is_in_alarm_already_holds_the_actions():
    assert outcome([(2, ALARM)], [(1, ALARM)]) == [(2, 20, "open")]


def test_actions_run_after_the_extension_period():
    assert outcome([(2, ALARM)], [(3, ALARM), (6, OK)]) == [(2, 9, "ran")]


def test_a_change_back_to_ok_discards_the_extension_and_starts_a_wait():
    found = outcome([(2, ALARM), (7, OK)], [(3, ALARM), (6, OK)])
    assert found == [(2, 7, "dropped"), (7, 9, "ran")]


# What else can happen.
def test_a_suppressor_that_returns_within_the_extension_goes_on_holding():
    found = outcome([(2, ALARM)], [(3, ALARM), (6, OK), (8, ALARM), (10, OK)])
    assert found == [(2, 13, "ran")]


def test_what_happens_at_the_second_a_period_ends_still_counts():
    assert outcome([(2, ALARM)], [(4, ALARM), (5, OK)]) == [(2, 8, "ran")]
    assert outcome([(2, ALARM), (4, OK)], []) == [(2, 4, "dropped"), (4, 6, "ran")]
    assert outcome([(2, ALARM)], [(3, ALARM), (6, OK), (9, ALARM)]) == [(2, 20, "open")]


def test_a_suppressor_that_leaves_alarm_at_the_tick_of_the_change_has_left_it():
    assert outcome([(2, ALARM)], [(1, ALARM), (2, OK)]) == [(2, 4, "ran")]


def test_a_suppressor_that_comes_too_late_changes_nothing():
    assert outcome([(2, ALARM)], [(5, ALARM), (9, OK)]) == [(2, 4, "ran")]


def test_insufficient_data_of_a_suppressor_suppresses_nothing():
    found = outcome([(2, ALARM)], [(1, ALARM), (3, State.INSUFFICIENT_DATA)])
    assert found == [(2, 6, "ran")]


def test_a_wait_of_nothing_tells_at_once_unless_the_suppressor_is_in_alarm():
    assert outcome([(2, ALARM)], [], wait=0) == []
    assert outcome([(2, ALARM), (6, OK)], [(2, ALARM), (3, OK)], wait=0, extension=0) == [
        (2, 3, "ran")
    ]


def test_actions_that_would_run_after_the_end_of_the_data_are_still_held_there():
    assert outcome([(19, ALARM)], []) == [(19, 20, "open")]
    assert outcome([(18, ALARM)], []) == [(18, 20, "ran")], "the end is still part of the replay"


def test_a_state_that_tells_nobody_is_not_held():
    account, replay = played([(2, ALARM)], [], 2, 3, 20, composite(ActionsEnabled=False))
    assert list(holds(account, replay)) == []


def test_a_hold_says_what_held_and_when():
    account, replay = played([(2, ALARM)], [(3, ALARM), (6, OK)], 2, 3, 20)

    (hold,) = holds(account, replay)

    assert [(one.suppressed_by, one.start, one.end) for one in hold.stretches] == [
        ("WaitPeriod", 2, 3),
        ("Alarm", 3, 6),
        ("ExtensionPeriod", 6, 9),
    ]
    assert hold.by == ("pager",)


@pytest.mark.parametrize(
    ("changes", "suppressor", "words"),
    [
        ([(2, ALARM)], [], "waits for pager, until 4"),
        ([(2, ALARM)], [(3, ALARM), (6, OK)], "held by pager, until 9"),
        ([(2, ALARM)], [(3, ALARM)], "held by pager, still at the end"),
        ([(2, ALARM), (5, OK)], [(3, ALARM)], "held by pager; dropped at 5, as it is OK"),
    ],
)
def test_a_hold_is_said_in_words(changes, suppressor, words):
    hold = next(holds(*played(changes, suppressor, 2, 3, 20)))
    assert hold.words(str) == words


def simulated(changes, suppressor, wait, extension, end):
    """When the actions of which state run, second by second, as the user guide tells it."""
    changes, suppressor = dict(changes), dict(suppressor)
    pending, timer, suppressing = None, None, False
    ran = []
    for now in range(end + 1):
        was = suppressing
        if now in suppressor:
            suppressing = suppressor[now] is ALARM
        if now in changes:
            pending, timer = changes[now], None if suppressing else now + wait
        elif was and not suppressing:
            timer = now + extension
        if suppressing:
            timer = None
        if timer == now:
            if pending is not None:
                ran.append((now, pending))
            pending = timer = None
    return ran


@st.composite
def lines(draw):
    """The changes of an alarm over forty seconds, each into another state."""
    times = sorted(draw(st.sets(st.integers(1, 40), max_size=8)))
    other = draw(st.booleans())
    return [(time, (OK, ALARM)[(at + other) % 2]) for at, time in enumerate(times)]


@settings(max_examples=300, deadline=None)
@given(lines(), lines(), st.integers(0, 6), st.integers(0, 6))
def test_actions_run_when_a_machine_driven_second_by_second_runs_them(
    changes, suppressor, wait, extension
):
    account, replay = played(changes, suppressor, wait, extension, 45)

    held = {id(one.change): one for one in holds(account, replay)}

    found = []
    for change in replay.changes:
        hold = held.get(id(change))
        if hold is None:
            found.append((change.time, change.new))
        elif hold.ending is Ending.RAN:
            found.append((hold.end, change.new))
    assert found == simulated(changes, suppressor, wait, extension, 45)
    for hold in held.values():
        assert hold.stretches[0].start == hold.change.time
        ends = np.array([(one.start, one.end) for one in hold.stretches])
        assert (ends[1:, 0] == ends[:-1, 1]).all()
        assert (hold.ending is Ending.DROPPED) == (
            hold.next is not None and hold.end == hold.next.time
        )
