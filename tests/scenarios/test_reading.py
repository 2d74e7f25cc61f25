from pathlib import Path

import pytest

from alerting.scenarios.mistakes import ScenarioError
from alerting.scenarios.reading import read_scenario

GOOD = """\
stack: dev
series:
  - alarm: cpu-high
    every: 5m
    values: 40 for 1h
expect:
  - {alarm: cpu-high, never: ALARM}
"""


def refusal(folder: Path, text: str) -> str:
    file = folder / "bad.scenario.yaml"
    file.write_text(text)
    with pytest.raises(ScenarioError) as refused:
        read_scenario(file)
    return str(refused.value).replace(f"{folder}/", "")


def test_a_good_file_is_read(tmp_path: Path):
    file = tmp_path / "good.scenario.yaml"
    file.write_text(GOOD)
    scenario = read_scenario(file)
    assert scenario.stack == "dev"
    assert [spec.every for spec in scenario.series] == [300]
    assert [str(one) for one in scenario.tests[0].expectations] == ["cpu-high never ALARM"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("stack: dev", "stak: dev", "1: a scenario has no key 'stak'; did you mean 'stack'?"),
        ("every:", "evry:", "4: a series has no key 'evry'; did you mean 'every'?"),
        ("never:", "nevr:", "7: an expectation has no key 'nevr'; did you mean 'never'?"),
        ("stack: dev", "only: false", "1: must have one of stack (a stack's name) and alarms"),
        ("stack: dev", "stack: dev\nalarms: x.json", "1: must have one of stack"),
        ("stack: dev", "stack: [dev]", "1: stack must be a text, got a list"),
        ("every: 5m", "every: 5", "4: every: '5': write a duration with s, m, h, d or w"),
        ("every: 5m", "every: 0", "4: must be above 0, got '0'"),
        ("every: 5m", "every: 5m\n    every: 6m", "5: a series has the key 'every' twice"),
        (
            "values: 40 for 1h",
            "file: a.csv\n    values: 1 for 5m",
            "exactly one of values and file",
        ),
        ("    values: 40 for 1h\n", "", "3: a series has exactly one of values and file, got none"),
        ("alarm: cpu-high\n", "start: 0\n", "3: a series has exactly one of alarm and metric"),
        ("values: 40 for 1h", "values: 40 for 1h\n    result: m1", "6: result names a series of"),
        ("never: ALARM", "never: ALRM", "7: there is no state 'ALRM'; did you mean 'ALARM'?"),
        ("never: ALARM", "state: ALARM", "7: an expectation has exactly one of at, by, times and"),
        ("never: ALARM", "at: 5m", "7: at needs the state that is entered, as in state: ALARM"),
        ("never: ALARM", "never: OK, state: OK", "7: never names the state itself"),
        (
            "never: ALARM",
            "never: OK, times: 1",
            "exactly one of at, by, times and never, got times",
        ),
        ("never: ALARM", "never: OK, within: 1m", "7: within goes with at, not with never"),
        (
            "never: ALARM",
            "never: OK, tells: []",
            "7: tells goes with at and by and times, not with",
        ),
        ("never: ALARM", "state: OK, at: 5m, after: 1m", "7: after goes with times and never, not"),
        ("never: ALARM", "state: OK, times: -1", "7: times must be a whole number from 0 on"),
        ("never: ALARM", "state: OK, times: 0, tells: []", "7: no change, so nobody is told"),
        ("never: ALARM", "state: OK, at: soon", "7: at: 'soon': write a duration with s, m, h, d"),
        ("never: ALARM", "state: OK, by: 1h, tells: mail", "7: tells must be a list, got 'mail'"),
        ("never: ALARM", "state: OK, by: 1h, message: {}", "7: message is empty"),
        ("alarm: cpu-high, ", "", "7: an expectation needs its alarm"),
        ("stack: dev", "stack: dev\nonly: yes", "2: only must be true or false, got 'yes'"),
        ("expect:\n", "expect: never\n", "7: not YAML: mapping values are not allowed here"),
        ("series:", "series: [", "not YAML:"),
    ],
)
def test_every_mistake_is_named_with_its_line(tmp_path: Path, old: str, new: str, message: str):
    assert old in GOOD
    assert message in refusal(tmp_path, GOOD.replace(old, new, 1))


def test_a_regular_expression_that_is_none_is_refused(tmp_path: Path):
    text = GOOD.replace("never: ALARM", "state: OK, by: 1h, message: {Region: {matches: '('}}")
    assert "7: matches is no regular expression" in refusal(tmp_path, text)


def test_all_mistakes_are_named_at_once(tmp_path: Path):
    text = GOOD.replace("every: 5m", "every: 5").replace("never: ALARM", "never: ALRM")
    assert [line.split(":")[1] for line in refusal(tmp_path, text).splitlines()] == ["4", "7"]
