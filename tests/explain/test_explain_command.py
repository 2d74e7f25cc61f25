"""`python -m alerting explain`: what it prints, and how it ends.

The golden files are what `python -m alerting explain --stack S` prints, and with `--markdown -`.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from alerting.cli import app
from alerting.output import BAD_INPUT, NO, BadInput

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture(autouse=True)
def _in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["explain", *arguments])


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_the_page_is_the_golden_one(stack: str):
    result = run("--stack", stack)
    assert result.output == (GOLDEN / f"{stack}.txt").read_text()
    assert result.exit_code == 0


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_the_markdown_is_the_golden_one(stack: str):
    assert run("--stack", stack, "--markdown", "-").output == (GOLDEN / f"{stack}.md").read_text()


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_the_page_is_at_most_80_columns_and_100_lines(stack: str):
    lines = (GOLDEN / f"{stack}.txt").read_text().splitlines()
    assert max(map(len, lines)) <= 80
    assert len(lines) <= 100


@pytest.mark.parametrize("form", [(), ("--markdown", "-"), ("--json", "-")])
def test_stand_ins_of_secrets_are_not_shown(form: tuple[str, ...]):
    output = run("--stack", "prod", *form).output
    assert "oncallPhone" in output
    assert "secret:" not in output


def test_the_data_goes_to_a_file_beside_the_page(tmp_path: Path):
    file = tmp_path / "explanation.json"
    assert "ALARM" in run("--stack", "dev", "--json", str(file)).output
    data = json.loads(file.read_text())
    assert data["version"] == 1
    assert [alarm["name"] for alarm in data["alarms"]] == ["cpu-high", "cpu-unusual"]
    assert data["alarms"][0]["earliestNotice"] == 360
    assert data["cost"]["asOf"] == "2026-11-22"
    assert data["cost"]["total"] == "1.40"


def project(folder: Path, program: str) -> None:
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (folder / "Pulumi.dev.yaml").write_text("config: {aws:region: eu-west-1}\n")
    (folder / "__main__.py").write_text(program)


def test_an_error_finding_is_a_no(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    project(
        tmp_path,
        "from pulumi_aws import cloudwatch\n"
        "cloudwatch.MetricAlarm('silent', namespace='Shop', metric_name='Orders', period=300,\n"
        "    statistic='Sum', evaluation_periods=1, threshold=1,\n"
        "    comparison_operator='LessThanThreshold')\n",
    )
    monkeypatch.chdir(tmp_path)
    result = run("--stack", "dev")
    assert result.exit_code == NO
    assert "error alarm-without-action: silent has no action for ALARM." in result.output
    assert "What dev does in eu-west-1" in result.output


def test_many_findings_of_one_rule_are_cut_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    project(
        tmp_path,
        "from pulumi_aws import cloudwatch\n"
        "for number in range(20):\n"
        "    cloudwatch.MetricAlarm(f'silent-{number}', namespace='Shop', metric_name='Orders',\n"
        "        period=300, statistic='Sum', evaluation_periods=1, threshold=1,\n"
        "        comparison_operator='LessThanThreshold')\n",
    )
    monkeypatch.chdir(tmp_path)
    output = run("--stack", "dev").output
    assert "    and 12 more like these\n" in output
    assert output.count("has no action for ALARM.") == 20 + 8  # beside each alarm, and below


def test_a_stack_that_does_not_exist_is_bad_input():
    command = [sys.executable, "-m", "alerting", "explain", "--stack", "nope"]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == BAD_INPUT
    assert "there is no stack 'nope'" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_program_that_fails_is_bad_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    project(tmp_path, "raise RuntimeError('no luck')\n")
    monkeypatch.chdir(tmp_path)
    result = run("--stack", "dev")
    assert isinstance(result.exception, BadInput)
    assert "RuntimeError: no luck" in str(result.exception)
