"""What is written down of an account, and who writes one resource down."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from alerting.account.model import Item, Kind, Ref, Unknown
from alerting.account.row import Declared


@dataclass
class _Entry:
    kind: Kind
    arn: Ref
    data: dict[str, Any]
    urn: str | None


class Book:
    """The things an account holds, in the order in which they were written down."""

    def __init__(self) -> None:
        self._entries: list[_Entry] = []
        self._at: dict[tuple[Kind, object], _Entry] = {}

    def add(
        self, kind: Kind, arn: Ref, data: dict[str, Any], urn: str | None, *names: object
    ) -> None:
        """Write down a new thing, to be found by its ARN, its URN and further names."""
        entry = _Entry(kind, arn, data, urn)
        self._entries.append(entry)
        for name in (arn, urn, *names):
            if isinstance(name, str):
                self._at[kind, name] = entry

    def find(self, kind: Kind, ref: Any) -> dict[str, Any] | None:
        """What is written down under an ARN or name, or will come from a known resource."""
        names = ref.of if isinstance(ref, Unknown) else (ref,)
        entries = (self._at.get((kind, name)) for name in names)
        return next((entry.data for entry in entries if entry), None)

    def items(self, names: Mapping[str, str]) -> tuple[Item, ...]:
        """All of it; `names` says by URN how people call things."""
        return tuple(
            Item(e.kind, e.arn, e.data, e.urn, names.get(e.urn or str(e.arn)))
            for e in self._entries
        )


@dataclass
class Scribe:
    """Writes down what the calls that create one resource leave in AWS."""

    book: Book
    of: Declared
    known: Mapping[str, Any]
    """Outputs the resource is known to have; ids are made up only where there are none."""

    def arn(self, service: str, resource: Any, *, regional: bool = True) -> Ref:
        """The resource's ARN: as known, else computed; unknown where its name is."""
        known = self.known.get("arn")
        if isinstance(known, str):
            return known
        if isinstance(resource, Unknown):
            return Unknown((self.of.urn,))
        region = self.of.region if regional else ""
        return f"arn:{self.of.partition}:{service}:{region}:{self.of.account_id}:{resource}"

    def uuid(self) -> str:
        """An id that is the same in every run."""
        return str(uuid.uuid5(uuid.NAMESPACE_URL, self.of.urn))

    def add(self, kind: Kind, arn: Ref, data: dict[str, Any], *names: object) -> None:
        """Write down the resource itself, to be found by its ARN, its URN and further names."""
        self.book.add(kind, arn, data, self.of.urn, *names)

    def find(self, kind: Kind, ref: Any) -> dict[str, Any] | None:
        """What is written down under an ARN or name, or will come from a known resource."""
        return self.book.find(kind, ref)

    def change(self, kind: Kind, ref: Any, **values: Any) -> Mapping[str, Any]:
        """Change what is written down; what is not in the picture belongs to somebody else."""
        data = self.find(kind, ref)
        if data is not None:
            data.update(values)
        return {}
