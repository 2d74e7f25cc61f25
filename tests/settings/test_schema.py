"""The JSON schema that editors are given: what it knows, and that stack files keep to it."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML
from typer.testing import CliRunner

from alerting.cli import app
from alerting.settings.schema import PREFIX, stack_file_schema

SCHEMA = stack_file_schema()
FILES = [
    file
    for folder in (Path(), *Path("examples").glob("**/"))
    for file in folder.glob("Pulumi.*.yaml")
    if PREFIX in file.read_text()
]


def mistakes(stack_file: Any) -> list[str]:
    return [error.message for error in Draft202012Validator(SCHEMA).iter_errors(stack_file)]


def test_it_is_a_schema():
    Draft202012Validator.check_schema(SCHEMA)


def test_every_key_is_described():
    config = SCHEMA["properties"]["config"]["properties"]
    models = {name: model.get("properties", {}) for name, model in SCHEMA["$defs"].items()}
    bare = [
        f"{where}.{key}"
        for where, keys in {"config": config, **models}.items()
        for key, value in keys.items()
        if not value.get("description")
    ]
    assert bare == []
    assert config[f"{PREFIX}alarms"]["description"] == "The alarms by name."


@pytest.mark.parametrize("file", FILES, ids=str)
def test_the_stack_files_here_keep_to_it(file: Path):
    assert mistakes(YAML(typ="safe").load(file)) == []


def test_a_key_that_is_not_known_is_a_mistake():
    stack_file = {"config": {f"{PREFIX}alarms": {"cpu": {"treshold": {"above": 80}}}}}
    assert "'treshold' was unexpected" in " ".join(mistakes(stack_file))


def test_the_command_prints_it():
    printed = CliRunner().invoke(app, ["schema"])
    assert json.loads(printed.stdout) == SCHEMA
