"""The alarms of the sets in `watch`."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from alerting.problems import Problem


@dataclass(frozen=True)
class Sets:
    """Sets, written out as alarms."""

    alarms: Mapping[str, dict[str, Any]]
    """By name: that of the set and the preset's key."""
    problems: tuple[Problem, ...]
    homes: Mapping[str, tuple[str, ...]]
    """Where the stack file says what an alarm is, by its name."""

    def at_home(self, problem: Problem) -> Problem:
        """A problem of such an alarm, at the place in the stack file that it comes from."""
        match problem.path:
            case ("alarms", name, *rest) if name in self.homes:
                return Problem((*self.homes[name], *rest), problem.message)
            case _:
                return problem


def sets_of(watch: Mapping[str, Mapping[str, Any]], *, taken: Collection[str]) -> Sets:
    """What some sets come to.

    Args:
        watch: What `watch_set` takes, by the set's name.
        taken: Names of alarms that are declared by themselves.
    """
    if not watch:
        return Sets({}, (), {})
    # Reading the catalogue takes some milliseconds, which a stack without sets need not pay.
    from alerting.catalog import watch_set

    alarms: dict[str, dict[str, Any]] = {}
    problems: list[Problem] = []
    homes: dict[str, tuple[str, ...]] = {}
    for name, asked in watch.items():
        made, found = watch_set(**asked)
        problems += [problem.under("watch", name) for problem in found]
        for key, alarm in made.items():
            full = f"{name}-{key}"
            home = ("watch", name, "alarms", key)
            if full in taken or full in alarms:
                problems.append(Problem(home, f"is called {full}, and so is another alarm"))
                continue
            alarms[full], homes[full] = alarm, home
    return Sets(alarms, tuple(problems), homes)
