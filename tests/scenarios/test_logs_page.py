"""The page about alarms on logs: its timelines are those of the scenarios, its config is sound."""

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from alerting.scenarios.reading import read_scenario
from alerting.scenarios.session import play_scenario
from alerting.scenarios.timeline import lines
from alerting.settings import Settings

PROJECT = Path(__file__).parents[2]
PAGE = PROJECT / "docs/logs.md"


@pytest.mark.parametrize("name", ["errors", "odd"])
def test_a_timeline_on_the_page_is_the_one_of_its_scenario(name: str):
    scenario = read_scenario(PROJECT / f"examples/scenarios/logs/{name}.scenario.yaml")
    played = play_scenario(scenario, scenario.tests)
    blocks = re.findall(r"```text\n(.*?)```", PAGE.read_text(), re.DOTALL)
    (block,) = (block for block in blocks if f"{name}.scenario.yaml" in block)
    assert block.splitlines()[1:] == [f"  {line}" for line in lines(played.run)]
    assert all(verdict.failure is None for verdict in played.verdicts)


def test_the_config_on_the_page_is_that_of_the_stack():
    (block,) = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(), re.DOTALL)
    (alarms,) = YAML(typ="safe").load(block).values()
    stack = YAML(typ="safe").load(PROJECT / "examples/scenarios/logs/Pulumi.dev.yaml")
    assert alarms == stack["config"]["logs:alarms"]
    place = {"account_id": "123456789012", "region": "us-east-1"}
    mail = {"mail": {"protocol": "email", "endpoint": "oncall@example.com"}}
    severities = {"notify": {}, "page": {}}
    config = {"receivers": mail, "severities": severities, "alarms": alarms}
    assert Settings.parse(config, stack="dev", place=place).charges
