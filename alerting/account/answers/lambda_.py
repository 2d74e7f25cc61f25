"""Functions and who may call them."""

import json
from collections.abc import Mapping
from typing import Any

from alerting.account.model import Kind, Unknown
from alerting.account.row import Declared
from alerting.account.scribe import Scribe


def create_function(scribe: Scribe, params: Mapping[str, Any]) -> Mapping[str, Any]:
    name = params["FunctionName"]
    arn = scribe.arn("lambda", f"function:{name}")
    data = {"FunctionName": name, "FunctionArn": arn}
    scribe.add(Kind.FUNCTION, arn, data, name)
    return data


def add_permission(scribe: Scribe, params: Mapping[str, Any]) -> Mapping[str, Any]:
    function = _function(scribe, params["FunctionName"])
    if function is None:
        return {}
    policy = function.get("Policy")
    parts = [policy, params["SourceArn"]] if "SourceArn" in params else [policy]
    unknown = [part for part in parts if isinstance(part, Unknown)]
    if unknown:
        function["Policy"] = Unknown(tuple(urn for part in unknown for urn in part.of))
        return {}
    statements = json.loads(policy)["Statement"] if policy else []
    statements.append(_permission_statement(params, function["FunctionArn"], scribe.of))
    document = {"Version": "2012-10-17", "Id": "default", "Statement": statements}
    function["Policy"] = json.dumps(document)
    return {}


def _function(scribe: Scribe, ref: Any) -> dict[str, Any] | None:
    """The function; one given by ARN only is known by its permissions alone."""
    found = scribe.find(Kind.FUNCTION, ref)
    if found is None and isinstance(ref, str) and ref.startswith("arn:"):
        found = {"FunctionName": ref.rsplit(":", 1)[1], "FunctionArn": ref}
        scribe.add(Kind.FUNCTION, ref, found, found["FunctionName"])
    return found


def _permission_statement(
    params: Mapping[str, Any], function_arn: Any, of: Declared
) -> dict[str, Any]:
    """The statement Lambda makes of AddPermission."""
    principal = params["Principal"]
    service = isinstance(principal, str) and "." in principal
    condition: dict[str, Any] = {}
    if "SourceArn" in params:
        condition["ArnLike"] = {"AWS:SourceArn": params["SourceArn"]}
    if "SourceAccount" in params:
        condition["StringEquals"] = {"AWS:SourceAccount": params["SourceAccount"]}
    resource = function_arn if isinstance(function_arn, str) else f"*:{of.get('function')}"
    return {
        "Sid": params["StatementId"],
        "Effect": "Allow",
        "Principal": {"Service": principal} if service else {"AWS": principal},
        "Action": params["Action"],
        "Resource": resource,
        **({"Condition": condition} if condition else {}),
    }
