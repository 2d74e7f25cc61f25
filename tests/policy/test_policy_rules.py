"""The policies as plain functions of what an engine shows of a recorded program."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pulumi
import pytest
import rules
from pulumi_aws import cloudwatch, kms, sns
from pulumi_policy import StackValidationArgs
from rules import POLICIES, in_doubt, someone_listens

from alerting.testing import record
from tests.policy.engine_view import policy_resources
from tests.policy.programs import ACCOUNT, METRIC, PHONE, band, policy, shop

Program = Callable[[], None]
Policy = Callable[[StackValidationArgs, Any], None]

BUSY = "urn:pulumi:test::shop::aws:cloudwatch/metricAlarm:MetricAlarm::busy"
SILENT = {
    "alarm-without-action": shop(told=False),
    "topic-without-subscription": shop(subscribed=False),
    "topic-policy-closed": shop(publisher="events.amazonaws.com"),
}


def reports(
    policy: Policy,
    program: Program,
    config: Mapping[str, Any] | None = None,
    *,
    preview: bool = False,
    provider: Mapping[str, Any] | None = None,
) -> list[tuple[str, str | None]]:
    """The messages of one policy, and the resources they are about."""
    deployment = record(program, account=ACCOUNT, preview=preview, project="shop")
    said: list[tuple[str, str | None]] = []
    args = StackValidationArgs(policy_resources(deployment, provider), config)
    policy(args, lambda message, urn=None: said.append((message, urn)))
    return said


def rules_of(said: list[tuple[str, str | None]]) -> set[str]:
    return {message.split(":")[0] for message, _ in said}


@pytest.mark.parametrize("preview", [False, True], ids=["up", "preview"])
@pytest.mark.parametrize("rule", SILENT)
def test_a_silent_path_is_refused(rule: str, preview: bool):
    assert rules_of(reports(someone_listens, SILENT[rule], preview=preview)) == {rule}


@pytest.mark.parametrize("preview", [False, True], ids=["up", "preview"])
@pytest.mark.parametrize("program", [shop(), band], ids=["shop", "band"])
def test_a_good_program_passes(program: Program, preview: bool):
    assert reports(someone_listens, program, preview=preview) == []


def test_a_refusal_names_the_resource_and_reads_like_the_finding():
    [(message, urn)] = reports(someone_listens, shop(told=False))
    assert message == (
        "alarm-without-action: busy has no action for ALARM. CloudWatch changes the alarm's state "
        "and tells nobody; the console shows it red. Add the ARN of a topic to AlarmActions; of an "
        "alarm in a stack file, let another alarm hang on it or leave out `tell: false`."
    )
    assert urn == BUSY


def test_there_is_nothing_in_doubt_after_a_good_deployment():
    assert reports(in_doubt, shop()) == []


def test_what_a_preview_does_not_know_is_in_doubt_and_not_refused():
    said = reports(in_doubt, shop(), {"account": ACCOUNT}, preview=True)
    assert rules_of(said) == {"cannot-tell"}
    assert [urn for _, urn in said] == ["urn:pulumi:test::shop::aws:sqs/queue:Queue::jobs"]


def test_edges_of_a_preview_come_from_the_dependencies_of_properties():
    """The topic's ARN is unknown, and so are the alarm's action and the subscription's topic."""
    deployment = record(shop(), account=ACCOUNT, preview=True, project="shop")
    alarm = next(r for r in policy_resources(deployment) if r.name == "busy")
    assert alarm.property_dependencies["alarmActions"][0].name == "alerts"
    assert "topic-without-subscription" not in rules_of(
        reports(in_doubt, shop(), {"account": ACCOUNT}, preview=True)
    )


def test_a_queue_given_by_its_arn_alone_is_in_doubt():
    elsewhere = shop(queue="arn:aws:sqs:us-east-1:999988887777:jobs")
    assert reports(someone_listens, elsewhere) == []
    assert "cannot-tell" in rules_of(reports(in_doubt, elsewhere))


def test_a_secret_endpoint_is_in_no_message():
    """Not even one that SNS would refuse, though the SDK hands it over in clear."""
    mistyped = "555-0100"

    def program() -> None:
        topic = sns.Topic("alerts")
        endpoint = pulumi.Output.secret(mistyped)
        sns.TopicSubscription("oncall", topic=topic.arn, protocol="sms", endpoint=endpoint)
        cloudwatch.MetricAlarm("busy", **METRIC, alarm_actions=[topic.arn])

    for validate in (someone_listens, in_doubt):
        assert mistyped not in str(reports(validate, program))


def test_a_key_is_found_by_its_alias_whichever_the_engine_tells_of_first():
    def program() -> None:
        key = kms.Key("alerts", policy=json.dumps(policy({"Principal": "*", "Action": "kms:*"})))
        alias = kms.Alias("alerts", name="alias/alerts", target_key_id=key.key_id)
        topic = sns.Topic("alerts", kms_master_key_id=alias.name)
        sns.TopicSubscription("oncall", topic=topic.arn, protocol="sms", endpoint=PHONE)
        cloudwatch.MetricAlarm("busy", **METRIC, alarm_actions=[topic.arn])

    assert reports(someone_listens, program) == []
    assert reports(in_doubt, program) == []


def test_a_policy_held_to_another_account_is_refused_where_the_account_is_known():
    foreign = shop(source_account="999988887777")
    assert rules_of(reports(someone_listens, foreign)) == {"topic-policy-closed"}


@pytest.mark.parametrize(
    ("config", "provider"),
    [({"account": ACCOUNT}, None), ({}, {"allowedAccountIds": [ACCOUNT]})],
    ids=["config", "provider"],
)
def test_a_preview_knows_the_account_by_the_config_or_the_provider(
    config: dict[str, Any], provider: dict[str, Any] | None
):
    foreign = shop(source_account="999988887777")
    said = reports(someone_listens, foreign, config, preview=True, provider=provider)
    assert rules_of(said) == {"topic-policy-closed"}


def test_a_preview_that_does_not_know_the_account_takes_none_for_granted():
    foreign = shop(source_account="999988887777")
    assert reports(someone_listens, foreign, preview=True) == []
    said = reports(in_doubt, foreign, preview=True)
    assert "topic-policy-closed" in rules_of(said)
    assert said[-1] == (
        "The account is not known before the first deployment; the stack was judged for "
        "111122223333 and for 999988887777. Set `account` in the policy's config to be sure.",
        None,
    )


def test_the_region_is_the_provider_s():
    """An alarm in one Region cannot tell a topic in another."""
    action = "arn:aws:sns:us-east-1:111122223333:alerts"

    def program() -> None:
        cloudwatch.MetricAlarm("busy", **METRIC, alarm_actions=[action])

    assert reports(someone_listens, program, provider={"region": "us-east-1"}) == []
    said = reports(someone_listens, program, preview=True, provider={"region": "eu-west-1"})
    assert rules_of(said) == {"action-elsewhere"}


def test_a_topic_that_is_only_read_has_receivers_that_nobody_here_knows(
    monkeypatch: pytest.MonkeyPatch,
):
    def program() -> None:
        topic = sns.Topic.get("theirs", "arn:aws:sns:us-east-1:111122223333:theirs")
        cloudwatch.MetricAlarm("busy", **METRIC, alarm_actions=[topic.arn])

    monkeypatch.setattr(rules, "_registered", {BUSY})  # the engine tells of no other
    assert reports(someone_listens, program) == []
    assert rules_of(reports(in_doubt, program)) == {"cannot-tell"}


def test_without_being_told_everything_counts_as_declared(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rules, "_registered", {BUSY.replace("test::shop", "other::stack")})
    said = reports(someone_listens, shop(subscribed=False))
    assert rules_of(said) == {"topic-without-subscription"}


def test_a_stack_without_alarms_is_no_business_of_the_pack():
    def program() -> None:
        sns.Topic("plans")
        pulumi.export("arn", "arn:aws:sns:us-east-1:111122223333:plans")

    for validate in (someone_listens, in_doubt):
        assert reports(validate, program, preview=True) == []


@pytest.mark.parametrize(
    "config",
    [
        {"exceptRules": ["alarm-without-action"]},
        {"exceptResources": ["busy"]},
        {
            "exceptResources": [
                "urn:pulumi:test::shop::aws:cloudwatch/metricAlarm:MetricAlarm::busy"
            ]
        },
    ],
    ids=["rule", "name", "urn"],
)
def test_what_is_excepted_is_not_refused(config: dict[str, Any]):
    assert reports(someone_listens, shop(told=False), config) == []


def test_an_exception_is_for_what_it_names_alone():
    config = {"exceptRules": ["topic-policy-closed"], "exceptResources": ["other"]}
    assert reports(someone_listens, shop(told=False), config) != []


def test_the_pack_refuses_by_default_and_only_says_what_it_doubts():
    levels = {p.name: p.enforcement_level and p.enforcement_level.value for p in POLICIES}
    assert levels == {
        "declared-here": "advisory",
        "someone-listens": "mandatory",
        "in-doubt": "advisory",
    }
