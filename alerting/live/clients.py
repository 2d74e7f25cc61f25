"""Clients of the account a stack is deployed to."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    HTTPClientError,
    InvalidRegionError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
)
from botocore.exceptions import ConnectionError as NoConnectionError

from alerting.output import BadInput

Clients = Callable[[str, str], Any]
"""Gives a boto3 client for a service in a Region."""

_EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired"})
_CONFIG = Config(
    retries={"mode": "standard", "max_attempts": 10},  # throttling above all
    connect_timeout=10,
    read_timeout=60,
    user_agent_extra="anomaly-alerting",
)


class Unreachable(Exception):  # noqa: N818 - it says what is the matter
    """AWS does not answer, so nothing can be told."""


@dataclass(frozen=True)
class Connection:
    """An account that answers."""

    clients: Clients
    account_id: str
    region: str
    partition: str = "aws"


def connect(config: Mapping[str, Any]) -> Connection:
    """Connect with the credentials the AWS provider would use.

    Args:
        config: of the stack; `aws:region`, `aws:profile` and `aws:allowedAccountIds` are heeded.

    Raises:
        BadInput: there are no credentials or no Region, or they are not valid, or not the stack's.
        Unreachable: AWS cannot be reached.
    """
    try:
        session = boto3.Session(profile_name=config.get("aws:profile"))
        region = (
            config.get("aws:region")
            or os.environ.get("AWS_REGION")
            or os.environ.get("AWS_DEFAULT_REGION")
            or session.region_name
        )
        if not region:
            raise BadInput("which Region? Set aws:region in the stack's config, or AWS_REGION")

        @cache
        def clients(service: str, region: str) -> Any:
            return session.client(service, region_name=region, config=_CONFIG)

        caller = clients("sts", region).get_caller_identity()
    except ProfileNotFound as error:
        raise BadInput(f"{error}; it is named by aws:profile or AWS_PROFILE") from None
    except (NoCredentialsError, PartialCredentialsError) as error:
        raise BadInput(
            f"there are no AWS credentials here ({error}); sign in, or set AWS_PROFILE"
        ) from None
    except InvalidRegionError as error:
        raise BadInput(str(error)) from None
    except (NoConnectionError, HTTPClientError) as error:
        raise Unreachable(f"AWS cannot be reached: {error}") from None
    except ClientError as error:
        raise BadInput(_refused(error)) from None
    except BotoCoreError as error:  # what is left is about getting credentials: SSO, a process
        raise BadInput(f"the AWS credentials cannot be used: {error}") from None
    account_id = caller["Account"]
    allowed = config.get("aws:allowedAccountIds")
    if allowed and account_id not in map(str, allowed):
        raise BadInput(
            f"these credentials are of account {account_id}, and aws:allowedAccountIds has "
            f"{', '.join(map(str, allowed))}"
        )
    return Connection(clients, account_id, region, caller["Arn"].split(":")[1])


def _refused(error: ClientError) -> str:
    code = error.response["Error"]["Code"]
    if code in _EXPIRED:
        return "the AWS credentials have expired; sign in again"
    return f"AWS does not accept the credentials: {code}: {error.response['Error']['Message']}"
