"""The deploy role of `examples/ci_roles` may do all that the life of a stack asks of AWS."""

import runpy

import pytest

from tests.engine.account import Account
from tests.engine.project import ROOT, Project

pytestmark = pytest.mark.engine


def test_the_deploy_role_is_allowed_every_call(project: Project, account: Account) -> None:
    project.init("prod")
    project.up("prod")
    project.edit(lambda config: config.__setitem__("tags", {"team": "shop"}), "prod")
    project.up("prod")
    project.run("refresh", "--stack", "prod", "--yes", "--skip-preview")
    project.run("destroy", "--stack", "prod", "--yes", "--skip-preview")
    permissions = runpy.run_path(str(ROOT / "examples" / "ci_roles" / "permissions.py"))
    statements = [*permissions["reading"](), *permissions["deploying"]("")]
    allowed = {action for statement in statements for action in statement["Action"]}
    asked = {_action(entry.call.service, entry.call.operation) for entry in account.journal}
    assert asked - allowed == set()


def _action(service: str, operation: str) -> str:
    """The IAM action of a call: `sns`, `create_topic` -> `sns:CreateTopic`."""
    prefix = {
        "elbv2": "elasticloadbalancing",
        "resourcegroupstaggingapi": "tag",
        "stepfunctions": "states",
    }
    name = "".join(part.capitalize() for part in operation.split("_"))
    return f"{prefix.get(service, service)}:{name}"
