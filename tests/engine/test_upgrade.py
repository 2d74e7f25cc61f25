"""This release on what the last ones left behind (`states/`, see `states/keep.py`)."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.engine.edits import Edit
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

    assert "replace" in _previewed_on(project, _STATES[-1], rename).taken.values()


def _previewed_on(project: Project, state: Path, *edits: Edit) -> Steps:
    shutil.copy(state.with_suffix(".yaml"), project.work / "Pulumi.prod.yaml")
    for edit in edits:
        project.edit(edit, "prod")
    project.init("prod")
    project.run("stack", "import", "--stack", "prod", "--file", str(state))
    return project.steps("preview", "--stack", "prod")
