import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

from tests.scenarios.stories import story

TEXT = """series: [{alarm: busy, values: '40 for 1h, 95 for 30m, 40 for 30m'}]
tests:
  day:
    expect:
      - {alarm: busy, state: ALARM, at: 1h5m}
      - {alarm: busy, state: OK, at: 2h}
    only: true
"""


def pytest_run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_each_expectation_is_a_test_with_junit_and_selection(tmp_path: Path):
    story(tmp_path, TEXT)
    ran = pytest_run(tmp_path, "--junitxml=out.xml", "-k", "ALARM or OK")
    assert ran.returncode == 1
    assert "1 failed, 1 passed, 1 deselected" in ran.stdout
    assert "story.scenario.yaml:7: busy: expected OK at 2h, got it at 1h35m" in ran.stdout
    cases = list(ET.parse(tmp_path / "out.xml").iter("testcase"))
    assert [case.get("name") for case in cases] == [
        "day: busy ALARM at 1h5m (line 6)",
        "day: busy OK at 2h (line 7)",
    ]
    assert [len(case.findall("failure")) for case in cases] == [0, 1]


def test_what_is_known_before_the_replay_is_an_error_and_so_is_an_empty_file(tmp_path: Path):
    story(tmp_path, TEXT.replace("alarm: busy, state: OK", "alarm: bussy, state: OK"))
    (tmp_path / "empty.scenario.yaml").write_text("")
    ran = pytest_run(tmp_path, "--continue-on-collection-errors")
    assert ran.returncode == 1
    assert "4 errors" in ran.stdout
    assert "empty.scenario.yaml:1: is empty" in ran.stdout
    assert "no alarm 'bussy'; did you mean 'busy'?" in ran.stdout
    assert "During handling" not in ran.stdout
    assert "scenarios/run.py" not in ran.stdout


def test_any_yaml_that_is_named_is_a_scenario_and_no_other(tmp_path: Path):
    story(tmp_path, TEXT).rename(tmp_path / "story.yaml")
    assert pytest_run(tmp_path).returncode == 5  # pytest's own code for: no tests were collected
    assert "2 failed, 1 passed" in pytest_run(tmp_path, "story.yaml").stdout
