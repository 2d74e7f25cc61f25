"""What pulumi-aws's own classes say of a resource's inputs.

The provider double knows no property by itself: which there are, which are required and what type
they have is read from the `...Args` class of the installed pulumi-aws.
"""

import functools
import importlib
import typing
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pulumi import _types  # pyright: ignore[reportPrivateUsage] - there is no other way

from alerting.account.model import Unknown

INTERNAL = frozenset({"__defaults"})
"""Keys the provider writes into the inputs for itself."""


@functools.cache
def args_class(token: str) -> type:
    """The class of a resource type's arguments: `aws:sns/topic:Topic` -> `sns.TopicArgs`."""
    _, path, name = token.split(":")
    module = path.split("/")[0]
    package = importlib.import_module(f"pulumi_aws.{'lambda_' if module == 'lambda' else module}")
    return getattr(package, f"{name}Args")


def properties(token: str) -> Mapping[str, Any]:
    """Input name to its type."""
    return _types.input_type_types(args_class(token))


def problems(token: str, inputs: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Property and what is wrong with it: unknown, missing or of another type."""
    given = {key: value for key, value in inputs.items() if key not in INTERNAL}
    yield from _object_problems("", given, args_class(token))


def typed(token: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as AWS answers them (`"true"`, `"1209600"`) in the types the inputs have."""
    types = properties(token)
    return {key: _typed(value, types.get(key)) for key, value in values.items()}


def _typed(value: Any, kind: Any) -> Any:
    if isinstance(value, str):
        if kind is bool:
            return value == "true"
        if kind in (int, float):
            return kind(value)
    return value


def _object_problems(path: str, value: Mapping[str, Any], shape: type) -> Iterator[tuple[str, str]]:
    types = _types.input_type_types(shape)
    for key, inner in value.items():
        if key not in types:
            yield f"{path}{key}", f"is no property of {shape.__name__}"
        elif inner is not None:
            yield from _value_problems(f"{path}{key}", inner, types[key])
    required = _types._required_property_names(shape)  # pyright: ignore[reportPrivateUsage]
    for key in required:
        if value.get(key) is None:
            yield f"{path}{key}", f"is required by {shape.__name__}"


def _value_problems(path: str, value: Any, kind: Any) -> Iterator[tuple[str, str]]:
    kinds = [each for each in _alternatives(kind) if each is not type(None)]
    if isinstance(value, Unknown) or not kinds:
        return
    found = [list(_one_kind(path, value, each)) for each in kinds]
    if all(found):
        yield from found[0]


def _alternatives(kind: Any) -> Sequence[Any]:
    """The plain types a value may have; awaitables and outputs have become values by now."""
    if typing.get_origin(kind) is not typing.Union:
        return [kind]
    wrapped = ("Awaitable", "Output")
    return [
        each
        for each in typing.get_args(kind)
        if getattr(typing.get_origin(each) or each, "__name__", "") not in wrapped
    ]


def _one_kind(path: str, value: Any, kind: Any) -> Iterator[tuple[str, str]]:
    origin = typing.get_origin(kind)
    if isinstance(kind, type) and _types.is_input_type(kind):
        if isinstance(value, Mapping):
            yield from _object_problems(f"{path}.", value, kind)
        else:
            yield path, f"must be an object, got {value!r}"
    elif origin is not None and issubclass(origin, Mapping):
        if not isinstance(value, Mapping):
            yield path, f"must be a map, got {value!r}"
            return
        for key, inner in value.items():
            yield from _value_problems(f"{path}.{key}", inner, typing.get_args(kind)[1])
    elif origin is not None and issubclass(origin, Sequence):
        if not isinstance(value, list):
            yield path, f"must be a list, got {value!r}"
            return
        for number, inner in enumerate(value):
            yield from _value_problems(f"{path}[{number}]", inner, typing.get_args(kind)[0])
    elif kind is float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            yield path, f"must be a number, got {value!r}"
    elif isinstance(kind, type) and (type(value) is not kind) and kind is not object:
        yield path, f"must be of type {kind.__name__}, got {value!r}"
