"""Values as the engine sends them, and as the table wants them."""

from collections.abc import Mapping
from typing import Any

from google.protobuf import json_format, struct_pb2
from pulumi.runtime import rpc

from alerting.account.model import Unknown


def plain(struct: struct_pb2.Struct) -> dict[str, Any]:
    """A wire object as plain values: whole numbers as int, what is not known yet as `Unknown`."""

    def walk(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: walk(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [walk(inner) for inner in value]
        if value == rpc.UNKNOWN:
            return Unknown()
        if isinstance(value, float) and value.is_integer():
            return int(value)
        return value

    return walk(json_format.MessageToDict(struct))


def struct(values: Mapping[str, Any]) -> struct_pb2.Struct:
    """The wire object of plain values; what is None is left out."""

    def walk(value: Any) -> Any:
        if isinstance(value, Unknown):
            return rpc.UNKNOWN
        if isinstance(value, Mapping):
            return {key: walk(inner) for key, inner in value.items() if inner is not None}
        if isinstance(value, list | tuple):
            return [walk(inner) for inner in value]
        return value

    made = struct_pb2.Struct()
    made.update(walk(values))
    return made
