"""Follows `docs/recovery.md` to the letter: its commands are run as they stand there.

Commands are the lines of the page's shell blocks; words in capitals are
filled in, and what the page says to look for in AWS is looked for with AWS's API, by its table.
"""

import json
import re
import shlex
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping
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
        wanted = [each["resource"]["urn"] for each in pending if each["type"] == "creating"]
        self.follow("3. Forget what was pending")
        self._adopt(wanted)
        self.follow("5. Finish")

    def make_readable(self) -> None:
        """Repair what a write that was cut off has left, if the CLI stumbles over it."""
        ended = self.project.run("stack", "--stack", self.stack, check=False)
        if "failed to load checkpoint: EOF" in ended.output:
            self.follow("A state in files that cannot be read")

    def after_an_open_error(self, output: str) -> None:
        """Adopt what the failed command named and AWS has, and deploy again."""
        named = set(_named(output))
        if named:
            shown = self._shown("See where it belongs")
            self._adopt(urn for urn in shown if _kind_and_name(urn) in named)
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

    def _adopt(self, urns: Iterable[str]) -> None:
        for urn in urns:
            kind, name = _kind_and_name(urn)
            found = self._find(kind, name) if kind in looked_for() else None
            if found is not None:
                words = {"TYPE": kind, "NAME": name, "ID": found, "PARENT": self._parent(urn)}
                self.follow("4. Adopt what you found", **words)

    def follow(self, section: str, **words: str) -> list[Ended]:
        """Run a section's commands with the words filled in; each must succeed."""
        return [self._run(line, {"STACK": self.stack, **words}) for line in commands(section)]

    def _shown(self, section: str) -> list[str]:
        """The URNs of what a section's preview shows."""
        (line,) = commands(section)
        _, *arguments = self._filled(line, {"STACK": self.stack})
        return list(self.project.steps(*arguments).taken)

    def _run(self, line: str, words: Mapping[str, str]) -> Ended:
        program, *arguments = self._filled(line, words)
        if program == "pulumi":
            return self.project.run(*arguments)
        subprocess.run([program, *arguments], check=True)
        return Ended(0, "")

    def _filled(self, line: str, words: Mapping[str, str]) -> list[str]:
        words = {**words, "STATE": str(self.project.backend)}
        return [
            re.sub(r"\b[A-Z]+\b", lambda m: words.get(m[0], m[0]), word)
            for word in shlex.split(line)
        ]

    def _find(self, kind: str, name: str) -> str | None:
        """The id of a thing AWS has and the state has not, as the page says to find it."""
        known = set(in_state(self.project.resources(self.stack)))
        unknown = {*in_account(self.account.cloud)} - known
        ids = [identity for found, identity in sorted(unknown) if found == kind]
        match kind:
            case "aws:kms/key:Key":
                return next(self._second_keys(self._topic(name)), None)
            case "aws:kms/alias:Alias":
                return _first(ids, lambda alias: alias == f"alias/{self._topic(name)}")
            case "aws:lambda/permission:Permission":
                for function, statement in permissions(self.account.cloud):
                    if _is(name, statement) and statement in ids:
                        return f"{function}/{statement}"
                return None
            case "aws:cloudformation/stack:Stack":
                metric = name.removeprefix("alarms-").removesuffix("-detector")
                called = f"detector-{self.stack}-{metric}"
                return _first(ids, lambda arn: arn.split("/")[1] == called)
            case "aws:scheduler/schedule:Schedule":
                called = f"default/{self.stack}-{name.removesuffix('-schedule')}"
                return _first(ids, lambda schedule: schedule == called)
            case _:
                return _first(ids, lambda made_up: _is(name, made_up.rsplit(":", 1)[-1]))

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

    def _parent(self, urn: str) -> str:
        """The URN of the component that a resource belongs to."""
        stack, kinds, name = urn.rsplit("::", 2)
        components = f"{stack}::{kinds.rpartition('$')[0]}::"
        owners = [
            resource["urn"]
            for resource in self.project.resources(self.stack)
            if resource["urn"].startswith(components)
            and name.startswith(f"{resource['urn'].removeprefix(components)}-")
        ]
        return max(owners, key=len)


def _halves(lines: list[str]) -> tuple[list[str], list[str]]:
    """The commands up to the one that writes the list of resources, and those after it."""
    number = next(n for n, line in enumerate(lines) if "--import-file" in line)
    return lines[: number + 1], lines[number + 1 :]


def _is(name: str, made_up: str) -> bool:
    return _MADE_UP.sub("", made_up) == name and made_up != name


def _first(ids: Iterable[str], fits: Callable[[str], bool]) -> str | None:
    return next(filter(fits, ids), None)


def _kind_and_name(urn: str) -> tuple[str, str]:
    _, kinds, name = urn.rsplit("::", 2)
    return kinds.rpartition("$")[2], name


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
