"""Reminders, on the real engine."""

import json
from typing import Any

import pytest

from tests.engine.account import Account
from tests.engine.edits import put
from tests.engine.inventory import in_account
from tests.engine.project import Project

pytestmark = pytest.mark.engine


def _target(account: Account) -> Any:
    listed = account.cloud.client("events").list_targets_by_rule(Rule="dev-reminders-notify")
    return listed["Targets"][0]["InputTransformer"]["InputTemplate"]


def test_reminders_live_with_their_severity(project: Project, account: Account) -> None:
    before = in_account(account.cloud)
    project.edit(put("severities", to={"notify": {"remind": {}}}))
    project.init("dev")
    made = project.up("dev").names()
    assert made["reminders-machine"] == made["reminders-notify-target"] == "create"
    assert '"after": 3600' in _target(account)

    assert project.up("dev").names() == {}
    assert project.steps("refresh", "--stack", "dev", "--yes").names() == {}

    project.edit(put("severities", "notify", "remind", to={"after": "30m"}))
    assert project.up("dev").names() == {"reminders-notify-target": "update"}
    assert '"after": 1800' in _target(account)

    machines = account.cloud.client("stepfunctions").list_state_machines()["stateMachines"]
    (arn,) = (one["stateMachineArn"] for one in machines)
    held = account.cloud.client("stepfunctions").describe_state_machine(stateMachineArn=arn)
    assert json.loads(held["definition"])["StartAt"] == "Wait"

    project.run("destroy", "--stack", "dev", "--yes", "--skip-preview")
    assert in_account(account.cloud) == before
