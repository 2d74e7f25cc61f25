"""Scenarios on composite alarms."""

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from alerting.cli import app
from alerting.scenarios.coverage import coverage
from tests.scenarios.stories import TOPIC, alarm, played, story, verdicts

QUIET = {"AlarmActions": [], "OKActions": []}
SERIES = """series:
  - {alarm: busy, values: "40 for 1h, 95 for 30m, 40 for 1h"}
  - {alarm: slow, values: "40 for 75m, 95 for 30m, 40 for 45m"}
"""


def both(**more: Any) -> dict[str, Any]:
    return {
        "AlarmName": "both",
        "AlarmRule": 'ALARM("busy") AND ALARM("slow")',
        "AlarmActions": [TOPIC],
        **more,
    }


def alarms(**more: Any) -> list[dict[str, Any]]:
    return [alarm(**QUIET), alarm("slow", **QUIET), both(**more)]


def test_a_composite_is_expected_on_like_any_alarm(tmp_path: Path):
    text = f"""{SERIES}expect:
  - alarm: both
    state: ALARM
    at: 80m
    tells: ["{TOPIC}"]
    message:
      NewStateReason: {{matches: "alarm:slow transitioned to ALARM at Monday 01 January, 2024"}}
  - {{alarm: both, state: OK, at: 95m, tells: []}}
  - {{alarm: both, state: ALARM, times: 1}}
only: true
"""
    assert [str(one.failure) for one in verdicts(tmp_path, text, alarms()) if one.failure] == []


def test_a_failure_shows_the_children_as_they_were(tmp_path: Path):
    text = f"{SERIES}expect: [{{alarm: both, state: ALARM, at: 65m}}]\n"

    (verdict,) = verdicts(tmp_path, text, alarms())

    assert verdict.failure is not None
    assert "both: expected ALARM at 1h5m, got it at 1h20m" in verdict.failure.headline
    lines = verdict.failure.details
    at = lines.index('looked at 1h20m, this must hold: ALARM("busy") AND ALARM("slow")')
    assert lines[at + 1 : at + 3] == ("  busy  ALARM", "  slow  ALARM")


def test_coverage_counts_a_composite_and_names_what_cannot_be_replayed(tmp_path: Path):
    text = f"{SERIES}expect: [{{alarm: busy, state: ALARM, times: 1}}]\n"
    more = [
        both(AlarmName="quiet", ActionsSuppressor="busy"),
        both(AlarmName="above", AlarmRule="OK(quiet)"),
        alarm("strange", EvaluationCriteria={"PromQLCriteria": {}}),
        both(AlarmName="lost", AlarmRule="OK(strange)"),
    ]

    (found,) = coverage([played(tmp_path, text, [*alarms(), *more])])

    assert set(found.alarms) == {"busy", "slow", "both", "above"}
    assert set(found.not_replayable) == {"quiet", "strange", "lost"}
    assert "both" not in (*found.never_fired, *found.never_cleared)


def test_a_composite_of_a_file_is_replayed_on_recordings(tmp_path: Path):
    story(tmp_path, "alarms:", [alarm(**QUIET), both(AlarmRule="ALARM(busy)")])
    (tmp_path / "busy.csv").write_text(
        "timestamp,value\n2024-01-01 00:00:00,40\n2024-01-01 00:05:00,95\n2024-01-01 00:10:00,40\n"
    )
    given = ["--alarms", tmp_path / "alarms.json", "--recording", f"busy={tmp_path}/busy.csv"]

    def said(*more: str) -> str:
        result = CliRunner().invoke(app, ["rehearse", *map(str, given), *more])
        assert result.exit_code == 0
        return result.stdout

    assert "2024-01-01 00:10  both: OK -> ALARM, as busy is ALARM; told: " in said()
    assert f"told: {TOPIC}" in said()
    timeline = json.loads(said("--json", "-"))["timeline"]
    assert [one["to"] for one in timeline if one["alarm"] == "both"] == ["OK", "ALARM", "OK"]


def test_a_picture_passes_over_a_composite(tmp_path: Path):
    text = f"{SERIES}expect: [{{alarm: both, state: ALARM, times: 1}}]\n"
    file = story(tmp_path, text, alarms())

    result = CliRunner().invoke(app, ["rehearse", "--scenario", str(file), "--picture", "out"])

    assert result.exit_code == 0
