"""Alarms over a fleet, from a stack file to what is said of them."""

import shutil
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from alerting.cloudwatch.bill import bill
from alerting.explain.explanation import explain
from alerting.explain.sentence import sentence
from alerting.settings import Settings
from alerting.stackfile import read_stack

ROOT = Path(__file__).parents[2]
CONFIG = {
    "aws:region": "us-east-1",
    "anomaly-alerting:receivers": {"mail": {"protocol": "email", "endpoint": "team@example.com"}},
    "anomaly-alerting:watch": {
        "web": {"kind": "ec2", "fleet": True},
        "nodes": {"kind": "eks", "fleet": True, "off": ["failed-nodes"]},
    },
}


@pytest.fixture(scope="module")
def explained(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fleet")
    for name in ("Pulumi.yaml", "__main__.py"):
        shutil.copy(ROOT / name, folder)
    YAML().dump({"config": CONFIG}, folder / "Pulumi.fleet.yaml")
    return explain(read_stack("fleet", folder))


def test_it_is_any_member_that_is_looked_at(explained):
    [cpu] = [one for one in explained.alarms if one.alarm.label == "web-cpu"]
    assert sentence(cpu) == (
        "tells mail (email) when the average CPUUtilization of any InstanceId is above 80 for "
        "3 of 3 periods of 5 minutes; earliest notice about 16 minutes after onset"
    )


def test_its_price_is_the_least_it_can_be(explained):
    [line] = [one for one in explained.bill if one.kind == "Metrics Insights alarm"]
    assert (line.count, str(line.amount), line.certain) == (6, "0.60", False)
    assert explained.together == "from 1.60"


def test_the_budget_counts_what_is_billed(explained):
    given = {key.removeprefix("anomaly-alerting:"): value for key, value in CONFIG.items()}
    del given["aws:region"]
    place = {"account_id": "123456789012", "region": "us-east-1"}
    counted = bill(Settings.parse(given, stack="fleet", place=place).charges)
    assert {line.kind: line for line in counted} == {line.kind: line for line in explained.bill}


def test_their_limits_are_said_once_for_all(explained):
    [note] = [one for one in explained.findings if one.rule == "fleet-limits"]
    assert note.what.startswith("nodes-node-cpu, nodes-node-filesystem, ")
    assert "and web-status-check-ebs look at whatever members there are" in note.what


def test_what_its_metrics_need_is_said(explained):
    [needed] = [one for one in explained.requirements if "Insights" in one.what]
    assert "nodes-node-cpu" in needed.alarms


def test_nothing_is_wrong_with_it(explained):
    assert not explained.wrong
