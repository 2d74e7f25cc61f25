"""Keys, their policies and aliases."""

from typing import Any

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
)

_DELETED = ("PendingDeletion", "PendingReplicaDeletion")


def _key_tags(r: Declared) -> list[dict[str, str]]:
    return [{"TagKey": tag["Key"], "TagValue": tag["Value"]} for tag in tags(r)]


def _create_key(r: Declared) -> Steps:
    made = yield Call(
        "kms",
        "create_key",
        some(
            Description=r.get("description"),
            Policy=r.get("policy"),
            KeyUsage=r.get("keyUsage"),
            KeySpec=r.get("customerMasterKeySpec"),
            MultiRegion=r.get("multiRegion"),
            Tags=_key_tags(r),
        ),
    )
    key = made["KeyMetadata"]
    if r.get("enableKeyRotation"):
        yield _rotate(key["KeyId"], r)
    if r.get("isEnabled") is False:
        yield Call("kms", "disable_key", {"KeyId": key["KeyId"]})
    return {"id": key["KeyId"], "arn": key["Arn"], "keyId": key["KeyId"]}


def _rotate(key: Any, r: Declared) -> Call:
    period = r.get("rotationPeriodInDays")
    return Call("kms", "enable_key_rotation", {"KeyId": key, **some(RotationPeriodInDays=period)})


def _read_key(r: Declared) -> Steps:
    key = (yield Call("kms", "describe_key", {"KeyId": r.id}))["KeyMetadata"]
    if key["KeyState"] in _DELETED:
        raise Gone(r.id)
    policy = yield Call("kms", "get_key_policy", {"KeyId": r.id, "PolicyName": "default"})
    rotation = yield Call("kms", "get_key_rotation_status", {"KeyId": r.id})
    tagged = yield Call("kms", "list_resource_tags", {"KeyId": r.id})
    rotates = rotation["KeyRotationEnabled"]
    return {
        "arn": key["Arn"],
        "keyId": key["KeyId"],
        "description": key.get("Description"),
        "policy": policy["Policy"],
        "keyUsage": key.get("KeyUsage"),
        "customerMasterKeySpec": key.get("KeySpec"),
        "multiRegion": key.get("MultiRegion"),
        "isEnabled": key["Enabled"],
        "enableKeyRotation": rotates,
        "rotationPeriodInDays": rotation.get("RotationPeriodInDays") if rotates else None,
        "tags": {tag["TagKey"]: tag["TagValue"] for tag in tagged["Tags"]} or None,
    }


def _update_key(old: Declared, new: Declared) -> Done:
    key = {"KeyId": old.id}
    if changed(old, new, ["description"]):
        description = {"Description": new.get("description", "")}
        yield Call("kms", "update_key_description", {**key, **description})
    if changed(old, new, ["policy"]):
        yield _put(old.id, new.get("policy"))
    if changed(old, new, ["enableKeyRotation", "rotationPeriodInDays"]):
        rotates = new.get("enableKeyRotation")
        yield _rotate(old.id, new) if rotates else Call("kms", "disable_key_rotation", key)
    if changed(old, new, ["isEnabled"]):
        enabled = new.get("isEnabled", True)
        yield Call("kms", "enable_key" if enabled else "disable_key", key)
    yield from retag(old, new, "kms", key, made=_key_tags)


def _delete_key(r: Declared) -> Done:
    """A key is never deleted at once: until then everything it encrypted can still be read."""
    days = some(PendingWindowInDays=r.get("deletionWindowInDays"))
    yield Call("kms", "schedule_key_deletion", {"KeyId": r.id, **days})


def _put(key: Any, policy: Any) -> Call:
    return Call("kms", "put_key_policy", {"KeyId": key, "PolicyName": "default", "Policy": policy})


def _create_key_policy(r: Declared) -> Steps:
    yield _put(r.get("keyId"), r.get("policy"))
    return {"id": r.get("keyId")}


def _read_key_policy(r: Declared) -> Steps:
    got = yield Call("kms", "get_key_policy", {"KeyId": r.id, "PolicyName": "default"})
    return {"keyId": r.id, "policy": got["Policy"]}


def _update_key_policy(old: Declared, new: Declared) -> Done:
    yield _put(old.id, new.get("policy"))


def _delete_key_policy(_: Declared) -> Done:
    """Leaves the policy as it is: a key cannot be without one."""
    yield from ()


def _create_alias(r: Declared) -> Steps:
    name = r.get("name") or f"alias/{r.made_up_name}"
    yield Call("kms", "create_alias", {"AliasName": name, "TargetKeyId": r.get("targetKeyId")})
    arn = f"arn:{r.partition}:kms:{r.region}:{r.account_id}:{name}"
    return {"id": name, "name": name, "arn": arn, "targetKeyId": r.get("targetKeyId")}


def _read_alias(r: Declared) -> Steps:
    page: Any = yield Call("kms", "list_aliases", {})
    aliases = list(page["Aliases"])
    while page.get("Truncated"):
        page = yield Call("kms", "list_aliases", {"Marker": page["NextMarker"]})
        aliases.extend(page["Aliases"])
    for alias in aliases:
        if alias["AliasName"] == r.id:
            return {
                "name": r.id,
                "arn": alias["AliasArn"],
                "targetKeyId": alias.get("TargetKeyId"),
            }
    raise Gone(r.id)


def _update_alias(old: Declared, new: Declared) -> Done:
    target = {"AliasName": old.id, "TargetKeyId": new.get("targetKeyId")}
    yield Call("kms", "update_alias", target)


def _delete_alias(r: Declared) -> Done:
    yield Call("kms", "delete_alias", {"AliasName": r.id})


KEY = Row(
    create=_create_key,
    read=_read_key,
    update=_update_key,
    delete=_delete_key,
    replaced_by=frozenset({"customerMasterKeySpec", "keyUsage", "multiRegion", "region"}),
    defaults={
        "customerMasterKeySpec": "SYMMETRIC_DEFAULT",
        "enableKeyRotation": False,
        "isEnabled": True,
        "keyUsage": "ENCRYPT_DECRYPT",
        "multiRegion": False,
        "rotationPeriodInDays": 365,
    },
)
KEY_POLICY = Row(
    create=_create_key_policy,
    read=_read_key_policy,
    update=_update_key_policy,
    delete=_delete_key_policy,
    replaced_by=frozenset({"keyId", "region"}),
)
ALIAS = Row(
    create=_create_alias,
    read=_read_alias,
    update=_update_alias,
    delete=_delete_alias,
    replaced_by=frozenset({"name", "region"}),
)
