"""What goes wrong before anything is deployed: what the user sees says what to do."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator

import pytest

from tests.engine.account import Account
from tests.engine.faults import Interrupt
from tests.engine.inventory import in_account
from tests.engine.project import Project, kill
from tests.engine.recovery import PAGE, Operator
from tests.engine.soundness import assert_sound

pytestmark = pytest.mark.engine


def _refused(project: Project, *arguments: str) -> str:
    ended = project.run(*arguments, check=False)
    assert ended.code != 0, ended.output
    return ended.output


def test_a_wrong_passphrase(project: Project) -> None:
    project.init("prod")
    project.passphrase = "guessed"
    assert "incorrect passphrase" in _refused(project, "preview", "--stack", "prod")
    assert "`incorrect passphrase`" in PAGE.read_text()


def test_no_passphrase(project: Project) -> None:
    project.init("prod")
    project.more = {"PULUMI_CONFIG_PASSPHRASE": ""}
    told = _refused(project, "preview", "--stack", "prod")
    assert "PULUMI_CONFIG_PASSPHRASE" in told or "incorrect passphrase" in told


def test_a_stack_that_does_not_exist(project: Project) -> None:
    told = _refused(project, "preview", "--stack", "staging")
    assert "no stack named 'staging' found" in told
    assert "`no stack named`" in PAGE.read_text()


def test_a_locked_stack(project: Project, account: Account) -> None:
    project.init("dev")
    account.faults = [Interrupt(2, lambda: kill(process))]
    process = project.start("up", "--stack", "dev", "--yes", "--skip-preview")
    project.wait(process)
    account.faults = []
    told = _refused(project, "up", "--stack", "dev", "--yes", "--skip-preview")
    assert "the stack is currently locked" in told
    assert "`pulumi cancel`" in told


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("alarms", "none"), "alarms"),
        (("receivers", "[a, b]"), "receivers"),
        (("--path", "tags.team", "7"), r"tags\.team"),
        (("--path", "alarms.cpu-high.threshold.above", "lots"), r"alarms\.cpu-high\.threshold"),
        (("--path", "alarms.cpu-high.datapoints", "5"), r"alarms\.cpu-high\.datapoints"),
    ],
)
def test_config_of_the_wrong_type_is_refused_by_its_path(
    project: Project, arguments: tuple[str, ...], told: str
) -> None:
    """As `pulumi config set` writes it, which takes anything."""
    project.init("dev")
    project.run("config", "set", "--stack", "dev", *arguments)
    output = _refused(project, "preview", "--stack", "dev")
    assert re.search(told, output), output


def test_a_cli_that_is_too_old(project: Project) -> None:
    """The project says which CLI it needs; here it needs one that does not exist yet."""
    manifest = project.work / "Pulumi.yaml"
    text = manifest.read_text()
    assert "requiredPulumiVersion" in text, "Pulumi.yaml says which CLI it needs"
    lines = [
        'requiredPulumiVersion: ">=99.0.0"' if line.startswith("requiredPulumiVersion") else line
        for line in text.splitlines()
    ]
    manifest.write_text("\n".join(lines))
    project.init("dev")
    assert ">=99.0.0" in _refused(project, "preview", "--stack", "dev")


@pytest.fixture
def disk(project: Project) -> Iterator[Callable[[str], None]]:
    """Gives the state a file system of its own, and another size on the next call."""
    if shutil.which("mount") is None or os.geteuid() != 0:
        pytest.skip("a file system that is full needs the right to mount one")
    mounted: list[str] = []

    def size(size: str) -> None:
        options = f"remount,size={size}" if mounted else f"size={size}"
        mount = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(project.backend)]
        made = subprocess.run(mount, capture_output=True, text=True)
        if made.returncode:
            pytest.skip(f"a file system that is full cannot be mounted: {made.stderr}")
        mounted.append(size)

    yield size
    if mounted:
        subprocess.run(["umount", str(project.backend)], check=True)


def test_a_disk_that_is_full_before_anything_is_deployed(
    project: Project, account: Account, disk: Callable[[str], None]
) -> None:
    disk("1m")
    project.init("dev")
    project.up("dev")
    filler = project.backend / "filler"
    with pytest.raises(OSError, match="No space left"):
        filler.write_bytes(bytes(2 << 20))
    with filler.open("ab", buffering=0) as rest, pytest.raises(OSError, match="No space left"):
        rest.write(bytes(1))
    told = _refused(project, "up", "--stack", "dev", "--yes", "--skip-preview")
    assert "no space left on device" in told
    assert "`no space left on device`" in PAGE.read_text()
    filler.unlink()
    assert_sound(project, account, "dev")


@pytest.mark.skipif("ENGINE_NIGHTLY" not in os.environ, reason="the CLI tries for two minutes")
def test_a_disk_that_fills_up_while_deploying(
    project: Project, account: Account, disk: Callable[[str], None]
) -> None:
    """The CLI itself loses the state over this; the page brings back what AWS has."""
    disk("96k")
    project.init("dev")
    told = _refused(project, "up", "--stack", "dev", "--yes", "--skip-preview")
    assert "no space left on device" in told
    assert in_account(account.cloud), "AWS has made something by then"
    disk("64m")
    assert "unexpected end of JSON input" in _refused(project, "stack", "export", "-s", "dev")
    Operator(project, account, "dev").rebuild_the_state()
    assert_sound(project, account, "dev")
