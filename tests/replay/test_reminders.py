"""Reminders of a replay: the deployed machine, run on the replay's clock."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerting.account import Account, Item, Kind
from alerting.cloudwatch import State
from alerting.components.reminder_machine import definition
from alerting.components.reminder_rules import NAME_PATH, rules_of
from alerting.replay import Change, History, Replay
from alerting.replay.announcement import Occasion
from alerting.replay.reminders import reminders
from alerting.replay.setting import Setting
from alerting.replay.suppression import Suppression, Suppressor
from alerting.replay.timeline import stepped
from alerting.states.started import started_by_alarms

ACCOUNT, REGION = "111122223333", "us-east-1"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:page"
MACHINE = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:again"
OK, ALARM = State.OK, State.ALARM
HOUR, DAY = 3600, 86_400


def arn(service, resource):
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


def alarm(name="disk", **more):
    threshold = {
        "Namespace": "Shop",
        "MetricName": "disk",
        "Statistic": "Average",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 80.0,
        "ComparisonOperator": "GreaterThanThreshold",
    }
    return Item(
        Kind.ALARM, arn("cloudwatch", f"alarm:{name}"), {"AlarmName": name, **threshold, **more}
    )


def composite():
    data = {"AlarmName": "both", "AlarmRule": "ALARM(x)"}
    return Item(Kind.ALARM, arn("cloudwatch", "alarm:both"), data)


def machinery(*names, after=HOUR, at_most=3, text=None):
    """The event rules and the machine, as the component declares them."""
    machine = {"name": "again", "definition": text or definition("aws")}
    yield Item(Kind.STATE_MACHINE, MACHINE, machine)
    rules = rules_of(names, account_id=ACCOUNT, region=REGION, after=after, at_most=at_most)
    for number, rule in enumerate(rules):
        transformer = {"InputTemplate": rule.template(TOPIC)}
        if rule.named:
            transformer["InputPathsMap"] = NAME_PATH
        target = {"Id": "again", "Arn": MACHINE, "InputTransformer": transformer}
        rule_arn = arn("events", f"rule/again-{number}")
        data = {"Arn": rule_arn, "EventPattern": rule.pattern, "Targets": [target]}
        yield Item(Kind.EVENT_RULE, rule_arn, data)


def played(item, changes, end, *more, suppressor=None, **times):
    """An alarm that went through these states, with reminders, and what else there is."""
    made, old = [], State.INSUFFICIENT_DATA
    for time, new in changes:
        made.append(Change(time, item, old, new, Setting(time, new, "It is full.")))
        old = new
    history = History(item, None, stepped(0, end, changes), tuple(made), None, suppressor)
    items = (item, *machinery(item.data["AlarmName"], **times), *more)
    return Account(ACCOUNT, REGION, items), Replay(0, end, (history,), ())


def told(*args, **more):
    """When each reminder is told, and which of how many it says it is."""
    return [(one.time, one.count) for one in reminders(*played(*args, **more))]


def test_an_alarm_that_stays_on_is_told_again_every_hour_and_then_no_more():
    found = told(alarm(), [(60, OK), (600, ALARM)], DAY)
    assert found == [(4200, (1, 3)), (7800, (2, 3)), (11_400, (3, 3))]


def test_nothing_is_told_once_it_has_recovered():
    assert told(alarm(), [(600, ALARM), (600 + HOUR, OK)], DAY) == []
    assert told(alarm(), [(600, ALARM), (601 + HOUR, OK)], DAY) == [(600 + HOUR, (1, 3))]


def test_each_alarm_begins_to_count_anew():
    flaps = [(0, ALARM), (HOUR + 60, OK), (HOUR + 120, ALARM)]
    assert told(alarm(), flaps, 3 * HOUR) == [(HOUR, (1, 3)), (2 * HOUR + 120, (1, 3))]


def test_what_was_ok_between_two_looks_is_another_alarm():
    """The first execution finds the alarm in ALARM, but not in the one that started it."""
    flaps = [(0, ALARM), (600, OK), (1200, ALARM), (1200 + HOUR + 1, OK)]
    assert told(alarm(), flaps, DAY) == [(1200 + HOUR, (1, 3))]


def test_missing_data_ends_it_too():
    assert told(alarm(), [(0, ALARM), (60, State.INSUFFICIENT_DATA)], DAY) == []


def test_other_alarms_start_nothing():
    account, replay = played(alarm("other"), [(0, ALARM)], DAY)
    items = [item for item in account.items if item.kind is not Kind.EVENT_RULE]
    rules = [item for item in machinery("disk") if item.kind is Kind.EVENT_RULE]
    assert list(reminders(account.with_items([*items, *rules]), replay)) == []


def test_a_rule_that_is_off_starts_nothing():
    account, replay = played(alarm(), [(0, ALARM)], DAY)
    for item in account.of(Kind.EVENT_RULE):
        item.data["State"] = "DISABLED"
    assert list(reminders(account, replay)) == []


def test_what_is_told_and_by_whom():
    item = alarm(AlarmDescription="Full.\nRunbook: https://example.com")
    account, replay = played(item, [(0, ALARM)], HOUR)
    (said,) = reminders(account, replay)
    assert said.occasion is Occasion.REMINDER
    assert said.words == "reminder 1 of 3"
    assert said.action == TOPIC
    assert said.publisher is account.of(Kind.STATE_MACHINE)[0]
    assert said.subject == 'REMINDER: "disk" in US East (N. Virginia)'
    assert said.bodies["sms"] == 'REMINDER 1 of 3: "disk" in US East (N. Virginia)'
    assert said.bodies["email"].splitlines()[0] == (
        '"disk" in US East (N. Virginia) is still in ALARM. '
        "This is reminder 1 of 3; one comes every 1h while it lasts."
    )
    assert said.bodies["email"].endswith("Full.\nRunbook: https://example.com")


def test_the_message_has_the_names_of_an_alarms_own():
    """So that a filter for what goes into ALARM lets it through, and a parser finds its way."""
    (said,) = reminders(*played(alarm(), [(0, ALARM)], HOUR))
    assert json.loads(said.bodies["default"]) == {
        "AlarmName": "disk",
        "AlarmDescription": "",
        "AWSAccountId": ACCOUNT,
        "NewStateValue": "ALARM",
        "NewStateReason": "It is full.",
        "StateChangeTime": "1970-01-01T00:00:00.000+0000",
        "Region": "US East (N. Virginia)",
        "AlarmArn": arn("cloudwatch", "alarm:disk"),
        "OldStateValue": "ALARM",
        "Reminder": {"Number": 1, "Of": 3, "Every": "1h"},
    }


@pytest.mark.parametrize("name", ['a "quoted" name', "long-" * 20, "back\\slash"])
def test_a_name_that_fits_no_subject_is_in_the_message_alone(name: str):
    (said,) = reminders(*played(alarm(name), [(0, ALARM)], HOUR))
    assert said.subject == "REMINDER: an alarm in US East (N. Virginia)"
    assert json.loads(said.bodies["default"])["AlarmName"] == name


def mute(opens, hours):
    data = {
        "Name": "window",
        "Rule": {
            "Schedule": {
                "Expression": f"at({opens})",
                "Duration": f"PT{hours}H",
                "Timezone": "UTC",
            }
        },
        "MuteTargets": {"AlarmNames": ["disk"]},
    }
    return Item(Kind.MUTE_RULE, arn("cloudwatch", "alarm-mute-rule:window"), data)


def test_nobody_is_reminded_within_the_mute_window_an_alarm_began_in():
    """Its end stands in the event; a window that opens later does not."""
    window = mute("1970-01-01T00:00", 2)
    assert told(alarm(), [(600, ALARM)], DAY, window) == [
        (600 + 2 * HOUR, (2, 3)),
        (600 + 3 * HOUR, (3, 3)),
    ]
    later = mute("1970-01-01T01:00", 2)
    assert len(told(alarm(), [(600, ALARM)], DAY, later)) == 3


def test_nobody_is_reminded_while_the_actions_are_suppressed():
    pager = alarm("pager")
    loud = stepped(0, DAY, [(0, ALARM), (2 * HOUR, OK)])
    quiet = Suppression.of(Suppressor(pager, 60, 60), loud)
    found = told(composite(), [(600, ALARM)], DAY, suppressor=quiet)
    assert found == [(600 + 2 * HOUR, (2, 3)), (600 + 3 * HOUR, (3, 3))]


def test_a_composite_without_a_suppressor_is_reminded_of():
    assert len(told(composite(), [(600, ALARM)], DAY)) == 3


def test_nobody_is_reminded_of_an_alarm_whose_actions_are_switched_off():
    assert told(alarm(ActionsEnabled=False), [(600, ALARM)], DAY) == []


def test_a_machine_that_is_not_known_says_so_and_tells_nothing():
    other = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Map", "End": True}}})
    account, replay = played(alarm(), [(0, ALARM)], DAY, text=other)
    assert list(reminders(account, replay)) == []
    _, unread = started_by_alarms(account)
    assert unread == (
        "the state machine again, by again-0: the state 'A': a state of the type 'Map' is not "
        "known here",
    )


CHANGES = st.lists(
    st.tuples(st.integers(60, 3 * HOUR), st.sampled_from(list(State))), min_size=1, max_size=12
)


@settings(max_examples=60, deadline=None)
@given(CHANGES, st.integers(60, 2 * HOUR), st.integers(1, 4))
def test_whatever_an_alarm_does(steps, after, at_most):
    """Never more than so many, none after recovery, and so far apart."""
    line, time, old = [], 0, State.INSUFFICIENT_DATA
    for pause, state in steps:
        time += pause
        if state is not old:
            line.append((time, state))
            old = state
    end = time + DAY
    spans = [
        (since, end + 1 if until == end else until)
        for since, until in stepped(0, end, line).spans("ALARM")
    ]
    found = reminders(*played(alarm(), line, end, after=after, at_most=at_most))
    assert sorted(one.time for one in found) == [
        since + after * number
        for since, until in spans
        for number in range(1, at_most + 1)
        if since + after * number < until
    ]
