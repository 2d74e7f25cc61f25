"""A second path and a heartbeat, on the real engine."""

import json
from typing import Any

import pytest

from tests.engine.account import Account
from tests.engine.edits import put
from tests.engine.inventory import in_account
from tests.engine.project import Project

pytestmark = pytest.mark.engine

PHONE = {"protocol": "sms", "endpoint": "+15550100", "severities": ["backstop"]}


def _schedule(account: Account) -> Any:
    return account.cloud.client("scheduler").get_schedule(Name="dev-notify-heartbeat")


def test_a_heartbeat_lives_with_its_severity(project: Project, account: Account) -> None:
    before = in_account(account.cloud)
    project.edit(put("severities", to={"notify": {"heartbeat": {}}, "backstop": {}}))
    project.edit(put("secondPath", to={"severity": "backstop"}))
    project.edit(put("receivers", "phone", to=PHONE))
    project.init("dev")
    made = project.up("dev").names()
    assert made["notify-heartbeat-schedule"] == made["second-path-alarms-notify-failed"] == "create"
    asked = json.loads(_schedule(account)["Target"]["Input"])
    assert asked["AlarmName"] == "dev-notify-heartbeat"

    assert project.up("dev").names() == {}
    assert project.steps("refresh", "--stack", "dev", "--yes").names() == {}

    project.edit(put("severities", "notify", "heartbeat", to={"every": "6h"}))
    assert project.up("dev").names() == {
        "notify-alarms-heartbeat-missed": "update",
        "notify-heartbeat-schedule": "update",
    }
    assert _schedule(account)["ScheduleExpression"] == "rate(6 hours)"

    project.run("destroy", "--stack", "dev", "--yes", "--skip-preview")
    assert in_account(account.cloud) == before
