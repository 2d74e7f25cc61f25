"""Alarms on logs and over fleets, deployed in memory: botocore checks every request's shape."""

import shutil
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from alerting.rehearsal.rehearse import rehearse
from alerting.rehearsal.report import as_data
from alerting.stackfile import read_stack

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def rehearsal(tmp_path_factory):
    folder = tmp_path_factory.mktemp("logs")
    for file in (ROOT / "examples/scenarios/logs").glob("[P_]*"):
        if file.is_file():
            shutil.copy(file, folder)
    stack = YAML(typ="safe").load(folder / "Pulumi.dev.yaml")
    stack["config"]["logs:watch"] = {"web": {"kind": "ec2", "fleet": True}}
    YAML().dump(stack, folder / "Pulumi.dev.yaml")
    return as_data(rehearse(read_stack("dev", folder), recordings={}))


def test_every_alarm_is_deployed_and_set_off_by_hand(rehearsal):
    assert {change["alarm"] for change in rehearsal["timeline"]} == {
        *("errors", "errors-threshold", "errors-escalated", "slow", "odd"),
        *("web-cpu", "web-status-check", "web-status-check-ebs"),
    }


def test_no_notification_is_lost(rehearsal):
    assert rehearsal["lost"] == []
    assert rehearsal["counts"]["notifications"] > 0


def test_a_fleet_is_said_to_be_never_replayed_rather_than_without_a_recording(rehearsal):
    assert "is a Metrics Insights query; none is replayed" in rehearsal["notReplayed"]["web-cpu"]
