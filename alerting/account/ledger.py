"""Keeps what AWS would hold after the calls of the table, without an AWS.

The ledger is no AWS: it checks nothing and forgets nothing it was told. What it returns has the
shape of AWS's responses, with ids that are the same in every run.
"""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from alerting.account.deployment import Deployment, Resource, masked
from alerting.account.model import Account, Item, Kind, Ref, Unknown
from alerting.account.names import names_of
from alerting.account.table import ROWS, Call, Declared, drive
from alerting.cloudwatch.actions import ACTIONS_OF

_ACCOUNT_KEYS = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")  # the URL name space of RFC 4122

_PROVIDER = "pulumi:providers:aws"


@dataclass
class _Entry:
    kind: Kind
    arn: Ref
    data: dict[str, Any]
    urn: str | None


class Ledger:
    """An account being written down, resource by resource."""

    def __init__(self, account_id: str, region: str, partition: str = "aws") -> None:
        self.account_id, self.region, self.partition = account_id, region, partition
        self._regions: dict[str, Any] = {}
        """Of the program's own providers, by URN."""
        self._entries: list[_Entry] = []
        self._at: dict[tuple[Kind, object], _Entry] = {}

    def create(self, resource: Resource, inputs: Mapping[str, Any]) -> dict[str, Any] | None:
        """Write a resource down; the outputs AWS would give it, None where the table has no row."""
        region = resource.inputs.get("region") or self._regions.get(resource.provider or "")
        if resource.type == _PROVIDER:
            self._regions[resource.urn] = region
        row = ROWS.get(resource.type)
        if row is None:
            return None
        declared = Declared(
            urn=resource.urn,
            name=resource.name,
            inputs=inputs,
            account_id=self.account_id,
            region=region if isinstance(region, str) else self.region,
            partition=self.partition,
        )
        scribe = _Scribe(self, declared, resource.outputs)
        return drive(row.create(declared), scribe.answer)

    def account(self, names: Mapping[str, str]) -> Account:
        """The picture as it stands; `names` says by URN how people call things."""
        items = tuple(
            Item(e.kind, e.arn, e.data, e.urn, names.get(e.urn or str(e.arn)))
            for e in self._entries
        )
        return Account(self.account_id, self.region, items, self.partition)

    def add(
        self, kind: Kind, arn: Ref, data: dict[str, Any], urn: str | None, *names: object
    ) -> None:
        """Write down a new thing, to be found by its ARN, its URN and further names."""
        entry = _Entry(kind, arn, data, urn)
        self._entries.append(entry)
        for name in (arn, urn, *names):
            if isinstance(name, str):
                self._at[kind, name] = entry

    def find(self, kind: Kind, ref: Any) -> dict[str, Any] | None:
        """What is written down under an ARN or name, or will come from a known resource."""
        names = ref.of if isinstance(ref, Unknown) else (ref,)
        entries = (self._at.get((kind, name)) for name in names)
        return next((entry.data for entry in entries if entry), None)


def account_of(deployment: Deployment) -> Account:
    """What AWS would hold of a deployment.

    Secrets are kept out: they are `Unknown(secret=True)` in the account. ARNs and ids are those
    the deployment knows; in a preview, those that can be computed from names.
    """
    ledger = Ledger(deployment.account_id, deployment.region, deployment.partition)
    for resource in deployment.resources:
        if not resource.external:
            ledger.create(resource, masked(resource))
    return ledger.account(names_of(deployment))


@dataclass
class _Scribe:
    """Answers the calls that create one resource."""

    ledger: Ledger
    of: Declared
    known: Mapping[str, Any]
    """Outputs the resource is known to have; ids are made up only where there are none."""

    def answer(self, call: Call) -> Mapping[str, Any]:
        return getattr(self, call.operation)(call.params)

    def arn(self, service: str, resource: Any, *, regional: bool = True) -> Ref:
        known = self.known.get("arn")
        if isinstance(known, str):
            return known
        if isinstance(resource, Unknown):
            return Unknown((self.of.urn,))
        region = self.of.region if regional else ""
        return f"arn:{self.of.partition}:{service}:{region}:{self.of.account_id}:{resource}"

    def uuid(self) -> str:
        return str(uuid.uuid5(_ACCOUNT_KEYS, self.of.urn))

    def create_key(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        known = self.known.get("keyId")
        key_id = known if isinstance(known, str) else self.uuid()
        arn = self.arn("kms", f"key/{key_id}")
        data = {
            "KeyId": key_id,
            "Arn": arn,
            "Enabled": True,
            "KeyState": "Enabled",
            "KeyManager": "CUSTOMER",
            "KeySpec": params.get("KeySpec", "SYMMETRIC_DEFAULT"),
            "KeyUsage": params.get("KeyUsage", "ENCRYPT_DECRYPT"),
            "Policy": params.get("Policy") or self._default_key_policy(),
            "KeyRotationEnabled": False,
            "Aliases": [],
        }
        self.ledger.add(Kind.KEY, arn, data, self.of.urn, key_id)
        return {"KeyMetadata": data}

    def _default_key_policy(self) -> str:
        root = f"arn:{self.of.partition}:iam::{self.of.account_id}:root"
        statement = {
            "Sid": "Enable IAM User Permissions",
            "Effect": "Allow",
            "Principal": {"AWS": root},
            "Action": "kms:*",
            "Resource": "*",
        }
        document = {"Version": "2012-10-17", "Id": "key-default-1", "Statement": [statement]}
        return json.dumps(document)

    def enable_key_rotation(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        return self._change(Kind.KEY, params["KeyId"], KeyRotationEnabled=True)

    def disable_key(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        return self._change(Kind.KEY, params["KeyId"], Enabled=False, KeyState="Disabled")

    def put_key_policy(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        return self._change(Kind.KEY, params["KeyId"], Policy=params["Policy"])

    def create_alias(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        key = self.ledger.find(Kind.KEY, params["TargetKeyId"])
        if key is not None:
            key["Aliases"].append(params["AliasName"])
        return {}

    def create_topic(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        arn = self.arn("sns", params["Name"])
        data = {"TopicArn": arn, "Owner": self.of.account_id, **params.get("Attributes", {})}
        self.ledger.add(Kind.TOPIC, arn, data, self.of.urn)
        return {"TopicArn": arn}

    def set_topic_attributes(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        value = {params["AttributeName"]: params["AttributeValue"]}
        return self._change(Kind.TOPIC, params["TopicArn"], **value)

    def subscribe(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        topic = params["TopicArn"]
        if isinstance(topic, str) and self.ledger.find(Kind.TOPIC, topic) is None:
            self._somebody_elses_topic(topic)
        known = self.known.get("arn")
        arn: Ref = Unknown((self.of.urn,))
        if isinstance(known, str) or isinstance(topic, str):
            arn = known if isinstance(known, str) else f"{topic}:{self.uuid()}"
        waits = params["Protocol"] in ("email", "email-json", "http", "https")
        data = {
            "SubscriptionArn": arn,
            "TopicArn": topic,
            "Protocol": params["Protocol"],
            "Endpoint": params["Endpoint"],
            "Owner": self.of.account_id,
            "PendingConfirmation": "true"
            if waits and not self.of.get("endpointAutoConfirms")
            else "false",
            "RawMessageDelivery": "false",
            **params.get("Attributes", {}),
        }
        self.ledger.add(Kind.SUBSCRIPTION, arn, data, self.of.urn)
        return {"SubscriptionArn": arn}

    def _somebody_elses_topic(self, arn: str) -> None:
        """A topic given by ARN only is known by who is subscribed here, not by who may publish."""
        data = {"TopicArn": arn, "Policy": Unknown(), "KmsMasterKeyId": Unknown()}
        self.ledger.add(Kind.TOPIC, arn, data, None)

    def create_queue(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        name = params["QueueName"]
        arn = self.arn("sqs", name)
        suffix = ".cn" if self.of.partition == "aws-cn" else ""
        url: Ref = f"https://sqs.{self.of.region}.amazonaws.com{suffix}/{self.of.account_id}/{name}"
        known = self.known.get("url")
        url = known if isinstance(known, str) else url
        data = {"QueueArn": arn, "QueueUrl": url, **params.get("Attributes", {})}
        # New queues are encrypted by SQS itself unless a key is given (since May 2023).
        data.setdefault("SqsManagedSseEnabled", "false" if "KmsMasterKeyId" in data else "true")
        self.ledger.add(Kind.QUEUE, arn, data, self.of.urn, url)
        return {"QueueUrl": url}

    def set_queue_attributes(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        url = params["QueueUrl"]
        if isinstance(url, str) and self.ledger.find(Kind.QUEUE, url) is None:
            self._somebody_elses_queue(url)
        return self._change(Kind.QUEUE, url, **params["Attributes"])

    def _somebody_elses_queue(self, url: str) -> None:
        """A queue given by URL only is known by the policy that is set; not how it is encrypted."""
        host, _, rest = url.removeprefix("https://").partition("/")
        account, _, name = rest.partition("/")
        if "." not in host or not name:
            return  # no queue's URL, which AWS would refuse
        arn = f"arn:{self.of.partition}:sqs:{host.split('.')[1]}:{account}:{name}"
        data = {"QueueArn": arn, "QueueUrl": url, "KmsMasterKeyId": Unknown()}
        self.ledger.add(Kind.QUEUE, arn, data, self.of.urn, url)

    def create_function(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        name = params["FunctionName"]
        arn = self.arn("lambda", f"function:{name}")
        data = {"FunctionName": name, "FunctionArn": arn}
        self.ledger.add(Kind.FUNCTION, arn, data, self.of.urn, name)
        return data

    def add_permission(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        function = self._function(params["FunctionName"])
        if function is None:
            return {}
        policy = function.get("Policy")
        parts = [policy, params["SourceArn"]] if "SourceArn" in params else [policy]
        unknown = [part for part in parts if isinstance(part, Unknown)]
        if unknown:
            function["Policy"] = Unknown(tuple(urn for part in unknown for urn in part.of))
            return {}
        statements = json.loads(policy)["Statement"] if policy else []
        statements.append(_permission_statement(params, function["FunctionArn"], self.of))
        document = {"Version": "2012-10-17", "Id": "default", "Statement": statements}
        function["Policy"] = json.dumps(document)
        return {}

    def _function(self, ref: Any) -> dict[str, Any] | None:
        """The function; one given by ARN only is known by its permissions alone."""
        found = self.ledger.find(Kind.FUNCTION, ref)
        if found is None and isinstance(ref, str) and ref.startswith("arn:"):
            found = {"FunctionName": ref.rsplit(":", 1)[1], "FunctionArn": ref}
            self.ledger.add(Kind.FUNCTION, ref, found, self.of.urn, found["FunctionName"])
        return found

    def create_role(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        name = params["RoleName"]
        path = params.get("Path", "/").strip("/")
        arn = self.arn("iam", f"role/{path}/{name}" if path else f"role/{name}", regional=False)
        data = {
            "RoleName": name,
            "Arn": arn,
            "AssumeRolePolicyDocument": params["AssumeRolePolicyDocument"],
            "Policies": {},
            "AttachedPolicies": [],
        }
        self.ledger.add(Kind.ROLE, arn, data, self.of.urn, name)
        return {"Role": data}

    def put_role_policy(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        role = self.ledger.find(Kind.ROLE, params["RoleName"])
        if role is not None:
            role["Policies"][str(params["PolicyName"])] = params["PolicyDocument"]
        return {}

    def attach_role_policy(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        role = self.ledger.find(Kind.ROLE, params["RoleName"])
        if role is not None:
            role["AttachedPolicies"].append(params["PolicyArn"])
        return {}

    def create_open_id_connect_provider(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        """An identity provider is no part of the picture: it is told nothing."""
        host = str(params["Url"]).removeprefix("https://")
        return {
            "OpenIDConnectProviderArn": self.arn("iam", f"oidc-provider/{host}", regional=False)
        }

    def put_metric_alarm(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        return self._put_alarm(params, TreatMissingData=params.get("TreatMissingData", "missing"))

    def put_composite_alarm(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        return self._put_alarm(params)

    def _put_alarm(self, params: Mapping[str, Any], **more: Any) -> Mapping[str, Any]:
        name = params["AlarmName"]
        arn = self.arn("cloudwatch", f"alarm:{name}" if isinstance(name, str) else name)
        data = {
            **{key: value for key, value in params.items() if key != "Tags"},
            "AlarmArn": arn,
            **{key: params.get(key, []) for key in ACTIONS_OF.values()},
            "StateValue": "INSUFFICIENT_DATA",
            **more,
        }
        self.ledger.add(Kind.ALARM, arn, data, self.of.urn, name)
        return {}

    def _change(self, kind: Kind, ref: Any, **values: Any) -> Mapping[str, Any]:
        """Change what is written down; what is not in the picture belongs to somebody else."""
        data = self.ledger.find(kind, ref)
        if data is not None:
            data.update(values)
        return {}


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
