"""What goes wrong on the way, one thing at a time, and what `docs/recovery.md` makes of it."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.engine.account import Account
from tests.engine.conftest import Provider
from tests.engine.faults import Interrupt, Refuse, Slow, Throttle
from tests.engine.project import Project, kill
from tests.engine.recovery import Operator, commands, looked_for
from tests.engine.soundness import Watch, assert_sound

pytestmark = pytest.mark.engine
STACK = "prod"
_NOT_TWICE = {
    "create_stack": "aws:cloudformation/stack:Stack",
    "create_role": "aws:iam/role:Role",
    "put_role_policy": "aws:iam/rolePolicy:RolePolicy",
    "create_alias": "aws:kms/alias:Alias",
    "create_key": "aws:kms/key:Key",
    "add_permission": "aws:lambda/permission:Permission",
    "create_schedule": "aws:scheduler/schedule:Schedule",
}
"""The calls that may not simply be repeated, and what they make."""


@pytest.fixture
def operator(project: Project, account: Account) -> Operator:
    """Somebody who deploys the production stack, with the page at hand."""
    project.init(STACK)
    return Operator(project, account, STACK)


def _up(operator: Operator) -> str:
    """An update that fails; what it says."""
    ended = operator.project.run("up", "--stack", STACK, "--yes", "--skip-preview", check=False)
    assert ended.code != 0, ended.output
    return ended.output


def _give_up_at_once(operator: Operator) -> None:
    operator.project.run("config", "set", "aws:maxRetries", "0", "--stack", STACK)


def _killed(operator: Operator, at: int, *, done: bool, operation: str = "") -> None:
    """An update in which the engine is killed at a call."""
    fault = Interrupt(at, lambda: kill(process), done=done, operation=operation)
    operator.account.faults = [fault]
    process = operator.project.start("up", "--stack", STACK, "--yes", "--skip-preview")
    assert operator.project.wait(process).code == -9
    operator.account.faults = []


@pytest.mark.parametrize(
    ("at", "done"), [(1, True), (4, False), (20, False), (38, False), (60, True), (75, True)]
)
def test_an_engine_killed_while_creating(operator: Operator, at: int, done: bool) -> None:
    _killed(operator, at, done=done)
    operator.after_an_interruption()
    assert_sound(operator.project, operator.account, STACK)


@pytest.mark.parametrize("operation", _NOT_TWICE)
def test_an_engine_killed_when_aws_has_made_what_cannot_be_made_again(
    operator: Operator, operation: str
) -> None:
    _killed(operator, 1, done=True, operation=operation)
    operator.after_an_interruption()
    assert_sound(operator.project, operator.account, STACK)


def test_a_killed_engine_leaves_a_lock_and_says_how_to_remove_it(operator: Operator) -> None:
    _killed(operator, 3, done=False)
    assert "pulumi cancel" in _up(operator)


@pytest.mark.parametrize("done", [False, True], ids=["before AWS did it", "after AWS did it"])
def test_a_provider_killed_while_creating(
    operator: Operator, own_provider: Callable[..., Provider], done: bool
) -> None:
    provider = own_provider()
    operator.project.port = provider.port
    operator.account.faults = [Interrupt(15, provider.kill, done=done)]
    output = _up(operator)
    operator.account.faults = []
    operator.project.port = own_provider().port
    operator.after_an_open_error(output)
    assert_sound(operator.project, operator.account, STACK)


def test_a_provider_killed_while_updating_leaves_the_other_alarms_alone(
    operator: Operator, own_provider: Callable[..., Provider]
) -> None:
    operator.project.up(STACK)
    watch = Watch(operator.account)
    watch.begin()
    operator.project.edit(lambda c: c.__setitem__("tags", {"team": "shop"}), STACK)
    provider = own_provider()
    operator.project.port = provider.port
    operator.account.faults = [Interrupt(6, provider.kill, done=True)]
    output = _up(operator)
    operator.account.faults = []
    operator.project.port = own_provider().port
    operator.after_an_open_error(output)
    watch.end()
    assert_sound(operator.project, operator.account, STACK)


def test_internal_errors_after_aws_did_it(operator: Operator) -> None:
    """Whatever is created, the provider gives up, the state knows nothing of it, AWS has it."""
    faults = [
        Refuse(operation, code, "We did it. Or not.", done=True, times=1)
        for operation, code in (
            ("create_key", "KMSInternalException"),
            ("create_alias", "KMSInternalException"),
            ("create_topic", "InternalError"),
            ("set_topic_attributes", "InternalError"),
            ("subscribe", "InternalError"),
            ("create_queue", "InternalFailure"),
            ("set_queue_attributes", "InternalFailure"),
            ("add_permission", "ServiceException"),
            ("create_role", "ServiceFailure"),
            ("put_role_policy", "ServiceFailure"),
            ("put_metric_alarm", "InternalFailure"),
            ("put_composite_alarm", "InternalFailure"),
            ("put_alarm_mute_rule", "InternalFailure"),
            ("put_dashboard", "InternalServiceError"),
            ("create_stack", "InternalFailure"),
            ("create_schedule", "InternalServerException"),
            ("create_state_machine", "InternalFailure"),
            ("put_rule", "InternalException"),
            ("put_targets", "InternalException"),
        )
    ]
    _give_up_at_once(operator)
    operator.account.faults = [*faults]
    output = _up(operator)
    for _ in faults:  # the next one comes while recovering from the last
        try:
            operator.after_an_open_error(output)
            break
        except AssertionError as failed:
            output = str(failed)
    assert [fault.operation for fault in faults if fault.times] == []
    assert_sound(operator.project, operator.account, STACK)


def test_the_cli_stumbles_over_a_write_that_was_cut_off(operator: Operator) -> None:
    operator.project.up(STACK)
    attributes = next(operator.project.backend.glob(".pulumi/stacks/**/*.json.attrs"))
    attributes.write_text("")
    assert "failed to load checkpoint: EOF" in _up(operator)
    operator.make_readable()
    assert_sound(operator.project, operator.account, STACK)


def test_an_internal_error_that_the_provider_tries_again_makes_a_second_key(
    operator: Operator,
) -> None:
    """Nobody is told, so the page says to look for it."""
    fault = Refuse("create_key", "KMSInternalException", "We did it.", done=True, times=1)
    operator.account.faults = [fault]
    operator.project.up(STACK)
    with pytest.raises(AssertionError, match=r"orphaned: \[\('aws:kms/key:Key'"):
        assert_sound(operator.project, operator.account, STACK)
    operator.after_an_open_error("")
    assert_sound(operator.project, operator.account, STACK)


def test_throttling_is_waited_out(operator: Operator) -> None:
    fault = Throttle("put_metric_alarm", per_second=3)
    operator.account.faults = [fault]
    operator.project.up(STACK)
    assert fault.refused
    assert_sound(operator.project, operator.account, STACK)


def test_throttling_that_outlasts_the_provider_is_cured_by_asking_for_less(
    operator: Operator,
) -> None:
    _give_up_at_once(operator)
    operator.account.faults = [Throttle("put_metric_alarm", per_second=3)]
    assert "Throttling: Rate exceeded" in _up(operator)
    operator.account.faults = []
    operator.follow("AWS says no")
    assert_sound(operator.project, operator.account, STACK)


def test_access_denied_on_one_resource_need_not_hold_up_the_others(operator: Operator) -> None:
    message = "User: deployer is not authorized to perform: lambda:AddPermission"
    operator.account.faults = [Refuse("add_permission", "AccessDeniedException", message)]
    assert message in _up(operator)
    with pytest.raises(AssertionError, match="lambda:AddPermission"):
        operator.follow("Deploy the rest meanwhile")
    made = {r["urn"].rsplit("::", 1)[1] for r in operator.project.resources(STACK)}
    assert {"alarms-shop-slow", "receivers-jobs-page", "receivers-archive-notify"} <= made
    assert not {"receivers-chat-notify-invoke", "receivers-chat-notify"} & made
    operator.account.faults = []
    operator.follow("AWS says no")
    assert_sound(operator.project, operator.account, STACK)


def test_a_name_that_exists_already_is_said_and_can_be_adopted(operator: Operator) -> None:
    kms = operator.account.cloud.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/prod-alerts", TargetKeyId=key)
    output = _up(operator)
    assert re.search(r"notify-alias.*AlreadyExists", output, re.DOTALL)
    operator.after_an_open_error(output)
    assert_sound(operator.project, operator.account, STACK, theirs=(("aws:kms/key:Key", key),))


def test_an_update_that_times_out_and_happens_later(
    operator: Operator, own_provider: Callable[..., Provider]
) -> None:
    """The provider stops listening, the engine is told of a failure, and then AWS does it."""
    operator.project.up(STACK)
    watch = Watch(operator.account)
    watch.begin()
    _give_up_at_once(operator)

    def widen(config: dict[str, Any]) -> None:
        config["alarms"]["shop-slow"]["band"]["width"] = 4

    operator.project.edit(widen, STACK)
    shared, operator.project.port = operator.project.port, own_provider(call_timeout=0.5).port
    operator.account.faults = [Slow("put_metric_alarm", seconds=1.5)]
    assert "RequestTimeout" in _up(operator)
    operator.account.faults = []
    operator.project.port = shared
    operator.follow("Deploy again")
    watch.end()
    assert_sound(operator.project, operator.account, STACK)


def test_the_page_tells_how_to_find_whatever_aws_would_make_twice() -> None:
    """Every type whose create may not simply be repeated is in the page's table."""
    assert set(looked_for()) == set(_NOT_TWICE.values())


def test_a_section_that_is_not_on_the_page_is_no_recovery() -> None:
    with pytest.raises(LookupError, match="no section 'Pray'"):
        commands("Pray")
