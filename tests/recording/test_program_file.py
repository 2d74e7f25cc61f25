"""Programs in files: run from their own folder, as part of their own project."""

import sys
from pathlib import Path

import pytest

from alerting.recording import record


@pytest.fixture
def project(tmp_path):
    (tmp_path / "Pulumi.yaml").write_text("name: 'shop'  # ours\nruntime: python\n")
    (tmp_path / "parts.py").write_text("NAME = 'from-a-module'\n")
    (tmp_path / "__main__.py").write_text(
        "import pathlib, pulumi, parts\n"
        "import pulumi_aws as aws\n"
        "aws.sns.Topic(parts.NAME)\n"
        "pulumi.export('stack', pulumi.get_stack())\n"
        "pulumi.export('project', pulumi.get_project())\n"
        "pulumi.export('folder', pathlib.Path.cwd().name)\n"
    )
    return tmp_path


@pytest.mark.parametrize("path", ["__main__.py", "."])
def test_a_program_is_run_from_its_own_folder_with_its_own_modules(path, project):
    deployment = record(project / path, stack="dev")
    assert [r.name for r in deployment.resources] == ["from-a-module"]
    assert deployment.exports == {"stack": "dev", "project": "shop", "folder": project.name}


def test_a_program_leaves_nothing_behind(project):
    path, folder = list(sys.path), Path.cwd()
    record(project)
    assert (sys.path, Path.cwd()) == (path, folder)
    assert "parts" not in sys.modules


def test_a_program_that_fails_leaves_nothing_behind_either(project):
    (project / "__main__.py").write_text("import parts\n1 / 0\n")
    path, folder = list(sys.path), Path.cwd()
    with pytest.raises(ZeroDivisionError):
        record(project)
    assert (sys.path, Path.cwd()) == (path, folder)
    assert "parts" not in sys.modules


def test_a_program_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"there is no such program \(a __main__.py is"):
        record(tmp_path)


@pytest.mark.parametrize(
    ("config", "project", "expected"),
    [
        ({"shop:key": 1, "aws:region": "us-east-1"}, None, "shop"),
        ({}, None, "project"),
        ({"shop:key": 1}, "mine", "mine"),
    ],
)
def test_the_project_is_named_by_the_caller_else_by_config(config, project, expected, monkeypatch):
    # Not a function, whose file would lie below this project's own Pulumi.yaml.
    class Program:
        def __call__(self):
            pass

    assert record(Program(), config=config, project=project).project == expected


def test_a_function_belongs_to_the_project_its_file_lies_in():
    assert record(lambda: None).project == "anomaly-alerting"


def test_config_of_two_projects_does_not_say_which_is_meant():
    class Program:
        def __call__(self):
            pass

    with pytest.raises(ValueError, match="which of office, shop is the project\\? say project="):
        record(Program(), config={"shop:a": 1, "office:b": 2})
