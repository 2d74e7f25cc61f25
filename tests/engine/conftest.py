"""What the engine lane stands on: a CLI, an account, a provider double and a project folder."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.engine.account import Account, AccountServer
from tests.engine.project import ROOT, Project
from tests.engine.timings import TIMINGS
from tools.engine.cli import NoCliError, find_cli

ACCOUNT_ID = "123456789012"


class Provider:
    """The provider double's process, on one account server."""

    def __init__(self, address: str, call_timeout: float = 30) -> None:
        self._command = [
            sys.executable, "-m", "tests.engine.provider", address, ACCOUNT_ID, str(call_timeout)
        ]  # fmt: skip
        self.start()

    def start(self) -> None:
        """Start it, on a port of its own choice."""
        self._process = subprocess.Popen(
            self._command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())

    def kill(self) -> None:
        """SIGKILL, in the middle of whatever it is doing."""
        self._process.kill()

    def stop(self) -> None:
        """End it and its pipes."""
        self._process.kill()
        self._process.communicate()


@pytest.fixture(scope="session")
def cli() -> Path:
    """The Pulumi CLI; without one, and without a Go to build it, the test is skipped."""
    try:
        return find_cli()
    except NoCliError as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AccountServer]:
    """Serves the account of whichever test is running."""
    made = AccountServer(tmp_path_factory.mktemp("account") / "socket")
    yield made
    made.close()


@pytest.fixture(scope="session")
def shared_provider(cli: Path, server: AccountServer) -> Iterator[Provider]:
    """The provider double that tests share, because it keeps nothing."""
    made = Provider(server.address)
    yield made
    made.stop()


@pytest.fixture
def account(cli: Path, server: AccountServer) -> Iterator[Account]:
    """An empty account."""
    with server.serving(ACCOUNT_ID) as made:
        yield made


@pytest.fixture
def project(tmp_path: Path, cli: Path, account: Account, shared_provider: Provider) -> Project:
    """The project in a working copy, on the empty account."""
    return Project(tmp_path, cli, shared_provider.port)


@pytest.fixture(scope="module")
def shared_account(cli: Path, server: AccountServer) -> Iterator[Account]:
    """One account for all tests of a module."""
    with server.serving(ACCOUNT_ID) as made:
        yield made


@pytest.fixture(scope="module")
def shared_project(
    tmp_path_factory: pytest.TempPathFactory,
    cli: Path,
    shared_account: Account,
    shared_provider: Provider,
) -> Project:
    """One working copy for all tests of a module."""
    return Project(tmp_path_factory.mktemp("project"), cli, shared_provider.port)


@pytest.fixture
def own_provider(cli: Path, server: AccountServer) -> Iterator[Callable[..., Provider]]:
    """Makes provider doubles that may be killed."""
    made: list[Provider] = []

    def make(call_timeout: float = 30) -> Provider:
        made.append(Provider(server.address, call_timeout))
        return made[-1]

    yield make
    for provider in made:
        provider.stop()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show the timings that tests have taken."""
    if TIMINGS:
        terminalreporter.section("engine: wall and CPU by stage")
        for line in TIMINGS:
            terminalreporter.write_line(line)
