"""Alarms that become several, on the real engine."""

from typing import Any

import pytest

from tests.engine.account import Account
from tests.engine.edits import drop, put
from tests.engine.inventory import in_account
from tests.engine.project import Project

pytestmark = pytest.mark.engine

TRAFFIC = {"namespace": "AWS/EC2", "name": "NetworkIn", "statistic": "Sum"}


def _composites(account: Account) -> dict[str, Any]:
    found = account.cloud.client("cloudwatch").describe_alarms(AlarmTypes=["CompositeAlarm"])
    return {alarm["AlarmName"]: alarm for alarm in found["CompositeAlarms"]}


def _metric_alarms(account: Account) -> set[str]:
    found = account.cloud.client("cloudwatch").describe_alarms(AlarmTypes=["MetricAlarm"])
    return {alarm["AlarmName"] for alarm in found["MetricAlarms"]}


def test_a_family_lives_and_dies_together(project: Project, account: Account) -> None:
    before = in_account(account.cloud)
    guard = {"metric": TRAFFIC, "atLeast": 1000}
    project.edit(put("alarms", "cpu-high", "onlyWhen", to=guard))
    project.edit(put("alarms", "trouble", to={"any": ["cpu-high", "cpu-unusual"]}))
    project.init("dev")
    made = project.up("dev").names()
    order = list(made)
    for child in ("alarms-cpu-high-threshold", "alarms-cpu-high-volume"):
        assert order.index(child) < order.index("alarms-cpu-high") < order.index("alarms-trouble")
    assert {name: alarm["AlarmRule"] for name, alarm in _composites(account).items()} == {
        "dev-cpu-high-alert": 'ALARM("dev-cpu-high-threshold") AND ALARM("dev-cpu-high-volume")',
        "dev-trouble": 'ALARM("dev-cpu-high-alert") OR ALARM("dev-cpu-unusual")',
    }

    assert project.up("dev").names() == {}
    assert project.steps("refresh", "--stack", "dev", "--yes").names() == {}

    project.edit(put("alarms", "cpu-high", "onlyWhen", "atLeast", to=2000))
    assert project.up("dev").names() == {
        "alarms-cpu-high-volume": "update",
        "alarms-cpu-high": "update",  # which describes both
    }

    project.edit(put("alarms", "trouble", "any", to=["cpu-unusual"]))
    assert project.up("dev").names() == {"alarms-trouble": "update"}

    project.run("destroy", "--stack", "dev", "--yes", "--skip-preview")
    assert in_account(account.cloud) == before


def test_an_alarm_becomes_a_family_and_is_one_alarm_again(
    project: Project, account: Account
) -> None:
    project.init("dev")
    project.up("dev")
    escalate = {"threshold": {"above": 95}, "severity": "notify"}
    project.edit(put("alarms", "cpu-high", "escalate", to=escalate))
    project.up("dev")
    (composite,) = _composites(account).values()
    assert composite["AlarmName"] == "dev-cpu-high-alert"
    assert composite["ActionsSuppressor"] == "dev-cpu-high-escalated"
    assert "dev-cpu-high" not in _metric_alarms(account)

    project.edit(drop("alarms", "cpu-high", "escalate"))
    project.up("dev")
    assert not _composites(account)
    assert _metric_alarms(account) == {"dev-cpu-high", "dev-cpu-unusual"}
