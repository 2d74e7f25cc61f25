"""A resource that alarms are made for."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Resource:
    """One that was found."""

    id: str
    """What it is called in the names of its alarms; no other of its service has the same."""
    dimensions: Mapping[str, str]
    """Those that name it, of its own metrics."""
