"""Windows, learning and detectors of a stack file, down to what AWS would hold."""

from pathlib import Path

import pytest

from alerting.account import Kind, account_of
from alerting.recording import record
from alerting.stackfile import read_stack

STACK = Path(__file__).parents[2] / "examples/scenarios/windows"


@pytest.fixture(scope="module")
def account():
    file = read_stack("dev", STACK)
    return account_of(record(file.program, config=file.config, stack="dev"))


def test_each_window_and_date_is_a_mute_rule(account):
    rules = {rule.label: rule for rule in account.of(Kind.MUTE_RULE)}
    assert {name: rule.get("MuteTargets")["AlarmNames"] for name, rule in rules.items()} == {
        "release": ["dev-cpu-high", "dev-cpu-unusual", "dev-memory-high"],
        "backup": ["dev-cpu-unusual", "dev-memory-high"],
        "learning-2026-12-08": ["dev-cpu-unusual"],
    }
    assert rules["release"].get("MuteType") == "ONE_TIME"
    assert rules["backup"].get("MuteType") == "RECURRING"
    assert rules["learning-2026-12-08"].get("ExpireDate") == "2026-12-08T00:00:00Z"


def test_the_detector_leaves_out_the_window_that_is_there_once(account):
    (detector,) = account.of(Kind.DETECTOR)
    assert detector.get("MetricName") == "CPUUtilization"
    assert detector.get("Configuration") == {
        "ExcludedTimeRanges": [
            {"StartTime": "2026-12-08T19:00:00Z", "EndTime": "2026-12-08T21:00:00Z"}
        ],
        "MetricTimezone": "Europe/Berlin",
    }
    assert detector.urn.endswith("-detector")


def test_every_run_declares_the_same(account):
    file = read_stack("dev", STACK)
    again = account_of(record(file.program, config=file.config, stack="dev"))
    found = {(item.kind, item.arn, str(item.data)) for item in again.items}
    assert found == {(item.kind, item.arn, str(item.data)) for item in account.items}
