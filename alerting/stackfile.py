"""Reads `Pulumi.yaml` and `Pulumi.<stack>.yaml` offline, as the engine would hand them over."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.constructor import DuplicateKeyError, RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.timestamp import TimeStamp

_STAND_INS = {
    "email": "{name}@example.com",
    "email-json": "{name}@example.com",
    "sms": "+15550100",
    "https": "https://example.com/{name}",
    "http": "http://example.com/{name}",
    "lambda": "arn:aws:lambda:{region}:123456789012:function:{name}",
    "sqs": "arn:aws:sqs:{region}:123456789012:{name}",
    "firehose": "arn:aws:firehose:{region}:123456789012:deliverystream/{name}",
}
"""Offline, the value of a secret that is a receiver's endpoint, by protocol: AWS, also in memory,
looks at its form."""

_ENGINE_KEYS = ("config", "encryptedkey", "encryptionsalt", "environment", "secretsprovider")
"""What a stack file says to the engine (Pulumi docs, "Pulumi stack settings file reference")."""


class StackFileError(ValueError):
    """A stack or project file that is not there, or that the engine would not read."""


@dataclass(frozen=True)
class StackFile:
    """One stack's config, defaults of the project included."""

    path: Path
    stack: str
    project: str
    config: Mapping[str, Any]
    """Values by full key; of a secret a stand-in, which has the form its receiver wants."""
    secret_keys: frozenset[str]
    """Full keys whose values are encrypted, and so unknown here."""
    _raw: Any

    @property
    def program(self) -> Path:
        """The project's program."""
        return self.path.parent / "__main__.py"

    def line_of(self, path: tuple[str, ...]) -> int | None:
        """The line on which a config path stands (without the project's prefix), or its parent."""
        node, line = self._raw.get("config", {}), None
        for depth, part in enumerate(path):
            key = f"{self.project}:{part}" if depth == 0 and ":" not in part else part
            if not isinstance(node, Mapping) or key not in node:
                break
            line = _line(node, key) or line
            node = node[key]
        return line


def read_stack(stack: str, folder: Path | str = ".") -> StackFile:
    """Read one stack of the project in `folder`.

    Raises:
        StackFileError: a file is missing, is no YAML or not of the shape of a project or stack
            file, a key of the config stands outside it, or a secret inside a section; with file
            and line.
    """
    folder = Path(folder)
    project_file, path = folder / "Pulumi.yaml", folder / f"Pulumi.{stack}.yaml"
    if not project_file.is_file():
        raise StackFileError(
            f"{project_file}: there is no such file; run this in the project's folder"
        )
    if not path.is_file():
        known = ", ".join(sorted(_stacks(folder))) or "none"
        raise StackFileError(f"{path}: there is no stack {stack!r}; the stacks here are: {known}")
    project, raw = _load(project_file), _load(path)
    name = str(project.get("name") or "")
    if not name:
        raise StackFileError(f"{project_file}: has no name")
    declared = project.get("config") or {}
    for key in raw:
        if ":" in str(key) or (key in declared and key not in _ENGINE_KEYS):
            raise StackFileError(
                f"{path}:{_line(raw, key)}: {key} stands beside config, where nobody reads it; "
                "move it into config"
            )
    config: dict[str, Any] = {}
    secrets: set[str] = set()
    for key, spec in declared.items():
        default = _default(spec)
        if default is not None:
            config[key if ":" in key else f"{name}:{key}"] = default
    stack_config = raw.get("config") or {}
    for key, value in stack_config.items():
        full = key if ":" in str(key) else f"{name}:{key}"
        where = f"{path}:{_line(stack_config, key)}"
        if isinstance(value, Mapping) and set(value) == {"secure"}:
            secrets.add(full)
            config[full] = "secret"
            continue
        if any(_secure_leaves(value)):
            raise StackFileError(
                f"{where}: a secret inside {key} would come out in clear; give the endpoint as "
                "{secret: KEY} and set KEY with `pulumi config set --secret KEY`"
            )
        config[full] = _plain(value)
    stand_ins = {f"{name}:{key}": value for key, value in _stand_ins(name, config)}
    config |= {key: value for key, value in stand_ins.items() if key in secrets}
    return StackFile(path, stack, name, config, frozenset(secrets), raw)


def _stand_ins(project: str, config: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The keys that receivers name as secret endpoints, and what may stand in for the values."""
    receivers = config.get(f"{project}:receivers")
    region = config.get("aws:region", "us-east-1")
    for receiver in receivers.values() if isinstance(receivers, Mapping) else ():
        endpoint = receiver.get("endpoint") if isinstance(receiver, Mapping) else None
        if isinstance(endpoint, Mapping) and isinstance(endpoint.get("secret"), str):
            key = endpoint["secret"]
            form = _STAND_INS.get(str(receiver.get("protocol")), "secret")
            yield key, form.format(name=re.sub(r"[^\w-]", "-", key, flags=re.ASCII), region=region)


def _stacks(folder: Path) -> Iterator[str]:
    for file in folder.glob("Pulumi.*.yaml"):
        yield file.name.removeprefix("Pulumi.").removesuffix(".yaml")


class _Constructor(RoundTripConstructor):
    """Says where a key stands twice, and not its values, which may be secrets."""

    def check_mapping_key(
        self, node: Any, key_node: Any, mapping: Any, key: Any, value: Any
    ) -> bool:
        try:
            return super().check_mapping_key(node, key_node, mapping, key, value)
        except DuplicateKeyError:
            same = (one for one, _ in node.value if one.value == key_node.value)
            lines = ", ".join(str(one.start_mark.line + 1) for one in same)
            said = f"the key {key} stands twice (lines {lines})"
            raise MarkedYAMLError(problem=said, problem_mark=key_node.start_mark) from None


def _load(path: Path) -> Any:
    yaml = YAML(typ="rt")
    yaml.Constructor = _Constructor
    try:
        loaded = yaml.load(path.read_text(encoding="utf-8"))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f":{mark.line + 1}" if mark else ""
        raise StackFileError(f"{path}{line}: not YAML: {error.problem or error.context}") from None
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise StackFileError(f"{path}: {error}") from None
    if loaded is None:
        return CommentedMap()
    if not isinstance(loaded, Mapping):
        raise StackFileError(f"{path}: must be a map with the key config")
    if not isinstance(loaded.get("config") or {}, Mapping):
        raise StackFileError(f"{path}:{_line(loaded, 'config')}: config must be a map")
    return loaded


def _line(node: Any, key: Any) -> int | None:
    """The line of a key; None where it was merged in from elsewhere."""
    place = (node.lc.data or {}).get(key)
    return place[0] + 1 if place else None


def _default(spec: Any) -> Any:
    """A project-level value: given plainly, or as `value` or `default` of a declaration."""
    if not isinstance(spec, Mapping):
        return _plain(spec)
    return _plain(spec.get("value", spec.get("default")))


def _secure_leaves(value: Any) -> Iterator[bool]:
    if isinstance(value, Mapping):
        if set(value) == {"secure"}:
            yield True
        for inner in value.values():
            yield from _secure_leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _secure_leaves(inner)


def _plain(value: Any) -> Any:
    """Plain Python values, the engine's order of keys (sorted)."""
    if isinstance(value, Mapping):
        return {str(key): _plain(value[key]) for key in sorted(value, key=str)}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, bool) or value is None:
        return value
    for kind in (int, float, str):
        if isinstance(value, kind):
            return kind(value)
    return _printed(value) if isinstance(value, date) else str(value)


def _printed(value: date) -> str:
    """A date that is not quoted, as the engine hands it over: YAML reads it, and Go prints it.

    `2026-12-15` becomes `2026-12-15 00:00:00 +0000 UTC`; with a T and no zone it is text to Go.
    """
    if not isinstance(value, datetime):
        return f"{value} 00:00:00 +0000 UTC"
    if value.tzinfo is None and isinstance(value, TimeStamp):
        return str(value)
    offset = f"{value:%z}" if value.utcoffset() else "+0000"
    fraction = f".{value.microsecond:06d}".rstrip("0") if value.microsecond else ""
    zone = offset if value.utcoffset() else "UTC"
    return f"{value:%Y-%m-%d %H:%M:%S}{fraction} {offset} {zone}"
