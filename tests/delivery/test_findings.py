"""Findings: notes, how they are put, and that nothing odd makes a rule raise."""

import json
import time
from typing import Any

import pytest

from alerting.account import Account, Unknown
from alerting.delivery import Finding, Level, courier, findings, routes
from benchmarks.delivery import full_account
from tests.delivery.good_account import (
    NOTIFY,
    PAGE,
    Fault,
    account_of,
    adding,
    alarm,
    arn,
    composite_alarm,
    good_parts,
    policy,
    setting,
    threshold_alarm,
    topic,
    topic_policy,
    without,
)
from tests.delivery.seeded_faults import FAULTS, WARNINGS


def after(*faults: Fault, **more: Any) -> Account:
    parts = good_parts()
    for fault in faults:
        fault(parts)
    return account_of(parts, **more)


def by_rule(account: Account, rule: str) -> list[Finding]:
    return [finding for finding in findings(account) if finding.rule == rule]


def only(account: Account, rule: str) -> Finding:
    (finding,) = by_rule(account, rule)
    return finding


def test_a_finding_says_what_is_wrong_what_aws_does_and_what_to_change():
    finding = only(after(setting("page", KmsMasterKeyId="alias/aws/sns")), "topic-key-aws-managed")

    assert finding.level is Level.ERROR
    assert finding.what == (
        "page shuts out cpu-unusual, errors and both: alias/aws/sns lets no other service in, and "
        "its policy cannot be changed."
    )
    assert "AccessDeniedException" in finding.consequence
    assert "kms:GenerateDataKey* and kms:Decrypt" in finding.fix
    assert str(finding).startswith("error topic-key-aws-managed: page shuts out cpu-unusual")


def test_a_finding_points_at_the_resource_to_change():
    finding = only(after(without("mail")), "topic-without-subscription")

    assert finding.resource is not None
    assert finding.label == "notify"
    assert finding.urn == "urn:pulumi:prod::anomaly-alerting::aws:sns/topic:Topic::notify"
    assert finding.what == "Nobody is subscribed to notify; cpu-high would tell it."


def test_every_error_and_warning_points_at_a_resource():
    for fault, _ in (*FAULTS.values(), *WARNINGS.values()):
        serious = [f for f in findings(after(fault)) if f.level is not Level.NOTE]
        assert all(finding.urn for finding in serious)


def test_a_policy_that_shuts_out_some_alarms_names_those():
    condition = {"ArnLike": {"aws:SourceArn": arn("cloudwatch", "alarm:cpu-*")}}
    statement = {
        "Sid": "Cpu",
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": PAGE,
        "Condition": condition,
    }
    finding = only(after(setting("page", Policy=policy(statement))), "topic-policy-closed")

    assert "shuts out errors and both: CloudWatch may not do sns:Publish" in finding.what
    assert "statement 'Cpu' does not: it asks for ArnLike aws:SourceArn" in finding.what


def test_errors_come_before_warnings_and_warnings_before_notes():
    account = after(without("letters", "Policy"), without("mail"))
    levels = [finding.level for finding in findings(account)]

    assert levels == sorted(levels, key=list(Level).index)
    assert set(levels) == set(Level)


def test_alarms_that_say_nothing_of_ok_are_one_note():
    account = after(setting("cpu-high", OKActions=[]), setting("errors", OKActions=[]))
    finding = only(account, "ok-unheard")

    assert (finding.what, finding.label) == ("cpu-high and errors tell nobody of OK.", "2 alarms")
    single = only(after(setting("errors", OKActions=[])), "ok-unheard")
    assert (single.what, single.label) == ("errors tells nobody of OK.", "errors")


def test_missing_data_treated_as_missing_and_told_to_nobody_is_a_note():
    finding = only(after(), "insufficient-data-unheard")
    assert finding.what == "cpu-high and cpu-unusual tell nobody of INSUFFICIENT_DATA."

    quiet = after(
        setting("cpu-high", InsufficientDataActions=[NOTIFY]),
        setting("cpu-unusual", TreatMissingData="ignore"),
    )
    assert by_rule(quiet, "insufficient-data-unheard") == []


def test_who_must_confirm_and_whom_that_leaves_is_a_note_for_each_topic():
    pending = {"PendingConfirmation": "true"}
    account = after(setting("mail", **pending), setting("to-web", **pending))
    notes = {finding.label: finding.what for finding in by_rule(account, "confirmation-needed")}

    assert notes == {
        "notify": "mail must confirm; until then notify reaches nobody.",
        "page": "to-web must confirm; until then only phone, to-jobs, to-hook and to-archive "
        "hear page.",
    }


def test_minutes_of_an_instance_that_may_send_every_five_are_a_note():
    short = {"Period": 60, "EvaluationPeriods": 3, "DatapointsToAlarm": 3}
    finding = only(
        after(setting("cpu-high", TreatMissingData="notBreaching", **short)), "detailed-monitoring"
    )
    assert "cpu-high needs detailed monitoring: otherwise CPUUtilization has at most 1" in (
        finding.what
    )
    assert by_rule(after(setting("cpu-high", **short)), "detailed-monitoring") == []


def test_the_policy_a_new_topic_has_lets_alarms_in_and_the_owner_too_when_written_out():
    document = {
        "Version": "2008-10-17",
        "Id": "__default_policy_ID",
        "Statement": [
            {
                "Effect": "Allow",
                "Sid": "__default_statement_ID",
                "Principal": {"AWS": "*"},
                "Action": ["SNS:GetTopicAttributes", "SNS:SetTopicAttributes", "SNS:Publish"],
                "Resource": PAGE,
                "Condition": {"StringEquals": {"AWS:SourceOwner": "123456789012"}},
            }
        ],
    }
    account = after(setting("page", Policy=json.dumps(document)))

    assert [finding for finding in findings(account) if finding.level is not Level.NOTE] == []


def test_text_messages_hang_on_the_accounts_spending_limit():
    assert "phone hangs on" in only(after(), "sms-spending-limit").what
    assert by_rule(after(without("phone")), "sms-spending-limit") == []


def test_what_cannot_be_told_of_one_thing_is_one_note():
    finding = only(after(without("topic-key")), "cannot-tell")

    assert finding.level is Level.NOTE
    assert "for cpu-unusual, errors and both" in finding.what
    assert "is not part of what can be seen here" in finding.what


def test_an_operator_that_is_not_known_is_said_by_name():
    statement = {
        "Sid": "Office",
        "Effect": "Allow",
        "Principal": "*",
        "Action": "sns:*",
        "Resource": "*",
        "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
    }
    finding = only(after(setting("page", Policy=policy(statement))), "cannot-tell")

    assert "statement 'Office': it asks for IpAddress aws:SourceIp 10.0.0.0/8" in finding.what


def test_an_unreadable_policy_cannot_be_told():
    account = after(
        without("hook", "Policy"), unreadable={arn("lambda", "function:hook"): "denied"}
    )

    assert (
        only(account, "cannot-tell").what
        == "hook, for to-hook: its policy could not be read: denied."
    )


def test_topics_that_have_nothing_to_do_with_alarms_are_left_alone():
    orders = topic("orders", KmsMasterKeyId="alias/aws/sns")
    account = after(adding("orders", orders), whole=True)

    assert all(finding.label != "orders" for finding in findings(account))


def test_a_child_of_a_composite_needs_no_action_and_neither_does_a_suppressor():
    mute = {"ActionsSuppressorWaitPeriod": 60, "ActionsSuppressorExtensionPeriod": 60}
    silent = threshold_alarm("deploying", NOTIFY, AlarmActions=[], OKActions=[])
    account = after(
        adding("deploying", silent),
        setting("both", ActionsSuppressor=silent.arn, **mute),
        whole=True,
    )

    assert [f for f in findings(account) if f.level is Level.ERROR] == []


def test_where_a_rule_is_not_known_any_alarm_may_be_a_child_of_it():
    account = after(
        setting("both", AlarmRule=Unknown()), setting("errors", AlarmActions=[], OKActions=[])
    )

    assert by_rule(account, "alarm-without-action") == []
    assert any("both" in finding.what for finding in by_rule(account, "cannot-tell"))


def test_a_rule_that_is_not_known_yet_still_has_the_children_it_will_come_from():
    parts = good_parts()
    urn = parts["quiet"].urn
    assert urn
    setting("both", AlarmRule=Unknown((urn,)))(parts)
    setting("errors", AlarmActions=[], OKActions=[])(parts)

    assert only(account_of(parts), "alarm-without-action").label == "errors"


def test_a_cycle_of_composites_is_told_once_and_along_its_way():
    account = after(
        setting("both", AlarmRule="ALARM(second) AND ALARM(quiet)"),
        adding("second", composite_alarm("second", PAGE, "ALARM(third)")),
        adding("third", composite_alarm("third", PAGE, "ALARM(both)")),
    )

    assert only(account, "composite-cycle").what == (
        "both hangs on itself: both -> second -> third -> both."
    )


def test_a_long_cycle_is_told_by_its_ends():
    ring = [composite_alarm(f"c{n}", PAGE, f"ALARM(c{(n + 1) % 50})") for n in range(50)]
    account = after(*(adding(item.label, item) for item in ring))

    assert only(account, "composite-cycle").what == (
        "c0 hangs on itself: c0 -> c1 -> c2 -> c3 -> (45 more) -> c49 -> c0."
    )


def test_a_long_chain_of_composites_is_no_cycle_and_no_problem():
    chain = [
        composite_alarm(f"c{n}", PAGE, f"ALARM(c{n + 1})" if n < 1999 else "ALARM(errors)")
        for n in range(2000)
    ]
    account = after(*(adding(item.label, item) for item in chain))

    assert [f for f in findings(account) if f.level is Level.ERROR] == []


def test_a_policy_of_30_kb_is_read():
    statements = json.loads(topic_policy(PAGE))["Statement"]
    filler = {
        **statements[0],
        "Sid": "Filler",
        "Condition": {
            "StringEquals": {
                "aws:PrincipalArn": [f"arn:aws:iam::123456789012:role/{n:08}" for n in range(700)]
            }
        },
    }
    text = policy(*statements, filler)

    assert len(text) > 30_000
    assert [
        f for f in findings(after(setting("page", Policy=text))) if f.level is not Level.NOTE
    ] == []


ODD: list[Any] = [
    None,
    5,
    "",
    "x",
    True,
    [1],
    {"a": 1},
    [[]],
    [{}],
    float("nan"),
    10**400,
    Unknown(),
    '{"Statement": [{}]}',
    '{"a": {"b": [{"numeric": [[1], 2]}]}}',
    "[" * 100_000,
]
OWN = ("AlarmName", "TopicArn", "Aliases", "KeyId", "QueueUrl", "FunctionName", "RoleName")
"""What an account indexes its items by; that is for the account to check."""


def places() -> list[tuple[str, str]]:
    return [
        (name, key) for name, item in good_parts().items() for key in item.data if key not in OWN
    ]


@pytest.mark.parametrize("value", ODD, ids=lambda value: repr(value)[:24])
def test_no_value_anywhere_makes_a_rule_or_a_route_raise(value: Any):
    for name, key in places():
        account = after(setting(name, **{key: value}))
        found = findings(account)
        assert all(isinstance(str(finding), str) for finding in found)
        assert all(route.outcome for route in routes(account))
        courier(account)(account.alarms[0], PAGE, {"default": "{}"})


def test_an_alarm_with_nothing_but_its_name_is_judged():
    bare = alarm("bare", NOTIFY)
    account = Account("123456789012", "us-east-1", (bare,))

    assert {finding.rule for finding in findings(account)} == {"cannot-tell"}


def test_an_empty_account_has_no_findings():
    assert findings(Account("123456789012", "us-east-1")) == ()


def test_a_thousand_alarms_on_twenty_topics_take_less_than_a_second():
    account = full_account(1000, 20)
    begin = time.process_time()
    found = findings(account)

    assert time.process_time() - begin < 1
    assert [finding for finding in found if finding.level is Level.ERROR] == []
