import xml.etree.ElementTree as ET

import pytest

import alerting.scenarios.session  # noqa: F401 - what pytester is first to load, it forgets again
from tests.scenarios.stories import story

TEXT = """series: [{alarm: busy, values: '40 for 1h, 95 for 30m, 40 for 30m'}]
tests:
  day:
    expect:
      - {alarm: busy, state: ALARM, at: 1h5m}
      - {alarm: busy, state: OK, at: 2h}
    only: true
"""


def test_each_expectation_is_a_test_with_junit_and_selection(pytester: pytest.Pytester):
    story(pytester.path, TEXT)
    ran = pytester.runpytest("--junitxml=out.xml", "-k", "ALARM or OK")
    assert ran.ret == 1
    assert "1 failed, 1 passed, 1 deselected" in ran.stdout.str()
    assert "story.scenario.yaml:7: busy: expected OK at 2h, got it at 1h35m" in ran.stdout.str()
    cases = list(ET.parse(pytester.path / "out.xml").iter("testcase"))
    assert [case.get("name") for case in cases] == [
        "day: busy ALARM at 1h5m (line 6)",
        "day: busy OK at 2h (line 7)",
    ]
    assert [len(case.findall("failure")) for case in cases] == [0, 1]


def test_what_is_known_before_the_replay_is_an_error_and_so_is_an_empty_file(
    pytester: pytest.Pytester,
):
    story(pytester.path, TEXT.replace("alarm: busy, state: OK", "alarm: bussy, state: OK"))
    (pytester.path / "empty.scenario.yaml").write_text("")
    ran = pytester.runpytest("--continue-on-collection-errors")
    assert ran.ret == 1
    assert "4 errors" in ran.stdout.str()
    assert "empty.scenario.yaml:1: is empty" in ran.stdout.str()
    assert "no alarm 'bussy'; did you mean 'busy'?" in ran.stdout.str()
    assert "During handling" not in ran.stdout.str()
    assert "scenarios/run.py" not in ran.stdout.str()


def test_any_yaml_that_is_named_is_a_scenario_and_no_other(pytester: pytest.Pytester):
    story(pytester.path, TEXT).rename(pytester.path / "story.yaml")
    assert pytester.runpytest().ret == 5  # pytest's own code for: no tests were collected
    assert "2 failed, 1 passed" in pytester.runpytest("story.yaml").stdout.str()
