"""A stack as it was at a git revision."""

import io
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from alerting.account import Deployment, account_of
from alerting.output import BadInput
from alerting.scenarios import declare
from alerting.scenarios.stage import Stage

_SHOWN = 12


def stage_at(revision: str, stack: str, folder: Path) -> Stage:
    """The alarms a stack had at a revision of the repository its project is in.

    The revision's files are unpacked into a temporary folder; its own program runs there, in a
    process of its own, and prints its Deployment. The repository itself is only read.

    Raises:
        BadInput: no repository, no such revision, or a program that fails.
    """
    top = Path(_git(folder, "rev-parse", "--show-toplevel").decode().strip())
    commit = _commit(folder, revision)
    inside = folder.resolve().relative_to(top.resolve())
    with tempfile.TemporaryDirectory(prefix="alerting-revision-") as scratch:
        archive = _git(top, "archive", "--format=tar", commit)
        with tarfile.open(fileobj=io.BytesIO(archive)) as files:
            files.extractall(scratch, filter="data")
        project = Path(scratch) / inside
        if not (project / "Pulumi.yaml").is_file():
            raise BadInput(f"--against {revision}: there is no Pulumi.yaml in {inside} yet")
        ran = subprocess.run(  # noqa: S603 - this interpreter, a script of our own
            [sys.executable, declare.__file__, stack],
            cwd=project,
            capture_output=True,
            text=True,
            check=False,
        )
    if ran.returncode:
        last = "\n  ".join(ran.stderr.strip().splitlines()[-_SHOWN:])
        raise BadInput(f"--against {revision}: the program fails there:\n  {last}")
    try:
        deployment = Deployment.from_json(ran.stdout)
    except (KeyError, ValueError) as error:
        raise BadInput(f"--against {revision}: its program prints no Deployment: {error}") from None
    return Stage(f"{stack} at {revision}", account_of(deployment))


def _commit(folder: Path, revision: str) -> str:
    try:
        found = _git(folder, "rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}")
    except BadInput:
        raise BadInput(f"--against {revision}: git knows no such revision") from None
    return found.decode().strip()


def _git(folder: Path, *arguments: str) -> bytes:
    try:
        ran = subprocess.run(  # noqa: S603
            ["git", "-C", str(folder), *arguments],  # noqa: S607 - the user's own git
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        raise BadInput("--against needs git, which is not installed") from None
    if ran.returncode:
        said = ran.stderr.decode(errors="replace").strip()
        raise BadInput(f"--against: git {arguments[0]}: {said}")
    return ran.stdout
