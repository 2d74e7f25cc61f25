"""The rules about state machines that remind, and what else they say of a good deployment."""

import json
from typing import Any

import pytest

from alerting.account import Account, Kind
from alerting.delivery import Level, courier, findings
from tests.delivery.good_account import (
    OTHER,
    PAGE,
    ROOT,
    TELL_ROLE,
    Fault,
    arn,
    key_policy,
    policy,
    reminder_parts,
    setting,
    subscription,
    topic_policy,
)
from tests.delivery.judged import ODD, UNKNOWN, faulty, serious

PLACES = [(name, key) for name, item in reminder_parts().items() for key in item.data]


def reminding(*faults: Fault, **more: Any) -> Account:
    return faulty(*faults, more=reminder_parts(), **more)


@pytest.mark.parametrize("whole", [False, True])
def test_good_reminders_are_in_order(whole: bool):
    assert serious(reminding(whole=whole)) == {}


@pytest.mark.parametrize(("name", "key"), PLACES)
def test_a_value_that_is_not_known_yet_is_never_an_error(name: str, key: str):
    assert serious(reminding(setting(name, **{key: UNKNOWN}))) == {}


@pytest.mark.parametrize(("name", "key"), PLACES)
def test_no_value_makes_a_rule_raise(name: str, key: str):
    for odd in ODD:
        findings(reminding(setting(name, **{key: odd})))


def granted(principal: str) -> str:
    document = json.loads(topic_policy(PAGE))
    statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sns:Publish"}
    document["Statement"].append({**statement, "Resource": PAGE})
    return json.dumps(document)


def key_granted(principal: str) -> str:
    document = json.loads(key_policy("cloudwatch.amazonaws.com", PAGE))
    statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "kms:*"}
    document["Statement"].append({**statement, "Resource": "*"})
    return json.dumps(document)


@pytest.mark.parametrize("principal", [TELL_ROLE, "*"])
def test_within_an_account_a_policy_that_names_the_role_is_enough(principal: str):
    account = reminding(
        setting("tell-role", Policies={}),
        setting("page", Policy=granted(principal)),
        setting("topic-key", Policy=key_granted(principal)),
    )
    assert "reminder-closed" not in serious(account)


def test_a_policy_that_names_the_account_alone_is_not():
    account = reminding(setting("tell-role", Policies={}))
    assert serious(account)["reminder-closed"] is Level.ERROR


@pytest.mark.parametrize(
    ("principal", "closed"), [(TELL_ROLE, False), (ROOT, False), (f"{ROOT[:-4]}user/x", True)]
)
def test_the_topic_of_another_account_has_to_let_the_role_in(principal: str, closed: bool):
    theirs = arn("sns", "page", account=OTHER)
    grant = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sns:Publish"}
    tells = {"Effect": "Allow", "Action": "sns:Publish", "Resource": theirs}

    def elsewhere(parts: Any) -> None:
        target = parts["again-rule"].data["Targets"][0]["InputTransformer"]
        target["InputTemplate"] = target["InputTemplate"].replace(PAGE, theirs)
        item = parts["notify"]
        data = {"TopicArn": theirs, "Policy": policy({**grant, "Resource": theirs})}
        parts["theirs"] = type(item)(Kind.TOPIC, theirs, data, item.urn)
        parts["there"] = subscription("there", theirs, "sms", "+15550100")
        parts["tell-role"].data["Policies"] = {"tell": policy(tells)}

    assert ("reminder-closed" in serious(reminding(elsewhere))) is closed


@pytest.mark.parametrize("managed", ["AdministratorAccess", "AmazonSNSFullAccess"])
def test_managed_policies_of_aws_are_known(managed: str):
    own = {"tell": policy({"Effect": "Allow", "Action": "kms:*", "Resource": "*"})}
    attached = [f"arn:aws:iam::aws:policy/{managed}"]
    account = reminding(setting("tell-role", Policies=own, AttachedPolicies=attached))
    assert serious(account) == {}


def test_a_filter_that_drops_reminders_is_noted():
    threshold = json.dumps({"OldStateValue": ["OK", "INSUFFICIENT_DATA"]})
    account = reminding(setting("to-jobs", FilterPolicy=threshold))
    (found,) = (f for f in findings(account) if f.rule == "reminder-filtered")
    assert found.level is Level.NOTE
    assert "to-jobs is told of no reminder" in found.what


def test_a_filter_for_what_goes_into_alarm_lets_reminders_through():
    assert not [f for f in findings(reminding()) if f.rule == "reminder-filtered"]


def test_a_machine_that_is_not_known_is_noted():
    other = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Map", "End": True}}})
    account = reminding(setting("again-machine", definition=other))
    (found,) = (f for f in findings(account) if f.rule == "reminder-unread")
    assert "a state of the type 'Map' is not known here" in found.what


def test_a_machine_is_a_publisher_like_an_alarm():
    account = reminding()
    (machine,) = account.of(Kind.STATE_MACHINE)
    told = {d.receiver: d for d in courier(account)(machine, PAGE, {"default": "{}"})}
    assert told["phone"].delivered
    assert told["to-jobs"].why == "its filter drops this message"


def test_a_machine_that_may_not_publish_tells_nobody():
    account = reminding(setting("tell-role", Policies={}))
    (machine,) = account.of(Kind.STATE_MACHINE)
    deliveries = courier(account)(machine, PAGE, {"default": "{}"})
    assert {(d.delivered, d.rule) for d in deliveries} == {(False, "reminder-closed")}
