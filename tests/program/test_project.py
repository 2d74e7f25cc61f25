"""The project: its program, and what Pulumi.yaml says of the config."""

from pathlib import Path

from ruamel.yaml import YAML

from alerting.settings.models import StackConfig

ROOT = Path(__file__).parents[2]
MAIN = ROOT / "__main__.py"


def test_the_program_is_short():
    assert len(MAIN.read_text().splitlines()) < 40


DEFAULTS = {
    key: value
    for key, value in StackConfig().model_dump(by_alias=True).items()
    if value is not None
}
"""A key that means nothing unless it is there has no default, and the engine demands a declared key
without one of every stack: such a key stays undeclared."""


def test_the_project_declares_every_key_that_has_a_default():
    project = YAML(typ="safe").load((ROOT / "Pulumi.yaml").read_text())
    assert set(project["config"]) == set(DEFAULTS)
    for declared in project["config"].values():
        assert set(declared) == {"type", "description", "default"}
        assert declared["type"] in ("string", "object")


def test_the_project_runs_with_pip_in_its_own_environment():
    project = YAML(typ="safe").load((ROOT / "Pulumi.yaml").read_text())
    assert project["runtime"] == {
        "name": "python",
        "options": {"toolchain": "pip", "virtualenv": ".venv"},
    }


def test_the_projects_defaults_are_those_of_the_settings():
    project = YAML(typ="safe").load((ROOT / "Pulumi.yaml").read_text())
    defaults = {key: declared["default"] for key, declared in project["config"].items()}
    assert defaults == DEFAULTS


def test_the_project_names_the_keys_it_does_not_declare():
    text = (ROOT / "Pulumi.yaml").read_text()
    undeclared = set(StackConfig().model_dump(by_alias=True)) - set(DEFAULTS)
    assert {key for key in undeclared if f"# {key}: " not in text} == set()
