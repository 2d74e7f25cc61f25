"""An alarm that becomes a family, and is one alarm again, on the real engine."""

import pytest

from tests.engine.account import Account
from tests.engine.edits import drop, put
from tests.engine.inventory import in_account
from tests.engine.project import Project

pytestmark = pytest.mark.engine

GUARD = {"metric": {"namespace": "Shop", "name": "Requests", "statistic": "Sum"}, "atLeast": 100}


def _telling(account: Account) -> set[str]:
    """The alarms that tell somebody of ALARM."""
    found = account.cloud.client("cloudwatch").describe_alarms(
        AlarmTypes=["MetricAlarm", "CompositeAlarm"]
    )
    alarms = [*found["MetricAlarms"], *found["CompositeAlarms"]]
    return {alarm["AlarmName"] for alarm in alarms if alarm["AlarmActions"]}


def test_a_guard_can_be_put_before_an_alarm_and_taken_away(
    project: Project, account: Account
) -> None:
    before = in_account(account.cloud)
    project.init("dev")
    project.up("dev")
    assert _telling(account) == {"dev-cpu-high", "dev-cpu-unusual"}

    project.edit(put("alarms", "cpu-unusual", "onlyWhen", to=GUARD))
    project.up("dev")
    assert _telling(account) == {"dev-cpu-high", "dev-cpu-unusual-alert"}
    assert project.up("dev").names() == {}
    assert project.steps("refresh", "--stack", "dev", "--yes").names() == {}

    project.edit(drop("alarms", "cpu-unusual", "onlyWhen"))
    project.up("dev")
    assert _telling(account) == {"dev-cpu-high", "dev-cpu-unusual"}
    assert project.up("dev").names() == {}

    project.run("destroy", "--stack", "dev", "--yes", "--skip-preview")
    assert in_account(account.cloud) == before
