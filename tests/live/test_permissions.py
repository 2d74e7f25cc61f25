"""The IAM policy: what verify calls is allowed, and nothing is allowed that it does not call."""

import re
from fnmatch import fnmatchcase
from typing import Any

import pytest

from alerting.account import Deployment, account_of
from alerting.live.permissions import policy
from alerting.live.plan import plan
from alerting.live.proof import carry_out
from alerting.live.resend import resend
from alerting.output import as_json
from alerting.recording import record
from alerting.stackfile import read_stack
from tests.live.deployed_stack import MAIL_ONLY, ROOT, Deployed, deployed, project

PREFIXES = {"monitoring": "cloudwatch"}
"""What IAM calls a service, where that is not what its endpoint is called."""
ARNS = {
    "TopicArn": "{}",
    "FunctionName": "{}",
    "RoleName": "arn:aws:iam::123456789012:role/{}",
    "QueueName": "arn:aws:sqs:us-east-1:123456789012:{}",
    "AlarmName": "arn:aws:cloudwatch:us-east-1:123456789012:alarm:{}",
}
"""By parameter, the ARN of the thing that is asked for."""


def of(deployment: Deployment, **more: bool) -> dict[str, Any]:
    return policy(deployment, account_of(deployment), **more)


def recorded(folder, text: str) -> Deployment:
    stack = project(folder, text)
    return record(
        stack.program, config=stack.config, secret_keys=stack.secret_keys, stack=stack.stack
    )


def actions(document: dict[str, Any]) -> set[str]:
    return {action for statement in document["Statement"] for action in statement["Action"]}


def resources(document: dict[str, Any], action: str) -> list[str]:
    return [
        resource
        for statement in document["Statement"]
        if action in statement["Action"]
        for resource in statement["Resource"]
    ]


BY_TAG = f"""{MAIL_ONLY}
  watch:watch:
    queues: {{kind: sqs, tags: {{team: shop}}, off: [age]}}
"""


def test_a_stack_that_finds_by_tag_may_look_and_set_what_is_found(tmp_path):
    document = of(recorded(tmp_path, BY_TAG), send=True)
    assert resources(document, "tag:GetResources") == ["*"]
    prefix = "arn:aws:cloudwatch:us-east-1:*:alarm:prod"
    assert resources(document, "cloudwatch:SetAlarmState") == [
        f"{prefix}-cpu",
        f"{prefix}-queues-*",
    ]


def test_a_stack_that_does_not_may_not_look(tmp_path):
    assert "tag:GetResources" not in actions(of(recorded(tmp_path, MAIL_ONLY)))


@pytest.fixture(scope="module")
def used(tmp_path_factory):
    """A stack that has everything, verified with everything on."""
    text = (ROOT / "Pulumi.prod.yaml").read_text().replace("anomaly-alerting:", "watch:")
    with deployed(tmp_path_factory.mktemp("used"), text, alive=False) as stack:
        stack.cloud.client("cloudwatch").put_alarm_mute_rule(
            Name="quiet", Rule={"Schedule": {"Expression": "cron(0 3 * * *)", "Duration": "PT1H"}}
        )
        stack.cloud.gaps.subscriptions.pending.add(stack.subscription("prod-alerts", "email"))
        seen = stack.look()
        assert len(list(resend(seen))) == 1
        chosen = plan(stack.connection, seen.live, seen.alarms)
        carry_out(stack.connection, chosen.trials, timeout=1, say=len, warn=len, poll=0)
        yield stack


def called(stack: Deployed) -> set[str]:
    return {f"{PREFIXES.get(service, service)}:{name}" for service, name, _ in stack.calls}


def test_what_is_called_is_what_is_allowed(used):
    document = of(used.declared().deployment, resend=True, send=True)
    assert called(used) == actions(document)


def test_every_call_is_for_something_that_is_allowed(used):
    document = of(used.declared().deployment, resend=True, send=True)
    checked = 0
    for service, name, params in used.calls:
        allowed = resources(document, f"{PREFIXES.get(service, service)}:{name}")
        for key, form in ARNS.items():
            if key in params:
                wanted = form.format(params[key])
                checked += 1
                assert any(fnmatchcase(wanted, one) for one in allowed), (name, wanted, allowed)
    assert checked > 30


def test_reading_alone_changes_nothing(tmp_path):
    document = of(recorded(tmp_path, MAIL_ONLY))
    assert all(re.fullmatch(r"\w+:(Describe|Get|List)\w+", one) for one in actions(document))


def test_what_a_stack_has_not_is_not_asked_for(tmp_path):
    document = of(recorded(tmp_path, MAIL_ONLY), resend=True, send=True)
    assert {action.split(":")[0] for action in actions(document)} == {
        "cloudwatch",
        "kms",
        "sns",
        "sqs",
    }
    assert resources(document, "sqs:CreateQueue") == ["arn:aws:sqs:us-east-1:*:alerting-probe-*"]


def test_many_names_become_one_pattern(tmp_path):
    alarms = "".join(
        f"    a{n}:\n      metric: {{namespace: AWS/EC2, name: CPUUtilization}}\n"
        "      threshold: {above: 80}\n"
        for n in range(12)
    )
    document = of(recorded(tmp_path, MAIL_ONLY + alarms), send=True)
    assert resources(document, "cloudwatch:SetAlarmState") == [
        "arn:aws:cloudwatch:us-east-1:*:alarm:prod-*"
    ]


def test_a_queue_nobody_knows_the_name_of_may_be_any_of_the_region(tmp_path):
    text = MAIL_ONLY.replace(
        "{protocol: email, endpoint: team@example.com}",
        "{protocol: sqs, endpoint: {secret: queue}}\n  watch:queue: {secure: v1:c2VjcmV0}",
    )
    document = of(recorded(tmp_path, text))
    assert resources(document, "sqs:GetQueueAttributes") == ["arn:aws:sqs:us-east-1:*:*"]


def test_another_accounts_topic_keeps_its_account(tmp_path):
    arn = "arn:aws:sns:us-east-1:111122223333:central"
    text = MAIL_ONLY.replace("threshold:", f'actions: ["{arn}"]\n      threshold:')
    assert arn in resources(of(recorded(tmp_path, text)), "sns:GetTopicAttributes")


def test_the_documented_policy_is_the_one_that_is_printed():
    stack = read_stack("dev", ROOT)
    deployment = record(stack.program, config=stack.config, stack="dev")
    page = (ROOT / "docs" / "verify.md").read_text()

    assert as_json(of(deployment, resend=True, send=True)) in page


def test_everything_that_verify_finds_is_documented():
    page = (ROOT / "docs" / "verify.md").read_text()
    code = "".join(path.read_text() for path in (ROOT / "alerting/live").glob("*.py"))
    found = set(re.findall(r'"((?:drift|metric|nothing|alarm)-[a-z-]+)"', code))
    assert len(found) == 8
    assert found <= set(re.findall(r"^\| `([a-z-]+)` \|", page, re.MULTILINE))
