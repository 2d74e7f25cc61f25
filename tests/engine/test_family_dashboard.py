"""A dashboard and a budget, on the real engine."""

import json
from typing import Any

import pytest

from tests.engine.account import Account
from tests.engine.edits import drop, put
from tests.engine.inventory import in_account
from tests.engine.project import Project

pytestmark = pytest.mark.engine


def _shown(account: Account) -> Any:
    cloudwatch = account.cloud.client("cloudwatch")
    return json.loads(cloudwatch.get_dashboard(DashboardName="dev-alerts")["DashboardBody"])


def test_a_dashboard_lives_with_its_alarms(project: Project, account: Account) -> None:
    before = in_account(account.cloud)
    project.edit(put("dashboard", to={}))
    project.edit(put("budget", to=4.4))
    project.init("dev")
    assert project.up("dev").names()["dashboard-dashboard"] == "create"
    [states, *graphs] = _shown(account)["widgets"]
    assert [arn.rsplit(":", 1)[1] for arn in states["properties"]["alarms"]] == [
        "dev-cpu-high",
        "dev-cpu-unusual",
    ]
    assert len(graphs) == 2

    assert project.up("dev").names() == {}
    assert project.steps("refresh", "--stack", "dev", "--yes").names() == {}

    project.edit(put("alarms", "cpu-unusual", "band", "width", to=4))
    assert project.up("dev").names() == {
        "alarms-cpu-unusual": "update",
        "dashboard-dashboard": "update",
    }
    band = _shown(account)["widgets"][2]["properties"]["metrics"][1][0]
    assert band["expression"] == "ANOMALY_DETECTION_BAND(observed, 4)"

    project.edit(drop("alarms", "cpu-high"))
    assert project.up("dev").names() == {
        "alarms-cpu-high": "delete",
        "dashboard-dashboard": "update",
    }

    project.run("destroy", "--stack", "dev", "--yes", "--skip-preview")
    assert in_account(account.cloud) == before


def test_a_stack_beyond_its_budget_fails_at_preview(project: Project, account: Account) -> None:
    project.edit(put("dashboard", to={}))
    project.edit(put("budget", to=4))
    project.init("dev")
    ended = project.run("preview", "--stack", "dev", check=False)
    assert ended.code != 0
    assert "budget: is 4.00 USD a month, and the stack costs 4.40" in ended.output
    assert not account.cloud.client("sns").list_topics()["Topics"]
