"""This release on what the last ones left behind (`states/`, see `states/keep.py`)."""

from pathlib import Path
from typing import Any

import pytest

from tests.engine.project import Project, Steps

pytestmark = pytest.mark.engine

_STATES = sorted((Path(__file__).parent / "states").glob("*.json"))


@pytest.mark.parametrize("state", _STATES, ids=lambda file: file.stem)
def test_nothing_is_replaced_or_removed(project: Project, state: Path) -> None:
    steps = _previewed_on(project, state)
    assert set(steps.taken.values()) <= {"update"}, steps.names()


def test_a_replacement_would_be_seen(project: Project) -> None:
    def rename(config: dict[str, Any]) -> None:
        config["topicName"] = "another-name"

    project.edit(rename, "prod")
    assert "replace" in _previewed_on(project, _STATES[-1]).taken.values()


def _previewed_on(project: Project, state: Path) -> Steps:
    project.init("prod")
    project.run("stack", "import", "--stack", "prod", "--file", str(state))
    return project.steps("preview", "--stack", "prod")
