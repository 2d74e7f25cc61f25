"""Changes of a stack file, for `Project.edit`."""

from collections.abc import Callable
from typing import Any

Edit = Callable[[dict[str, Any]], None]


def put(*path: str, to: Any) -> Edit:
    """Set what stands at a path."""

    def change(config: dict[str, Any]) -> None:
        node = config
        for key in path[:-1]:
            node = node[key]
        node[path[-1]] = to

    return change


def drop(*path: str) -> Edit:
    """Remove what stands at a path: an alarm, a receiver, a key of theirs."""

    def change(config: dict[str, Any]) -> None:
        node = config
        for key in path[:-1]:
            node = node[key]
        del node[path[-1]]

    return change


def rename(section: str, old: str, new: str, **more: Any) -> Edit:
    """Call an alarm, a receiver or a severity differently, and say more of it."""

    def change(config: dict[str, Any]) -> None:
        config[section][new] = {**config[section].pop(old), **more}

    return change
