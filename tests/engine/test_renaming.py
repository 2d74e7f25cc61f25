"""Alarms, receivers and severities under another name: with `formerly`, without, by the page."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.engine.account import Account
from tests.engine.edits import Edit, put, rename
from tests.engine.inventory import in_account, in_state
from tests.engine.project import Project, Steps
from tests.engine.recovery import Operator
from tests.engine.soundness import assert_sound

pytestmark = pytest.mark.engine

_QUIET: Edit = put("severities", to={"notify": {"encryption": "none"}})
"""With a key of its own, a topic cannot be made twice: the key's alias is taken."""


@pytest.fixture
def dev(project: Project, account: Account) -> Callable[..., Steps]:
    """The dev stack, deployed and confirmed by everybody; changes and deploys it."""
    project.init("dev")

    def up(*edits: Edit) -> Steps:
        for edit in edits:
            project.edit(edit)
        steps = project.up("dev")
        account.confirm_all()
        return steps

    return up


def _lost(project: Project, account: Account, stack: str = "dev") -> set[str]:
    """The types of what the state says is there and AWS has not."""
    there = set(in_account(account.cloud))
    return {kind for kind, _ in set(in_state(project.resources(stack))) - there}


def _rename_all_receivers(config: dict[str, Any]) -> None:
    config["receivers"] = {
        f"{name}-new": {**receiver, "formerly": name}
        for name, receiver in config["receivers"].items()
    }


def test_receivers_that_say_their_former_names_keep_what_they_have(
    project: Project, account: Account
) -> None:
    """All but their dead-letter queues, which are called after them."""
    project.init("prod")
    project.up("prod")
    account.confirm_all()
    before = len(account.changes())
    project.edit(_rename_all_receivers, "prod")
    steps = project.up("prod")
    asked = {entry.call.operation for entry in account.changes()[before:]}
    assert {
        name
        for name, step in steps.names().items()
        if name.startswith("receivers-") and step != "update"
    } == {
        f"receivers-{receiver}{new}-dead-letters{policy}"
        for receiver in ("pager", "chat", "jobs", "wallboard", "archive")
        for new in ("", "-new")
        for policy in ("", "-policy")
    }
    assert not asked & {
        "subscribe", "unsubscribe", "add_permission", "remove_permission",
        "create_role", "delete_role", "put_role_policy", "delete_role_policy",
    }  # fmt: skip
    assert_sound(project, account, "prod")


def test_an_alarm_that_is_given_the_name_it_has_is_kept(dev: Callable[..., Steps]) -> None:
    dev()
    kept = {"formerly": "cpu-high", "name": "dev-cpu-high"}
    assert dev(rename("alarms", "cpu-high", "cpu-hot", **kept)).names() == {}
    assert dev(rename("alarms", "cpu-hot", "cpu-hot", formerly=[])).names() == {}


def test_an_alarm_called_after_its_key_is_made_under_the_new_name_before_the_old_one_goes(
    dev: Callable[..., Steps], account: Account
) -> None:
    dev()
    before = len(account.changes())
    dev(rename("alarms", "cpu-high", "cpu-hot", formerly="cpu-high"))
    asked = [entry.call.operation for entry in account.changes()[before:]]
    assert asked == ["put_metric_alarm", "delete_alarms"]


def test_a_severity_that_says_its_former_name_keeps_topic_key_and_subscribers(
    dev: Callable[..., Steps], project: Project, account: Account
) -> None:
    dev()
    assert dev(put("severities", to={"info": {"formerly": "notify"}})).names() == {}
    assert_sound(project, account, "dev")


def test_without_it_a_renamed_receiver_hears_nothing_until_it_is_brought_back(
    dev: Callable[..., Steps], project: Project, account: Account
) -> None:
    dev()
    dev(rename("receivers", "oncall-mail", "boss"))
    assert _lost(project, account) == {"aws:sns/topicSubscription:TopicSubscription"}
    Operator(project, account, "dev").follow("Bring it back")
    assert_sound(project, account, "dev")


def test_without_it_an_alarm_with_a_name_of_its_own_is_gone_until_it_is_brought_back(
    dev: Callable[..., Steps], project: Project, account: Account
) -> None:
    dev(put("alarms", "cpu-high", "name", to="cpu"))
    dev(rename("alarms", "cpu-high", "cpu-hot"))
    assert _lost(project, account) == {"aws:cloudwatch/metricAlarm:MetricAlarm"}
    Operator(project, account, "dev").follow("Bring it back")
    assert_sound(project, account, "dev")


def test_without_it_the_topic_of_a_renamed_severity_is_gone_until_it_is_brought_back(
    dev: Callable[..., Steps], project: Project, account: Account
) -> None:
    dev(_QUIET)
    dev(rename("severities", "notify", "info"))
    assert "aws:sns/topic:Topic" in _lost(project, account)
    Operator(project, account, "dev").follow("Bring it back")
    assert_sound(project, account, "dev")


def test_without_it_a_severity_whose_topic_has_a_key_cannot_be_renamed(
    dev: Callable[..., Steps], project: Project, account: Account
) -> None:
    dev()
    with pytest.raises(AssertionError, match="AlreadyExists"):
        dev(put("severities", to={"info": {}}))
    assert _lost(project, account) == set()


def test_without_it_an_alarm_called_after_its_key_is_made_anew_and_no_other_is_touched(
    dev: Callable[..., Steps],
) -> None:
    dev()
    steps = dev(rename("alarms", "cpu-high", "cpu-hot"))
    assert steps.names() == {"alarms-cpu-hot": "create", "alarms-cpu-high": "delete"}


def test_what_is_renamed_in_the_state_first_is_kept(
    dev: Callable[..., Steps], project: Project, account: Account
) -> None:
    dev()
    (urn,) = (r["urn"] for r in project.resources("dev") if "oncall-mail" in r["urn"])
    operator = Operator(project, account, "dev")
    operator.follow("Rename it in the state first", URN=urn, NEWNAME="receivers-boss-notify")
    assert dev(rename("receivers", "oncall-mail", "boss")).names() == {}
    assert_sound(project, account, "dev")
