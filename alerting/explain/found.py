"""What the sets of a stack have found by tag."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from alerting.account import Deployment

EXPORT = "watched_resources"
"""The output of our program that says it."""


@dataclass(frozen=True, slots=True)
class FoundByTag:
    """One set."""

    name: str
    kind: str
    tags: Mapping[str, str]
    resources: tuple[str, ...] | None
    """Ids; None where nobody was asked, because there was no cloud."""

    @property
    def words(self) -> str:
        """`rds with team=shop: shop-1, shop-2`."""
        tags = " and ".join(f"{key}={value}" for key, value in sorted(self.tags.items()))
        if self.resources is None:
            found = "found when the stack is deployed, and not known offline"
        else:
            found = ", ".join(self.resources) or "none"
        return f"{self.kind} with {tags}: {found}"


def found_by_tag(deployment: Deployment) -> tuple[FoundByTag, ...]:
    """The sets with tags, by name; none where the program has no such output."""
    said = deployment.exports.get(EXPORT)
    return tuple(_sets(said)) if isinstance(said, Mapping) else ()


def _sets(said: Mapping[str, Any]) -> Iterator[FoundByTag]:
    for name in sorted(said):
        match said[name]:
            case {"kind": str(kind), "tags": Mapping() as tags, "resources": list(ids)}:
                yield FoundByTag(name, kind, tags, tuple(map(str, ids)))
            case {"kind": str(kind), "tags": Mapping() as tags, "resources": None}:
                yield FoundByTag(name, kind, tags, None)
            case _:
                pass  # an output of somebody else that happens to have this name
