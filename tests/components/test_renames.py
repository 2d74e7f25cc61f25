"""Alarms and receivers that went by another key before."""

import pytest
from pulumi.runtime import register_stack_transformation

from alerting import Alarms, Receivers
from alerting.components.renames import rename_problems
from alerting.recording import record

PLACE = {"account_id": "123456789012", "region": "us-east-1"}
TOPICS = {
    "notify": "arn:aws:sns:us-east-1:123456789012:alerts",
    "page": "arn:aws:sns:us-east-1:123456789012:alerts-page",
}
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:chat"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:jobs"
STREAM = "arn:aws:firehose:us-east-1:123456789012:deliverystream/archive"
ALARM = {"metric": {"namespace": "AWS/EC2", "name": "CPUUtilization"}, "threshold": {"above": 80}}


def aliases(make):
    """The aliases of the children that `make` makes, by name."""
    seen = {}

    def note(args):
        if args.type_.startswith("aws:"):
            seen[args.name] = [alias.name for alias in args.opts.aliases or []]

    def program():
        register_stack_transformation(note)
        make()

    record(program)
    return seen


def of_receiver(**receiver):
    args = {"receivers": {"new": receiver}, "topics": TOPICS, "place": PLACE}
    return aliases(lambda: Receivers("receivers", args))


def of_alarms(**alarms):
    args = {"alarms": alarms, "topics": TOPICS, "region": "us-east-1", "default_severity": "page"}
    return aliases(lambda: Alarms("alarms", args))


def test_an_alarm_is_what_its_former_keys_were():
    assert of_alarms(cpu={**ALARM, "formerly": ["load", "heat"]}) == {
        "alarms-cpu": ["alarms-load", "alarms-heat"]
    }


def test_what_was_never_renamed_has_no_alias():
    assert of_alarms(cpu=ALARM) == {"alarms-cpu": []}


@pytest.mark.parametrize(
    "receiver",
    [
        {"protocol": "email", "endpoint": "oncall@example.com"},
        {"protocol": "lambda", "endpoint": FUNCTION},
        {"protocol": "sqs", "endpoint": QUEUE, "queue_policy": "own"},
        {"protocol": "firehose", "endpoint": STREAM},
    ],
    ids=lambda receiver: receiver["protocol"],
)
def test_everything_a_receiver_has_is_what_its_former_key_named(receiver):
    found = of_receiver(**receiver, formerly=["old"])
    assert found == {name: [name.replace("-new-", "-old-")] for name in found}
    assert {"receivers-new-notify", "receivers-new-page"} <= {*found}


def test_a_subscription_is_what_the_former_name_of_its_severity_named():
    receiver = {"protocol": "lambda", "endpoint": FUNCTION, "formerly": ["old"]}
    args = {"receivers": {"new": receiver}, "topics": TOPICS, "place": PLACE}
    args["former_severities"] = {"page": ["urgent"]}
    found = aliases(lambda: Receivers("receivers", args))
    assert found["receivers-new-notify"] == ["receivers-old-notify"]
    assert found["receivers-new-page"] == [
        "receivers-new-urgent",
        "receivers-old-page",
        "receivers-old-urgent",
    ]
    assert "receivers-old-urgent-invoke" in found["receivers-new-page-invoke"]


@pytest.mark.parametrize(
    ("formerly", "said"),
    [
        (["cpu"], "is 'cpu', as it is still called"),
        (["memory"], "is 'memory', and there still is one"),
        (["heat"], "is 'heat', and so is that of 'disk': one cannot have become two"),
        (["load", "load"], "is 'load', and so is that of 'cpu': one cannot have become two"),
        ("load", "must be a list of former keys, got 'load'"),
        ([7], "must be a list of former keys, got [7]"),
        ([""], "must be a list of former keys, got ['']"),
        (7, "must be a list of former keys, got 7"),
    ],
)
def test_what_cannot_have_been_a_rename_is_refused(formerly, said):
    alarms = {"disk": {"formerly": ["heat"]}, "memory": {}, "cpu": {"formerly": formerly}}
    (problem,) = rename_problems(alarms)
    assert str(problem) == f"cpu.formerly: {said}"
