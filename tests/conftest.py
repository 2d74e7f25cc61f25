"""What every test runs in: nobody's AWS account, no network, and no chance."""

import gc
import os
import signal
from collections.abc import Generator

import pytest
from hypothesis import settings

from alerting.rehearsal.guard import no_network

for name in [name for name in os.environ if name.startswith(("AWS_", "PULUMI_"))]:
    del os.environ[name]
os.environ |= {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    # An output formatted into a text writes a help text into the resource; with this it raises.
    "PULUMI_ERROR_OUTPUT_STRING": "true",
}

# What is started in the background of a script ignores it, and tests that press Ctrl-C would wait.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Looking for cycles after every 700 objects, and through every module, is a sixth of a run's CPU.
gc.set_threshold(100_000, 50, 1000)

settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.load_profile("repeatable")


def pytest_collection_finish() -> None:
    """Takes what is imported by now out of the collector's sight: it stays."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _stays_on_this_machine() -> Generator[None]:
    with no_network():
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, None, None]:
    """Fails a test that tried to leave the machine, also where the refusal was swallowed."""
    with no_network() as refused:
        yield
    assert not refused, f"the test tried to {', '.join(refused)}"
