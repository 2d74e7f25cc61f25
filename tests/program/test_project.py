"""The project: its program, and what Pulumi.yaml says of the config."""

from pathlib import Path

from ruamel.yaml import YAML

from alerting.settings.models import StackConfig

ROOT = Path(__file__).parents[2]
MAIN = ROOT / "__main__.py"


def test_the_program_is_short():
    assert len(MAIN.read_text().splitlines()) < 40


def test_the_project_declares_every_key_with_type_description_and_default():
    project = YAML(typ="safe").load((ROOT / "Pulumi.yaml").read_text())
    keys = {field.alias or name for name, field in StackConfig.model_fields.items()}
    assert set(project["config"]) == keys
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
    assert defaults == StackConfig().model_dump(by_alias=True)
