"""Every committed stack and every example, from the first preview to the last trace."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.engine.account import AccountServer
from tests.engine.conftest import ACCOUNT_ID, Provider
from tests.engine.inventory import Thing, in_account, in_state
from tests.engine.project import ROOT, Project, Steps

pytestmark = pytest.mark.engine


def _programs() -> Iterator[tuple[Path, str]]:
    """Every project with each of its stacks; an example without one is deployed as `dev`."""
    for folder in (ROOT, *sorted((ROOT / "examples").glob("*"))):
        if (folder / "Pulumi.yaml").is_file():
            stacks = sorted(file.name.split(".")[1] for file in folder.glob("Pulumi.*.yaml"))
            for stack in stacks or ["dev"]:
                yield folder, stack


@dataclass
class Life:
    """What was seen of one stack."""

    previewed: dict[str, str]
    made: dict[str, str]
    second_up: set[str]
    refresh: set[str]
    in_account: list[Thing]
    in_state: list[Thing]
    refused: list[str]
    left: list[Thing]
    state_after: list[Any]
    was_pending: list[str]


@pytest.fixture(scope="module", params=list(_programs()), ids=lambda p: f"{p[0].name}-{p[1]}")
def life(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    cli: Path,
    server: AccountServer,
    shared_provider: Provider,
) -> Iterator[Life]:
    """Run a stack through its life, once for all tests."""
    program, name = request.param
    with server.serving(ACCOUNT_ID) as account:
        folder = tmp_path_factory.mktemp("life")
        project = Project(folder, cli, shared_provider.port, program=program)
        stack = project.stack(name)
        before = in_account(account.cloud)
        previewed, made = Steps(), Steps()
        stack.preview(on_event=previewed)
        stack.up(on_event=made)
        theirs = [*before, *account.stand_ins()]
        seen = [thing for thing in in_account(account.cloud) if thing not in theirs]
        kept = in_state(project.resources(name))
        pending = account.pending()
        second_up = stack.up().summary.resource_changes
        refresh = stack.refresh().summary.resource_changes
        stack.destroy()
        yield Life(
            previewed=previewed.taken,
            made=made.taken,
            second_up={*(second_up or ())},
            refresh={*(refresh or ())},
            in_account=seen,
            in_state=kept,
            refused=[entry.refused for entry in account.journal if entry.refused],
            left=[thing for thing in in_account(account.cloud) if thing not in theirs],
            state_after=project.resources(name),
            was_pending=pending,
        )


def test_a_preview_lists_the_resources_that_up_creates(life: Life) -> None:
    assert life.previewed == life.made
    assert set(life.made.values()) == {"create"}


def test_the_account_holds_what_the_state_says(life: Life) -> None:
    assert life.in_account == life.in_state
    assert life.in_account


def test_a_second_up_changes_nothing(life: Life) -> None:
    assert life.second_up == {"same"}


def test_a_refresh_changes_nothing(life: Life) -> None:
    assert life.refresh == {"same"}


def test_destroy_leaves_nothing_behind(life: Life) -> None:
    assert life.left == []
    assert life.state_after == []


def test_subscriptions_nobody_confirmed_go_with_their_topic(life: Life) -> None:
    """SNS refuses to remove them one by one, so this is not a matter of course."""
    if not life.was_pending:
        pytest.skip("this stack has no receiver that must confirm")
    assert "InvalidParameter" in life.refused
    assert life.left == []
