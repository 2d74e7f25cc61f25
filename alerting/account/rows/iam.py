"""Roles and what they may do."""

import json
from typing import Any
from urllib.parse import unquote

from alerting.account.row import (
    Call,
    Declared,
    Done,
    Gone,
    Row,
    Steps,
    changed,
    retag,
    some,
    tags,
    tags_read,
)


def _document(given: Any) -> str:
    """IAM answers with URL-encoded JSON, which boto3 decodes."""
    return unquote(given) if isinstance(given, str) else json.dumps(given)


def _create_role(r: Declared) -> Steps:
    made = yield Call(
        "iam",
        "create_role",
        {
            "RoleName": r.physical_name,
            "AssumeRolePolicyDocument": r.get("assumeRolePolicy"),
            **some(
                Path=r.get("path"),
                Description=r.get("description"),
                MaxSessionDuration=r.get("maxSessionDuration"),
                Tags=tags(r),
            ),
        },
    )
    for policy in r.get("inlinePolicies", []):
        yield _put(r.physical_name, policy["name"], policy["policy"])
    for arn in r.get("managedPolicyArns", []):
        yield _attach(r.physical_name, arn)
    return {"id": r.physical_name, "arn": made["Role"]["Arn"], "name": r.physical_name}


def _put(role: Any, name: Any, document: Any) -> Call:
    params = {"RoleName": role, "PolicyName": name, "PolicyDocument": document}
    return Call("iam", "put_role_policy", params)


def _attach(role: Any, arn: Any) -> Call:
    return Call("iam", "attach_role_policy", {"RoleName": role, "PolicyArn": arn})


def _read_role(r: Declared) -> Steps:
    role = (yield Call("iam", "get_role", {"RoleName": r.id}))["Role"]
    return {
        "arn": role["Arn"],
        "name": role["RoleName"],
        "path": role["Path"],
        "description": role.get("Description"),
        "maxSessionDuration": role.get("MaxSessionDuration"),
        "assumeRolePolicy": _document(role["AssumeRolePolicyDocument"]),
        "tags": tags_read(role.get("Tags", [])),
    }


def _update_role(old: Declared, new: Declared) -> Done:
    role = {"RoleName": old.id}
    if changed(old, new, ["assumeRolePolicy"]):
        trust = {"PolicyDocument": new.get("assumeRolePolicy")}
        yield Call("iam", "update_assume_role_policy", {**role, **trust})
    if changed(old, new, ["description", "maxSessionDuration"]):
        session = {"MaxSessionDuration": new.get("maxSessionDuration", 3600)}
        description = {"Description": new.get("description", "")}
        yield Call("iam", "update_role", {**role, **description, **session})
    inline = {policy["name"]: policy["policy"] for policy in new.get("inlinePolicies", [])}
    for policy in old.get("inlinePolicies", []):
        if policy["name"] not in inline:
            yield Call("iam", "delete_role_policy", {**role, "PolicyName": policy["name"]})
    for name, document in inline.items():
        yield _put(old.id, name, document)
    before, after = old.get("managedPolicyArns", []), new.get("managedPolicyArns", [])
    for arn in (arn for arn in before if arn not in after):
        yield Call("iam", "detach_role_policy", {**role, "PolicyArn": arn})
    for arn in (arn for arn in after if arn not in before):
        yield _attach(old.id, arn)
    yield from retag(old, new, "iam", role, noun="role")


def _delete_role(r: Declared) -> Done:
    role = {"RoleName": r.id}
    attached = yield Call("iam", "list_attached_role_policies", role)
    for policy in attached["AttachedPolicies"]:
        yield Call("iam", "detach_role_policy", {**role, "PolicyArn": policy["PolicyArn"]})
    inline = yield Call("iam", "list_role_policies", role)
    for name in inline["PolicyNames"]:
        yield Call("iam", "delete_role_policy", {**role, "PolicyName": name})
    yield Call("iam", "delete_role", role)


def _create_role_policy(r: Declared) -> Steps:
    role, name = r.get("role"), r.physical_name
    yield _put(role, name, r.get("policy"))
    return {"id": f"{role}:{name}", "name": name}


def _read_role_policy(r: Declared) -> Steps:
    role, name = r.id.split(":", 1)
    got = yield Call("iam", "get_role_policy", {"RoleName": role, "PolicyName": name})
    return {"role": role, "name": name, "policy": _document(got["PolicyDocument"])}


def _update_role_policy(old: Declared, new: Declared) -> Done:
    role, name = old.id.split(":", 1)
    yield _put(role, name, new.get("policy"))


def _delete_role_policy(r: Declared) -> Done:
    role, name = r.id.split(":", 1)
    yield Call("iam", "delete_role_policy", {"RoleName": role, "PolicyName": name})


def _create_attachment(r: Declared) -> Steps:
    role, arn = r.get("role"), r.get("policyArn")
    yield _attach(role, arn)
    return {"id": f"{role}/{arn}"}


def _read_attachment(r: Declared) -> Steps:
    role, arn = r.id.split("/", 1)
    got = yield Call("iam", "list_attached_role_policies", {"RoleName": role})
    if not any(policy["PolicyArn"] == arn for policy in got["AttachedPolicies"]):
        raise Gone(r.id)
    return {"role": role, "policyArn": arn}


def _update_attachment(*_: Declared) -> Done:
    """Nothing of an attachment can be changed."""
    yield from ()


def _delete_attachment(r: Declared) -> Done:
    role, arn = r.id.split("/", 1)
    yield Call("iam", "detach_role_policy", {"RoleName": role, "PolicyArn": arn})


def _create_oidc_provider(r: Declared) -> Steps:
    made = yield Call(
        "iam",
        "create_open_id_connect_provider",
        {
            "Url": r.get("url"),
            **some(
                ClientIDList=r.get("clientIdLists"),
                ThumbprintList=r.get("thumbprintLists"),
                Tags=tags(r),
            ),
        },
    )
    arn = made["OpenIDConnectProviderArn"]
    return {"id": arn, "arn": arn}


def _read_oidc_provider(r: Declared) -> Steps:
    provider = {"OpenIDConnectProviderArn": r.id}
    got = yield Call("iam", "get_open_id_connect_provider", provider)
    return {
        "arn": r.id,
        "url": f"https://{got['Url'].removeprefix('https://')}",
        "clientIdLists": got.get("ClientIDList"),
        "thumbprintLists": got.get("ThumbprintList") or None,
        "tags": tags_read(got.get("Tags", [])),
    }


def _update_oidc_provider(old: Declared, new: Declared) -> Done:
    provider = {"OpenIDConnectProviderArn": old.id}
    before, after = old.get("clientIdLists", []), new.get("clientIdLists", [])
    for client in (client for client in after if client not in before):
        yield Call(
            "iam", "add_client_id_to_open_id_connect_provider", {**provider, "ClientID": client}
        )
    for client in (client for client in before if client not in after):
        params = {**provider, "ClientID": client}
        yield Call("iam", "remove_client_id_from_open_id_connect_provider", params)
    if changed(old, new, ["thumbprintLists"]):
        thumbprints = {"ThumbprintList": new.get("thumbprintLists", [])}
        params = {**provider, **thumbprints}
        yield Call("iam", "update_open_id_connect_provider_thumbprint", params)
    yield from retag(old, new, "iam", provider, noun="open_id_connect_provider")


def _delete_oidc_provider(r: Declared) -> Done:
    yield Call("iam", "delete_open_id_connect_provider", {"OpenIDConnectProviderArn": r.id})


OIDC_PROVIDER = Row(
    create=_create_oidc_provider,
    read=_read_oidc_provider,
    update=_update_oidc_provider,
    delete=_delete_oidc_provider,
    replaced_by=frozenset({"url"}),
)
ROLE = Row(
    create=_create_role,
    read=_read_role,
    update=_update_role,
    delete=_delete_role,
    replaced_by=frozenset({"name", "path"}),
    defaults={"path": "/", "maxSessionDuration": 3600},
    named="name",
)
ROLE_POLICY = Row(
    create=_create_role_policy,
    read=_read_role_policy,
    update=_update_role_policy,
    delete=_delete_role_policy,
    replaced_by=frozenset({"name", "role"}),
    named="name",
)
ROLE_POLICY_ATTACHMENT = Row(
    create=_create_attachment,
    read=_read_attachment,
    update=_update_attachment,
    delete=_delete_attachment,
    replaced_by=frozenset({"policyArn", "role"}),
)
