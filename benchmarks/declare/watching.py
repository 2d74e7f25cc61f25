"""The same alarms said in three ways: written out, as a set for each resource, found by tag."""

from typing import Any

from pydantic.alias_generators import to_camel

from alerting.catalog import declared, find, watch_set
from benchmarks.declare.alarms import TAG, machines

_KIND = "stepfunctions"
_MORE: dict[str, Any] = {"aborted": {}}
"""Beside the three alarms to begin with."""


def written(count: int) -> dict[str, Any]:
    """Every alarm with its metric and its limit."""
    alarms: dict[str, Any] = {}
    for arn in machines(count):
        made, _ = watch_set(_KIND, id=arn, alarms=_MORE)
        for key, alarm in made.items():
            whole, _ = declared(find(alarm["preset"]), alarm["dimensions"])
            alarms[f"{_name(arn)}-{key}"] = _camel(whole)
    return {"alarms": alarms}


def sets(count: int) -> dict[str, Any]:
    """A set for every state machine."""
    return {
        "watch": {
            _name(arn): {"kind": _KIND, "id": arn, "alarms": _MORE} for arn in machines(count)
        }
    }


def tagged(count: int) -> dict[str, Any]:
    """One set for all that have the tag."""
    found = {"kind": _KIND, "tags": {TAG: str(count)}, "alarms": _MORE, "maxResources": count}
    return {"watch": {"machines": found}}


def _name(arn: str) -> str:
    return arn.rpartition(":")[2]


def _camel(alarm: Any) -> Any:
    """Args in the spelling of a stack file, but for the dimensions."""
    if not isinstance(alarm, dict):
        return alarm
    return {
        to_camel(key): value if key == "dimensions" else _camel(value)
        for key, value in alarm.items()
    }
