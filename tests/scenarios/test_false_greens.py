"""What other tools pass over in silence: every kind of false green fails here."""

from pathlib import Path

import pytest

from alerting.output import BadInput
from alerting.scenarios.mistakes import ScenarioError
from alerting.scenarios.session import play_files
from tests.scenarios.stories import alarm, story, verdicts

SERIES = "series: [{alarm: busy, values: 40 for 1h}]\n"
EXPECT = "expect: [{alarm: busy, never: ALARM}]\n"


def test_the_story_the_others_are_spoilt_from_holds(tmp_path: Path):
    assert [one.failure for one in verdicts(tmp_path, SERIES + EXPECT)] == [None]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(
            SERIES + "expect: [{alarm: bussy, never: ALARM}]",
            "story.scenario.yaml:3: alarms.json has no alarm 'bussy'; did you mean 'busy'?",
            id="unknown alarm",
        ),
        pytest.param(
            "series: [{alarm: bussy, values: 40 for 1h}]\n" + EXPECT,
            "story.scenario.yaml:2: alarms.json has no alarm 'bussy'; did you mean 'busy'?",
            id="unknown alarm of a series",
        ),
        pytest.param(
            SERIES + "expect: [{alarm: busy, state: OK, by: 1h, tells: [alerts]}]",
            "story.scenario.yaml:3: alarms.json has no receiver 'alerts'; there is: arn:aws:sns",
            id="unknown receiver",
        ),
        pytest.param(
            "stack: nowhere\n" + SERIES + EXPECT,
            "story.scenario.yaml:1: Pulumi.nowhere.yaml: there is no stack 'nowhere'; "
            "the stacks here are: dev, prod",
            id="unknown stack",
        ),
        pytest.param(
            "series: [{metric: {namespace: Shop, name: bizzy}, values: 40 for 1h}]\n" + EXPECT,
            "story.scenario.yaml:2: no alarm reads the Average of Shop bizzy; "
            "did you mean 'Average of Shop busy'?",
            id="a series no alarm reads",
        ),
        pytest.param(
            SERIES + "expect: [{alarm: idle, never: ALARM}]",
            "story.scenario.yaml:3: idle gets no data: no series gives the Average of Shop idle",
            id="an alarm without data",
        ),
        pytest.param(
            SERIES + "expect: [{alarm: busy, state: OK, at: 1h1m}]",
            "story.scenario.yaml:3: at 1h1m is past the data, which ends at 1h",
            id="at past the data",
        ),
        pytest.param(
            SERIES + "expect: [{alarm: busy, state: OK, by: 2h}]",
            "story.scenario.yaml:3: by 2h is past the data, which ends at 1h",
            id="by past the data",
        ),
        pytest.param(
            SERIES + "expect: [{alarm: busy, never: ALARM, after: 2h}]",
            "story.scenario.yaml:3: after 2h is past the data, which ends at 1h",
            id="after past the data",
        ),
        pytest.param(
            SERIES + "expect: [{alarm: busy, never: ALARM, before: 2h}]",
            "story.scenario.yaml:3: before 2h is past the data, which ends at 1h",
            id="before past the data",
        ),
        pytest.param(
            SERIES + "expect: [{alarm: busy, never: ALARM, after: 30m, before: 20m}]",
            "story.scenario.yaml:3: after lies behind before, so that nothing is between them",
            id="bounds with nothing between",
        ),
        pytest.param("", "has no series", id="no series"),
        pytest.param(SERIES, "has no expect: nothing would be tested", id="no expect"),
        pytest.param(
            SERIES + "expect: []", "expect is empty: nothing would be tested", id="empty expect"
        ),
        pytest.param(
            SERIES + "tests: {}", "tests is empty: nothing would be tested", id="empty tests"
        ),
        pytest.param(
            SERIES + "tests: {quiet: {only: true}}",
            "test 'quiet' has no expect: nothing would be tested",
            id="a test without expect",
        ),
        pytest.param(
            SERIES + "tests: {quiet: {expect: [{alarm: busy, never: ALARM}]}}\n" + EXPECT,
            "expect stands in each of tests, or alone",
            id="expect beside tests",
        ),
    ],
)
def test_what_would_pass_in_silence_is_refused(tmp_path: Path, text: str, message: str):
    with pytest.raises(ScenarioError) as refused:
        verdicts(tmp_path, text, [alarm("busy"), alarm("idle")])
    assert message in str(refused.value)


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "---\n"])
def test_an_empty_file_is_refused(tmp_path: Path, text: str):
    file = tmp_path / "empty.scenario.yaml"
    file.write_text(text)
    with pytest.raises(ScenarioError, match=r"empty.scenario.yaml:1: is empty"):
        play_files([file])


def test_a_file_that_is_not_there_is_refused(tmp_path: Path):
    with pytest.raises(ScenarioError, match=r"gone.scenario.yaml:1: cannot be read: No such file"):
        play_files([tmp_path / "gone.scenario.yaml"])


def test_a_folder_without_scenarios_is_refused(tmp_path: Path):
    with pytest.raises(BadInput, match="nothing would be tested"):
        play_files([tmp_path])


def test_a_selection_that_selects_nothing_is_refused(tmp_path: Path):
    file = story(tmp_path, SERIES + EXPECT)
    assert len(play_files([file], select="story").verdicts) == 1
    with pytest.raises(BadInput, match="nothing was tested"):
        play_files([file], select="night")


def test_an_alarm_that_stayed_in_insufficient_data_proves_nothing(tmp_path: Path):
    (only,) = verdicts(tmp_path, "series: [{alarm: busy, values: missing for 1h}]\n" + EXPECT)
    assert only.failure is not None
    assert "stayed in INSUFFICIENT_DATA throughout" in only.failure.headline


def test_so_does_one_that_saw_too_little_to_leave_it(tmp_path: Path):
    text = "series: [{alarm: busy, values: '95 for 5m, missing for 5m'}]\n" + EXPECT
    sluggish = alarm("busy", EvaluationPeriods=3, TreatMissingData="ignore")
    (only,) = verdicts(tmp_path, text, [sluggish])
    assert only.failure is not None
    assert "stayed in INSUFFICIENT_DATA throughout" in only.failure.headline


@pytest.mark.parametrize(
    "expect",
    [
        "[{alarm: busy, never: OK}, {alarm: busy, never: ALARM}]",
        "[{alarm: busy, never: ALARM}, {alarm: busy, state: INSUFFICIENT_DATA, times: 0}]",
    ],
)
def test_staying_in_insufficient_data_can_be_asked_for(tmp_path: Path, expect: str):
    text = f"series: [{{alarm: busy, values: missing for 1h}}]\nexpect: {expect}"
    assert [one.failure for one in verdicts(tmp_path, text)] == [None, None]
