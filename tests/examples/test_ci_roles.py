"""The roles of the CI example: who may assume them, and what they may do."""

import json
from collections import defaultdict
from pathlib import Path

import pytest

from alerting.account.deployment import Deployment
from alerting.account.row import Call
from alerting.live.data_sources import answers
from alerting.recording import record

EXAMPLE = Path(__file__).parents[2] / "examples" / "ci_roles"


@pytest.fixture(scope="module")
def roles() -> Deployment:
    return record(
        EXAMPLE,
        stack="main",
        config={
            "ci-roles:repository": "example/alerting",
            "ci-roles:environments": ["dev", "prod"],
            "ci-roles:stateBucket": "example-pulumi-state",
        },
    )


def condition(roles: Deployment, name: str) -> dict[str, object]:
    trust = json.loads(roles.named(name).inputs["assumeRolePolicy"])
    return trust["Statement"][0]["Condition"]["StringEquals"]


def actions(roles: Deployment, name: str) -> set[str]:
    policy = json.loads(roles.named(f"{name}-policy").inputs["policy"])
    found: set[str] = set()
    for statement in policy["Statement"]:
        given = statement["Action"]
        found |= {given} if isinstance(given, str) else set(given)
    return found


def test_only_the_named_environments_may_deploy(roles: Deployment) -> None:
    assert condition(roles, "deploy")["token.actions.githubusercontent.com:sub"] == [
        "repo:example/alerting:environment:dev",
        "repo:example/alerting:environment:prod",
    ]


def test_pull_requests_may_only_read(roles: Deployment) -> None:
    subjects = condition(roles, "preview")["token.actions.githubusercontent.com:sub"]
    assert "repo:example/alerting:pull_request" in subjects
    reads = ("Describe", "Get", "List", "GET")  # API Gateway's actions are HTTP's methods
    for action in actions(roles, "preview"):
        service, name = action.split(":")
        assert name.startswith(reads) or service == "s3", action


def test_both_roles_are_for_aws_only(roles: Deployment) -> None:
    for name in ("deploy", "preview"):
        audience = condition(roles, name)["token.actions.githubusercontent.com:aud"]
        assert audience == "sts.amazonaws.com"


def test_no_role_may_do_everything_of_a_service(roles: Deployment) -> None:
    for name in ("deploy", "preview"):
        assert not [action for action in actions(roles, name) if "*" in action]


def test_both_roles_may_find_resources_by_tag(roles: Deployment) -> None:
    asked: set[str] = set()
    prefix = {"elbv2": "elasticloadbalancing", "resourcegroupstaggingapi": "tag"}

    def send(call: Call) -> dict[str, object]:
        name = call.operation.replace("_", "")
        action = f"{prefix.get(call.service, call.service)}:{name}"
        asked.add("apigateway:get" if call.service == "apigatewayv2" else action)
        raise PermissionError

    for answer in answers(send).values():
        with pytest.raises(PermissionError):
            answer(defaultdict(str))
    assert len(asked) == 7
    for name in ("deploy", "preview"):
        assert asked <= {action.lower() for action in actions(roles, name)}  # as IAM reads them
