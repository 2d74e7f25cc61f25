"""How the resources of a service are found by tag, and what their ARNs say of their metrics."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from alerting.catalog.shape import shape_problems
from alerting.problems import Problem, must
from alerting.resource import Resource

_PART = re.compile(r"\{(?P<name>\w+)(?:=(?P<glob>[^}]*))?\}|(?P<star>\*{1,2})|(?P<text>[^{}*]+)")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


class Listing(StrEnum):
    """Who lists the resources that have some tags."""

    TAGGING = "tagging"
    """The Resource Groups Tagging API."""
    AUTO_SCALING = "auto-scaling"
    """Auto Scaling itself: for its groups GetResources returns an empty answer (Resource Groups
    Tagging API reference, "Services that support the Resource Groups Tagging API")."""


class Lookup(StrEnum):
    """What must be asked of a resource, because its ARN does not say it."""

    BALANCER = "balancer"
    """The load balancers of a target group, as the dimension spells them: `app/shop/50dc6c49`."""
    BROKER = "broker"
    """The ids of the brokers of an MSK cluster."""
    CLUSTER = "cluster"
    """The cluster of a DB instance; `none` where it is on its own."""
    ENGINE = "engine"
    """The engine of a DB cluster: clusters of Aurora, Neptune and others have ARNs of one form."""
    PROTOCOL = "protocol"
    """Of an API `HTTP` or `WEBSOCKET`."""


LookUp = Callable[[Lookup, str], Sequence[str]]
"""Asks something of the resource with an ARN."""


@dataclass(frozen=True, slots=True)
class ArnForm:
    """The ARNs of one sort of resource."""

    arn: str
    """`*` stands for anything without `/` and `:`, `**` for anything, `{id}` likewise for something
    that is needed, and `{id=app/*/*}` for something of that form."""
    id: str
    """`{cluster}/{service}`: put together from what the ARN says."""
    dimensions: Mapping[str, str]
    """Likewise, by name; `{arn}` is the whole ARN."""
    lookup: Lookup | None = None
    only: str = "**"
    """Form of what is looked up; anything else is not of this service."""

    def resources(self, arn: str, look_up: LookUp) -> list[Resource]:
        """The resources an ARN stands for: none where it has another form, several by its parts."""
        match = _pattern(self.arn).fullmatch(arn)
        if match is None:
            return []
        said = {**match.groupdict(), "arn": arn}
        if self.lookup is None:
            return [self._resource(said)]
        return [
            self._resource({**said, self.lookup: value})
            for value in look_up(self.lookup, arn)
            if _pattern(self.only).fullmatch(value)
        ]

    def stand_in(self, name: str) -> Resource:
        """A resource of this form as long as none is known."""
        return self._resource(dict.fromkeys((*self.names, "arn"), name))

    @property
    def is_part(self) -> bool:
        """Whether its metrics are those of something else, of which it is a part."""
        said = self.lookup is not None and f"{{{self.lookup}}}"
        return any(said and said in text for text in self.dimensions.values())

    @property
    def names(self) -> tuple[str, ...]:
        """What can stand in braces in `id` and `dimensions`, beside `arn`."""
        looked_up = (self.lookup.value,) if self.lookup else ()
        return (*_pattern(self.arn).groupindex, *looked_up)

    def _resource(self, said: Mapping[str, str]) -> Resource:
        filled = {name: text.format_map(said) for name, text in self.dimensions.items()}
        return Resource(self.id.format_map(said), filled)


@dataclass(frozen=True, slots=True)
class Search:
    """How the resources of one service are found."""

    listing: Listing
    types: tuple[str, ...]
    """The Tagging API's `ResourceTypeFilters`."""
    forms: tuple[ArnForm, ...]
    """None: they are not found by tag."""
    others: tuple[str, ...]
    """Forms of ARNs that come with them and are about something else."""
    instead: str
    """What to give where they are not found by tag, and why."""

    @property
    def wholes(self) -> list[tuple[str, ...]]:
        """The dimensions, sorted, of what is no part of something else."""
        return [tuple(sorted(form.dimensions)) for form in self.forms if not form.is_part]

    def stand_ins(self) -> tuple[Resource, ...]:
        """One resource of each sort, as long as none is known."""
        return tuple(
            form.stand_in(f"RESOURCE-{number}") for number, form in enumerate(self.forms, 1)
        )

    def matched(self, arns: Sequence[str]) -> tuple[list[str], list[str]]:
        """The ARNs that are of this service, and those of which nothing is known."""
        ours: list[str] = []
        unknown: list[str] = []
        for arn in dict.fromkeys(arns):
            if any(_pattern(form.arn).fullmatch(arn) for form in self.forms):
                ours.append(arn)
            elif not any(_pattern(other).fullmatch(arn) for other in self.others):
                unknown.append(arn)
        return ours, unknown

    def resources(self, arns: Sequence[str], look_up: LookUp) -> tuple[Resource, ...]:
        """The resources of some ARNs, by id."""
        found = (
            resource
            for arn in arns
            for form in self.forms
            for resource in form.resources(arn, look_up)
        )
        return tuple(sorted(found, key=lambda resource: resource.id))


@cache
def _pattern(form: str) -> re.Pattern[str]:
    parts: list[str] = []
    for part in _PART.finditer(form):
        if part["name"]:
            inner = _inside(part["glob"]) if part["glob"] else "[^/:]+"
            parts.append(f"(?P<{part['name']}>{inner})")
        elif part["star"]:
            parts.append(".*" if part["star"] == "**" else "[^/:]*")
        else:
            parts.append(re.escape(part["text"]))
    return re.compile("".join(parts))


def _inside(glob: str) -> str:
    """A glob in braces, of which no part may be empty."""
    stars = {"*": "[^/:]+", "**": ".+"}
    return "".join(stars.get(part) or re.escape(part) for part in re.split(r"(\*{1,2})", glob))


_KEYS = {"listing": str, "types": list, "arns": list, "others": list, "instead": str}
_FORM_KEYS = {"arn": str, "dimensions": dict}
_FORM_OPTIONAL = {"id": str, "lookup": str}


def read_search(data: Mapping[str, Any]) -> tuple[Search | None, list[Problem]]:
    """How resources are found, from a service's file, or what is wrong in it."""
    problems = list(shape_problems(data, {}, _KEYS))
    if ("arns" in data) == ("instead" in data):
        problems.append(Problem((), "needs exactly one of arns and instead"))
    listing = data.get("listing", Listing.TAGGING)
    if listing not in list(Listing):
        problems.append(must("listing", f"one of {', '.join(Listing)}", listing))
    elif "arns" in data and (listing == Listing.TAGGING) != bool(data.get("types")):
        problems.append(Problem(("types",), "belong to what the Tagging API lists"))
    for number, form in enumerate(data.get("arns", ())):
        found = list(shape_problems(form, _FORM_KEYS, _FORM_OPTIONAL)) or _form_problems(form)
        problems += [problem.under("arns", str(number)) for problem in found]
    if problems:
        return None, problems
    search = Search(
        listing=Listing(listing),
        types=tuple(data.get("types", ())),
        forms=tuple(_form(form) for form in data.get("arns", ())),
        others=tuple(data.get("others", ())),
        instead=data.get("instead", ""),
    )
    return search, []


def _form_problems(data: Mapping[str, Any]) -> Iterator[Problem]:
    """Braces that do not match, and names that nothing says."""
    arn, lookup = data["arn"], str(data.get("lookup", "")).partition("=")[0]
    names = [part["name"] for part in _PART.finditer(arn) if part["name"]]
    if "".join(part[0] for part in _PART.finditer(arn)) != arn:
        yield must("arn", "of the form of an ARN, with {name} for what is read from it", arn)
    if lookup not in ("", *Lookup):
        yield must("lookup", f"one of {', '.join(Lookup)}", lookup)
    for text in (data.get("id", "{id}"), *data["dimensions"].values()):
        for name in _PLACEHOLDER.findall(text):
            if name not in ("arn", lookup, *names):
                yield Problem((), f"{text!r} names {name}, which nothing says")


def _form(data: Mapping[str, Any]) -> ArnForm:
    lookup, _, only = str(data.get("lookup", "")).partition("=")
    return ArnForm(
        arn=data["arn"],
        id=data.get("id", "{id}"),
        dimensions=data["dimensions"],
        lookup=Lookup(lookup) if lookup else None,
        only=only or "**",
    )
