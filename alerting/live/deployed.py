"""What the engine's state says is deployed: `pulumi stack export`."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alerting.account.deployment import Resource

_TIMEOUT = 120
_SIGNATURE = "4dabf18193072939515e22adb298388d"  # marks a secret, an asset, a reference
_Key = tuple[str, str, str]
"""Type, name and the parent's name; URNs say more about parents than a recording does."""


class NoState(Exception):  # noqa: N818 - it says what is the matter
    """The engine's state cannot be had; the message says why."""


@dataclass(frozen=True)
class State:
    """The resources a stack has, with their real ids."""

    _outputs: Mapping[_Key, Mapping[str, Any]]

    def outputs_of(self, resource: Resource) -> Mapping[str, Any] | None:
        """Outputs of the resource that was deployed for this one, `id` among them."""
        return self._outputs.get(_key(resource.urn, resource.type, resource.parent))

    @property
    def arns(self) -> frozenset[str]:
        """The ARNs of all of them."""
        found = (outputs.get("arn") for outputs in self._outputs.values())
        return frozenset(arn for arn in found if isinstance(arn, str))

    @classmethod
    def of_export(cls, text: str) -> "State":
        """Read what `pulumi stack export` prints.

        Raises:
            NoState: it is not that.
        """
        try:
            resources = json.loads(text)["deployment"].get("resources") or []
            found = {
                _key(raw["urn"], raw["type"], raw.get("parent")): {
                    **_plain(raw.get("outputs", {})),
                    "id": raw["id"],
                }
                for raw in resources
                if raw.get("custom") and raw.get("id") and not raw.get("delete")
            }
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise NoState(f"`pulumi stack export` printed no state: {error!r}") from None
        return cls(found)


def export(stack: str, folder: Path) -> State:
    """Ask the Pulumi CLI for the state of a stack.

    Secrets stay encrypted, so no passphrase is needed.

    Raises:
        NoState: there is no CLI on the PATH, it is not signed in, or it knows no such stack.
    """
    program = shutil.which("pulumi")
    if program is None:
        raise NoState("there is no pulumi on the PATH")
    try:
        done = subprocess.run(  # noqa: S603 - the program is the user's own
            [program, "stack", "export", "--stack", stack, "--non-interactive"],
            cwd=folder,
            env={**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_TIMEOUT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoState(f"`pulumi stack export` does not end well: {error}") from None
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        raise NoState(f"`pulumi stack export`: {lines[-1].removeprefix('error: ')}")
    return State.of_export(done.stdout)


def _key(urn: str, type_: str, parent: str | None) -> _Key:
    above = parent.split("::", 3)[2:] if parent else ["", ""]
    name = "" if above[0] == "pulumi:pulumi:Stack" else above[1]
    return type_, urn.split("::", 3)[3], name


def _plain(outputs: Mapping[str, Any]) -> dict[str, Any]:
    """The outputs without the ones that are secret."""
    return {key: value for key, value in outputs.items() if not _marked(value)}


def _marked(value: Any) -> bool:
    if isinstance(value, dict):
        return _SIGNATURE in value or any(map(_marked, value.values()))
    return isinstance(value, list) and any(map(_marked, value))
