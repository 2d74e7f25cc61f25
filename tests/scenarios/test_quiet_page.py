"""The timelines on the page about what is held back are those of the scenarios."""

import re
from pathlib import Path

import pytest

from alerting.scenarios.reading import read_scenario
from alerting.scenarios.session import play_scenario
from alerting.scenarios.timeline import lines

PROJECT = Path(__file__).parents[2]
PAGE = PROJECT / "docs/family/quiet.md"


@pytest.mark.parametrize("name", ["release", "known-cause"])
def test_a_timeline_on_the_page_is_the_one_of_its_scenario(name: str):
    scenario = read_scenario(PROJECT / f"examples/scenarios/quiet/{name}.scenario.yaml")
    played = play_scenario(scenario, scenario.tests)
    blocks = re.findall(r"```text\n(.*?)```", PAGE.read_text(), re.DOTALL)
    (block,) = (block for block in blocks if f"{name}.scenario.yaml" in block)
    assert block.splitlines()[1:] == [f"  {line}" for line in lines(played.run)]
    assert all(verdict.failure is None for verdict in played.verdicts)
