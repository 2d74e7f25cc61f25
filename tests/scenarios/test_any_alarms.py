import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from alerting.cli import app
from alerting.output import BadInput
from tests.scenarios.stories import TOPIC, alarm, verdicts

RECORDING = "timestamp,value\n" + "".join(
    f"2024-01-01 {hour:02}:{minute:02}:00,{95 if hour == 1 and minute < 30 else 40}\n"
    for hour in range(3)
    for minute in range(0, 60, 5)
)
"""OK at 0:05, ALARM at 1:05, OK at 1:35."""


def command(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["rehearse", *map(str, arguments)])


def files(folder: Path) -> list[object]:
    (folder / "alarms.json").write_text(json.dumps({"MetricAlarms": [alarm(), alarm("idle")]}))
    (folder / "busy.csv").write_text(RECORDING)
    return ["--alarms", folder / "alarms.json", "--recording", f"busy={folder / 'busy.csv'}"]


def test_anybody_s_alarms_are_replayed_and_tell_their_actions(tmp_path: Path):
    result = command(*files(tmp_path))
    assert result.exit_code == 0
    assert f"2024-01-01 01:05  busy: OK -> ALARM, 95 against 80; told: {TOPIC}" in result.stdout
    assert "not replayed: idle: there is no recording of its metric" in result.stdout
    assert result.stdout.endswith("1 alarm replayed, 3 state changes, 3 notifications\n")


def test_the_same_comes_as_data_and_as_markdown(tmp_path: Path):
    data = json.loads(command(*files(tmp_path), "--json", "-").stdout)
    assert [change["to"] for change in data["timeline"]] == ["OK", "ALARM", "OK"]
    assert data["timeline"][1]["time"] == "2024-01-01T01:05:00Z"
    table = command(*files(tmp_path), "--markdown", "-").stdout
    assert f"| 2024-01-01 01:05 | busy | OK → ALARM | 95 against 80 | {TOPIC} |" in table


@pytest.mark.parametrize("name", ["describe-alarms.json", "shop.template.json"])
def test_the_committed_files_rehearse_on_the_recordings_that_ship(name: str):
    result = command("--alarms", Path("examples/alarms") / name)
    assert result.exit_code == 0
    assert "-> ALARM" in result.stdout


def test_what_a_template_could_not_tell_is_named():
    result = command("--alarms", "examples/alarms/shop.template.json")
    assert "OrdersMissing95B02FCA uses Fn::ImportValue, which is not resolved" in result.stdout


def test_alarms_that_nothing_is_played_to_are_refused(tmp_path: Path):
    with pytest.raises(BadInput, match=r"no recording for alarms.json[^\0]*Average of Shop busy"):
        raise_from(command(*files(tmp_path)[:2]))


def test_a_recording_for_an_alarm_that_is_not_there_is_refused(tmp_path: Path):
    with pytest.raises(BadInput, match=r"bussy=\.\.\.: there is no such alarm"):
        raise_from(command(*files(tmp_path)[:2], "--recording", "bussy=x.csv"))


def raise_from(result: Result) -> None:
    """What `main` turns into exit code 2."""
    assert result.exception is not None
    raise result.exception


def test_a_scenario_may_be_about_a_template_by_logical_id_and_by_name(tmp_path: Path):
    text = f"""\
alarms: {Path("examples/alarms/shop.template.json").resolve()}
series:
  - {{alarm: CpuHigh997196C2, values: '40 for 1h, 95 for 1h'}}
  - {{alarm: JobsOldEF89367E, values: '0 for 1h, 1000 for 30m'}}
expect:
  - {{alarm: cpu-high, state: ALARM, at: 5m}}  # missing counts as breaching
  - {{alarm: cpu-high, state: ALARM, at: 1h15m}}
  - alarm: JobsOldEF89367E
    state: ALARM
    at: 1h5m
    tells: ["arn:aws:sns:us-east-1:123456789012:Alerts91F83244"]
"""
    assert [one.failure for one in verdicts(tmp_path, text)] == [None, None, None]


def history(*changes: tuple[str, str, str]) -> dict[str, Any]:
    return {
        "AlarmHistoryItems": [
            {
                "AlarmName": name,
                "Timestamp": f"2024-01-01T{time}+00:00",
                "HistoryItemType": "StateUpdate",
                "HistoryData": json.dumps({"version": "1.0", "newState": {"stateValue": state}}),
            }
            for name, time, state in changes
        ]
        + [{"AlarmName": "busy", "HistoryItemType": "Action", "HistoryData": "{}"}]
    }


@pytest.mark.parametrize(
    ("happened", "counts", "line"),
    [
        (
            [("busy", "01:05:44", "ALARM"), ("busy", "01:35:44", "OK")],
            "2 agrees, 0 earlier, 0 later, 0 missed, 0 extra",
            "",
        ),
        (
            [("busy", "01:15:00", "ALARM"), ("busy", "01:35:44", "OK")],
            "1 agrees, 1 earlier, 0 later, 0 missed, 0 extra",
            "2024-01-01 01:15  busy ALARM: 10m earlier",
        ),
        (
            [("busy", "01:00:00", "ALARM"), ("busy", "01:35:44", "OK")],
            "1 agrees, 0 earlier, 1 later, 0 missed, 0 extra",
            "2024-01-01 01:00  busy ALARM: 5m later",
        ),
        (
            [
                ("busy", "01:05:44", "ALARM"),
                ("busy", "01:35:44", "OK"),
                ("busy", "02:40:00", "ALARM"),
            ],
            "2 agrees, 0 earlier, 0 later, 1 missed, 0 extra",
            "2024-01-01 02:40  busy ALARM: missed",
        ),
        (
            [("busy", "01:05:44", "ALARM")],
            "1 agrees, 0 earlier, 0 later, 0 missed, 1 extra",
            "2024-01-01 01:35  busy OK: extra",
        ),
        (
            [("busy", "01:05:44", "ALARM"), ("busy", "01:35:44", "OK"), ("busy", "09:00:00", "OK")],
            "2 agrees, 0 earlier, 0 later, 0 missed, 0 extra",
            "",
        ),
    ],
    ids=["agrees", "earlier", "later", "missed", "extra", "after the data"],
)
def test_a_replay_is_compared_with_what_happened(
    tmp_path: Path, happened: list[tuple[str, str, str]], counts: str, line: str
):
    file = tmp_path / "history.json"
    file.write_text(json.dumps(history(*happened)))
    result = command(*files(tmp_path), "--history", file)
    assert f"beside the alarms' history: {counts}" in result.stdout
    assert line in result.stdout


def test_the_comparison_is_part_of_the_data_and_the_markdown(tmp_path: Path):
    file = tmp_path / "history.json"
    file.write_text(json.dumps(history(("busy", "01:15:00", "ALARM"))))
    data = json.loads(command(*files(tmp_path), "--history", file, "--json", "-").stdout)
    assert data["history"][0] == {
        "match": "earlier",
        "alarm": "busy",
        "state": "ALARM",
        "real": "2024-01-01T01:15:00Z",
        "replayed": "2024-01-01T01:05:00Z",
    }
    text = command(*files(tmp_path), "--history", file, "--markdown", "-").stdout
    assert "| 2024-01-01 01:15 | busy | ALARM | 10m earlier |" in text


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("{", "history.json:1: is not JSON"),
        ("[]", "history.json:1: has no list AlarmHistoryItems"),
        (json.dumps(history()), "history.json:1: holds no change of a state"),
        (json.dumps(history(("other", "01:00:00", "OK"))), "no alarm of the history was replayed"),
        (
            json.dumps(history(("busy", "25:00:00", "OK"))),
            r"AlarmHistoryItems\[0\] has the Timestamp '2024-01-01T25:00:00\+00:00'",
        ),
        (
            json.dumps(history(("busy", "01:00:00", "FINE"))),
            r"AlarmHistoryItems\[0\] has no newState.stateValue",
        ),
    ],
)
def test_a_history_that_cannot_be_used_is_refused(tmp_path: Path, document: str, message: str):
    file = tmp_path / "history.json"
    file.write_text(document)
    with pytest.raises(BadInput, match=message):
        raise_from(command(*files(tmp_path), "--history", file))


def test_a_stack_is_compared_with_what_happened_too(tmp_path: Path):
    file = tmp_path / "history.json"
    changes = history(("dev-cpu-high", "01:05:44", "ALARM"))
    file.write_text(json.dumps(changes).replace("2024-01-01T01:05:44", "2014-02-27T23:02:10"))
    result = command("--stack", "dev", "--history", file)
    assert "beside the alarms' history: 1 agrees" in result.stdout


@pytest.mark.parametrize("name", ["describe-alarms.json", "shop.template.json"])
def test_the_committed_files_backtest_on_the_recordings_that_ship(name: str):
    found = CliRunner().invoke(
        app, ["backtest", "--alarms", f"examples/alarms/{name}", "--json", "-"]
    )
    assert found.exit_code == 0, found.exception
    data = json.loads(found.stdout)
    assert len(data["metrics"]) == 2
    assert [one["declared"]["width"] for one in data["metrics"]] == [None, 3.0]
    assert any("is not tried: there is no recording of its metric" in r for r in data["remarks"])


def test_a_backtest_plays_the_recording_that_is_named(tmp_path: Path):
    found = CliRunner().invoke(app, ["backtest", *map(str, files(tmp_path)), "--json", "-"])
    (metric,) = json.loads(found.stdout)["metrics"]
    assert (metric["name"], metric["datapoints"], metric["threshold"]) == ("busy", 36, 80)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--alarms", "a.json", "x.csv"], "FILE does not go with --alarms"),
        (["--alarms", "a.json", "--stack", "dev"], "--stack does not go with --alarms"),
        (["--recording", "busy=x.csv", "x.csv"], "--recording goes with --alarms"),
    ],
)
def test_a_backtest_refuses_what_means_nothing(arguments: list[str], message: str):
    with pytest.raises(BadInput, match=message):
        raise_from(CliRunner().invoke(app, ["backtest", *arguments]))


def test_a_backtest_without_any_recording_is_refused(tmp_path: Path):
    with pytest.raises(BadInput, match="no alarm has a recording"):
        raise_from(CliRunner().invoke(app, ["backtest", *map(str, files(tmp_path)[:2])]))
