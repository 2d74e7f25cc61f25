"""The kit in somebody's own pytest, over somebody's own program."""

import shutil
from pathlib import Path

import pytest

from alerting.testing import assert_someone_listens, record

EXAMPLES = Path(__file__).parents[2] / "examples"


def run_pytest(pytester: pytest.Pytester, *folders: Path) -> pytest.RunResult:
    """Without this project's settings, as a stranger would."""
    bare = ("-c", "/dev/null", "-p", "no:cacheprovider")
    return pytester.runpytest(*bare, "--rootdir", folders[0], *folders)


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """A copy of the raw example, to be broken."""
    return Path(shutil.copytree(EXAMPLES / "raw", tmp_path / "raw"))


def break_it(folder: Path, good: str, bad: str) -> None:
    program = folder / "__main__.py"
    text = program.read_text()
    assert good in text
    program.write_text(text.replace(good, bad))


def test_the_examples_pass(pytester: pytest.Pytester):
    result = run_pytest(pytester, EXAMPLES / "raw", EXAMPLES / "components")
    assert result.ret == 0, result.stdout.str()


def test_a_broken_path_fails_a_test_with_the_finding(raw: Path, pytester: pytest.Pytester):
    break_it(raw, "alarm_actions=[topic.arn],", "")
    result = run_pytest(pytester, raw)
    assert result.ret == 1
    assert "error alarm-without-action: shop-down has no action for ALARM" in result.stdout.str()
    assert "alerting/testing.py" not in result.stdout.str()  # it points at the test


@pytest.mark.parametrize(
    ("good", "bad", "rule"),
    [
        ('"kms:GenerateDataKey*", "kms:Decrypt"', '"kms:Decrypt"', "topic-key-closed"),
        ('{"NewStateValue": ["ALARM"]}', '{"NewStateValue": ["Alarm"]}', "filter-matches-nothing"),
        ('{"aws:SourceArn": topic_arn}', '{"aws:SourceArn": root}', "queue-closed"),
    ],
)
def test_each_part_of_the_raw_example_is_needed(raw: Path, good: str, bad: str, rule: str):
    break_it(raw, good, bad)
    with pytest.raises(AssertionError, match=f"error {rule}: "):
        assert_someone_listens(record(raw, config={"raw-alarms:oncallMail": "a@example.com"}))
