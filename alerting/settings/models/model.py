"""What every model of a stack file is."""

from collections.abc import Iterator
from typing import Annotated, Any, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel


def listed(value: object) -> object:
    """A text as a list of one, for keys that take either."""
    return [value] if isinstance(value, str) else value


Keys = Annotated[list[str], BeforeValidator(listed, json_schema_input_type=str | list[str])]
"""A key, or a list of them."""


class Model(BaseModel):
    """Frozen, strict, and free of keys nobody knows."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        alias_generator=to_camel,
        populate_by_name=False,
        defer_build=True,
        allow_inf_nan=True,
    )


class SecretRef(Model):
    """A value kept in a secure config key of its own."""

    secret: str = Field(min_length=1)
    """Name of the key, as in `pulumi config set --secret NAME`."""


def reached(model: type[Model]) -> Iterator[type[Model]]:
    """A model and all that its keys hold; one that several keys hold comes several times."""
    yield model
    for field in model.model_fields.values():
        for inner in models_in(field.annotation):
            yield from reached(inner)


def models_in(annotation: Any) -> Iterator[type[Model]]:
    """The models that a value of such a type can hold."""
    if isinstance(annotation, type) and issubclass(annotation, Model):
        yield annotation
    for part in get_args(annotation):
        yield from models_in(part)
