"""An AWS in memory: moto, with what it lacks answered in `gaps`."""

import os
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import boto3
from botocore.exceptions import ClientError
from moto import mock_aws

from alerting.account.deployment import Resource
from alerting.account.model import Account
from alerting.account.table import ROWS, Call, Declared, drive
from alerting.live.reader import read_account
from alerting.rehearsal import gaps
from alerting.rehearsal.guard import no_network

_CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_SESSION_TOKEN": "testing",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}


class MemoryCloud:
    """One in-memory account; resources are created in it by the table, through boto3."""

    def __init__(self, account_id: str, region: str) -> None:
        self.account_id, self.region = account_id, region
        self._session = boto3.Session(
            aws_access_key_id="testing",
            aws_secret_access_key="testing",  # noqa: S106 - nobody's
            region_name=region,
        )
        self._clients: dict[tuple[str, str], Any] = {}
        self.gaps = gaps.Gaps(account_id, region)
        # Registrations come from several threads, and moto's backends take no locks.
        self._lock = threading.RLock()

    def client(self, service: str, region: str | None = None) -> Any:
        """A boto3 client of this account."""
        key = (service, region or self.region)
        with self._lock:
            if key not in self._clients:
                client = self._session.client(service, region_name=key[1])
                self.gaps.fill(client, service)
                self._clients[key] = client
            return self._clients[key]

    def create(self, resource: Resource) -> dict[str, Any] | None:
        """Create a recorded resource here; its real outputs, None where the table has no row.

        Raises:
            ClientError: AWS (in memory) refuses it.
            ParamValidationError: the request has not the shape AWS's API wants.
        """
        row = ROWS.get(resource.type)
        if row is None:
            return None
        region = resource.inputs.get("region")
        declared = Declared(
            urn=resource.urn,
            name=resource.name,
            inputs=presentable(resource),
            account_id=self.account_id,
            region=region if isinstance(region, str) else self.region,
        )
        with self._lock:
            return drive(row(declared), lambda call: self._send(call, declared.region))

    def read(self) -> Account:
        """The account as the reader of real accounts sees it.

        Not whole: what is given by ARN only exists elsewhere, and so cannot be told about here.
        """
        account = read_account(self.client, account_id=self.account_id, region=self.region)
        return replace(account, whole=False)

    def _send(self, call: Call, region: str) -> Mapping[str, Any]:
        match call.operation:
            case "add_permission":
                self._stand_in_function(call.params["FunctionName"], region)
            case "set_queue_attributes":
                self._stand_in_queue(call.params["QueueUrl"], region)
            case _:
                pass
        return getattr(self.client(call.service, region), call.operation)(**call.params)

    def _stand_in_queue(self, url: str, region: str) -> None:
        """Make a queue that is somebody else's: moto wants one to set a policy on."""
        client, name = self.client("sqs", region), url.rsplit("/", 1)[1]
        try:
            client.get_queue_url(QueueName=name)
        except ClientError:
            client.create_queue(QueueName=name)

    def _stand_in_function(self, function: str, region: str) -> None:
        """Make a function that is somebody else's: moto wants one to hang a permission on."""
        client = self.client("lambda", region)
        name = function.split(":")[6] if function.startswith("arn:") else function
        try:
            client.get_function_configuration(FunctionName=name)
        except ClientError:
            role = self._role("stand-in", "lambda.amazonaws.com")
            client.create_function(
                FunctionName=name,
                Role=role,
                Runtime="python3.13",
                Handler="index.handler",
                Code={"ZipFile": b"-"},
            )

    def _role(self, name: str, service: str) -> str:
        iam = self.client("iam")
        try:
            return iam.get_role(RoleName=name)["Role"]["Arn"]
        except ClientError:
            trust = (
                '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", '
                f'"Principal": {{"Service": "{service}"}}, "Action": "sts:AssumeRole"}}]}}'
            )
            made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)
            return made["Role"]["Arn"]


@contextmanager
def memory_cloud(
    account_id: str = "123456789012", region: str = "us-east-1"
) -> Generator[MemoryCloud]:
    """An empty in-memory AWS that cannot reach any other machine."""
    environment = {**_CREDENTIALS, "MOTO_ACCOUNT_ID": account_id, "AWS_DEFAULT_REGION": region}
    with patch.dict(os.environ, environment), no_network(), mock_aws():
        yield MemoryCloud(account_id, region)


def presentable(resource: Resource) -> Mapping[str, Any]:
    """The inputs, with a secret endpoint that is not known offline replaced by a possible one.

    Offline, a secret's value is a placeholder; SNS looks at the form of phone numbers and URLs.
    """
    endpoint = resource.inputs.get("endpoint")
    if "endpoint" not in resource.secrets or not str(endpoint).startswith("secret:"):
        return resource.inputs
    make: Callable[[str], str] = _POSSIBLE.get(str(resource.inputs.get("protocol")), str)
    return {**resource.inputs, "endpoint": make(str(endpoint).removeprefix("secret:"))}


_POSSIBLE: Mapping[str, Callable[[str], str]] = {
    "sms": lambda _: "+15550100",
    "email": lambda name: f"{name}@example.com",
    "email-json": lambda name: f"{name}@example.com",
    "https": lambda name: f"https://example.com/{name}",
    "http": lambda name: f"http://example.com/{name}",
    "sqs": lambda name: f"arn:aws:sqs:us-east-1:123456789012:{name}",
    "lambda": lambda name: f"arn:aws:lambda:us-east-1:123456789012:function:{name}",
    "firehose": lambda name: f"arn:aws:firehose:us-east-1:123456789012:deliverystream/{name}",
}
