"""Stacks of CloudFormation: pulumi-aws has no anomaly detector, CloudFormation has."""

import json
from collections.abc import Mapping
from typing import Any

from alerting.account.row import (
    Call,
    Declared,
    Done,
    Gone,
    Row,
    Steps,
    changed,
    some,
    tags,
    tags_read,
)

_STACK = {
    "templateBody": "TemplateBody",
    "templateUrl": "TemplateURL",
    "capabilities": "Capabilities",
    "notificationArns": "NotificationARNs",
    "iamRoleArn": "RoleARN",
    "policyBody": "StackPolicyBody",
    "policyUrl": "StackPolicyURL",
}
"""The parameters that are inputs as they stand."""
_ONCE = {
    "disableRollback": "DisableRollback",
    "onFailure": "OnFailure",
    "timeoutInMinutes": "TimeoutInMinutes",
}
"""Those that matter when a stack is made, and cannot be changed afterwards."""


def _asked(r: Declared) -> dict[str, Any]:
    parameters: Mapping[str, Any] = r.get("parameters", {})
    return some(
        **{parameter: r.get(key) for key, parameter in _STACK.items()},
        Parameters=[
            {"ParameterKey": key, "ParameterValue": value}
            for key, value in sorted(parameters.items())
        ],
        Tags=tags(r),
    )


def _create(r: Declared) -> Steps:
    once = some(**{parameter: r.get(key) for key, parameter in _ONCE.items()})
    params = {"StackName": r.physical_name, **once, **_asked(r)}
    made = yield Call("cloudformation", "create_stack", params)
    return {"id": made["StackId"], "name": r.physical_name}


def _read(r: Declared) -> Steps:
    """By its id: CloudFormation tells of a stack that was deleted, and by name of none."""
    found = yield Call("cloudformation", "describe_stacks", {"StackName": r.id})
    (stack,) = found["Stacks"]
    if stack["StackStatus"].startswith("DELETE_"):
        raise Gone(r.id)
    template = yield Call("cloudformation", "get_template", {"StackName": r.id})
    body = template["TemplateBody"]
    given = stack.get("Parameters", ())
    return {
        "name": stack["StackName"],
        "templateBody": body if isinstance(body, str) else json.dumps(body, sort_keys=True),
        "parameters": {one["ParameterKey"]: one["ParameterValue"] for one in given} or None,
        "capabilities": stack.get("Capabilities") or None,
        "notificationArns": stack.get("NotificationARNs") or None,
        "iamRoleArn": stack.get("RoleARN"),
        "tags": tags_read(stack.get("Tags", ())),
    }


def _update(old: Declared, new: Declared) -> Done:
    """CloudFormation refuses an update that changes nothing."""
    if changed(old, new, [*_STACK, "parameters", "tags"]):
        yield Call("cloudformation", "update_stack", {"StackName": old.id, **_asked(new)})


def _delete(r: Declared) -> Done:
    yield Call("cloudformation", "delete_stack", {"StackName": r.id})


STACK = Row(
    create=_create,
    read=_read,
    update=_update,
    delete=_delete,
    replaced_by=frozenset({"name", "region", *_ONCE}),
    named="name",
)
