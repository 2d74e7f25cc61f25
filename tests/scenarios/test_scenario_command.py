import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from alerting.cli import app
from alerting.output import BadInput
from tests.scenarios.stories import alarm, story

GOOD = """series: [{alarm: busy, values: '40 for 1h, 95 for 30m, 40 for 30m'}]
expect:
  - {alarm: busy, state: ALARM, at: 1h5m}
"""
BAD = GOOD.replace("at: 1h5m", "at: 2h")


def command(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["rehearse", *map(str, arguments)])


def test_scenarios_that_hold_exit_0(tmp_path: Path):
    result = command("--scenario", story(tmp_path, GOOD))
    assert result.exit_code == 0
    assert "1 scenario, 1 expectation: 1 held, 0 failed" in result.stdout


def test_a_failed_expectation_exits_1_with_its_line_first_and_totals_last(tmp_path: Path):
    result = command("--scenario", story(tmp_path, BAD))
    assert result.exit_code == 1
    assert "story.scenario.yaml:4\nbusy: expected ALARM at 2h, got it at 1h5m\n" in result.stdout
    assert result.stdout.splitlines()[-1] == "1 scenario, 1 expectation: 0 held, 1 failed"


def test_off_a_terminal_the_text_is_plain(tmp_path: Path):
    assert "\x1b" not in command("--scenario", story(tmp_path, BAD)).stdout


def test_what_is_known_before_the_replay_is_bad_input(tmp_path: Path):
    result = command("--scenario", story(tmp_path, GOOD.replace("1h5m", "9h")))
    assert isinstance(result.exception, BadInput)  # which `main` turns into exit code 2
    assert "past the data" in str(result.exception)


def test_several_files_may_follow_the_option(tmp_path: Path):
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    result = command("--scenario", story(first, GOOD), story(second, BAD))
    assert result.exit_code == 1
    assert "2 scenarios, 2 expectations: 1 held, 1 failed" in result.stdout


def test_a_folder_stands_for_its_scenarios(tmp_path: Path):
    story(tmp_path, GOOD)
    assert command("--scenario", tmp_path).exit_code == 0


def test_equal_failures_are_shown_once_with_all_their_places(tmp_path: Path):
    text = BAD + "  - {alarm: busy, state: ALARM, at: 2h}\n"
    text = text.replace("state: ALARM, at: 2h", "state: ALARM, times: 3")
    result = command("--scenario", story(tmp_path, text))
    assert result.stdout.count("expected ALARM 3 times") == 1
    assert "yaml:4\n" in result.stdout
    assert "yaml:5\n" in result.stdout


def test_the_same_comes_as_data(tmp_path: Path):
    result = command("--scenario", story(tmp_path, BAD), "--json", "-")
    data = json.loads(result.stdout)
    assert data["counts"] == {"scenarios": 1, "expectations": 1, "failed": 1}
    (one,) = data["scenarios"][0]["expectations"]
    assert (one["line"], one["held"]) == (4, False)
    assert one["failure"]["headline"] == "busy: expected ALARM at 2h, got it at 1h5m"


def test_the_same_comes_as_markdown(tmp_path: Path):
    result = command("--scenario", story(tmp_path, BAD), "--markdown", "-")
    assert "- **busy: expected ALARM at 2h, got it at 1h5m**" in result.stdout
    assert "1h   95  limit > 80  breaches" in result.stdout


def test_a_selection_plays_some_tests_alone(tmp_path: Path):
    text = """series: [{alarm: busy, values: 40 for 1h}]
tests:
  quiet: {expect: [{alarm: busy, never: ALARM}]}
  loud: {expect: [{alarm: busy, state: ALARM, at: 5m}]}
"""
    file = story(tmp_path, text)
    assert command("--scenario", file).exit_code == 1
    assert command("--scenario", file, "--select", "::quiet").exit_code == 0


def test_coverage_says_what_no_scenario_shows(tmp_path: Path):
    file = story(tmp_path, GOOD, [alarm(), alarm("idle", AlarmActions=["arn:aws:sns:x:1:pages"])])
    result = command("--scenario", file)
    assert "coverage of alarms.json: 50 %" in result.stdout
    assert "never fires: idle" in result.stdout
    assert "never clears: idle" in result.stdout
    assert "is never told: arn:aws:sns:x:1:pages" in result.stdout


@pytest.mark.parametrize(("least", "code"), [("50", 0), ("51", 1)])
def test_too_little_coverage_exits_1(tmp_path: Path, least: str, code: int):
    file = story(tmp_path, GOOD, [alarm(), alarm("idle", AlarmActions=["arn:aws:sns:x:1:pages"])])
    assert command("--scenario", file, "--fail-under", least).exit_code == code


def test_an_alarm_that_clears_by_way_of_insufficient_data_counts_as_cleared(tmp_path: Path):
    text = GOOD.replace("40 for 30m", "missing for 30m, 40 for 30m")
    assert "coverage of alarms.json: 100 %" in command("--scenario", story(tmp_path, text)).stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "give one of --stack NAME, --scenario FILE... and --alarms FILE, got none"),
        (["--scenario", "x", "--stack", "dev"], "got --stack and --scenario"),
        (["--stack", "dev", "x.scenario.yaml"], "FILE does not go with --stack"),
        (["--stack", "dev", "--fail-under", "50"], "--fail-under does not go with --stack"),
    ],
)
def test_options_that_mean_nothing_together_are_refused(arguments: list[str], message: str):
    result = command(*arguments)
    assert isinstance(result.exception, BadInput)
    assert message in str(result.exception)


def test_what_cannot_be_replayed_does_not_count_for_coverage(tmp_path: Path):
    both = {"AlarmName": "both", "AlarmRule": "ALARM(busy)", "ActionsSuppressor": "busy"}
    result = command("--scenario", story(tmp_path, GOOD, [alarm(), both]), "--fail-under", 100)
    assert result.exit_code == 0
    assert "cannot be replayed, and does not count: both" in result.stdout
