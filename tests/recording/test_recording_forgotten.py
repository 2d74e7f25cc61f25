"""A program that forgets to await what it starts."""

import asyncio
from collections.abc import Callable

import pytest
from pulumi_aws import sns

from alerting.recording import RecordingError, record


async def _late() -> None:
    await asyncio.sleep(0.01)
    sns.Topic("late")


async def _failing() -> None:
    raise ValueError("unseen")


def a_task_still_running() -> None:
    _kept.append(asyncio.ensure_future(_late()))


def a_coroutine() -> None:
    _late()  # pyright: ignore[reportUnusedCoroutine]


_kept: list[object] = []


@pytest.mark.parametrize("program", [a_task_still_running, a_coroutine])
def test_work_that_is_started_and_not_awaited_is_an_error(program: Callable[[], None]):
    with pytest.raises(RecordingError, match="_late"):
        record(program, project="shop")


def test_a_task_that_fails_unseen_is_an_error():
    with pytest.raises(ValueError, match="unseen"):
        record(lambda: asyncio.ensure_future(_failing()) and None, project="shop")


def test_work_that_is_awaited_is_none_of_it():
    async def program() -> None:
        await _late()

    assert [r.name for r in record(program, project="shop").resources] == ["late"]
