"""Many trials at once: on this machine's cores, or on a Dask cluster."""

import multiprocessing
import os
import signal
import sys
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from contextlib import contextmanager
from itertools import islice
from typing import Any, TypeVar

from alerting.backtest.trial import Outcome, Trial, run
from alerting.output import BadInput

_WORTH_A_POOL = 8
"""Trials; starting processes costs as much as a few of them."""
_AHEAD = 64
"""Trials handed out and not finished: enough to keep workers busy, few enough for the memory."""

_PATIENCE = "10s"
"""How long a Dask scheduler may take to answer."""

K = TypeVar("K")


@contextmanager
def workers(trials: int, dask: str | None = None) -> Generator[Executor | None]:
    """Who does the work.

    Args:
        trials: About how many there will be; for a few this process is quickest (None).
        dask: Address of a Dask scheduler, which gets them all however few. Its workers need this
            project installed; they read no file.

    Raises:
        BadInput: dask.distributed is not installed, or the scheduler cannot be reached.
    """
    if dask is not None:
        with _dask_client(dask) as client:
            yield client.get_executor(pure=False)
        return
    count = min(os.cpu_count() or 1, trials // 2)
    if trials < _WORTH_A_POOL or count < 2:
        yield None
        return
    # Workers are forked from a server of their own: this process may have threads by now.
    method = "spawn" if sys.platform == "win32" else "forkserver"
    context = multiprocessing.get_context(method)
    context.set_forkserver_preload([run.__module__])
    with ProcessPoolExecutor(count, context, initializer=_leave_interrupts_to_parent) as pool:
        try:
            yield pool
        finally:
            pool.shutdown(cancel_futures=True)


def finished(
    trials: Iterable[tuple[K, Trial]], executor: Executor | None
) -> Iterator[tuple[K, Outcome | Exception]]:
    """Outcomes as they come, each with the key its trial was given; an exception where one failed.

    Trials are drawn as they are needed. An interrupt is raised from here; what was yielded before
    stays good.
    """
    if executor is None:
        for key, trial in trials:
            try:
                yield key, run(trial)
            except Exception as error:
                yield key, error
        return
    coming, waiting = iter(trials), dict[Future[Outcome], K]()
    try:
        while True:
            for key, trial in islice(coming, _AHEAD - len(waiting)):
                try:
                    waiting[executor.submit(run, trial)] = key
                except BrokenExecutor as error:
                    yield key, error
            if not waiting:
                return
            done, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                yield waiting.pop(future), _answer(future)
    finally:
        for future in waiting:
            future.cancel()


def _answer(future: Future[Outcome]) -> Outcome | Exception:
    try:
        return future.result()
    except Exception as error:
        return error


def _leave_interrupts_to_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _dask_client(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError:
        raise BadInput("--dask needs dask.distributed: pip install distributed") from None
    try:
        return Client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise BadInput(f"--dask {address}: the scheduler cannot be reached: {error}") from None
