"""The windows of a stack file, over alarms and over sets of them."""

from collections.abc import Collection, Mapping
from typing import Any


def windows_of(
    said: Mapping[str, Mapping[str, Any]],
    *,
    alarms: Collection[str],
    homes: Mapping[str, tuple[str, ...]],
    sets: Collection[str],
) -> dict[str, Any]:
    """The windows with the alarms of a set for its name; one over sets that are empty is none.

    Args:
        said: windows by name, in snake_case.
        alarms: names of the alarms that are declared by themselves.
        homes: `Sets.homes`.
        sets: names of the sets in `watch`.
    """

    def keys(named: str) -> list[str]:
        if named in alarms or named not in sets:
            return [named]
        return [key for key, home in homes.items() if home[1] == named]

    windows: dict[str, Any] = {}
    for name, window in said.items():
        if not window.get("alarms"):
            windows[name] = window
        elif covered := [key for named in window["alarms"] for key in keys(named)]:
            windows[name] = {**window, "alarms": covered}
    return windows
