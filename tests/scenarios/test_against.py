import json
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from alerting.cli import app
from alerting.output import BadInput

PROGRAM = """\
import pulumi_aws as aws

topic = aws.sns.Topic("alerts", name="alerts")
aws.sns.TopicSubscription("oncall", topic=topic.arn, protocol="email", endpoint="a@example.com")
aws.cloudwatch.MetricAlarm(
    "busy",
    namespace="Shop",
    metric_name="Busy",
    statistic="Average",
    period=300,
    evaluation_periods=1,
    threshold=80,
    comparison_operator="GreaterThanThreshold",
    alarm_actions=[topic.arn],
)
print("the program has something to say")
"""
VALUES = "40 for 1h, 85 for 5m, 95 for 55m, 40 for 1h, 85 for 1h, 40 for 1h"
"""Above 80 at 1h5m and 3h5m, above 90 at 1h10m only."""
SCENARIO = f"""\
stack: dev
series: [{{alarm: busy, values: '{VALUES}'}}]
expect: [{{alarm: busy, state: ALARM, by: 2h}}]
"""


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=Test", "-c", "user.email=test@example.com"]
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project below the top of a repository, at its first revision."""
    folder = tmp_path / "repository" / "infra"
    folder.mkdir(parents=True)
    git(folder.parent, "init", "-q")
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (folder / "Pulumi.dev.yaml").write_text("config: {}\n")
    (folder / "__main__.py").write_text(PROGRAM)
    (folder / "busy.scenario.yaml").write_text(SCENARIO)
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "first")
    monkeypatch.chdir(folder)
    return folder


def change(project: Path, old: str, new: str) -> None:
    (project / "__main__.py").write_text(PROGRAM.replace(old, new))


def command(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["rehearse", *arguments])


def against(*arguments: str) -> str:
    result = command("--scenario", "busy.scenario.yaml", "--against", "HEAD", *arguments)
    assert result.exit_code == 0, result.exception
    return result.stdout


def test_a_higher_threshold_makes_notifications_vanish_and_move(project: Path):
    change(project, "threshold=80", "threshold=90")
    assert against().splitlines() == [
        "What dev tells otherwise than dev at HEAD, times in UTC",
        "",
        "~ 2024-01-01 01:10  oncall is told of busy ALARM 5m later",
        "- 2024-01-01 03:05  oncall is told of busy ALARM",
        "notifications: 0 appear, 1 vanish, 1 move",
    ]


def test_a_new_receiver_appears(project: Path):
    line = 'print("the'
    more = (
        'aws.sns.TopicSubscription("boss", topic=topic.arn, protocol="email", '
        'endpoint="b@example.com")\n'
    )
    change(project, line, more + line)
    assert "+ 2024-01-01 01:05  boss is told of busy ALARM\n" in against()


def test_an_alarm_that_watched_another_metric_is_named(project: Path):
    change(project, 'metric_name="Busy"', 'metric_name="Busier"')
    lines = against().splitlines()
    assert (
        "not compared: busy of dev at HEAD: the data is not of the metric it watches there" in lines
    )


def test_the_difference_comes_as_markdown_and_as_data(project: Path):
    change(project, "threshold=80", "threshold=90")
    data = against("--markdown", "difference.md", "--json", "-")
    row = "| ~ | 2024-01-01 01:10 | busy | ALARM | oncall | 5m later |"
    assert row in (project / "difference.md").read_text()
    assert json.loads(data)["notifications"][1] == {
        "fate": "vanishes",
        "alarm": "busy",
        "state": "ALARM",
        "receiver": "oncall",
        "before": "2024-01-01T03:05:00Z",
        "after": None,
    }


def test_recordings_are_played_through_both_too(project: Path):
    change(project, "threshold=80", "threshold=90")
    (project / "busy.csv").write_text(
        "timestamp,value\n2024-01-01 00:00:00,40\n2024-01-01 00:05:00,85\n2024-01-01 00:10:00,40\n"
    )
    result = command("--stack", "dev", "--against", "HEAD", "--recording", "busy=busy.csv")
    assert "- 2024-01-01 00:10  oncall is told of busy ALARM" in result.stdout


def test_the_same_stack_tells_the_same_and_the_repository_is_left_as_it_was(project: Path):
    before = sorted(path for path in (project.parent / ".git").rglob("*"))
    assert "no notification changes" in against()
    assert sorted(path for path in (project.parent / ".git").rglob("*")) == before


def test_the_revision_s_own_package_makes_its_deployment(project: Path):
    """A package called alerting in the old revision must win over today's."""
    package = project / "alerting"
    package.mkdir()
    for name in ("recording", "stackfile"):
        (package / f"{name}.py").write_text("raise RuntimeError('the old package was asked')\n")
    (package / "__init__.py").write_text("")
    git(project, "add", ".")
    git(project, "commit", "-q", "-m", "own package")
    shutil.rmtree(package)
    with pytest.raises(BadInput, match="the old package was asked"):
        raise_from(command("--scenario", "busy.scenario.yaml", "--against", "HEAD"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--stack", "dev", "--against", "nowhere"], "nowhere: git knows no such revision"),
        (["--stack", "dev", "--against", "--help"], "--help: git knows no such revision"),
        (["--stack", "qa", "--against", "HEAD"], "there is no stack 'qa'"),
        (["--stack", "dev", "--against", "HEAD"], "there is no recording for dev"),
        (["--alarms", "a.json", "--against", "HEAD"], "--alarms does not go with --against"),
        (["--stack", "dev", "--against", "HEAD", "--select", "x"], "--select does not go with"),
    ],
)
def test_what_cannot_be_compared_is_refused(project: Path, arguments: list[str], message: str):
    with pytest.raises(BadInput, match=message):
        raise_from(command(*arguments))


def test_a_program_that_failed_then_is_shown(project: Path):
    change(project, 'print("the', 'raise RuntimeError("not ready") #')
    git(project, "commit", "-aqm", "broken")
    change(project, "", "")
    with pytest.raises(BadInput, match=r"(?s)the program fails there:.*not ready"):
        raise_from(command("--scenario", "busy.scenario.yaml", "--against", "HEAD"))


def test_a_folder_without_git_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (tmp_path / "Pulumi.dev.yaml").write_text("config: {}\n")
    (tmp_path / "__main__.py").write_text(PROGRAM)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadInput, match="not a git repository"):
        raise_from(command("--stack", "dev", "--against", "HEAD"))


def raise_from(result: Result) -> None:
    """What `main` turns into exit code 2."""
    assert result.exception is not None
    raise result.exception
