"""Composite alarms driven by the timelines of their children."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerting.account import Account, Item, Kind, Unknown
from alerting.replay import MetricKey, Series, notifications, replay
from alerting.replay.announcements import message
from alerting.replay.composites import family

MONDAY = 1_704_067_200
HERE = "arn:aws:cloudwatch:us-east-1:111122223333:alarm"
TOPIC = "arn:aws:sns:us-east-1:111122223333:alerts"


def metric(name, **changes):
    """1 of 1 datapoints of a minute above 80."""
    data = {
        "AlarmName": name,
        "Namespace": "Shop",
        "MetricName": name,
        "Statistic": "Average",
        "Dimensions": [],
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 80.0,
        "ComparisonOperator": "GreaterThanThreshold",
        **changes,
    }
    return Item(Kind.ALARM, f"{HERE}:{name}", data)


def over(name, rule, **changes):
    data = {"AlarmName": name, "AlarmRule": rule, "AlarmActions": [TOPIC], **changes}
    return Item(Kind.ALARM, f"{HERE}:{name}", data)


def series(values, start=MONDAY, every=60):
    return Series.of(start + every * np.arange(len(values)), values, spacing=every)


def run(held, values, **options):
    data = {
        MetricKey("Shop", name): one if isinstance(one, Series) else series(one)
        for name, one in values.items()
    }
    return replay(Account("111122223333", "us-east-1", tuple(held)), data, **options)


def told(result, name):
    """Minutes since the start, and the new state."""
    return [
        ((change.time - MONDAY) // 60, str(change.new))
        for change in result.changes
        if change.alarm.label == name
    ]


A, B = metric("a"), metric("b")
HIGH, LOW = 95, 40
BOTH = {"a": [LOW, HIGH, HIGH, LOW, LOW], "b": [LOW, LOW, HIGH, HIGH, LOW]}


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("ALARM(a) AND ALARM(b)", [(1, "OK"), (3, "ALARM"), (4, "OK")]),
        ('ALARM("a") OR ALARM(b)', [(1, "OK"), (2, "ALARM"), (5, "OK")]),
        ("NOT OK(a)", [(1, "OK"), (2, "ALARM"), (4, "OK")]),
        (f"ALARM({HERE}:a)", [(1, "OK"), (2, "ALARM"), (4, "OK")]),
        ("AT_LEAST(2, ALARM, (a, b))", [(1, "OK"), (3, "ALARM"), (4, "OK")]),
        ("OK(a) OR TRUE", [(1, "ALARM")]),
    ],
)
def test_the_rule_is_evaluated_when_a_child_changes(rule, changes):
    assert told(run([A, B, over("top", rule)], BOTH), "top") == changes


def test_the_first_state_comes_out_of_insufficient_data_when_the_first_child_starts():
    late = series([LOW], start=MONDAY + 600)
    result = run([A, B, over("top", "OK(a) AND NOT OK(b)")], {"a": [LOW] * 11, "b": late})

    assert told(result, "top") == [(1, "ALARM"), (11, "OK")]
    history = result.histories[2]
    assert history.first_seen == MONDAY + 60
    assert history.timeline.at(MONDAY + 59) == "INSUFFICIENT_DATA"
    assert [change.old for change in history.changes] == ["INSUFFICIENT_DATA", "ALARM"]


def test_changes_at_one_tick_are_taken_together():
    swap = {"a": [HIGH, LOW, HIGH], "b": [LOW, HIGH, LOW]}

    result = run([A, B, over("top", "ALARM(a) OR ALARM(b)")], swap)

    assert told(result, "top") == [(1, "ALARM")], "one takes over from the other"


def test_composites_hang_on_composites_whatever_their_order():
    top, middle = over("top", "OK(middle)"), over("middle", "ALARM(a)")

    result = run([top, middle, A], {"a": [LOW, HIGH, LOW]})

    assert told(result, "middle") == [(1, "OK"), (2, "ALARM"), (3, "OK")]
    assert told(result, "top") == [(1, "ALARM"), (2, "OK"), (3, "ALARM")]
    assert [history.alarm for history in result.histories] == [top, middle, A]


def test_a_chain_of_composites_may_be_long():
    chain = [over(f"c{at}", f"ALARM(c{at + 1})") for at in range(3000)]

    result = run([*chain, over("c3000", "ALARM(a)"), A], {"a": [LOW, HIGH]})

    assert told(result, "c0") == [(1, "OK"), (2, "ALARM")]


def test_a_change_tells_which_children_triggered_it():
    first, fired, _ = run([A, B, over("top", "ALARM(a) AND ALARM(b)")], BOTH).histories[2].changes

    assert first.reason == f"{HERE}:top was created and its alarm rule evaluates to OK"
    assert [child["Arn"] for child in first.children] == [f"{HERE}:a", f"{HERE}:b"]
    assert fired.reason == (
        f"{HERE}:b transitioned to ALARM at Monday 01 January, 2024 00:03:00 UTC"
    )
    state = {"Value": "ALARM", "Timestamp": "2024-01-01T00:03:00.000+0000"}
    assert fired.children == ({"Arn": f"{HERE}:b", "State": state},)
    assert fired.reason_data["triggeringAlarms"][0]["arn"] == f"{HERE}:b"


def test_a_composite_has_no_datapoints_and_no_limit():
    history = run([A, over("top", "ALARM(a)")], {"a": [HIGH]}).histories[1]

    assert history.watched is None
    assert (history.threshold, history.changes[0].threshold) == (None, None)
    assert history.datapoints(MONDAY) == history.changes[0].datapoints == ()
    assert history.tick_before(MONDAY + 7) == MONDAY + 7


def test_a_metric_alarm_has_no_triggering_children():
    assert run([A], {"a": [HIGH]}).changes[0].children == ()


def test_the_notification_is_a_composites():
    account = Account("111122223333", "us-east-1", (A, over("top", "ALARM(a)")))
    result = run(account.items, {"a": [LOW, HIGH]})
    bodies = []

    def courier(alarm, action, texts):
        bodies.append((alarm.label, action, json.loads(texts["default"])))
        return ()

    assert list(notifications(account, result, courier)) == []
    ((name, action, body),) = bodies
    assert (name, action) == ("top", TOPIC)
    assert body["NewStateReason"] == result.changes[-1].reason
    assert body["TriggeringChildren"] == list(result.changes[-1].children)
    assert "Trigger" not in body
    assert message(account, result.changes[-1], result.start) == body


def test_where_an_arn_is_not_known_yet_it_is_made_from_the_account():
    child = Item(Kind.ALARM, Unknown(), A.data)
    top = Item(Kind.ALARM, Unknown(), over("top", "ALARM(a)").data)

    first, fired = run([child, top], {"a": [LOW, HIGH]}).histories[1].changes

    assert first.reason.startswith(f"{HERE}:top was created")
    assert fired.children[0]["Arn"] == f"{HERE}:a"


def test_replayed_alone_a_composite_still_sees_its_children():
    top = over("top", "ALARM(a)")

    result = run([A, B, top], {"a": [LOW, HIGH]}, alarms=[top])

    assert [history.alarm for history in result.histories] == [top]
    assert result.skipped == ()
    assert told(result, "top") == [(1, "OK"), (2, "ALARM")]


def seen_reasons(*alarms):
    result = run(alarms, {"a": [LOW, HIGH]})
    return {skipped.alarm.label: skipped.reason for skipped in result.skipped}


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        (Unknown(), "its rule is not known yet"),
        ("ALARM(a", "its rule needs ')'; it ends instead"),
        ("ALARM(a) OR ALARM(gone)", "its rule names 'gone', which is not among the alarms"),
        ("TRUE", "its rule names no alarm, so that nothing ever evaluates it"),
        ("ALARM(twin)", "its rule names 'twin', as 2 are called"),
    ],
)
def test_a_rule_that_cannot_be_evaluated_is_listed_with_the_reason(rule, reason):
    twins = [metric("twin", MetricName="a") for _ in range(2)]

    assert seen_reasons(A, *twins, over("top", rule)) == {"top": reason}


def test_what_hangs_on_an_alarm_that_was_not_replayed_is_listed_all_the_way_up():
    reasons = seen_reasons(A, B, over("top", "OK(middle)"), over("middle", "ALARM(a) OR OK(b)"))

    lacks = "there is no data of Average of Shop b"
    assert reasons == {
        "b": lacks,
        "middle": f"its child b was not replayed: {lacks}",
        "top": "its child middle was not replayed",
    }


def test_a_cycle_and_what_is_above_it_are_listed_and_stop_nothing_else():
    ring = [over("x", "ALARM(y)"), over("y", "ALARM(x) OR ALARM(a)"), over("self", "OK(self)")]
    result = run([over("above", "OK(x)"), *ring, A, over("top", "ALARM(a)")], {"a": [LOW, HIGH]})

    assert {one.alarm.label: one.reason for one in result.skipped} == {
        "above": "its rule leads down to a composite that leads back to itself",
        "x": "its rule leads back to itself",
        "y": "its rule leads back to itself",
        "self": "its rule leads back to itself",
    }
    assert told(result, "top") == [(1, "OK"), (2, "ALARM")]


def suppressed(by, **changes):
    periods = {"ActionsSuppressorWaitPeriod": 60, "ActionsSuppressorExtensionPeriod": 60}
    return over("quiet", "ALARM(a)", **{"ActionsSuppressor": by, **periods, **changes})


@pytest.mark.parametrize(
    ("quiet", "reason"),
    [
        (suppressed("b"), "its actions suppressor b was not replayed: there is no data of "),
        (suppressed("lost"), "its actions suppressor lost was not replayed"),
        (suppressed("gone"), "its actions suppressor is 'gone', which is not among the alarms"),
        (suppressed(Unknown(("urn",))), "its actions suppressor is '(not known yet)', which is "),
        (
            suppressed("a", ActionsSuppressorExtensionPeriod=None),
            "it has an actions suppressor, and its ActionsSuppressorExtensionPeriod is not known",
        ),
    ],
)
def test_a_suppressor_that_cannot_be_replayed_hides_whom_it_suppresses_from_no_parent(
    quiet, reason
):
    held = [A, B, over("lost", "ALARM(b)"), quiet, over("top", "ALARM(quiet)")]

    result = run(held, {"a": [LOW, HIGH]})

    assert {one.alarm.label: one.reason for one in result.skipped}["quiet"].startswith(reason)
    assert told(result, "top") == [(1, "OK"), (2, "ALARM")]


def test_a_suppressor_is_driven_for_a_composite_that_is_replayed_alone():
    quiet = suppressed("b")
    account = Account("111122223333", "us-east-1", (A, B, quiet, over("top", "ALARM(quiet)")))

    assert [one.label for one in family(account, [quiet]).members] == ["a", "b", "quiet"]
    assert [one.label for one in family(account, [account.alarms[3]]).members] == [
        "a",
        "quiet",
        "top",
    ], "whoever suppresses a child has no say"
    (history,) = run(account.items, BOTH, alarms=[quiet]).histories
    assert history.suppression.alarms == ((MONDAY + 180, MONDAY + 300),)


def test_a_suppressor_may_hang_on_the_composite_it_suppresses():
    quiet, echo = suppressed("echo"), over("echo", "ALARM(quiet)")

    result = run([A, quiet, echo], {"a": [LOW, HIGH]})

    assert result.skipped == (), "a suppressor is no part of the evaluation, so there is no cycle"
    assert told(result, "echo") == [(1, "OK"), (2, "ALARM")]


def test_children_whose_clock_does_not_start_in_time_leave_it_unborn():
    result = run([A, over("top", "ALARM(a)")], {"a": [LOW]}, ingestion_delay=600)

    assert [history.timeline.start for history in result.histories] == [None, None]
    assert result.changes == ()


def test_a_family_has_children_before_parents_each_once():
    top = over("top", "OK(left) AND OK(right)")
    members = [top, over("left", "ALARM(a)"), over("right", "ALARM(a)"), A, B]
    account = Account("111122223333", "us-east-1", tuple(members))

    order = [alarm.label for alarm in family(account, [top]).members]

    assert sorted(order) == ["a", "left", "right", "top"]
    assert (order[0], order[-1]) == ("a", "top")


# A rule as a tree; `told` against `state_of` it is evaluated anew, apart from the code under test.
STATES = ("OK", "ALARM", "INSUFFICIENT_DATA")


def rules(names):
    leaf = st.tuples(st.sampled_from(STATES), st.sampled_from(names))
    return st.recursive(
        leaf,
        lambda below: st.one_of(
            st.tuples(st.just("NOT"), below),
            st.tuples(st.sampled_from(["AND", "OR"]), below, below),
        ),
        max_leaves=4,
    )


def text(rule):
    match rule:
        case ("NOT", operand):
            return f"NOT ({text(operand)})"
        case (("AND" | "OR") as word, left, right):
            return f"({text(left)}) {word} ({text(right)})"
        case (state, name):
            return f'{state}("{name}")'


def holds(rule, state_of):
    match rule:
        case ("NOT", operand):
            return not holds(operand, state_of)
        case ("AND", left, right):
            return holds(left, state_of) and holds(right, state_of)
        case ("OR", left, right):
            return holds(left, state_of) or holds(right, state_of)
        case (state, name):
            return state_of[name] == state


def named(rule):
    return {rule[1]} if rule[0] in STATES else set().union(*map(named, rule[1:]))


@st.composite
def worlds(draw):
    value = st.sampled_from([LOW, HIGH, np.nan])
    data = {}
    for name in "abc":
        every = draw(st.sampled_from([60, 300]))
        values = [LOW, *draw(st.lists(value, max_size=12))]
        data[name] = series(values, MONDAY + 60 * draw(st.integers(0, 8)), every)
    composites = {}
    for name in "xyz"[: draw(st.integers(1, 3))]:
        composites[name] = draw(rules(["a", "b", "c", *composites]))
    alarms = [metric(name, Period=data[name].spacing) for name in "abc"]
    alarms += [over(name, text(rule)) for name, rule in composites.items()]
    return draw(st.permutations(alarms)), data, composites


@settings(max_examples=150, deadline=None)
@given(worlds())
def test_every_composite_is_as_if_its_rule_were_evaluated_at_every_tick(world):
    alarms, data, composites = world

    result = run(alarms, data)

    lines = {history.alarm.label: history.timeline for history in result.histories}
    assert lines.keys() == {"a", "b", "c", *composites}
    begins = {name: lines[name].start for name in "abc"}
    for name, rule in composites.items():
        begins[name] = min(begins[child] for child in named(rule))
    old = dict.fromkeys(composites, "INSUFFICIENT_DATA")
    changes = []
    for time in range(MONDAY, result.end + 1, 60):
        states = {name: lines[name].at(time) for name in "abc"}
        for name, rule in composites.items():
            state = "ALARM" if holds(rule, states) else "OK"
            states[name] = state if time >= begins[name] else "INSUFFICIENT_DATA"
            assert lines[name].at(time) == states[name]
            if states[name] != old[name]:
                changes.append((time, name, old[name], states[name]))
                old[name] = states[name]
    assert sorted(changes) == sorted(
        (change.time, change.alarm.label, change.old, change.new)
        for change in result.changes
        if change.alarm.label in composites
    )
