"""Signing in: what is said when there is nobody, or the wrong one, to sign in as."""

from typing import Any

import boto3
import botocore.session
import pytest
from botocore.exceptions import ConnectTimeoutError, TokenRetrievalError

from alerting.live.clients import Unreachable, connect
from alerting.output import BadInput
from alerting.rehearsal.cloud import memory_cloud
from tests.live.deployed_stack import refusal


@pytest.fixture
def signed_in():
    with memory_cloud("111122223333"):
        yield


def answer_with(monkeypatch: pytest.MonkeyPatch, answer: Exception | dict[str, str]) -> None:
    """Have the account look-up give this."""

    class Client:
        def get_caller_identity(self) -> dict[str, str]:
            if isinstance(answer, Exception):
                raise answer
            return answer

    monkeypatch.setattr(boto3.Session, "client", lambda *_, **__: Client())


def test_the_account_is_that_of_the_credentials(signed_in):
    connection = connect({"aws:region": "eu-west-1"})
    assert (connection.account_id, connection.region) == ("111122223333", "eu-west-1")
    assert connection.partition == "aws"
    assert connection.clients("sns", "eu-west-1") is connection.clients("sns", "eu-west-1")


def test_throttled_calls_are_tried_again(signed_in):
    client = connect({"aws:region": "us-east-1"}).clients("sns", "us-east-1")
    assert client.meta.config.retries == {"mode": "standard", "total_max_attempts": 11}
    throttled = 2

    def throttle(request: Any, **_: Any) -> Any:
        nonlocal throttled
        if throttled:
            throttled -= 1
            body = (
                "<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code>"
                "<Message>Rate exceeded</Message></Error></ErrorResponse>"
            )
            return botocore.awsrequest.AWSResponse(request.url, 400, {}, _Raw(body.encode()))
        return None

    client.meta.events.register_first("before-send.sns.*", throttle)
    assert client.list_topics()["Topics"] == []
    assert throttled == 0


class _Raw:
    def __init__(self, body: bytes) -> None:
        self.body = body

    def stream(self, **_: Any) -> list[bytes]:
        return [self.body]


def test_the_region_may_come_from_the_environment(signed_in, monkeypatch):
    monkeypatch.setenv("AWS_REGION", "eu-north-1")
    assert connect({}).region == "eu-north-1"


def test_no_region_is_said(signed_in, monkeypatch):
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(BadInput, match="which Region\\? Set aws:region"):
        connect({})


def test_no_credentials_are_said(monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    with pytest.raises(BadInput, match="there are no AWS credentials here"):
        connect({"aws:region": "us-east-1"})


def test_a_profile_that_is_not_there_is_said():
    with pytest.raises(BadInput, match=r"nobody.*aws:profile"):
        connect({"aws:region": "us-east-1", "aws:profile": "nobody"})


def test_a_region_that_is_none_is_said():
    with pytest.raises(BadInput, match="us east"):
        connect({"aws:region": "us east"})


@pytest.mark.parametrize("code", ["ExpiredToken", "ExpiredTokenException", "RequestExpired"])
def test_expired_credentials_are_said(monkeypatch, code):
    answer_with(monkeypatch, refusal(code, "GetCallerIdentity"))
    with pytest.raises(BadInput, match="credentials have expired"):
        connect({"aws:region": "us-east-1"})


def test_credentials_aws_does_not_know_are_said(monkeypatch):
    answer_with(monkeypatch, refusal("InvalidClientTokenId", "GetCallerIdentity"))
    with pytest.raises(BadInput, match="does not accept the credentials: InvalidClientTokenId"):
        connect({"aws:region": "us-east-1"})


def test_a_sign_in_that_does_not_work_is_said(monkeypatch):
    answer_with(monkeypatch, TokenRetrievalError(provider="sso", error_msg="gone"))
    with pytest.raises(BadInput, match="cannot be used"):
        connect({"aws:region": "us-east-1"})


def test_an_aws_that_does_not_answer_is_not_bad_input(monkeypatch):
    answer_with(monkeypatch, ConnectTimeoutError(endpoint_url="https://sts.amazonaws.com"))
    with pytest.raises(Unreachable, match="cannot be reached"):
        connect({"aws:region": "us-east-1"})


def test_an_account_that_is_not_the_stacks_is_refused(signed_in):
    config = {"aws:region": "us-east-1", "aws:allowedAccountIds": ["123456789012"]}
    with pytest.raises(BadInput, match="of account 111122223333, and aws:allowedAccountIds has"):
        connect(config)


def test_other_partitions_are_recognised(monkeypatch):
    caller = {"Account": "111122223333", "Arn": "arn:aws-cn:iam::111122223333:user/x"}
    answer_with(monkeypatch, caller)
    assert connect({"aws:region": "cn-north-1"}).partition == "aws-cn"
