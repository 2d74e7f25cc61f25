"""The alarms of the sets in `watch`."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from alerting.problems import Problem
from alerting.resource import Resource
from alerting.settings.tagged import OF_TAGS, Query, query_of, query_problems

Alarm = dict[str, Any]

_NOBODY = re.compile(r"there is no alarm '([^']+)'")
"""How the components refuse a name of nobody."""


@dataclass(frozen=True)
class Sets:
    """Sets, written out as alarms."""

    alarms: Mapping[str, Alarm]
    """By name: that of the set, of the resource where it was found, and the preset's key."""
    problems: tuple[Problem, ...]
    homes: Mapping[str, tuple[str, ...]]
    """Where the stack file says what an alarm is, by its name."""
    queries: Mapping[str, Query]
    """What is to be found by tag, by the set's name."""

    def at_home(self, problem: Problem) -> Problem:
        """A problem of such an alarm, at the place in the stack file that it comes from."""
        problem = self._with_reason(problem)
        match problem.path:
            case ("alarms", name, *rest) if name in self.homes:
                return Problem((*self.homes[name], *rest), problem.message)
            case _:
                return problem

    def _with_reason(self, problem: Problem) -> Problem:
        """What is called like an alarm found by tag, with why it is none that could be named."""
        named = _NOBODY.match(problem.message)
        for name in self.queries if named else ():
            if named and f"{named[1]}-".startswith(f"{name}-"):
                why = f"the alarms of watch.{name} are found by tag when the stack is deployed"
                text = f"{named[0]}: {why}, and cannot be named by others"
                return Problem(problem.path, text)
        return problem

    def found(self) -> dict[str, Alarm]:
        """The alarms of resources that were found by tag."""
        return {name: a for name, a in self.alarms.items() if self.homes[name][1] in self.queries}


def sets_of(
    watch: Mapping[str, Mapping[str, Any]],
    *,
    taken: Collection[str],
    found: Mapping[str, Sequence[Resource]] | None,
) -> Sets:
    """What some sets come to.

    Args:
        watch: Sets in snake_case, by name.
        taken: Names of alarms that are declared by themselves.
        found: Resources of the sets with tags, by the set's name; of one that is not among them
            none is known, and it has no alarms. None: each set has stand-ins, to be checked.
    """
    alarms: dict[str, Alarm] = {}
    problems: list[Problem] = []
    homes: dict[str, tuple[str, ...]] = {}
    queries: dict[str, Query] = {}
    for name, asked in watch.items():
        one = _made(asked, None if found is None else found.get(name, ()))
        problems += [problem.under("watch", name) for problem in one.problems]
        if one.query is not None:
            queries[name] = one.query
        for (rest, key), alarm in one.alarms.items():
            full, home = f"{name}-{rest}", ("watch", name, "alarms", key)
            if full in taken or full in alarms:
                problems.append(Problem(home, f"is called {full}, and so is another alarm"))
                continue
            alarms[full], homes[full] = alarm, home
    return Sets(alarms, tuple(problems), homes, queries)


@dataclass(frozen=True, slots=True)
class _Made:
    """What one set comes to."""

    alarms: Mapping[tuple[str, str], Alarm]
    """By what comes after the set's name, and the preset's key."""
    problems: Sequence[Problem]
    query: Query | None = None


def _made(asked: Mapping[str, Any], resources: Sequence[Resource] | None) -> _Made:
    wrong = list(_which_problems(asked))
    if wrong:
        return _Made({}, wrong)
    return _tagged(asked, resources) if "tags" in asked else _single(asked)


def _which_problems(asked: Mapping[str, Any]) -> Iterator[Problem]:
    if "tags" in asked:
        if "id" in asked or "dimensions" in asked:
            yield Problem((), "needs one of id, dimensions and tags, not several")
        if "fleet" in asked:
            yield Problem(
                ("fleet",), "is one alarm over all, and tags are for one each; say either"
            )
        return
    for key in OF_TAGS[1:]:
        if key in asked:
            yield Problem((key,), "belongs to tags; there are none")


def _single(asked: Mapping[str, Any]) -> _Made:
    # Reading the catalogue takes some milliseconds, which a stack without sets need not pay.
    from alerting.catalog import watch_set

    made, problems = watch_set(**asked)
    return _Made({(key, key): alarm for key, alarm in made.items()}, problems)


def _tagged(asked: Mapping[str, Any], resources: Sequence[Resource] | None) -> _Made:
    from alerting.catalog import UnknownPresetError, found_set, service

    try:
        search = service(asked["kind"]).search
    except UnknownPresetError as error:
        return _Made({}, [Problem(("kind",), str(error))])
    query = query_of(asked)
    plain = {key: value for key, value in asked.items() if key not in OF_TAGS}
    if resources is not None:
        made, problems = found_set(**plain, resources=resources)
    else:
        made, found = found_set(**plain, resources=search.stand_ins())
        problems = [*query_problems(query, search.instead), *found]
        problems = problems or list(_unmade(asked, {key for _, key in made}))
    alarms = {(f"{one}-{key}", key): alarm for (one, key), alarm in made.items()}
    return _Made(alarms, problems, query)


def _unmade(asked: Mapping[str, Any], made: Collection[str]) -> Iterator[Problem]:
    """Presets that a set names, and that are about nothing it can find."""
    for key in asked.get("alarms", {}):
        if key not in made:
            text = "is about nothing that is found by tag; make it an alarm of its own"
            yield Problem(("alarms", key), text)
    if not made:
        text = f"no alarm to begin with goes with what is found of {asked['kind']}"
        yield Problem((), text)
