"""Resources that are found by tag: one that comes or goes touches its own alarms and no other."""

import json
from typing import Any

import pytest

from tests.engine.account import Account
from tests.engine.project import Project

pytestmark = pytest.mark.engine

SET = {"kind": "sqs", "tags": {"team": "shop"}, "off": ["age"], "alarms": {"dead-letters": {}}}


def _watching(**more: Any) -> Any:
    """Sets what the dev stack watches."""
    return lambda config: config.__setitem__("watch", {"queues": {**SET, **more}})


def _queue(account: Account, name: str, team: str = "shop") -> str:
    sqs = account.cloud.client("sqs")
    return sqs.create_queue(QueueName=name, tags={"team": team})["QueueUrl"]


def _alarms(name: str, operation: str) -> dict[str, str]:
    return {f"alarms-queues-{name}-{key}": operation for key in ("backlog", "dead-letters")}


@pytest.fixture(scope="module")
def empty(shared_project: Project) -> Project:
    """The dev stack with a set by tags, as long as nothing has the tags."""
    shared_project.edit(_watching())
    shared_project.init("dev")
    return shared_project


@pytest.fixture(scope="module")
def refused(empty: Project) -> str:
    return empty.run("preview", "--stack", "dev", check=False).output


@pytest.fixture(scope="module")
def deployed(empty: Project, refused: str, shared_account: Account) -> Project:
    _queue(shared_account, "orders")
    _queue(shared_account, "somebody-elses", team="books")
    empty.up("dev")
    return empty


def test_nothing_found_is_refused_in_the_preview(refused: str) -> None:
    said = "watch.queues.tags: match nothing: no resource of kind sqs in this account and Region"
    assert said in " ".join(refused.split())


def test_what_is_found_is_an_output(deployed: Project) -> None:
    shown = deployed.run("stack", "output", "watched_resources", "--json", "--stack", "dev").output
    found = {"kind": "sqs", "tags": {"team": "shop"}, "resources": ["orders"]}
    assert json.loads(shown) == {"queues": found}


def test_without_a_change_nothing_is_touched(deployed: Project) -> None:
    assert deployed.up("dev").names() == {}


def test_a_resource_that_comes_and_one_that_goes_touch_their_own_alarms_only(
    deployed: Project, shared_account: Account
) -> None:
    url = _queue(shared_account, "bills")
    assert deployed.up("dev").names() == _alarms("bills", "create")
    shared_account.cloud.client("sqs").delete_queue(QueueUrl=url)
    assert deployed.up("dev").names() == _alarms("bills", "delete")


def test_more_than_the_limit_is_refused_and_nothing_is_touched(
    deployed: Project, shared_account: Account
) -> None:
    _queue(shared_account, "mails")
    before = deployed.resources()
    deployed.edit(_watching(maxResources=1))
    ended = deployed.run("up", "--stack", "dev", "--yes", "--skip-preview", check=False)
    assert ended.code != 0
    assert "match 2 resources, and at most 1 are watched" in " ".join(ended.output.split())
    assert deployed.resources() == before
