"""Roles, and what they may do."""

from collections.abc import Mapping
from typing import Any

from alerting.account.model import Kind
from alerting.account.scribe import Scribe


def create_role(scribe: Scribe, params: Mapping[str, Any]) -> Mapping[str, Any]:
    name = params["RoleName"]
    path = params.get("Path", "/").strip("/")
    arn = scribe.arn("iam", f"role/{path}/{name}" if path else f"role/{name}", regional=False)
    data = {
        "RoleName": name,
        "Arn": arn,
        "AssumeRolePolicyDocument": params["AssumeRolePolicyDocument"],
        "Policies": {},
        "AttachedPolicies": [],
    }
    scribe.add(Kind.ROLE, arn, data, name)
    return {"Role": data}


def put_role_policy(scribe: Scribe, params: Mapping[str, Any]) -> Mapping[str, Any]:
    role = scribe.find(Kind.ROLE, params["RoleName"])
    if role is not None:
        role["Policies"][str(params["PolicyName"])] = params["PolicyDocument"]
    return {}


def attach_role_policy(scribe: Scribe, params: Mapping[str, Any]) -> Mapping[str, Any]:
    role = scribe.find(Kind.ROLE, params["RoleName"])
    if role is not None:
        role["AttachedPolicies"].append(params["PolicyArn"])
    return {}


def create_open_id_connect_provider(scribe: Scribe, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """An identity provider is no part of the picture: it is told nothing."""
    host = str(params["Url"]).removeprefix("https://")
    return {"OpenIDConnectProviderArn": scribe.arn("iam", f"oidc-provider/{host}", regional=False)}
