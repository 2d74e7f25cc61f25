"""What mute rules hold back, what becomes of it, and what is published in the end."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerting.account import Account, Item, Kind, Unknown
from alerting.cloudwatch import State
from alerting.replay import Change, History, MetricKey, Replay, Series, replay
from alerting.replay.announcements import announcements
from alerting.replay.holds import Ending, holds
from alerting.replay.mutes import mute_windows, unread_mute_rules
from alerting.replay.suppression import Suppression, Suppressor
from alerting.replay.timeline import stepped

MONDAY = 1_704_067_200
HERE = "arn:aws:cloudwatch:us-east-1:111122223333"
TOPIC = "arn:aws:sns:us-east-1:111122223333:alerts"
LOW, HIGH, MISSING = 40, 95, float("nan")


def alarm(name="busy", **changes):
    """1 of 1 datapoints of a minute above 80."""
    data = {
        "AlarmName": name,
        "Namespace": "Shop",
        "MetricName": "orders",
        "Statistic": "Average",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 80.0,
        "ComparisonOperator": "GreaterThanThreshold",
        "AlarmActions": [TOPIC],
        "OKActions": [TOPIC],
        "InsufficientDataActions": [],
        **changes,
    }
    return Item(Kind.ALARM, f"{HERE}:alarm:{name}", data)


def mute(name, opens, lasts, alarms=("busy",), **more):
    """A rule muting once, so many minutes after the Monday, for so many minutes."""
    start = datetime.fromtimestamp(MONDAY, UTC) + timedelta(minutes=opens)
    data = {
        "Name": name,
        "Rule": {
            "Schedule": {
                "Expression": f"at({start:%Y-%m-%dT%H:%M})",
                "Duration": f"PT{lasts}M",
                "Timezone": "UTC",
            }
        },
        "MuteTargets": {"AlarmNames": list(alarms)},
        **more,
    }
    return Item(Kind.MUTE_RULE, f"{HERE}:alarm-mute-rule:{name}", data)


def run(values, *rules, **changes):
    account = Account("111122223333", "us-east-1", (alarm(**changes), *rules))
    stamps = [MONDAY + 60 * at for at in range(len(values))]
    data = {MetricKey("Shop", "orders"): Series.of(stamps, values, spacing=60)}
    return account, replay(account, data)


def minutes(time):
    return (time - MONDAY) // 60


def published(account, played):
    """Minute, state, occasion."""
    return [
        (minutes(one.time), str(one.change.new), str(one.occasion))
        for one in announcements(account, played)
    ]


def held(account, played):
    """Of every change: minute, when the hold ended, how, and by what."""
    return [
        (minutes(one.change.time), minutes(one.end), str(one.ending), *one.by)
        for one in holds(account, played)
    ]


# The datapoint of minute 4 is seen at minute 5, and so on.
BUSY = [LOW] * 4 + [HIGH] * 16
BACK = [LOW] * 4 + [HIGH] * 4 + [LOW] * 12


def test_nothing_is_held_without_a_rule():
    assert list(holds(*run(BUSY))) == []
    assert published(*run(BUSY)) == [(1, "OK", "change"), (5, "ALARM", "change")]


def test_what_changes_within_a_window_is_told_when_it_ends():
    played = run(BUSY, mute("release", 3, 9))

    assert held(*played) == [(5, 12, "ran", "release")]
    assert published(*played) == [(1, "OK", "change"), (12, "ALARM", "after a mute window")]


def test_the_late_message_says_that_it_is_late():
    *_, late = announcements(*run(BUSY, mute("release", 3, 9)))
    early, *_ = announcements(*run(BUSY))

    body = json.loads(late.bodies["default"])
    assert body["ActionExecutedAfterMuteWindow"] is True
    assert body["StateChangeTime"] == "2024-01-01T00:05:00.000+0000", "of the change"
    assert json.loads(early.bodies["default"])["ActionExecutedAfterMuteWindow"] is False


def test_an_alarm_that_is_back_before_the_window_ends_drops_what_was_held():
    played = run(BACK, mute("release", 3, 9))

    assert held(*played) == [(5, 9, "dropped", "release"), (9, 12, "ran", "release")]
    assert published(*played) == [(1, "OK", "change"), (12, "OK", "after a mute window")]


def test_an_alarm_that_is_back_after_the_window_tells_of_both():
    assert published(*run(BACK, mute("release", 3, 4))) == [
        (1, "OK", "change"),
        (7, "ALARM", "after a mute window"),
        (9, "OK", "change"),
    ]


def test_overlapping_windows_hold_until_the_last_one_ends():
    played = run(BUSY, mute("first", 2, 5), mute("second", 6, 5))

    assert held(*played) == [(5, 11, "ran", "first", "second")]
    (hold,) = holds(*played)
    assert hold.words(lambda time: f"minute {minutes(time)}") == (
        "held by the window first and the window second, until minute 11"
    )


def test_of_two_windows_that_are_open_the_one_that_lasts_longer_holds():
    assert held(*run(BUSY, mute("long", 2, 9), mute("short", 4, 2))) == [(5, 11, "ran", "long")]


def test_a_window_that_outlasts_the_data_still_holds_at_the_end():
    played = run(BUSY, mute("release", 3, 90))

    assert held(*played) == [(5, 20, "open", "release")]
    assert published(*played) == [(1, "OK", "change")]


def test_the_edges_of_a_window():
    assert held(*run(BUSY, mute("release", 5, 3))) == [(5, 8, "ran", "release")]
    assert held(*run(BUSY, mute("release", 2, 3))) == [], "it ends as the alarm changes"


def test_a_change_that_another_follows_at_the_same_second_is_dropped():
    account, played = run(BUSY, mute("release", 3, 9))
    history = played.histories[0]
    first, second = history.changes
    at_once = Change(second.time, history.alarm, State.ALARM, State.OK, Cause())
    both = History(history.alarm, None, history.timeline, (first, second, at_once), None)

    found = holds(account, Replay(played.start, played.end, (both,), ()))

    assert [(minutes(one.end), str(one.ending)) for one in found] == [(5, "dropped"), (12, "ran")]


def test_actions_of_every_state_are_held():
    gone = [LOW] * 4 + [MISSING] * 16
    more = {"InsufficientDataActions": [TOPIC]}

    assert published(*run(gone, mute("release", 3, 15), **more)) == [
        (1, "OK", "change"),
        (18, "INSUFFICIENT_DATA", "after a mute window"),
    ]


def test_only_the_alarms_a_rule_names_are_muted():
    assert list(holds(*run(BUSY, mute("release", 3, 9, alarms=["other"])))) == []


def test_a_rule_may_name_an_alarm_whose_name_is_not_known_yet():
    busy = Item(Kind.ALARM, Unknown(), {**alarm().data, "AlarmName": Unknown()}, urn="u")
    rule = mute("release", 3, 9, alarms=[Unknown(("u",))])
    account = Account("111122223333", "us-east-1", (busy, rule))

    (window,) = mute_windows(account, MONDAY, MONDAY + 3600)[id(busy)]

    assert (minutes(window.opens), minutes(window.closes)) == (3, 12)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"Rule": Unknown()}, "the mute rule release: its Rule is not known"),
        ({"StartDate": "soon"}, "the mute rule release: StartDate: 'soon' is no time in ISO 8601"),
    ],
)
def test_a_rule_that_cannot_be_read_mutes_nothing_and_is_named(change, reason):
    account, played = run(BUSY, mute("release", 3, 9, **change))

    assert list(unread_mute_rules(account)) == [reason]
    assert list(holds(account, played)) == []


# Mute rules and a suppressor together.
class Cause:
    """Of a change, where nothing but its words depends on it."""


PAGER = Item(Kind.ALARM, f"{HERE}:alarm:pager", {"AlarmName": "pager"}, called="pager")


def suppressed(changes, suppressor, wait, extension, end, rules):
    """A composite driven by hand; times in seconds after the Monday."""
    data = {"AlarmName": "busy", "AlarmRule": "ALARM(x)"}
    actions = {"AlarmActions": [TOPIC], "OKActions": [TOPIC]}
    item, old, made = Item(Kind.ALARM, f"{HERE}:alarm:busy", data | actions), State.OK, []
    for time, new in changes:
        made.append(Change(MONDAY + time, item, old, new, Cause()))
        old = new

    def line(steps):
        return stepped(MONDAY, MONDAY + end, [(MONDAY + time, new) for time, new in steps])

    suppression = Suppression.of(Suppressor(PAGER, wait, extension), line(suppressor))
    history = History(item, None, line(changes), tuple(made), None, suppression)
    account = Account("111122223333", "us-east-1", (item, PAGER, *rules))
    return account, Replay(MONDAY, MONDAY + end, (history,), ())


def test_a_mute_rule_outranks_a_suppressor():
    played = suppressed(
        [(60, State.ALARM)],
        [(70, State.ALARM), (400, State.OK)],
        30,
        60,
        900,
        [mute("release", 2, 3)],
    )

    (hold,) = holds(*played)

    assert [(one.by.label, one.start - MONDAY, one.end - MONDAY) for one in hold.stretches] == [
        ("pager", 60, 70),
        ("pager", 70, 120),
        ("release", 120, 300),
        ("pager", 300, 400),
        ("pager", 400, 460),
    ]
    assert hold.words(lambda time: str(time - MONDAY)) == (
        "held by the window release and pager, until 460"
    )


def test_whether_a_message_is_late_by_a_window_is_said_by_what_held_last():
    busy = [(60, State.ALARM)]

    def occasion(rule):
        account, played = suppressed(
            busy, [(70, State.ALARM), (130, State.OK)], 30, 60, 900, [rule]
        )
        for hold in holds(account, played):
            return hold.stretches[-1].by.label, hold.end - MONDAY
        return None

    assert occasion(mute("release", 2, 1)) == ("pager", 190)
    assert occasion(mute("release", 2, 5)) == ("release", 420)


@st.composite
def steps(draw):
    times = sorted(draw(st.sets(st.integers(1, 590), max_size=6)))
    other = draw(st.booleans())
    return [(time, (State.OK, State.ALARM)[(at + other) % 2]) for at, time in enumerate(times)]


def simulated(changes, suppressor, wait, extension, end, muted):
    """When the actions of which state run, second by second."""
    changes, suppressor = dict(changes), dict(suppressor)
    pending, timer, suppressing = None, None, False
    ran = []
    for now in range(end + 1):
        was = suppressing
        if now in suppressor:
            suppressing = suppressor[now] is State.ALARM
        if now in changes:
            pending, timer = changes[now], None if suppressing else now + wait
        elif was and not suppressing:
            timer = now + extension
        if suppressing or timer == now:
            timer = None
        if pending is not None and timer is None and not suppressing and not muted(now):
            ran.append((now, pending))
            pending = None
    return ran


@settings(max_examples=150, deadline=None)
@given(
    steps(),
    steps(),
    st.integers(0, 90),
    st.integers(0, 90),
    st.lists(st.tuples(st.integers(0, 8), st.integers(1, 6)), max_size=3),
)
def test_actions_run_in_the_first_second_in_which_nothing_holds_them(
    changes, suppressor, wait, extension, windows
):
    rules = [mute(f"rule{at}", *window) for at, window in enumerate(windows)]
    account, played = suppressed(changes, suppressor, wait, extension, 600, rules)
    found_holds = {id(one.change): one for one in holds(account, played)}

    found = []
    for change in played.changes:
        hold = found_holds.get(id(change))
        if hold is None or hold.ending is Ending.RAN:
            found.append(((hold.end if hold else change.time) - MONDAY, change.new))

    def muted(now):
        return any(60 * opens <= now < 60 * (opens + lasts) for opens, lasts in windows)

    assert found == simulated(changes, suppressor, wait, extension, 600, muted)
    for hold in found_holds.values():
        for one in hold.stretches:
            assert (one.suppressed_by is None) == muted(one.start - MONDAY)
            assert (one.suppressed_by is None) == muted(
                one.end - 1 - MONDAY
            ) or one.start == one.end
