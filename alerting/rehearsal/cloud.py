"""An AWS in memory: moto, with what it lacks answered in `gaps`."""

import os
import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from typing import Any
from unittest.mock import patch

import boto3
import botocore.session
from botocore.exceptions import ClientError
from moto import mock_aws

from alerting.account.deployment import Resource
from alerting.account.model import Account, Unknown
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


@cache
def _api_models() -> Any:
    """What botocore reads the APIs' models with; reading them anew takes longer than a stack."""
    return botocore.session.Session().get_component("data_loader")


class MemoryCloud:
    """One in-memory account; resources are created in it by the table, through boto3."""

    def __init__(self, account_id: str, region: str) -> None:
        self.account_id, self.region = account_id, region
        api = botocore.session.Session()
        api.register_component("data_loader", _api_models())
        self._session = boto3.Session(
            botocore_session=api,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",  # noqa: S106 - nobody's
            region_name=region,
        )
        self._clients: dict[tuple[str, str], Any] = {}
        self._stand_ins: dict[str, Mapping[str, Unknown]] = {}
        """ARNs of what is somebody else's, and what cannot be known of it here."""
        self.gaps = gaps.Gaps(account_id, self.moto, self.client)
        # Registrations come from several threads, and moto's backends take no locks.
        self._lock = threading.RLock()

    def client(self, service: str, region: str | None = None) -> Any:
        """A boto3 client of this account."""
        key = (service, region or self.region)
        with self._lock:
            if key not in self._clients:
                client = self.moto(service, key[1])
                self.gaps.fill(client, service)
                self._clients[key] = client
            return self._clients[key]

    def moto(self, service: str, region: str) -> Any:
        """A new client of moto, which lacks what `gaps` answers."""
        return self._session.client(service, region_name=region)

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
            inputs=resource.inputs,
            account_id=self.account_id,
            region=region if isinstance(region, str) else self.region,
        )
        with self._lock:
            return drive(row.create(declared), lambda call: self.send(call, declared.region))

    def read(self) -> Account:
        """The account as the reader of real accounts sees it.

        Not whole: what is given by ARN only exists elsewhere, and so cannot be told about here.
        """
        account = read_account(
            self.client, account_id=self.account_id, region=self.region, surroundings=True
        )
        items = (
            replace(item, data={**item.data, **unseen})
            if (unseen := self._stand_ins.get(str(item.arn)))
            else item
            for item in account.items
        )
        return replace(account, items=tuple(items), whole=False)

    def send(self, call: Call, region: str) -> Mapping[str, Any]:
        """Carry out one call of the table here; AWS's response.

        Raises:
            ClientError: AWS (in memory) refuses it.
            ParamValidationError: the request has not the shape AWS's API wants.
        """
        with self._lock:
            match call.operation:
                case "add_permission":
                    self._stand_in_function(call.params["FunctionName"], region)
                case "set_queue_attributes":
                    self._stand_in_queue(call.params["QueueUrl"], region)
                case "subscribe":
                    self._stand_in_topic(call.params["TopicArn"], region)
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
            arn = f"arn:aws:sqs:{region}:{self.account_id}:{name}"
            self._stand_ins[arn] = {"KmsMasterKeyId": Unknown()}

    def _stand_in_topic(self, arn: str, region: str) -> None:
        """Make a topic that is somebody else's: moto wants one to subscribe to."""
        client = self.client("sns", region)
        try:
            client.get_topic_attributes(TopicArn=arn)
        except ClientError:
            client.create_topic(Name=arn.rsplit(":", 1)[1])
            self._stand_ins[arn] = {"Policy": Unknown(), "KmsMasterKeyId": Unknown()}

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
