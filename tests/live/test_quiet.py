"""Alarms whose metric may be silent though nothing is wrong with its name."""

import json

import pytest

from alerting.account import Account, Item, Kind
from alerting.delivery import Level
from alerting.live.metrics import NO_DATA
from alerting.live.quiet import may_be_silent
from tests.live.deployed_stack import deployed

TOPIC = Item(Kind.TOPIC, "arn:aws:sns:us-east-1:123456789012:page", {})
QUEUE = Item(Kind.QUEUE, "arn:aws:sqs:us-east-1:123456789012:letters", {})
LIVE = Account("123456789012", "us-east-1", (TOPIC, QUEUE), whole=True)
NOTHING = Account("123456789012", "us-east-1")


def alarm(namespace, dimension, value):
    dimensions = [{"Name": dimension, "Value": value}]
    data = {
        "AlarmName": "a",
        "Namespace": namespace,
        "MetricName": "Failed",
        "Dimensions": dimensions,
    }
    return Item(Kind.ALARM, "arn:aws:cloudwatch:us-east-1:123456789012:alarm:a", data)


@pytest.mark.parametrize(
    ("watches", "silent"),
    [
        (("AWS/SNS", "TopicName", "page"), True),
        (("AWS/SNS", "TopicName", "pgae"), False),
        (("AWS/SQS", "QueueName", "letters"), True),
        (("AWS/SQS", "QueueName", "lettres"), False),
        (("AWS/EC2", "InstanceId", "page"), False),
    ],
)
def test_a_topic_or_queue_that_is_there_may_have_nothing_to_say(watches, silent):
    assert may_be_silent(alarm(*watches), NOTHING, LIVE) is silent


def test_so_may_the_metric_of_an_alarm_that_a_schedule_sets():
    asked = json.dumps({"AlarmName": "a", "StateValue": "ALARM"})
    target = {"Arn": "arn:aws:scheduler:::aws-sdk:cloudwatch:setAlarmState", "Input": asked}
    declared = Account("123456789012", "us-east-1", (Item(Kind.SCHEDULE, "s", {"Target": target}),))
    beat = alarm("Heartbeats", "Name", "a")
    assert may_be_silent(beat, declared, LIVE)
    assert not may_be_silent(beat, NOTHING, LIVE)


WATCHED = """
config:
  aws:region: us-east-1
  watch:severities: {notify: {default: true, heartbeat: {}}, backstop: {}}
  watch:secondPath: {severity: backstop}
  watch:receivers:
    mail: {protocol: email, endpoint: team@example.com, severities: [notify]}
    pager: {protocol: https, endpoint: "https://p.example.com", severities: [notify]}
    phone: {protocol: sms, endpoint: "+15550100", severities: [backstop]}
  watch:alarms:
    cpu:
      metric: {namespace: AWS/EC2, name: CPUUtilization}
      threshold: {above: 80}
"""


def test_of_alarms_without_data_only_the_one_on_a_metric_of_theirs_is_reported(tmp_path):
    with deployed(tmp_path, WATCHED, alive=False) as there:
        found = there.verified().look.findings
    assert [(f.rule, f.label) for f in found if f.level is Level.ERROR] == [(NO_DATA, "cpu")]
