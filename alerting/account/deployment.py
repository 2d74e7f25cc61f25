"""What a Pulumi program declared, as plain data."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from alerting.account.model import Unknown, decoded, encoded

VERSION = 1
"""Of the JSON form."""


@dataclass(frozen=True)
class Resource:
    """One resource as it was registered with the engine."""

    urn: str
    type: str
    """Type token, for example `aws:sns/topic:Topic`."""
    name: str
    """Logical name."""
    inputs: Mapping[str, Any]
    """The engine's camelCase keys; whole numbers as int, secrets in clear, `Unknown` in preview."""
    outputs: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """What the provider returned, or what the component registered."""
    id: str | None = None
    """Physical id; None for components and in preview."""
    parent: str | None = None
    """URN of the parent; None right below the stack."""
    secrets: frozenset[str] = frozenset()
    """Paths of secret inputs: `endpoint`, `metricQueries[0].label`."""
    dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Input property to the URNs it comes from."""
    provider: str | None = None
    """URN of an explicit provider; None for the default one."""
    custom: bool = True
    """False for components."""
    external: bool = False
    """True where an existing thing is only read (`Topic.get`)."""
    secret_outputs: frozenset[str] = frozenset()
    """Names of outputs that are secret, beside those of the secret inputs."""


@dataclass(frozen=True)
class Deployment:
    """All that one run of a program declared, in the order of registration."""

    resources: tuple[Resource, ...]
    exports: Mapping[str, Any]
    """The stack's outputs."""
    stack: str
    project: str
    account_id: str
    region: str
    partition: str = "aws"
    preview: bool = False
    """True where outputs that need a deployment are `Unknown`."""
    secret_exports: frozenset[str] = frozenset()
    """Names of the exports that are secret."""

    @cached_property
    def _by_urn(self) -> dict[str, Resource]:
        return {resource.urn: resource for resource in self.resources}

    def of_type(self, *types: str) -> Iterator[Resource]:
        """The resources of these type tokens."""
        return (resource for resource in self.resources if resource.type in types)

    def named(self, name: str, type: str | None = None) -> Resource:
        """The one resource with this logical name.

        Raises:
            KeyError: there is none, or several and no `type` tells which.
        """
        found = [r for r in self.resources if r.name == name and type in (None, r.type)]
        if len(found) != 1:
            raise KeyError(f"{len(found)} resources are named {name!r}: {[r.type for r in found]}")
        return found[0]

    def get(self, urn: str) -> Resource | None:
        """The resource with this URN."""
        return self._by_urn.get(urn)

    def to_json(self) -> str:
        """The versioned JSON form, without the values of secrets."""
        return json.dumps(
            {
                "version": VERSION,
                "stack": self.stack,
                "project": self.project,
                "accountId": self.account_id,
                "region": self.region,
                "partition": self.partition,
                "preview": self.preview,
                "exports": {
                    name: encoded(Unknown(secret=True) if name in self.secret_exports else value)
                    for name, value in self.exports.items()
                },
                "secretExports": sorted(self.secret_exports),
                "resources": [_resource_out(resource) for resource in self.resources],
            },
            indent=2,
        )

    @classmethod
    def from_json(cls, text: str) -> "Deployment":
        """Read what `to_json` wrote.

        Raises:
            ValueError: the text is not JSON, or of a version this code does not know.
        """
        raw = json.loads(text)
        if raw.get("version") != VERSION:
            raise ValueError(f"deployment: version {raw.get('version')!r} is not {VERSION}")
        return cls(
            resources=tuple(_resource_in(resource) for resource in raw["resources"]),
            exports=decoded(raw["exports"]),
            secret_exports=frozenset(raw["secretExports"]),
            stack=raw["stack"],
            project=raw["project"],
            account_id=raw["accountId"],
            region=raw["region"],
            partition=raw["partition"],
            preview=raw["preview"],
        )


def top_names(paths: Iterable[str]) -> frozenset[str]:
    """The properties that paths such as `metricQueries[0].label` start with."""
    return frozenset(re.split(r"[.\[]", path, maxsplit=1)[0] for path in paths)


def masked(resource: Resource) -> Mapping[str, Any]:
    """The inputs with every secret replaced by `Unknown(secret=True)`."""
    return resource.inputs if not resource.secrets else _masked(resource.inputs, "", resource)


def _masked(value: Any, path: str, resource: Resource) -> Any:
    if path in resource.secrets:
        return Unknown(secret=True)
    if isinstance(value, Mapping):
        return {
            key: _masked(inner, f"{path}.{key}" if path else str(key), resource)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [_masked(inner, f"{path}[{i}]", resource) for i, inner in enumerate(value)]
    return value


def _resource_out(resource: Resource) -> dict[str, Any]:
    hidden = top_names(resource.secrets) | resource.secret_outputs
    outputs = {k: Unknown(secret=True) if k in hidden else v for k, v in resource.outputs.items()}
    secret_id = any(resource.outputs.get(name) == resource.id for name in hidden)
    return {
        "urn": resource.urn,
        "type": resource.type,
        "name": resource.name,
        "inputs": encoded(masked(resource)),
        "outputs": encoded(outputs),
        "id": None if secret_id else resource.id,
        "parent": resource.parent,
        "secrets": sorted(resource.secrets),
        "secretOutputs": sorted(resource.secret_outputs),
        "dependencies": {key: list(urns) for key, urns in resource.dependencies.items()},
        "provider": resource.provider,
        "custom": resource.custom,
        "external": resource.external,
    }


def _resource_in(raw: Mapping[str, Any]) -> Resource:
    return Resource(
        urn=raw["urn"],
        type=raw["type"],
        name=raw["name"],
        inputs=decoded(raw["inputs"]),
        outputs=decoded(raw["outputs"]),
        id=raw["id"],
        parent=raw["parent"],
        secrets=frozenset(raw["secrets"]),
        secret_outputs=frozenset(raw.get("secretOutputs", ())),
        dependencies={key: tuple(urns) for key, urns in raw["dependencies"].items()},
        provider=raw["provider"],
        custom=raw["custom"],
        external=raw["external"],
    )
