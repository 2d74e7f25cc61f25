"""A working copy of the project with a state of its own, driven by the real CLI."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pulumi import automation
from ruamel.yaml import YAML

ROOT = Path(__file__).absolute().parents[2]
PASSPHRASE = "rehearsal"
"""That of the committed stacks' dummies."""
_PATIENCE = 1_800
"""Seconds; a thousand alarms with a checkpoint each take minutes."""
_LANGUAGE_HOST = Path(__file__).parent / "language"


@dataclass(frozen=True)
class Ended:
    """How a command of the CLI ended, and all that it said."""

    code: int
    output: str


class Steps:
    """What an update does, by URN, as the engine tells it: an event handler."""

    def __init__(self) -> None:
        self.taken: dict[str, str] = {}
        """The operation, for what does not stay the same."""

    def __call__(self, event: automation.EngineEvent) -> None:
        """Note one step, as the Automation API hands it over."""
        told = event.resource_pre_event
        if told is not None:
            self.note(told.metadata.urn, str(told.metadata.op.value))

    def note(self, urn: str, operation: str) -> None:
        """Note one step; the three of a replacement are one."""
        if operation not in ("same", "read", "refresh"):
            self.taken[urn] = "replace" if "replace" in operation else operation

    def names(self) -> dict[str, str]:
        """The operations by logical name, of what is in AWS."""
        return {
            urn.rsplit("::", 1)[1]: operation
            for urn, operation in self.taken.items()
            if urn.split("::")[2].rsplit("$", 1)[-1].startswith("aws:")
        }


@dataclass
class Project:
    """A folder with the project's program, its stack files and a file backend."""

    folder: Path
    cli: Path
    port: int
    """Where the provider double listens."""
    passphrase: str = PASSPHRASE
    program: Path = ROOT
    """The folder of the program that is copied."""
    more: dict[str, str] = field(default_factory=dict[str, str])
    """Further environment variables."""

    def __post_init__(self) -> None:
        checkout = self.folder / "checkout"
        self.work = checkout / self.program.relative_to(ROOT)
        self.backend = self.folder / "state"
        self.home = self.folder / "home"
        for folder in (self.work, self.backend, self.home):
            folder.mkdir(parents=True, exist_ok=True)
        for file in (*self.program.glob("Pulumi*.yaml"), *self.program.glob("*.py")):
            shutil.copy(file, self.work)
        for name, target in (("alerting", ROOT / "alerting"), (".venv", Path(sys.prefix))):
            link = checkout / name
            if not link.exists():
                link.symlink_to(target)

    @property
    def environment(self) -> dict[str, str]:
        """What every command sees; nothing of this machine's accounts, and no download."""
        folders = [f"{sys.prefix}/bin", self.cli.parent, os.environ["PATH"], _LANGUAGE_HOST]
        return {
            "PATH": os.pathsep.join(map(str, folders)),
            "PULUMI_HOME": str(self.home),
            "PULUMI_BACKEND_URL": f"file://{self.backend}",
            "PULUMI_CONFIG_PASSPHRASE": self.passphrase,
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_DEBUG_PROVIDERS": f"aws:{self.port}",
            "PULUMI_OPTION_COLOR": "never",
            "PULUMI_DEBUG_COMMANDS": "true",  # or there is no --event-log
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_CONFIG_FILE": os.devnull,
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "ignore",
            **self.more,
        }

    @property
    def command(self) -> automation.PulumiCommand:
        """The CLI, for the Automation API."""
        return automation.PulumiCommand(root=str(self.cli.parents[1]))

    def stack(self, name: str = "dev") -> automation.Stack:
        """One stack, made if need be, for the Automation API."""
        workspace = automation.LocalWorkspace(
            work_dir=str(self.work),
            pulumi_home=str(self.home),
            env_vars=self.environment,
            pulumi_command=self.command,
        )
        return automation.Stack.create_or_select(name, workspace)

    def run(self, *arguments: str, check: bool = True) -> Ended:
        """Run one command of the CLI to its end."""
        return self.wait(self.start(*arguments), check=check)

    def steps(self, *arguments: str) -> Steps:
        """Run an update of some sort, without asking; what it did."""
        events = self.folder / "events.jsonl"
        events.unlink(missing_ok=True)
        self.run(*arguments, "--event-log", str(events))
        steps = Steps()
        for line in events.read_text().splitlines():
            told = json.loads(line).get("resourcePreEvent")
            if told is not None:
                steps.note(told["metadata"]["urn"], told["metadata"]["op"])
        return steps

    def up(self, stack: str, *arguments: str) -> Steps:
        """Deploy, without asking; what it did."""
        return self.steps("up", "--stack", stack, "--yes", "--skip-preview", *arguments)

    def init(self, stack: str) -> None:
        """Make the stack, whose config is in the folder already."""
        self.run("stack", "init", stack)

    def tool(self, *arguments: str) -> str:
        """Run one of the project's own tools on the working copy; its output."""
        return subprocess.run(
            [sys.executable, "-m", "alerting", *arguments],
            cwd=self.work,
            env=self.environment,
            text=True,
            check=True,
            stdout=subprocess.PIPE,
        ).stdout

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start one command of the CLI, in a process group of its own."""
        return subprocess.Popen(
            [self.cli, "--non-interactive", *arguments],
            cwd=self.work,
            env=self.environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def wait(self, process: "subprocess.Popen[str]", *, check: bool = False) -> Ended:
        """Wait for a started command."""
        output, _ = process.communicate(timeout=_PATIENCE)
        ended = Ended(process.returncode, output)
        assert not check or ended.code == 0, f"{process.args} ended with {ended.code}:\n{output}"
        return ended

    def state(self, stack: str = "dev") -> dict[str, Any]:
        """The stack's state as the backend keeps it."""
        (file,) = self.backend.glob(f".pulumi/stacks/*/{stack}.json")
        return json.loads(file.read_text())["checkpoint"]["latest"] or {}

    def resources(self, stack: str = "dev") -> list[dict[str, Any]]:
        """The resources in the state, without the stack itself and providers."""
        return [
            resource
            for resource in self.state(stack).get("resources", [])
            if not resource["type"].startswith("pulumi:")
        ]

    def config(self, stack: str) -> Mapping[str, Any]:
        """A stack's config, by its short keys."""
        document = YAML().load((self.work / f"Pulumi.{stack}.yaml").read_text())
        return _Short(document["config"])

    def edit(self, change: Callable[[dict[str, Any]], None], stack: str = "dev") -> None:
        """Change a stack's config in its file, as a person would."""
        yaml, file = YAML(), self.work / f"Pulumi.{stack}.yaml"
        document = yaml.load(file.read_text())
        change(_Short(document["config"]))
        with file.open("w") as out:
            yaml.dump(document, out)


class _Short(dict[str, Any]):
    """The config by its short keys."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__()
        self._config = config

    def __getitem__(self, key: str) -> Any:
        return self._config[f"anomaly-alerting:{key}"]

    def __contains__(self, key: object) -> bool:
        return f"anomaly-alerting:{key}" in self._config

    def __setitem__(self, key: str, value: Any) -> None:
        self._config[f"anomaly-alerting:{key}"] = value


def kill(process: "subprocess.Popen[str]") -> None:
    """SIGKILL for the engine alone: nobody else is told."""
    os.kill(process.pid, signal.SIGKILL)
