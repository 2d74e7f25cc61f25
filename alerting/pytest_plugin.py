"""Scenario files as pytest tests: one test an expectation.

Collected are `*.scenario.yaml` and every YAML file that is named on the command line. What can be
told before the replay to be wrong is an error, what only the replay shows is a failure.
"""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

# The rest of the package is imported where it is needed: pytest loads this module in every run.
SUFFIXES = (".scenario.yaml", ".scenario.yml")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Take scenario files."""
    named = file_path.suffix in (".yaml", ".yml") and parent.session.isinitpath(file_path)
    if named or file_path.name.endswith(SUFFIXES):
        return ScenarioFile.from_parent(parent, path=file_path)
    return None


class ScenarioFile(pytest.File):
    """One scenario; its series are replayed once, however many expectations are selected."""

    @cached_property
    def scenario(self) -> Any:
        """The file as read."""
        from alerting.scenarios.reading import read_scenario

        return read_scenario(_shown(self.path))

    def collect(self) -> Iterator[pytest.Item]:
        """A test an expectation, and one for `only`."""
        from alerting.scenarios.mistakes import ScenarioError

        try:
            tests = self.scenario.tests
        except ScenarioError as error:
            raise self.CollectError(str(error)) from None
        for test in tests:
            prefix = f"{test.name}: " if test.name else ""
            for at, one in enumerate(test.expectations):
                name = f"{prefix}{one} (line {one.place.line})"
                yield ExpectationItem.from_parent(self, name=name, test=test, at=at)
            if test.only:
                name, at = f"{prefix}nobody else is told", len(test.expectations)
                yield ExpectationItem.from_parent(self, name=name, test=test, at=at)

    def verdict(self, test: Any, at: int) -> Any:
        """What became of one expectation."""
        return self._verdicts[id(test)][at]

    @cached_property
    def _verdicts(self) -> dict[int, Any]:
        from alerting.scenarios.judging import judge

        return {id(test): judge(self.run, test) for test in self.scenario.tests}

    @cached_property
    def run(self) -> Any:
        """The scenario played.

        Raises:
            ScenarioError: it cannot be.
        """
        from alerting.scenarios.run import run, stage_of

        return run(self.scenario, stage_of(self.scenario))


class ExpectationItem(pytest.Item):
    """One expectation."""

    def __init__(self, *, test: Any, at: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._test, self._at = test, at

    def setup(self) -> None:
        """Play the scenario, so that one that cannot be played is an error, not a failure."""
        from alerting.scenarios.mistakes import ScenarioError

        try:
            _ = self._file.run
        except ScenarioError as error:
            message = str(error)
        else:
            return
        pytest.fail(message, pytrace=False)  # out here, so that no frame of ours is shown

    def runtest(self) -> None:
        """Fail where the expectation does not hold."""
        failure = self._file.verdict(self._test, self._at).failure
        if failure is not None:
            raise ExpectationFailed(str(failure))

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:
        """The text alone: no frame of this plugin helps anybody."""
        if isinstance(excinfo.value, ExpectationFailed):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """File, line (from 0) and name."""
        expectations = self._test.expectations
        about = expectations[self._at] if self._at < len(expectations) else self._test
        return self.path, about.place.line - 1, self.name

    @property
    def _file(self) -> ScenarioFile:
        assert isinstance(self.parent, ScenarioFile)
        return self.parent


class ExpectationFailed(AssertionError):  # noqa: N818 - it is what happened
    """An expectation does not hold; the message says all that is known."""


def _shown(path: Path) -> Path:
    """The path as people would write it here."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
