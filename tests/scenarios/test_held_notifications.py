"""Notifications that a mute rule or a suppressor holds back, in scenarios and timelines."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from alerting.account import Account, Item, Kind
from alerting.cli import app
from alerting.scenarios.difference import Fate, difference
from alerting.scenarios.fluent import Held, rehearse
from alerting.scenarios.judging import judge
from alerting.scenarios.mistakes import ScenarioError
from alerting.scenarios.reading import read_scenario
from alerting.scenarios.run import run
from alerting.scenarios.stage import Stage
from alerting.scenarios.timeline import lines
from tests.scenarios.stories import TOPIC, alarm, story

SERIES = "series: [{alarm: busy, values: '40 for 1h, 95 for 2h, 40 for 1h'}]\n"
"""OK at 0:05, ALARM at 1:05, OK at 3:05."""
RULE = "arn:aws:cloudwatch:us-east-1:111122223333:alarm-mute-rule:release"


def stage(*, opens: str = "2024-01-01T01:00", lasts: str = "PT1H", **more: Any) -> Stage:
    data = alarm(**more)
    schedule = {"Expression": f"at({opens})", "Duration": lasts, "Timezone": "UTC"}
    rule = {
        "Name": "release",
        "Rule": {"Schedule": schedule},
        "MuteTargets": {"AlarmNames": ["busy"]},
    }
    items = Item(Kind.ALARM, data["AlarmArn"], data), Item(Kind.MUTE_RULE, RULE, rule)
    return Stage("shop", Account("111122223333", "us-east-1", items), by_action=True)


def failures(folder: Path, text: str, on: Stage | None = None) -> list[str]:
    scenario = read_scenario(story(folder, f"{SERIES}expect:\n{text}"))
    played = run(scenario, on or stage())
    (test,) = scenario.tests
    return [str(one.failure) for one in judge(played, test) if one.failure]


def test_tells_means_who_is_told_at_once_or_later(tmp_path: Path):
    text = f"""  - {{alarm: busy, state: ALARM, at: 1h5m, tells: ["{TOPIC}"], toldAt: 2h}}
  - {{alarm: busy, state: OK, at: 3h5m, tells: ["{TOPIC}"], toldAt: 3h5m}}
  - {{alarm: busy, state: ALARM, times: 1, held: release}}
"""
    assert failures(tmp_path, text) == []


def test_what_is_dropped_tells_nobody(tmp_path: Path):
    text = "  - {alarm: busy, state: ALARM, at: 1h5m, tells: [], held: release}\n"
    assert failures(tmp_path, text, stage(lasts="PT5H")) == []


def test_the_message_is_the_one_that_is_sent_in_the_end(tmp_path: Path):
    text = """  - alarm: busy
    state: ALARM
    at: 1h5m
    message: {ActionExecutedAfterMuteWindow: true}
"""
    assert failures(tmp_path, text) == []
    (failure,) = failures(tmp_path, text, stage(lasts="PT5H"))
    assert "expected a message, but it never got past what held it" in failure


@pytest.mark.parametrize(
    ("keys", "headline"),
    [
        ("state: OK, at: 5m, held: release", "expected OK at 5m to be held by release, it was not"),
        ("state: ALARM, at: 1h5m, toldAt: 1h5m", "to be told at 1h5m, it was told at 2h"),
        (
            "state: ALARM, at: 1h5m, tells: []",
            f"expected ALARM at 1h5m to tell nobody, it told {TOPIC}",
        ),
    ],
)
def test_a_failure_says_what_was_held_and_until_when(tmp_path: Path, keys: str, headline: str):
    (failure,) = failures(tmp_path, f"  - {{alarm: busy, {keys}}}\n")
    assert headline in failure
    assert "told of ALARM at 1h5m: nobody (held by the window release, until 2h)" in failure
    assert f"    at 2h, after a mute window: {TOPIC}" in failure


def test_a_change_of_which_nobody_is_told_is_told_at_no_time(tmp_path: Path):
    text = "  - {alarm: busy, state: ALARM, at: 1h5m, toldAt: 2h}\n"
    (failure,) = failures(tmp_path, text, stage(lasts="PT5H"))
    assert (
        "busy: expected ALARM at 1h5m to be told at 2h, told: nobody "
        "(held by the window release; dropped at 3h5m, as it is OK)"
    ) in failure


def test_only_counts_what_is_told_later(tmp_path: Path):
    scenario = read_scenario(
        story(
            tmp_path,
            f"{SERIES}expect: [{{alarm: busy, state: OK, times: 2, tells: ['{TOPIC}']}}]\n"
            "only: true\n",
        )
    )
    *_, verdict = judge(run(scenario, stage()), scenario.tests[0])
    assert verdict.failure is not None
    assert verdict.failure.details == (f"told: {TOPIC} of busy ALARM at 1h5m",)


@pytest.mark.parametrize(
    ("keys", "refusal"),
    [
        (
            "state: ALARM, at: 1h5m, held: relase",
            "shop has no mute rule or actions suppressor 'relase'; did you mean 'release'?",
        ),
        ("state: ALARM, at: 1h5m, toldAt: 9h", "toldAt 9h is past the data, which ends at 4h"),
        ("state: ALARM, times: 1, toldAt: 2h", "toldAt goes with at and by, not with times"),
        ("never: ALARM, held: release", "held goes with at and by and times, not with never"),
        ("state: ALARM, times: 0, held: release", "held does not go with times: 0"),
        ("state: ALARM, at: 1h5m, tells: [], toldAt: 2h", "toldAt does not go with tells: []"),
    ],
)
def test_what_cannot_be_expected_is_refused(tmp_path: Path, keys: str, refusal: str):
    with pytest.raises(ScenarioError) as error:
        failures(tmp_path, f"  - {{alarm: busy, {keys}}}\n")
    assert refusal in str(error.value)


def test_a_rule_that_cannot_be_read_is_a_warning(tmp_path: Path):
    scenario = read_scenario(
        story(tmp_path, f"{SERIES}expect: [{{alarm: busy, state: ALARM, times: 1}}]\n")
    )
    (warning,) = run(scenario, stage(lasts="1h")).warnings
    assert warning.startswith("not replayed: the mute rule release: Duration: '1h' is no ISO 8601")


def test_the_timeline_has_a_line_for_what_is_held_and_one_for_what_is_late(tmp_path: Path):
    scenario = read_scenario(
        story(tmp_path, f"{SERIES}expect: [{{alarm: busy, state: ALARM, times: 1}}]\n")
    )
    assert list(lines(run(scenario, stage())))[1:] == [
        "1h5m  busy: OK -> ALARM, 95 against 80; "
        "told: nobody (held by the window release, until 2h)",
        f"2h    busy: still ALARM, after a mute window; told: {TOPIC}",
        f"3h5m  busy: ALARM -> OK, 40 against 80; told: {TOPIC}",
    ]


def test_in_code_what_is_held_and_what_comes_late_can_be_asked_for():
    account = stage().account
    fed = rehearse(account).feed(alarm="busy", values="40 for 1h, 95 for 2h, 40 for 1h")
    assert fed.held("busy") == [Held("1h5m", "ALARM", ("release",), "2h", "ran")]
    with pytest.raises(ScenarioError, match="has no alarm 'bussy'"):
        fed.held("bussy")


def test_a_window_moves_a_notification(tmp_path: Path):
    scenario = read_scenario(
        story(tmp_path, f"{SERIES}expect: [{{alarm: busy, state: ALARM, times: 1}}]\n")
    )
    before, after = stage(opens="2025-01-01T00:00"), stage()

    (moved,) = difference(run(scenario, before), run(scenario, after))

    assert (moved.fate, moved.state, moved.after - moved.before) == (Fate.MOVES, "ALARM", 3300)


def test_a_window_of_a_stack_is_called_by_its_key():
    place = {"namespace": "AWS/EC2", "name": "CPUUtilization", "dimensions": {"InstanceId": "i-1"}}
    window = {"from": "2026-12-01T20:00", "to": "2026-12-01T22:00", "timezone": "Europe/Berlin"}
    config = {
        "aws:region": "us-east-1",
        "receivers": {"oncall": {"protocol": "email", "endpoint": "oncall@example.com"}},
        "alarms": {"cpu-high": {"metric": place, "threshold": {"above": 80}}},
        "windows": {"release": window},
    }
    full = {key if ":" in key else f"anomaly-alerting:{key}": one for key, one in config.items()}

    fed = rehearse("__main__.py", config=full).feed(
        alarm="cpu-high", values="40 for 150m, 95 for 2h", start="2026-12-01T17:00Z"
    )

    assert fed.held("cpu-high") == [Held("2h35m", "ALARM", ("release",), "4h", "ran")]
    assert [(told.at, told.state) for told in fed.told("oncall")] == [("5m", "OK"), ("4h", "ALARM")]


# A suppressor needs no mute rule, so that a file of alarms can have one.
CHAT = {
    "AlarmName": "chat",
    "AlarmRule": "ALARM(busy)",
    "AlarmActions": [TOPIC],
    "OKActions": [TOPIC],
    "ActionsSuppressor": "slow",
    "ActionsSuppressorWaitPeriod": 90,
    "ActionsSuppressorExtensionPeriod": 60,
}
QUIET = {"AlarmActions": [], "OKActions": []}


def command(*arguments: object) -> str:
    result = CliRunner().invoke(app, ["rehearse", *map(str, arguments)])
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture
def suppressed(tmp_path: Path) -> Path:
    text = f"""series:
  - {{alarm: busy, values: "40 for 1h, 95 for 1h, 40 for 1h, 95 for 1h"}}
  - {{alarm: slow, values: "40 for 1h, 95 for 90m, 40 for 90m"}}
expect:
  - {{alarm: chat, state: ALARM, at: 1h5m, tells: [], held: slow}}
  - {{alarm: chat, state: OK, at: 2h5m, tells: ["{TOPIC}"], held: slow, toldAt: 2h36m}}
  - {{alarm: chat, state: ALARM, at: 3h5m, tells: ["{TOPIC}"], toldAt: 3h6m}}
"""
    return story(tmp_path, text, [alarm(**QUIET), alarm("slow", **QUIET), CHAT])


def test_a_suppressor_in_a_scenario(suppressed: Path):
    assert "1 scenario, 3 expectations: 3 held, 0 failed" in command("--scenario", suppressed)


def test_a_scenarios_timeline_can_be_printed(suppressed: Path):
    out = command("--scenario", suppressed, "--timeline").splitlines()
    shown = [line.strip() for line in out if "chat: " in line]
    assert shown[0].endswith("told: nobody (waits for slow, until 6m30s)")
    assert shown[2].endswith("told: nobody (held by slow; dropped at 2h5m, as it is OK)")
    assert shown[4] == f"2h36m    chat: still OK, after suppression; told: {TOPIC}"
    assert shown[5].endswith("told: nobody (waits for slow, until 3h6m30s)")
    assert shown[6] == f"3h6m30s  chat: still ALARM, after suppression; told: {TOPIC}"


def test_coverage_counts_a_suppressed_composite_and_who_is_told_late(suppressed: Path):
    out = command("--scenario", suppressed)
    assert "coverage of alarms.json: 100 %" in out


def test_a_playback_as_data_keeps_changes_apart_from_what_is_told_later(
    tmp_path: Path, suppressed: Path
):
    rows = [f"2024-01-01 {at // 12:02}:{at % 12 * 5:02}:00" for at in range(48)]
    for name, values in (
        ("busy", [40] * 12 + [95] * 12 + [40] * 24),
        ("slow", [40] * 12 + [95] * 18 + [40] * 18),
    ):
        text = "".join(f"{row},{value}\n" for row, value in zip(rows, values, strict=True))
        (tmp_path / f"{name}.csv").write_text(f"timestamp,value\n{text}")
    given = ["--alarms", suppressed.parent / "alarms.json"]
    given += [f"--recording={name}={tmp_path / name}.csv" for name in ("busy", "slow")]

    data = json.loads(command(*given, "--json", "-"))

    chat = [one for one in data["timeline"] if one["alarm"] == "chat"]
    assert [(one["to"], one["told"]) for one in chat] == [("OK", []), ("ALARM", []), ("OK", [])]
    assert chat[2]["held"] == {"by": ["slow"], "until": "2024-01-01T02:36:00Z", "ending": "ran"}
    assert data["later"][-1] == {
        "time": "2024-01-01T02:36:00Z",
        "alarm": "chat",
        "state": "OK",
        "occasion": "after suppression",
        "told": [TOPIC],
    }
    table = command(*given, "--markdown", "-")
    assert f"| 2024-01-01 02:36 | chat | still OK, after suppression |  | {TOPIC} |" in table
