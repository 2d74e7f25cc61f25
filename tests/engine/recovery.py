"""Follows `docs/recovery.md` to the letter: its commands are run as they stand there.

Commands are the lines of the page's shell blocks; words in capitals are
filled in, and what the page says to look for in AWS is looked for with AWS's API, by its table.
"""

import json
import re
import shlex
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.engine.account import Account
from tests.engine.inventory import in_account, in_state, permissions
from tests.engine.project import ROOT, Ended, Project

PAGE = ROOT / "docs" / "recovery.md"
_HEADING = re.compile(r"^#{2,3} (.+)$", re.MULTILINE)
_COMMANDS = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
_ROW = re.compile(r"^\| `(aws:[^`]+)` \|.*\| `([^`]+)` \|$", re.MULTILINE)
_MADE_UP = re.compile(r"-[0-9a-f]{7}$")


def commands(section: str) -> list[str]:
    """The commands of one section of the page, in order.

    Raises:
        LookupError: there is no such section, or it has no command.
    """
    parts = _HEADING.split(PAGE.read_text())
    text = dict(zip(parts[1::2], parts[2::2], strict=True)).get(section, "")
    found = [line for block in _COMMANDS.findall(text) for line in block.splitlines()]
    if not found:
        raise LookupError(f"{PAGE.name} has no section {section!r} with commands")
    return found


def looked_for() -> Mapping[str, str]:
    """The page's table: resource type to the form of the id that an import wants."""
    return dict(_ROW.findall(PAGE.read_text()))


@dataclass
class Operator:
    """Somebody with the page at hand."""

    project: Project
    account: Account
    stack: str

    def after_an_interruption(self) -> None:
        """The five steps."""
        self.make_readable()
        self.follow("1. Unlock")
        self.follow("2. Find what AWS made meanwhile")
        pending = self.project.state(self.stack).get("pending_operations") or []
        wanted = [each["resource"] for each in pending if each["type"] == "creating"]
        self.follow("3. Forget what was pending")
        self._adopt((each["type"], each["urn"].rsplit("::", 1)[1]) for each in wanted)
        self.follow("5. Finish")

    def make_readable(self) -> None:
        """Repair what a write that was cut off has left, if the CLI stumbles over it."""
        ended = self.project.run("stack", "--stack", self.stack, check=False)
        if "failed to load checkpoint: EOF" in ended.output:
            self.follow("A state in files that cannot be read")

    def after_an_open_error(self, output: str) -> None:
        """Adopt what the failed command named and AWS has, and deploy again."""
        self._adopt(_named(output))
        self.follow("Deploy again")
        for key in self._second_keys():
            days = {"PendingWindowInDays": 7}
            self.account.cloud.client("kms").schedule_key_deletion(KeyId=key, **days)

    def rebuild_the_state(self) -> None:
        """Start a new state and tell it what AWS would otherwise make twice."""
        file = self.project.work / "import.json"
        first, then = _halves(commands("A state that is lost"))
        for line in first:
            self._run(line, {"STACK": self.stack, "FILE": str(file)})
        listed = json.loads(file.read_text())
        kept: list[dict[str, Any]] = []
        for each in listed["resources"]:
            if each.get("component"):
                kept.append(each)
            elif each["type"] in looked_for():
                found = self._find(each["type"], each["name"])
                kept += [each | {"id": found}] if found is not None else []
        file.write_text(json.dumps({**listed, "resources": kept}))
        for line in then:
            self._run(line, {"STACK": self.stack, "FILE": str(file)})

    def _adopt(self, named: Iterable[tuple[str, str]]) -> None:
        for kind, name in named:
            found = self._find(kind, name) if kind in looked_for() else None
            if found is not None:
                words = {"TYPE": kind, "NAME": name, "ID": found, "PARENT": self._parent(name)}
                self.follow("4. Adopt what you found", **words)

    def follow(self, section: str, **words: str) -> list[Ended]:
        """Run a section's commands with the words filled in; each must succeed."""
        return [self._run(line, {"STACK": self.stack, **words}) for line in commands(section)]

    def _run(self, line: str, words: Mapping[str, str]) -> Ended:
        words = {**words, "STATE": str(self.project.backend)}
        program, *arguments = [
            re.sub(r"\b[A-Z]+\b", lambda m: words.get(m[0], m[0]), word)
            for word in shlex.split(line)
        ]
        if program == "pulumi":
            return self.project.run(*arguments)
        subprocess.run([program, *arguments], check=True)
        return Ended(0, "")

    def _find(self, kind: str, name: str) -> str | None:
        """The id of a thing AWS has and the state has not, as the page says to find it."""
        resources = self.project.resources(self.stack)
        known = set(in_state(resources))
        match kind:
            case "aws:kms/key:Key":
                return next(iter(self._second_keys(self._topic(name))), None)
            case "aws:kms/alias:Alias":
                alias = (kind, f"alias/{self._topic(name)}")
                return alias[1] if alias in {*in_account(self.account.cloud)} - known else None
            case "aws:lambda/permission:Permission":
                for function, statement in permissions(self.account.cloud):
                    if _is(name, statement) and (kind, statement) not in known:
                        return f"{function}/{statement}"
            case _:
                for thing in {*in_account(self.account.cloud)} - known:
                    if thing[0] == kind and _is(name, thing[1].rsplit(":", 1)[-1]):
                        return thing[1]
        return None

    def _second_keys(self, topic: str | None = None) -> Iterator[str]:
        """Keys for topics of this stack that are not in its state."""
        known = set(in_state(self.project.resources(self.stack)))
        kms = self.account.cloud.client("kms")
        for kind, key in in_account(self.account.cloud):
            if kind == "aws:kms/key:Key" and (kind, key) not in known:
                told = kms.describe_key(KeyId=key)["KeyMetadata"]["Description"]
                if told.startswith("Encrypts the messages of the topic ") and (
                    topic is None or told.endswith(f" {topic}")
                ):
                    yield key

    def _topic(self, name: str) -> str:
        """The topic that `SEVERITY-key` or `SEVERITY-alias` belongs to."""
        severity = name.rsplit("-", 1)[0]
        topic = self.project.config(self.stack)["topicName"].replace("{stack}", self.stack)
        return topic if severity == "notify" else f"{topic}-{severity}"

    def _parent(self, name: str) -> str:
        """The URN of the component that a resource belongs to."""
        components = {
            resource["urn"].rsplit("::", 1)[1]: resource["urn"]
            for resource in self.project.resources(self.stack)
            if resource["type"].startswith("alerting:")
        }
        return next(urn for owner, urn in components.items() if name.startswith(f"{owner}-"))


def _halves(lines: list[str]) -> tuple[list[str], list[str]]:
    """The commands up to the one that writes the list of resources, and those after it."""
    number = next(n for n, line in enumerate(lines) if "--import-file" in line)
    return lines[: number + 1], lines[number + 1 :]


def _is(name: str, made_up: str) -> bool:
    return _MADE_UP.sub("", made_up) == name and made_up != name


def _named(output: str) -> Iterator[tuple[str, str]]:
    """Type and name of what the diagnostics of a failed command name, if it is in the table."""
    shown = {_shown(kind): kind for kind in looked_for()}
    for kind, name in re.findall(r"^  (aws:\S+) \(([^)]+)\):$", output, re.MULTILINE):
        if kind in shown:
            yield shown[kind], name


def _shown(kind: str) -> str:
    """A type as the CLI shows it: `aws:kms/key:Key` -> `aws:kms:Key`."""
    package, module, name = kind.split(":")
    return f"{package}:{module.split('/')[0]}:{name}"
