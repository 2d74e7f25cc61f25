"""Reads what stands at the end of a notification's path, and the keys on the way."""

from typing import Any
from urllib.parse import unquote

from botocore.exceptions import ClientError

from alerting.account.model import Kind
from alerting.live.clients import Clients
from alerting.live.notes import Notes, is_gone
from alerting.sns.arn import parse_arn


def read_receiver(clients: Clients, notes: Notes, ref: str, region: str) -> None:
    """The queue, function, role or key with this ARN; nothing for any other receiver."""
    parsed = parse_arn(ref)
    match parsed.service if parsed else "":
        case "sqs":
            read_queue(clients, notes, ref)
        case "lambda":
            read_function(clients, notes, ref)
        case "iam":
            read_role(clients, notes, ref, region)
        case "kms":
            read_key(clients, notes, ref, parsed.region if parsed else region)
        case _:
            pass


def read_key(clients: Clients, notes: Notes, ref: str, region: str) -> None:
    """A key by id, alias or ARN; what may be seen of it without its policy is kept too."""
    if not notes.begin(ref):
        return
    kms = clients("kms", region)
    data: dict[str, Any] = {}

    def describe() -> None:
        key = kms.describe_key(KeyId=ref)["KeyMetadata"]
        data.update({k: v for k, v in key.items() if not k.endswith("Date")})
        data["Aliases"] = [ref] if ref.startswith("alias/") else []

    if not notes.attempt(ref, describe):
        return
    arn = data["Arn"]
    notes.begin(arn)
    notes.add(Kind.KEY, arn, data)

    def read_policy() -> None:
        data["Policy"] = kms.get_key_policy(KeyId=arn, PolicyName="default")["Policy"]

    def read_aliases() -> None:
        pages = kms.get_paginator("list_aliases").paginate(KeyId=arn)
        found = [alias["AliasName"] for page in pages for alias in page["Aliases"]]
        data["Aliases"] = list(dict.fromkeys([*data["Aliases"], *found]))

    notes.attempt(arn, read_policy)
    notes.attempt(f"{arn} (aliases)", read_aliases)


def read_queue(clients: Clients, notes: Notes, arn: str) -> None:
    """A queue, its policy and its key."""
    parsed = parse_arn(arn)
    if parsed is None or not notes.begin(arn):
        return
    sqs = clients("sqs", parsed.region)

    def read() -> None:
        url = sqs.get_queue_url(QueueName=parsed.resource)["QueueUrl"]
        raw = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        notes.add(Kind.QUEUE, arn, {**raw, "QueueUrl": url})
        if raw.get("KmsMasterKeyId"):
            read_key(clients, notes, raw["KmsMasterKeyId"], parsed.region)

    notes.attempt(arn, read)


def read_function(clients: Clients, notes: Notes, arn: str) -> None:
    """A function, and the policy that says who may invoke it."""
    parsed = parse_arn(arn)
    if parsed is None or not notes.begin(arn):
        return
    functions = clients("lambda", parsed.region)
    data: dict[str, Any] = {
        "FunctionName": parsed.resource.split(":")[1],
        "FunctionArn": arn,
    }

    def read() -> None:
        functions.get_function_configuration(FunctionName=arn)

    def read_policy() -> None:
        try:
            data["Policy"] = functions.get_policy(FunctionName=arn)["Policy"]
        except ClientError as error:
            if not is_gone(error):  # a function without a policy is "not found" too
                raise

    if notes.attempt(arn, read):
        notes.add(Kind.FUNCTION, arn, data)
        notes.attempt(arn, read_policy)


def read_role(clients: Clients, notes: Notes, arn: str, region: str) -> None:
    """A role, who may take it on, and what it may do."""
    if not notes.begin(arn):
        return
    iam, name = clients("iam", region), arn.rsplit("/", 1)[1]
    data: dict[str, Any] = {"RoleName": name, "Arn": arn}

    def read() -> None:
        role = iam.get_role(RoleName=name)["Role"]
        data["AssumeRolePolicyDocument"] = _document(role["AssumeRolePolicyDocument"])

    def read_policies() -> None:
        pages = iam.get_paginator("list_role_policies").paginate(RoleName=name)
        inline = [policy for page in pages for policy in page["PolicyNames"]]
        pages = iam.get_paginator("list_attached_role_policies").paginate(RoleName=name)
        data["AttachedPolicies"] = [
            p["PolicyArn"] for page in pages for p in page["AttachedPolicies"]
        ]
        data["Policies"] = {
            policy: _document(
                iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
            )
            for policy in inline
        }

    if notes.attempt(arn, read):
        notes.add(Kind.ROLE, arn, data)
        notes.attempt(arn, read_policies)


def _document(raw: object) -> Any:
    """IAM answers with URL-encoded JSON, which boto3 has mostly decoded already."""
    return unquote(raw) if isinstance(raw, str) else raw
