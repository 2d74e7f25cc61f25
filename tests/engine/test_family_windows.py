"""Windows, learning and detectors, on the real engine."""

from typing import Any

import pytest

from tests.engine.account import Account
from tests.engine.edits import drop, put
from tests.engine.inventory import in_account
from tests.engine.project import Project

pytestmark = pytest.mark.engine

DEPLOY = {"from": "2026-12-01T20:00", "to": "2026-12-01T22:00", "timezone": "Europe/Berlin"}
NIGHTLY = {"cron": "0 2 * * *", "lasts": "1h", "timezone": "UTC"}


def _detectors(account: Account) -> list[Any]:
    return account.cloud.client("cloudwatch").describe_anomaly_detectors()["AnomalyDetectors"]


def _excluded(account: Account) -> list[str]:
    (detector,) = _detectors(account)
    ranges = detector["Configuration"].get("ExcludedTimeRanges", [])
    return [f"{one['StartTime']:%Y-%m-%dT%H:%MZ}" for one in ranges]


def _learned(config: dict[str, Any]) -> None:
    del config["alarms"]["cpu-unusual"]["learnUntil"]


def test_windows_and_detectors_live_with_their_alarms(project: Project, account: Account) -> None:
    before = in_account(account.cloud)
    project.edit(put("windows", to={"deploy": DEPLOY, "nightly": NIGHTLY}))
    project.edit(put("alarms", "cpu-unusual", "learnUntil", to="2026-12-15"))
    project.init("dev")
    made = project.up("dev").names()
    (detector,) = (name for name in made if name.endswith("-detector"))
    assert made["alarms-window-deploy"] == made["alarms-learning-2026-12-15"] == "create"
    assert _excluded(account) == ["2026-12-01T19:00Z"]

    assert project.up("dev").names() == {}
    assert project.steps("refresh", "--stack", "dev", "--yes").names() == {}

    project.edit(put("windows", "deploy", "to", to="2026-12-01T23:00"))
    project.edit(put("alarms", "cpu-unusual", "band", "timezone", to="Europe/Berlin"))
    assert project.up("dev").names() == {detector: "update", "alarms-window-deploy": "update"}
    assert _detectors(account)[0]["Configuration"]["MetricTimezone"] == "Europe/Berlin"

    project.edit(drop("windows", "deploy"))
    project.edit(_learned)
    assert project.up("dev").names() == {
        detector: "update",
        "alarms-window-deploy": "delete",
        "alarms-learning-2026-12-15": "delete",
    }
    assert _excluded(account) == []

    project.run("destroy", "--stack", "dev", "--yes", "--skip-preview")
    assert in_account(account.cloud) == before
    assert _detectors(account) == []


def test_an_alarm_is_removed_before_its_detector(project: Project, account: Account) -> None:
    """Or CloudWatch would make the detector anew for the alarm that is still there."""
    project.edit(put("alarms", "cpu-unusual", "band", "spiky", to=True))
    project.init("dev")
    project.up("dev")
    assert len(_detectors(account)) == 1
    project.edit(drop("alarms", "cpu-unusual"))
    project.up("dev")
    removed = [entry.call.operation for entry in account.changes()][-2:]
    assert removed == ["delete_alarms", "delete_stack"]
    assert _detectors(account) == []
