"""Finds presets. Reads only the file of the service that is asked for, once."""

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from alerting.catalog.preset import Preset, Service, read_service
from alerting.problems import nearest

_FOLDER = Path(__file__).parent / "services"


class UnknownPresetError(LookupError):
    """There is no such preset or service; the message names the nearest."""


@cache
def service_names() -> tuple[str, ...]:
    """The services there are presets for, in alphabetical order."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


@cache
def service(name: str) -> Service:
    """The presets of one service.

    Raises:
        UnknownPresetError: there are none.
        CatalogueError: its file is wrong.
    """
    if name not in service_names():
        raise UnknownPresetError(_unknown("service", name, service_names()))
    return read_service(name, tomllib.loads(_text(name)))


def services_with(namespace: str) -> Iterator[Service]:
    """The services that may have presets in a CloudWatch namespace; no other is parsed."""
    said = f'namespace = "{namespace}"'
    return (service(name) for name in service_names() if said in _text(name))


@cache
def _text(name: str) -> str:
    return (_FOLDER / f"{name}.toml").read_text(encoding="utf-8")


def find(name: str) -> Preset:
    """The preset called `SERVICE.KEY`, as `rds.free-storage`.

    Raises:
        UnknownPresetError: there is none.
        CatalogueError: its service's file is wrong.
    """
    first, _, key = name.partition(".")
    presets = service(first).presets
    if key not in presets:
        full = [preset.name for preset in presets.values()]
        raise UnknownPresetError(_unknown("preset", name, full))
    return presets[key]


@cache
def sources() -> dict[str, str]:
    """What the tags in `Preset.source` stand for."""
    return tomllib.loads((_FOLDER.parent / "sources.toml").read_text(encoding="utf-8"))


def _unknown(what: str, name: str, known: list[str] | tuple[str, ...]) -> str:
    near = nearest(name, known, cutoff=0.5)
    hint = f"did you mean {near!r}? " if near else ""
    return f"there is no {what} {name!r}; {hint}there are {', '.join(known)}"
