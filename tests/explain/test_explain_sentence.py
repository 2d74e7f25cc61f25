"""One alarm in one sentence."""

from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from pulumi_aws import cloudwatch

from alerting import AlertTopic, Place, Protocol, ReceiverArgs, Receivers
from alerting.account import Unknown
from alerting.explain.explanation import earliest_notice
from alerting.explain.sentence import sentence
from tests.explain.raw_programs import ACCOUNT, CPU, alarm, closed_policy, the_alarm, topic_with

BUSY = (
    "the average CPUUtilization of i-1234567890abcdef0 is above 80 for 1 of 1 periods of 5 minutes"
)
SOON = "earliest notice about 6 minutes after onset"
PLACE: Place = {"account_id": ACCOUNT, "region": "us-east-1"}
MAIL = ("oncall-mail", "email", "oncall@example.com")


def said(program: Callable[[], Any], name: str = "busy") -> str:
    return sentence(the_alarm(program, name))


def test_it_says_who_is_told_when_and_how_soon():
    def program():
        topic = topic_with(MAIL, ("oncall-phone", "sms", pulumi.Output.secret("+15550100")))
        alarm("busy", topic.arn)

    told = "tells oncall-mail (email) and oncall-phone (sms)"
    assert said(program) == f"{told} when {BUSY}; {SOON}"


def test_a_receiver_on_two_topics_is_named_once():
    def program():
        topics = {name: AlertTopic(name, {"place": PLACE, "topic_name": name}) for name in "ab"}
        arns = {name: topic.topic_arn for name, topic in topics.items()}
        mail: ReceiverArgs = {"protocol": Protocol.EMAIL, "endpoint": MAIL[2]}
        Receivers("all", {"topics": arns, "place": PLACE, "receivers": {MAIL[0]: mail}})
        alarm("busy", *arns.values())

    assert said(program).startswith("tells oncall-mail (email) when")


def test_an_alarm_without_actions_tells_nobody():
    assert said(lambda: alarm("busy")) == f"tells nobody when {BUSY}; {SOON}"


def test_a_child_tells_nobody_by_itself():
    def program():
        child = alarm("busy")
        topic = topic_with(MAIL)
        cloudwatch.CompositeAlarm(
            "down",
            alarm_name="down",
            alarm_rule=pulumi.Output.concat("ALARM(", child.name, ")"),
            alarm_actions=[topic.arn],
        )

    assert said(program).startswith("tells nobody by itself (down hangs on it) when")
    assert said(program, "down") == (f"tells oncall-mail (email) when {BUSY}; {SOON}")


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("ALARM({0}) AND ALARM({1})", "busy and idle are in ALARM"),
        ("ALARM({0}) OR ALARM({1})", "busy or idle is in ALARM"),
        ("ALARM({0}) OR OK({1})", 'this holds: ALARM("busy") OR OK("idle")'),
        ("ALARM({0}) AND NOT ALARM({1})", "busy is in ALARM and idle is not"),
    ],
)
def test_a_rule_is_said_in_words_where_it_is_about_alarms_that_are_on(rule: str, words: str):
    def program():
        topic = topic_with(MAIL)
        names = [alarm(name, topic.arn).name for name in ("busy", "idle")]
        cloudwatch.CompositeAlarm(
            "down",
            alarm_name="down",
            alarm_rule=pulumi.Output.format(rule, *names),
            alarm_actions=[topic.arn],
        )

    assert f"when {words};" in said(program, "down")


def test_a_composite_over_an_alarm_that_tells_names_it():
    def program():
        topic = topic_with(MAIL)
        child = alarm("busy", topic.arn)
        cloudwatch.CompositeAlarm(
            "down",
            alarm_name="down",
            alarm_rule=pulumi.Output.concat("ALARM(", child.name, ")"),
            alarm_actions=[topic.arn],
        )

    assert said(program, "down") == (
        "tells oncall-mail (email) when busy is in ALARM; notice as soon as its alarms make it so"
    )


def test_whoever_hears_a_topic_elsewhere_cannot_be_told():
    def program():
        alarm("busy", "arn:aws:sns:us-east-1:111122223333:theirs")

    assert said(program).startswith("tells whoever hears theirs (cannot tell) when")


def test_a_function_elsewhere_cannot_be_told():
    def program():
        alarm("busy", "arn:aws:lambda:us-east-1:111122223333:function:restart")

    assert said(program).startswith("tells the function restart (cannot tell) when")


def test_a_receiver_that_cannot_be_told_is_marked():
    def program():
        topic = topic_with(("jobs", "sqs", "arn:aws:sqs:us-east-1:999988887777:jobs"))
        alarm("busy", topic.arn)

    assert said(program).startswith("tells jobs (sqs, cannot tell) when")


def test_what_acts_rather_than_tells_is_named_by_its_service():
    def program():
        alarm("busy", "arn:aws:automate:us-east-1:ec2:reboot")

    assert said(program).startswith("acts through EC2 and tells nobody when")


def test_a_receiver_that_hears_nothing_is_not_told():
    def program():
        alarm("busy", topic_with(MAIL, policy=closed_policy()).arn)

    assert said(program).startswith("tells nobody when")
    [(who, why)] = the_alarm(program, "busy").lost
    assert who == "oncall-mail"
    assert "may not" in why


@pytest.mark.parametrize(
    ("period", "m", "n", "seconds"),
    [
        (300, 1, 1, 360),
        (60, 3, 5, 240),
        (10, 3, 6, 40),
        (3600, 24, 24, 24 * 3600 + 60),
        (86_400, 2, 2, 2 * 86_400 + 3600),
    ],
)
def test_the_earliest_notice_is_m_periods_and_a_tick(period: int, m: int, n: int, seconds: int):
    alarm = {"Period": period, "DatapointsToAlarm": m, "EvaluationPeriods": n}
    assert earliest_notice(alarm) == seconds


@pytest.mark.parametrize(
    "alarm", [{"AlarmRule": "TRUE"}, {"Period": Unknown(), "EvaluationPeriods": 1}, {}]
)
def test_where_the_alarm_does_not_say_nothing_is_made_up(alarm: dict[str, Any]):
    assert earliest_notice(alarm) is None


def test_the_period_counts_where_it_stands_in_a_query():
    def program():
        metric = {"namespace": "Shop", "metric_name": "Orders", "stat": "Sum", "period": 60}
        queries = [
            {"id": "orders", "metric": metric},
            {"id": "rate", "expression": "orders / 60", "return_data": True},
        ]
        only = {key: CPU[key] for key in ("evaluation_periods", "comparison_operator", "threshold")}
        cloudwatch.MetricAlarm("busy", metric_queries=queries, **only)

    assert said(program).endswith("earliest notice about 2 minutes after onset")


@pytest.mark.parametrize(
    ("rule", "held_by"),
    [
        ("ALARM({0}) OR ALARM({1})", "busy or idle"),
        ("ALARM({0}) AND NOT ALARM({1})", "maintenance"),
    ],
)
def test_what_holds_an_alarm_back_is_what_its_rule_says(rule: str, held_by: str):
    """A silent composite is said to be its alarms only where any of them would do."""

    def program():
        topic = topic_with(MAIL)
        names = [alarm(name, topic.arn).name for name in ("busy", "idle")]
        maintenance = cloudwatch.CompositeAlarm(
            "maintenance", alarm_name="maintenance", alarm_rule=pulumi.Output.format(rule, *names)
        )
        cloudwatch.CompositeAlarm(
            "down",
            alarm_name="down",
            alarm_rule=pulumi.Output.format("ALARM({0})", names[0]),
            alarm_actions=[topic.arn],
            actions_suppressor={
                "alarm": maintenance.alarm_name,
                "wait_period": 60,
                "extension_period": 60,
            },
        )

    assert f"quiet while {held_by} is in ALARM" in said(program, "down")


def test_what_only_holds_others_back_is_no_part_of_them():
    def program():
        topic = topic_with(MAIL)
        child, quiet = alarm("busy"), alarm("deploying")
        cloudwatch.CompositeAlarm(
            "down",
            alarm_name="down",
            alarm_rule=pulumi.Output.concat("ALARM(", child.name, ")"),
            alarm_actions=[topic.arn],
            actions_suppressor={
                "alarm": quiet.name,
                "wait_period": 60,
                "extension_period": 60,
            },
        )

    deploying = the_alarm(program, "deploying")
    assert (deploying.part_of, deploying.holds_back) == ((), ("down",))
    assert "tells nobody by itself (it holds back down)" in sentence(deploying)
