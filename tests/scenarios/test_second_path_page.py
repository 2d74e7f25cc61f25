"""The page about the second path: its timelines are those of the scenarios, its code runs."""

import re
from pathlib import Path

import pytest

import alerting
from alerting.recording import record
from alerting.scenarios.reading import read_scenario
from alerting.scenarios.session import play_scenario
from alerting.scenarios.timeline import lines

PROJECT = Path(__file__).parents[2]
PAGE = PROJECT / "docs/family/second-path.md"


@pytest.mark.parametrize("name", ["heartbeat", "undelivered"])
def test_a_timeline_on_the_page_is_the_one_of_its_scenario(name: str):
    scenario = read_scenario(PROJECT / f"examples/scenarios/second-path/{name}.scenario.yaml")
    played = play_scenario(scenario, scenario.tests)
    blocks = re.findall(r"```text\n(.*?)```", PAGE.read_text(), re.DOTALL)
    (block,) = (block for block in blocks if f"{name}.scenario.yaml" in block)
    assert block.splitlines()[1:] == [f"  {line}" for line in lines(played.run)]
    assert all(verdict.failure is None for verdict in played.verdicts)


def test_the_code_on_the_page_runs():
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    place = {"account_id": "123456789012", "region": "us-east-1"}
    names = ("notify", "page", "backstop")
    topics = {name: f"arn:aws:sns:us-east-1:123456789012:shop-{name}" for name in names}
    mail = {"protocol": "email", "endpoint": "team@example.com"}
    pager = {"protocol": "https", "endpoint": "https://pager.example.com"}
    receivers = {
        "topics": topics,
        "place": place,
        "receivers": {"mail": mail, "pager": pager},
    }
    given = {**vars(alerting), "place": place, "topics": topics, "receivers": receivers}
    deployment = record(lambda: exec(code, given))
    alarm = deployment.named("page-alarms-heartbeat").inputs["name"]
    assert alarm in deployment.named("receivers-pager-page").inputs["filterPolicy"]
    assert deployment.named("page-heartbeat-schedule").inputs["name"] == alarm
