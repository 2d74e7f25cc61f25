"""How long the stages of a deployment take, shown at the end of the test run."""

import resource
import time
from collections.abc import Generator
from contextlib import contextmanager

TIMINGS: list[str] = []


@contextmanager
def timed(what: str) -> Generator[None]:
    """Note the wall time, and the CPU of the commands that ended meanwhile."""
    wall, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    yield
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    TIMINGS.append(f"{what}: {time.perf_counter() - wall:.1f} s wall, {cpu:.1f} s CPU")
