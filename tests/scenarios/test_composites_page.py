"""The timelines on the page about composite alarms are those of the scenarios."""

import re
from pathlib import Path

import pytest

from alerting.scenarios.reading import read_scenario
from alerting.scenarios.session import play_scenario
from alerting.scenarios.timeline import lines

PROJECT = Path(__file__).parents[2]
PAGE = PROJECT / "docs/family/composites.md"


@pytest.mark.parametrize(
    ("name", "of_what"),
    [
        ("night", re.compile(r".* errors(-\w+)?: ")),
        ("escalated", re.compile(r"2014-04-15 .* cpu-odd(-escalated)?: ")),
    ],
)
def test_a_timeline_on_the_page_is_the_one_of_its_scenario(name: str, of_what: re.Pattern[str]):
    scenario = read_scenario(PROJECT / f"examples/scenarios/composites/{name}.scenario.yaml")
    played = play_scenario(scenario, scenario.tests)
    blocks = re.findall(r"```text\n(.*?)```", PAGE.read_text(), re.DOTALL)
    (block,) = (block for block in blocks if f"{name}.scenario.yaml" in block)
    shown = [f"  {line}" for line in lines(played.run) if of_what.match(line)]
    assert block.splitlines()[1:] == shown
    assert all(verdict.failure is None for verdict in played.verdicts)
