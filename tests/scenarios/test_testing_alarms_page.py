"""The tutorial, followed to the letter: its files are written, its commands run in order."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

import alerting.scenarios.session  # noqa: F401 - what pytester is first to load, it forgets again
from alerting.cli import app, main

PAGE = Path("docs/testing-alarms.md").resolve()
PROJECT = Path().resolve()
_BLOCK = re.compile(r"(?:<!-- (?P<about>.*?) -->\n)?```(?P<kind>\w+)\n(?P<body>.*?)```", re.DOTALL)
_MISTAKE = re.compile(r"(?P<file>\S+): values: (?P<values>.*); expect: (?P<expect>.*)")


@dataclass(frozen=True)
class Block:
    kind: str
    body: str
    about: str


def blocks() -> list[Block]:
    found = _BLOCK.finditer(PAGE.read_text())
    return [Block(one["kind"], one["body"], one["about"] or "") for one in found]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as somebody has it who starts the tutorial, with an `aws` that needs no AWS."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("Pulumi.yaml", "Pulumi.dev.yaml", "__main__.py"):
        shutil.copy(PROJECT / name, folder)
    recording = PROJECT / "examples/recordings/ec2_cpu_utilization_fe7f93.csv"
    (folder / "cpu.csv").write_text("".join(recording.read_text().splitlines(keepends=True)[:500]))
    change = {
        "AlarmName": "web-cpu-high",
        "Timestamp": "2014-02-14T14:37:31.012000+00:00",
        "HistoryItemType": "StateUpdate",
        "HistoryData": json.dumps({"newState": {"stateValue": "ALARM"}}),
    }
    (folder / "happened.json").write_text(json.dumps({"AlarmHistoryItems": [change]}))
    aws = folder / "bin" / "aws"
    aws.parent.mkdir()
    aws.write_text(
        "#!/bin/sh\n"
        f'case "$*" in\n"cloudwatch describe-alarms") cat {PROJECT}/examples/alarms/'
        'describe-alarms.json;;\n"cloudwatch describe-alarm-history") cat happened.json;;\n'
        "*) exit 9;;\nesac\n"
    )
    aws.chmod(0o755)
    git = ["git", "-c", "user.name=Test", "-c", "user.email=test@example.com"]
    for arguments in (["init", "-qb", "main"], ["add", "."], ["commit", "-qm", "start"]):
        subprocess.run([*git, *arguments], cwd=folder, check=True)
    return folder


def ours(command: str, pytester: pytest.Pytester) -> str:
    """What a command of ours says; it runs in this process, where everything is loaded."""
    module, *arguments = shlex.split(command.removeprefix("python -m "))
    if module == "pytest":
        ran = pytester.runpytest(*arguments)
        assert ran.ret == 0, ran.stdout.str()
        return ran.stdout.str()
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, f"{command}\n{result.output}"
    return result.stdout


def theirs(command: str, folder: Path) -> str:
    """What a command says that is not ours."""
    path = os.pathsep.join([str(folder / "bin"), os.environ["PATH"]])
    return subprocess.check_output(
        ["sh", "-c", command],
        cwd=folder,
        env={**os.environ, "PATH": path},
        text=True,
    )


def test_every_file_is_written_and_every_command_runs_as_shown(
    project: Path,
    pytester: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.chdir(project)
    monkeypatch.setenv("NO_COLOR", "1")
    said, commands = "", 0
    for block in blocks():
        first = block.body.splitlines()[0]
        if block.kind in ("yaml", "python"):
            file = project / first.removeprefix("# ")
            file.parent.mkdir(exist_ok=True)
            file.write_text(block.body)
        elif block.kind == "sh":
            for command in block.body.splitlines():
                mine = command.startswith("python -m ")
                said = ours(command, pytester) if mine else theirs(command, project)
                commands += 1
        elif block.kind == "text" and not block.about:
            assert block.body == said
    assert commands >= 9
    assert "| ~ |" not in (project / "difference.md").read_text()


def test_the_texts_of_failures_are_those_on_the_page(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """With WRITE_PAGES=1 in the environment the page is written instead."""
    monkeypatch.chdir(project)
    monkeypatch.setenv("NO_COLOR", "1")
    page = PAGE.read_text()

    def filled(block: re.Match[str]) -> str:
        if not block["about"]:
            return block[0]
        mistake = _MISTAKE.fullmatch(block["about"])
        assert mistake is not None, block["about"]
        write_mistake(Path(mistake["file"]), mistake["values"], mistake["expect"])
        monkeypatch.setattr(sys, "argv", ["alerting", "rehearse", "--scenario", mistake["file"]])
        with pytest.raises(SystemExit) as left:
            main()
        assert left.value.code in (1, 2)
        Path(mistake["file"]).unlink()
        said = capsys.readouterr()
        text = (said.out + said.err).split("\ncoverage")[0].rstrip()
        return f"<!-- {block['about']} -->\n```text\n{text}\n```"

    fresh = _BLOCK.sub(filled, page)
    if os.environ.get("WRITE_PAGES"):
        PAGE.write_text(fresh)
    assert fresh == page
    assert page.count("cpu-high: expected ALARM") == 2


def write_mistake(file: Path, values: str, expect: str) -> None:
    """A scenario about the dev stack's cpu-high."""
    file.parent.mkdir(exist_ok=True)
    file.write_text(
        f"stack: dev\nseries:\n  - {{alarm: cpu-high, values: '{values}'}}\n"
        f"expect:\n  - {{alarm: cpu-high, {expect}}}\n"
    )
