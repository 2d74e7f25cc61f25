"""The JSON schema of a stack file."""

from typing import Any

from pydantic.json_schema import models_json_schema

from alerting.settings.described import described
from alerting.settings.models import StackConfig
from alerting.settings.models.model import reached

PREFIX = "anomaly-alerting:"


def stack_file_schema() -> dict[str, Any]:
    """What `Pulumi.<stack>.yaml` may hold, for editors (JSON Schema 2020-12)."""
    _, definitions = models_json_schema([(StackConfig, "validation")], by_alias=True)
    models = definitions["$defs"]
    for model in set(reached(StackConfig)):
        keys = models[model.__name__]["properties"]
        for name, text in described(model).items():
            keys[model.model_fields[name].alias or name]["description"] = text
    properties = models.pop("StackConfig")["properties"]
    secure = {
        "type": "object",
        "properties": {"secure": {"type": "string"}},
        "required": ["secure"],
        "additionalProperties": False,
        "description": "A secret, as `pulumi config set --secret KEY` writes it.",
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Stack file of anomaly-alerting",
        "type": "object",
        "properties": {
            "config": {
                "type": "object",
                "properties": {
                    "aws:region": {"type": "string", "description": "Where the stack is deployed."},
                    **{f"{PREFIX}{key}": value for key, value in properties.items()},
                },
                # Any other key of ours holds a secret, under a name of the user's choice.
                "patternProperties": {f"^{PREFIX}(?!({'|'.join(properties)})$)": secure},
            }
        },
        "$defs": models,
    }
