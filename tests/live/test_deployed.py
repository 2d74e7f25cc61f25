"""What the engine's state says: `pulumi stack export`."""

import json
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from alerting.account import Kind, Resource
from alerting.live.deployed import NoState, State, export
from alerting.live.drift import drift
from alerting.live.look import look
from alerting.output import BadInput
from alerting.recording import record
from tests.live.deployed_stack import Deployed, deployed

SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "x"}
STACK = "urn:pulumi:prod::watch::pulumi:pulumi:Stack::watch-prod"
TOPIC = "aws:sns/topic:Topic"


def raw(urn: str, type_: str, identity: str, **more: Any) -> dict[str, Any]:
    return {"urn": urn, "type": type_, "id": identity, "custom": True, "parent": STACK, **more}


def exported(*resources: dict[str, Any]) -> str:
    return json.dumps({"version": 3, "deployment": {"resources": list(resources)}})


def resource(urn: str, parent: str | None = None) -> Resource:
    return Resource(urn, TOPIC, urn.rsplit("::", 1)[1], {}, parent=parent)


def test_outputs_are_found_whatever_the_urn_says_of_parents():
    urn = f"urn:pulumi:prod::watch::my:Outer$my:Inner${TOPIC}::topic"
    outer = "urn:pulumi:prod::watch::my:Outer$my:Inner::alerts"
    state = State.of_export(
        exported({**raw(urn, TOPIC, "arn:t", outputs={"arn": "arn:t"}), "parent": outer})
    )
    recorded = resource(
        f"urn:pulumi:prod::watch::my:Inner${TOPIC}::topic",
        "urn:pulumi:prod::watch::my:Inner::alerts",
    )
    assert state.outputs_of(recorded) == {"arn": "arn:t", "id": "arn:t"}
    assert state.outputs_of(resource(f"urn:pulumi:prod::watch::{TOPIC}::topic")) is None


def test_secrets_components_and_what_waits_for_deletion_are_left_out():
    urn = f"urn:pulumi:prod::watch::{TOPIC}::"
    state = State.of_export(
        exported(
            raw(f"{urn}a", TOPIC, "1", outputs={"arn": "arn:a", "x": SECRET, "y": [SECRET]}),
            raw(f"{urn}b", TOPIC, "2", delete=True),
            {"urn": f"{urn}c", "type": TOPIC, "custom": False},
        )
    )
    assert state.outputs_of(resource(f"{urn}a")) == {"arn": "arn:a", "id": "1"}
    assert state.outputs_of(resource(f"{urn}b")) is None
    assert state.outputs_of(resource(f"{urn}c")) is None


def test_a_stack_that_was_never_deployed_has_an_empty_state():
    state = State.of_export('{"version": 3, "deployment": {"metadata": {}}}')
    assert state.outputs_of(resource(f"urn:pulumi:prod::watch::{TOPIC}::a")) is None


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"deployment": {"resources": [{}, 1]}}'])
def test_what_is_no_state_is_refused(text):
    with pytest.raises(NoState, match="printed no state"):
        State.of_export(text)


def cli(folder: Path, monkeypatch: pytest.MonkeyPatch, body: str) -> None:
    """Put a pulumi on the PATH that is this Python script."""
    program = folder / "bin" / "pulumi"
    program.parent.mkdir()
    program.write_text(f"#!{sys.executable}\nimport sys\n{body}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(program.parent))


def test_the_cli_is_asked_for_the_stack_in_the_projects_folder(tmp_path, monkeypatch):
    text = exported(raw(f"urn:pulumi:prod::watch::{TOPIC}::a", TOPIC, "arn:a", outputs={}))
    body = (
        "import os\n"
        "assert sys.argv[1:] == ['stack', 'export', '--stack', 'prod', '--non-interactive']\n"
        f"assert os.getcwd() == {str(tmp_path)!r}\n"
        f"print({text!r})"
    )
    cli(tmp_path, monkeypatch, body)
    state = export("prod", tmp_path)
    assert state.outputs_of(resource(f"urn:pulumi:prod::watch::{TOPIC}::a")) == {"id": "arn:a"}


def test_why_the_cli_has_no_state_is_said(tmp_path, monkeypatch):
    cli(tmp_path, monkeypatch, "sys.exit(\"error: no stack named 'prod' found\")")
    with pytest.raises(NoState, match="`pulumi stack export`: no stack named 'prod' found"):
        export("prod", tmp_path)


def test_without_a_cli_there_is_no_state(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoState, match="no pulumi on the PATH"):
        export("prod", tmp_path)


NAMELESS = """
import pulumi
import pulumi_aws as aws

topic = aws.sns.Topic("alerts")
aws.sns.TopicSubscription("mail", topic=topic.arn, protocol="email", endpoint="a@example.com")
aws.cloudwatch.MetricAlarm(
    "cpu",
    comparison_operator="GreaterThanThreshold",
    evaluation_periods=1,
    metric_name="CPUUtilization",
    namespace="AWS/EC2",
    period=300,
    statistic="Average",
    threshold=80,
    alarm_actions=[topic.arn],
)
"""
"""A program that leaves all names to Pulumi."""


@pytest.fixture
def nameless(tmp_path):
    with deployed(tmp_path) as there:
        (tmp_path / "__main__.py").write_text(NAMELESS)
        made = record(there.stack.program, config={}, stack="prod", creator=there.cloud.create)
        resources = [
            {
                "urn": one.urn,
                "type": one.type,
                "id": one.id,
                "custom": True,
                "parent": STACK,
                "outputs": dict(one.outputs),
            }
            for one in made.resources
        ]
        there.feed()
        yield there, resources


def with_state(there: Deployed, resources: list[dict[str, Any]]):
    return there.look(State.of_export(exported(*resources)))


def test_what_pulumi_named_is_found_through_the_state(nameless):
    there, resources = nameless
    seen = with_state(there, resources)
    assert [pair.live is not None for pair in seen.match.pairs] == [True, True, True]
    assert not [f for f in seen.findings if f.level == "error"]
    assert seen.untold == {}


def test_what_the_state_does_not_have_was_never_deployed(nameless):
    there, resources = nameless
    rest = [one for one in resources if "metricAlarm" not in one["type"]]
    (finding,) = (f for f in with_state(there, rest).findings if f.rule == "drift-missing")
    assert finding.what == "The alarm cpu is not there: it was never deployed."
    assert finding.fix == "Run `pulumi up`."


def test_what_the_state_has_and_aws_has_not_was_removed_by_hand(nameless):
    there, resources = nameless
    (subscription,) = (one for one in resources if "Subscription" in one["type"])
    there.cloud.client("sns").unsubscribe(SubscriptionArn=subscription["id"])
    findings = with_state(there, resources).findings
    (finding,) = (f for f in findings if f.rule == "drift-unsubscribed")
    assert finding.fix.startswith("Run `pulumi refresh`")


def test_without_the_state_what_pulumi_named_cannot_be_told(nameless):
    there, _ = nameless
    declared = there.declared()
    seen = look(declared, there.connection)
    assert set(seen.untold) == {"the topic alerts", "the alarm cpu"}
    assert "only the state has it" in seen.untold["the alarm cpu"]
    assert not [f for f in drift(declared, seen.live, seen.match.pairs) if f.level == "error"]


def test_a_stack_of_another_account_is_refused_before_anything_is_read(nameless):
    there, resources = nameless
    text = exported(*resources).replace("123456789012", "999988887777")
    with pytest.raises(BadInput, match="deployed to account 999988887777, and these credentials"):
        there.declared(State.of_export(text))


def test_a_key_is_known_by_the_state(tmp_path):
    with deployed(tmp_path) as there:
        made = record(
            there.stack.program,
            config=there.stack.config,
            secret_keys=there.stack.secret_keys,
            stack="prod",
        )
        keys = [one.urn for one in made.resources if one.type == "aws:kms/key:Key"]
        topics = there.cloud.read().of(Kind.TOPIC)
        arns = {t.arn.rsplit(":", 1)[1]: t.get("KmsMasterKeyId") for t in topics}
        resources = [
            {
                "urn": urn,
                "type": "aws:kms/key:Key",
                "id": "k",
                "custom": True,
                "parent": urn.replace("$aws:kms/key:Key", "").replace("-key", ""),
                "outputs": {"arn": arns["watch" if "notify" in urn else "watch-page"]},
            }
            for urn in keys
        ]
        seen = with_state(there, resources)
        assert not [f for f in seen.findings if f.level == "error"]
        resources[0]["outputs"], resources[1]["outputs"] = (
            resources[1]["outputs"],
            resources[0]["outputs"],
        )
        swapped = [f.what for f in with_state(there, resources).findings if f.level == "error"]
    assert any("KmsMasterKeyId is arn:" in what for what in swapped)
