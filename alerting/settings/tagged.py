"""Sets whose resources are found by their tags when the stack is deployed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from alerting.problems import Problem, must
from alerting.resource import Resource

OF_TAGS = ("tags", "max_resources", "may_be_empty")
"""The keys of a set that are about finding its resources."""
MAX_RESOURCES = 100
"""How many resources the tags of a set may match unless it says otherwise."""
_MAX_TAGS = 50
"""Keys in a request (Resource Groups Tagging API reference, "GetResources")."""
_SHOWN = 3


@dataclass(frozen=True)
class Query:
    """What is to be listed for one set."""

    kind: str
    tags: Mapping[str, str]
    """All of which a resource has."""
    most: int
    may_be_empty: bool

    @property
    def words(self) -> str:
        """`team=shop and stage=live`."""
        return " and ".join(f"{key}={value}" for key, value in sorted(self.tags.items()))


@dataclass(frozen=True)
class Found:
    """What AWS lists for a query."""

    arns: tuple[str, ...]
    """Of the query's kind."""
    resources: tuple[Resource, ...]
    """What the ARNs stand for; nothing where they are too many or some are not known."""
    unknown: tuple[str, ...] = ()
    """ARNs that came with them, and of which it is not known what their metrics are called."""


def query_of(asked: Mapping[str, Any]) -> Query:
    """What a set with tags, in snake_case, asks for."""
    return Query(
        kind=asked["kind"],
        tags=asked["tags"],
        most=asked.get("max_resources", MAX_RESOURCES),
        may_be_empty=asked.get("may_be_empty", False),
    )


def query_problems(query: Query, instead: str) -> Iterator[Problem]:
    """What cannot be asked for.

    Args:
        query: What is asked for.
        instead: What to give where resources of the kind are not found by tag; empty: they are.
    """
    if instead:
        yield Problem(("tags",), f"{query.kind} is not found by tag; give {instead}")
    if not query.tags:
        yield Problem(("tags",), "name at least one: without, every resource would be meant")
    elif len(query.tags) > _MAX_TAGS:
        yield must("tags", f"at most {_MAX_TAGS}", len(query.tags))


def found_problems(query: Query, found: Found) -> Iterator[Problem]:
    """What is wrong with what AWS lists: too much, nothing, or what cannot be watched."""
    here = ("tags",)
    if found.unknown:
        arns = ", ".join(found.unknown[:_SHOWN])
        more = f" and {len(found.unknown) - _SHOWN} more" if len(found.unknown) > _SHOWN else ""
        yield Problem(
            here,
            f"match {arns}{more}, whose ARN does not say the dimensions of its metrics; take the "
            f"tags off, and give dimensions in a set of its own",
        )
    if len(found.arns) > query.most:
        yield Problem(
            here,
            f"match {len(found.arns):,} resources, and at most {query.most:,} are watched; name "
            f"more tags, or raise max_resources (each resource has all alarms of the set)",
        )
    elif not found.unknown and not found.resources and not query.may_be_empty:
        yield Problem(
            here,
            f"match nothing: no resource of kind {query.kind} in this account and Region has "
            f"{query.words}; where that is right, say so with may_be_empty",
        )
