"""Reminders: the machine, what starts it, and what both may do."""

import json

import pytest

from alerting import AlertTopic, Reminders
from alerting.account import Kind, account_of
from alerting.cloudwatch.event import state_change_event
from alerting.cloudwatch.transition import Transition
from alerting.components.reminder_rules import rules_of
from alerting.delivery import Level, findings
from alerting.events.pattern import MAX_PATTERN, matches, read_pattern
from alerting.recording import record
from alerting.states.machine import Machine
from alerting.states.timestamps import timestamp

PLACE = {"account_id": "123456789012", "region": "us-east-1"}
ALARM = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:disk"
PAGE = "arn:aws:sns:us-east-1:123456789012:page"
MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:prod-again"
ROLE, POLICY = "aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy"
RULE, TARGET = "aws:cloudwatch/eventRule:EventRule", "aws:cloudwatch/eventTarget:EventTarget"


def deployed(alarms=("disk", "cpu"), *, place=PLACE, prefix="prod-", **remind):
    page = {"topic_arn": PAGE, "alarms": list(alarms), **remind}
    args = {"severities": {"page": page}, "place": place, "prefix": prefix}
    return record(lambda: Reminders("again", args), account=PLACE["account_id"])


@pytest.fixture(scope="module")
def deployment():
    return deployed()


def statements(deployment, name):
    return json.loads(deployment.named(name, POLICY).inputs["policy"])["Statement"]


def test_there_is_one_machine_that_a_rule_starts(deployment):
    assert {r.name: r.type for r in deployment.resources} == {
        "again": "alerting:index:Reminders",
        "again-machine": "aws:sfn/stateMachine:StateMachine",
        "again-role": ROLE,
        "again-role-policy": POLICY,
        "again-start-role": ROLE,
        "again-start-role-policy": POLICY,
        "again-page-rule": RULE,
        "again-page-target": TARGET,
    }
    assert deployment.named("again").outputs == {"state_machine_arn": MACHINE}


def test_the_rule_picks_the_alarms_that_go_into_alarm(deployment):
    rule = deployment.named("again-page-rule").inputs
    assert rule["name"] == "prod-again-page"
    assert json.loads(rule["eventPattern"]) == {
        "source": ["aws.cloudwatch"],
        "detail-type": ["CloudWatch Alarm State Change"],
        "account": ["123456789012"],
        "detail": {"alarmName": ["disk", "cpu"], "state": {"value": ["ALARM"]}},
    }


def test_the_target_hands_on_what_the_machine_needs(deployment):
    target = deployment.named("again-page-target").inputs
    assert target["arn"] == MACHINE
    template = target["inputTransformer"]["inputTemplate"]
    constants = json.loads(template.replace("<aws.events.event.json>", '"EVENT"'))
    assert constants == {
        "topic": PAGE,
        "subject": 'REMINDER: "<name>" in US East (N. Virginia)',
        "region": "US East (N. Virginia)",
        "after": 3600,
        "every": "1h",
        "round": {"number": 0, "of": 3},
        "event": "EVENT",
    }


def test_times_are_those_that_are_asked_for():
    target = deployed(after=1800, at_most=1).named("again-page-target").inputs
    template = target["inputTransformer"]["inputTemplate"]
    assert '"after": 1800, "every": "30m", "round": {"number": 0, "of": 1}' in template


def test_the_machine_may_look_at_alarms_and_publish_on_the_topic_alone(deployment):
    look, tell, seal = statements(deployment, "again-role-policy")
    assert (look["Action"], look["Resource"]) == ("cloudwatch:DescribeAlarms", "*")
    assert (tell["Action"], tell["Resource"]) == ("sns:Publish", [PAGE])
    assert seal["Action"] == ["kms:GenerateDataKey*", "kms:Decrypt"]
    context = {"kms:EncryptionContext:aws:sns:topicArn": [PAGE]}
    assert seal["Condition"] == {"StringEquals": context}


def test_events_may_start_the_machine_alone(deployment):
    (start,) = statements(deployment, "again-start-role-policy")
    assert (start["Action"], start["Resource"]) == ("states:StartExecution", MACHINE)


@pytest.mark.parametrize(
    ("role", "service", "source"),
    [
        ("again-role", "states.amazonaws.com", MACHINE),
        (
            "again-start-role",
            "events.amazonaws.com",
            "arn:aws:events:us-east-1:123456789012:rule/prod-again-*",
        ),
    ],
)
def test_a_role_is_for_one_service_and_one_thing_of_this_account(deployment, role, service, source):
    (trust,) = json.loads(deployment.named(role).inputs["assumeRolePolicy"])["Statement"]
    assert trust["Principal"] == {"Service": service}
    assert trust["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "123456789012"},
        "ArnLike": {"aws:SourceArn": source},
    }


def test_the_machine_runs_here(deployment):
    machine = Machine(deployment.named("again-machine").inputs["definition"])
    assert machine.resources == (
        "arn:aws:states:::aws-sdk:cloudwatch:describeAlarms",
        "arn:aws:states:::sns:publish",
    )


def test_a_reminder_takes_nine_steps_and_an_alarm_that_is_over_five(deployment):
    """As docs/family/reminders.md says: AWS bills by the step."""
    machine = Machine(deployment.named("again-machine").inputs["definition"])
    change = Transition(0, "OK", "ALARM", "")
    event = state_change_event({"AlarmName": "disk", "AlarmArn": ALARM}, change)
    given = {"after": 60, "every": "1m", "region": "", "topic": PAGE, "subject": "", "event": event}
    times = {"start": 0, "end": 1e9}
    on = {"StateValue": "ALARM", "StateTransitionedTimestamp": timestamp(0), "ActionsEnabled": True}

    def steps(of, **found):
        return machine.run(
            given | {"round": {"number": 0, "of": of}}, lambda _: found, **times
        ).steps

    assert steps(2, MetricAlarms=[on]) - steps(1, MetricAlarms=[on]) == 9
    assert steps(2, MetricAlarms=[on | {"StateValue": "OK"}]) == 5


def test_another_partition_has_other_arns():
    china = {"account_id": "123456789012", "region": "cn-north-1", "partition": "aws-cn"}
    machine = Machine(deployed(place=china).named("again-machine").inputs["definition"])
    assert machine.resources[1] == "arn:aws-cn:states:::sns:publish"


def test_an_encrypted_topic_of_ours_takes_its_reminders():
    """Its policies let the account in, and the role's own policy does the rest."""

    def program():
        topic = AlertTopic("page", {"place": PLACE, "topic_name": "page"})
        page = {"topic_arn": topic.topic_arn, "alarms": ["disk"]}
        Reminders("again", {"severities": {"page": page}, "place": PLACE})

    account = account_of(record(program, account=PLACE["account_id"]))
    assert len(account.of(Kind.STATE_MACHINE)) == 1
    found = {f.rule for f in findings(account) if f.level is Level.ERROR}
    assert not any(rule.startswith("reminder") for rule in found)


def test_many_alarms_take_several_rules():
    names = [f"alarm-{n}-with-a-name-of-some-length" for n in range(120)]
    deployment = deployed(names)
    rules = [r.inputs for r in deployment.resources if r.type == RULE]
    assert [rule["name"] for rule in rules] == ["prod-again-page"] + [
        f"prod-again-page.{n}" for n in range(2, len(rules) + 1)
    ]
    assert all(len(rule["eventPattern"]) <= MAX_PATTERN for rule in rules)
    picked = [json.loads(rule["eventPattern"])["detail"]["alarmName"] for rule in rules]
    assert [name for group in picked for name in group] == names


def test_names_that_fit_no_subject_have_a_rule_of_their_own():
    rules = rules_of(
        ["disk", 'a "quoted" one', "x" * 70],
        account_id="123456789012",
        region="us-east-1",
        after=60,
        at_most=1,
    )
    assert [(rule.alarms, rule.named) for rule in rules] == [
        (("disk",), True),
        (('a "quoted" one', "x" * 70), False),
    ]
    event = {
        "source": "aws.cloudwatch",
        "detail-type": "CloudWatch Alarm State Change",
        "account": "123456789012",
        "detail": {"alarmName": "x" * 70, "state": {"value": "ALARM"}},
    }
    assert [matches(read_pattern(rule.pattern), event) for rule in rules] == [False, True]


def test_the_longest_subject_is_one_that_sns_takes():
    room = 100 - len('REMINDER: "" in US East (N. Virginia)')
    for length, named in ((room, True), (room + 1, False)):
        (rule,) = rules_of(["x" * length], account_id="1", region="us-east-1", after=60, at_most=1)
        assert rule.named is named


@pytest.mark.parametrize(
    ("remind", "message"),
    [
        ({"after": 59}, "severities.page.after: must be 1m to 365d, got '59s'"),
        ({"at_most": 0}, "severities.page.at_most: must be from 1 to 100, got 0"),
        ({"after": 86_400 * 183, "at_most": 2}, "severities.page: must be over after a year"),
        ({"often": 1}, "severities.page.often: is not known"),
        ({"prefix": "p" * 60}, "severities.page: would have an event rule called"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_registered(remind, message):
    with pytest.raises(ValueError, match=message):
        deployed(**remind)


def test_a_target_is_called_as_its_rule_so_that_it_cannot_be_there_twice():
    """EventBridge would make up another id each time, and the alarm be reminded of twice."""
    made = deployed([f"alarm-{n}-with-a-name-of-some-length" for n in range(120)])
    targets = {target.inputs["targetId"] for target in made.of_type(TARGET)}
    assert len(targets) > 1
    assert targets == {rule.inputs["name"] for rule in made.of_type(RULE)}
