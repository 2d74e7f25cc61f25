"""The kit in somebody's own pytest, over somebody's own program."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from alerting.testing import assert_someone_listens, record

EXAMPLES = Path(__file__).parents[2] / "examples"


def run_pytest(*folders: Path) -> subprocess.CompletedProcess[str]:
    """Without this project's settings, as a stranger would."""
    command = [sys.executable, "-m", "pytest", "-c", "/dev/null", "--rootdir", str(folders[0])]
    more = ["-p", "no:cacheprovider", *map(str, folders)]
    return subprocess.run([*command, *more], capture_output=True, text=True)


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """A copy of the raw example, to be broken."""
    return Path(shutil.copytree(EXAMPLES / "raw", tmp_path / "raw"))


def break_it(folder: Path, good: str, bad: str) -> None:
    program = folder / "__main__.py"
    text = program.read_text()
    assert good in text
    program.write_text(text.replace(good, bad))


def test_the_examples_pass():
    result = run_pytest(EXAMPLES / "raw", EXAMPLES / "components")
    assert result.returncode == 0, result.stdout


def test_a_broken_path_fails_a_test_with_the_finding(raw: Path):
    break_it(raw, "alarm_actions=[topic.arn],", "")
    result = run_pytest(raw)
    assert result.returncode == 1
    assert "error alarm-without-action: shop-down has no action for ALARM" in result.stdout
    assert "alerting/testing.py" not in result.stdout  # it points at the test


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
