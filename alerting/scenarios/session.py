"""Many scenario files, read, played and judged."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from alerting.output import BadInput
from alerting.scenarios.coverage import Coverage, coverage
from alerting.scenarios.judging import Verdict, judge
from alerting.scenarios.mistakes import Mistake, ScenarioError
from alerting.scenarios.reading import read_scenario
from alerting.scenarios.run import Run, run, stage_of
from alerting.scenarios.scenario import Scenario, Test

SUFFIXES = (".scenario.yaml", ".scenario.yml")
"""Of the files that are looked for in a folder."""


@dataclass(frozen=True, eq=False)
class Played:
    """One scenario and what became of it."""

    scenario: Scenario
    run: Run
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, eq=False)
class Session:
    """All of them."""

    played: tuple[Played, ...]

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """Of all expectations."""
        return tuple(verdict for one in self.played for verdict in one.verdicts)

    @property
    def failed(self) -> tuple[Verdict, ...]:
        """Those that do not hold."""
        return tuple(verdict for verdict in self.verdicts if verdict.failure)

    @property
    def coverage(self) -> tuple[Coverage, ...]:
        """What they leave untried."""
        return coverage([one.run for one in self.played])


def play_files(
    given: Sequence[Path],
    *,
    select: str = "",
    say: Callable[[str], None] = lambda _: None,
) -> Session:
    """Read, play and judge scenario files.

    Args:
        given: Files, or folders whose `*.scenario.yaml` are meant.
        select: Only tests with this in `FILE::NAME`.
        say: Is told what is being done.

    Raises:
        BadInput: files that cannot be used, with every mistake in all of them; or nothing to do.
    """
    mistakes: list[Mistake] = []
    played: list[Played] = []
    for file in dict.fromkeys(scenario_files(given)):
        say(f"playing {file}")
        try:
            scenario = read_scenario(file)
            tests = [test for test in scenario.tests if select in f"{file}::{test.name}"]
            if tests:
                played.append(play_scenario(scenario, tests))
        except ScenarioError as error:
            mistakes += error.mistakes
    if mistakes:
        raise ScenarioError(*mistakes)
    if not played:
        raise BadInput(f"--select {select}: no test has this in its FILE::NAME; nothing was tested")
    return Session(tuple(played))


def play_scenario(scenario: Scenario, tests: Iterable[Test]) -> Played:
    """Play one scenario and judge some of its tests.

    Raises:
        ScenarioError: what can be told before the replay is wrong.
    """
    what = run(scenario, stage_of(scenario))
    return Played(scenario, what, tuple(verdict for test in tests for verdict in judge(what, test)))


def scenario_files(given: Iterable[Path]) -> Iterator[Path]:
    """The files meant by files and folders.

    Raises:
        BadInput: a folder without any.
    """
    for path in given:
        if not path.is_dir():
            yield path
            continue
        found = sorted(one for one in path.rglob("*") if one.name.endswith(SUFFIXES))
        if not found:
            raise BadInput(f"{path}: holds no *{SUFFIXES[0]}; nothing would be tested")
        yield from found
