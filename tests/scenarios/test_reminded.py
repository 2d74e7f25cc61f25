"""What scenarios say of reminders."""

from pathlib import Path

import pytest

from alerting.rehearsal.rehearse import rehearse
from alerting.scenarios.judging import judge
from alerting.scenarios.mistakes import ScenarioError
from alerting.scenarios.reading import read_scenario
from alerting.scenarios.run import run, stage_of
from alerting.stackfile import read_stack

STACK = Path(__file__).parents[2] / "examples/scenarios/reminders"
SERIES = "{alarm: disk-full, every: 5m, values: '40 for 1h, 95 for 5h, 40 for 1h'}"


def verdicts(tmp_path, *expectations):
    for part in ("Pulumi.yaml", "Pulumi.dev.yaml", "__main__.py"):
        (tmp_path / part).write_text((STACK / part).read_text())
    file = tmp_path / "x.scenario.yaml"
    expected = "\n".join(f"  - {{alarm: disk-full, {one}}}" for one in expectations)
    file.write_text(f"stack: dev\nseries:\n  - {SERIES}\nexpect:\n{expected}\n")
    scenario = read_scenario(file)
    played = run(scenario, stage_of(scenario))
    return [one for test in scenario.tests for one in judge(played, test)]


def test_as_many_reminders_are_expected_as_are_told(tmp_path):
    (fine,) = verdicts(tmp_path, "state: ALARM, at: 1h5m, reminded: 3")
    assert fine.failure is None
    assert str(fine) == "disk-full ALARM at 1h5m reminded of 3 times"


def test_a_wrong_number_is_shown_with_the_times_of_those_there_were(tmp_path):
    (wrong,) = verdicts(tmp_path, "state: ALARM, at: 1h5m, reminded: 1")
    assert wrong.failure.headline == (
        "disk-full: expected ALARM at 1h5m to be reminded of once, "
        "it was 3 times: at 2h5m, at 3h5m, at 4h5m"
    )
    assert "  at 2h5m, reminder 1 of 3: oncall-phone, team-mail, pager" in wrong.failure.details


def test_none_is_a_number_too(tmp_path):
    fine, wrong = verdicts(
        tmp_path, "state: ALARM, at: 1h5m, reminded: 0", "state: OK, at: 6h5m, reminded: 0"
    )
    assert (fine.failure is None, wrong.failure is None) == (False, True)


def test_reminders_do_not_count_for_when_a_change_is_told(tmp_path):
    tells = "tells: [team-mail, oncall-phone, pager]"
    (fine,) = verdicts(tmp_path, f"state: ALARM, at: 1h5m, toldAt: 1h5m, {tells}")
    assert fine.failure is None


def test_what_the_alarms_own_message_says_is_asked_of_that(tmp_path):
    message = "message: {OldStateValue: OK}"
    (fine,) = verdicts(tmp_path, f"state: ALARM, at: 1h5m, {message}")
    assert fine.failure is None


def test_a_number_of_changes_has_no_number_of_reminders(tmp_path):
    with pytest.raises(ScenarioError, match="reminded goes with at and by, not with times"):
        verdicts(tmp_path, "state: ALARM, times: 1, reminded: 1")


def test_a_rehearsal_in_memory_shows_the_reminders(tmp_path):
    """The machine and its rule go through the in-memory AWS and are read back from it."""
    file = tmp_path / "full.csv"
    values = [40] * 12 + [95] * 36 + [40] * 12
    rows = (
        f"2024-01-01T{at // 12:02}:{at % 12 * 5:02}:00Z,{value}" for at, value in enumerate(values)
    )
    file.write_text("\n".join(["timestamp,value", *rows]) + "\n")
    rehearsal = rehearse(read_stack("dev", STACK), recordings={"disk-full": file})
    shown = [(e.when[11:], e.what) for e in rehearsal.events if e.alarm.label == "disk-full"]
    assert shown == [
        ("00:05", "INSUFFICIENT_DATA → OK"),
        ("01:05", "OK → ALARM"),
        ("02:05", "still ALARM, reminder 1 of 3"),
        ("03:05", "still ALARM, reminder 2 of 3"),
        ("04:05", "ALARM → OK"),
    ]
    assert rehearsal.lost == ()
