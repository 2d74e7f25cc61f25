"""Keys and their aliases."""

import json
from collections.abc import Mapping
from typing import Any

from alerting.account.model import Kind
from alerting.account.scribe import Scribe


def create_key(scribe: Scribe, params: Mapping[str, Any]) -> Mapping[str, Any]:
    known = scribe.known.get("keyId")
    key_id = known if isinstance(known, str) else scribe.uuid()
    arn = scribe.arn("kms", f"key/{key_id}")
    data = {
        "KeyId": key_id,
        "Arn": arn,
        "Enabled": True,
        "KeyState": "Enabled",
        "KeyManager": "CUSTOMER",
        "KeySpec": params.get("KeySpec", "SYMMETRIC_DEFAULT"),
        "KeyUsage": params.get("KeyUsage", "ENCRYPT_DECRYPT"),
        "Policy": params.get("Policy") or _default_key_policy(scribe),
        "KeyRotationEnabled": False,
        "Aliases": [],
    }
    scribe.add(Kind.KEY, arn, data, key_id)
    return {"KeyMetadata": data}


def _default_key_policy(scribe: Scribe) -> str:
    root = f"arn:{scribe.of.partition}:iam::{scribe.of.account_id}:root"
    statement = {
        "Sid": "Enable IAM User Permissions",
        "Effect": "Allow",
        "Principal": {"AWS": root},
        "Action": "kms:*",
        "Resource": "*",
    }
    document = {"Version": "2012-10-17", "Id": "key-default-1", "Statement": [statement]}
    return json.dumps(document)


def enable_key_rotation(scribe: Scribe, params: Mapping[str, Any]) -> Mapping[str, Any]:
    return scribe.change(Kind.KEY, params["KeyId"], KeyRotationEnabled=True)


def disable_key(scribe: Scribe, params: Mapping[str, Any]) -> Mapping[str, Any]:
    return scribe.change(Kind.KEY, params["KeyId"], Enabled=False, KeyState="Disabled")


def put_key_policy(scribe: Scribe, params: Mapping[str, Any]) -> Mapping[str, Any]:
    return scribe.change(Kind.KEY, params["KeyId"], Policy=params["Policy"])


def create_alias(scribe: Scribe, params: Mapping[str, Any]) -> Mapping[str, Any]:
    key = scribe.find(Kind.KEY, params["TargetKeyId"])
    if key is not None:
        key["Aliases"].append(params["AliasName"])
    return {}
