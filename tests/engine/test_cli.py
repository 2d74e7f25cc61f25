"""Where the CLI comes from, and what is said where there is none. Needs neither CLI nor Go."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tools.engine import cli

FAKE_GO = """#!/bin/sh
if [ "$1" = env ]; then printf '%s\\nlocal\\n' {version}; exit; fi
if [ "$1" = mod ]; then exit; fi
while [ "$1" != -o ]; do shift; done
printf '#!/bin/sh\\necho v3.259.0\\n' > "$2"; chmod +x "$2"; echo built >> {log}
"""


@pytest.fixture
def bin_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on the PATH but for the shell's, beside an empty cache."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in ("sh", "chmod"):
        (folder / tool).symlink_to(f"/bin/{tool}")
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return folder


def _executable(file: Path, text: str) -> Path:
    file.write_text(text)
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return file


def test_a_cli_on_the_path_is_taken(bin_folder: Path) -> None:
    pulumi = _executable(bin_folder / "pulumi", "#!/bin/sh\necho v3.240.1\n")
    assert cli.find_cli() == pulumi


def test_without_a_cli_and_without_go_it_is_said_what_to_install(bin_folder: Path) -> None:
    with pytest.raises(cli.NoCliError) as told:
        cli.find_cli()
    assert str(told.value) == (
        "pulumi is not on the PATH; install the Pulumi CLI 3.237.0 or newer, "
        "or Go 1.26.0 or newer to build it with"
    )


def test_a_cli_that_is_too_old_is_said_to_be(bin_folder: Path) -> None:
    _executable(bin_folder / "pulumi", "#!/bin/sh\necho v3.100.0\n")
    with pytest.raises(cli.NoCliError, match=r"3\.100\.0, and 3\.237\.0 or newer is needed"):
        cli.find_cli()


def test_a_go_that_is_too_old_is_said_to_be(bin_folder: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    _executable(bin_folder / "go", FAKE_GO.format(version="go1.21.5", log=log))
    with pytest.raises(cli.NoCliError, match=r"is go1\.21\.5, and building the CLI needs Go 1\.26"):
        cli.find_cli()


def test_what_was_built_is_kept_until_what_it_is_built_from_changes(
    bin_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "log"
    _executable(bin_folder / "go", FAKE_GO.format(version="go1.26.8", log=log))
    first = cli.find_cli()
    assert first.is_file()
    assert os.access(first, os.X_OK)
    assert cli.find_cli() == first
    assert log.read_text() == "built\n"
    other = tmp_path / "other"
    other.mkdir()
    for name in ("go.mod", "go.sum"):
        (other / name).write_text((Path(cli.__file__).parent / name).read_text() + "\n")
    monkeypatch.setattr(cli, "_HERE", other)
    assert cli.find_cli() != first
    assert log.read_text() == "built\nbuilt\n"


def _command(bin_folder: Path) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "PATH": str(bin_folder)}
    command = [sys.executable, cli.__file__]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_nothing_to_build_it_with_is_told_from_a_build_that_fails(bin_folder: Path) -> None:
    told = _command(bin_folder)
    assert (told.returncode, told.stdout) == (69, "")
    assert told.stderr.startswith("pulumi is not on the PATH")
    env = '[ "$1" = env ] && printf "go1.26.8\\nlocal\\n" && exit'
    unfetched = f'#!/bin/sh\n{env}\n[ "$1" = mod ] && echo "no such host" >&2 && exit 1\n'
    _executable(bin_folder / "go", unfetched)
    told = _command(bin_folder)
    assert told.returncode == 69
    assert "cannot be fetched" in told.stderr
    assert "(no such host)" in told.stderr
    _executable(bin_folder / "go", f'#!/bin/sh\n{env}\n[ "$1" = mod ] && exit 0\nexit 2\n')
    assert _command(bin_folder).returncode == 1


@pytest.mark.parametrize(("code", "runs"), [(0, True), (69, True), (1, False)])
def test_the_lane_is_skipped_without_go_and_fails_where_the_build_does(
    tmp_path: Path, code: int, runs: bool
) -> None:
    """`make engine`, with a Python that only notes what it is asked for."""
    python = f'#!/bin/sh\ncase "$1" in *cli.py) exit {code};; *) echo "$@";; esac\n'
    _executable(tmp_path / "python", python)
    done = subprocess.run(
        ["make", "--old-file=.venv/.ready", "engine", f"RUN={tmp_path}"],
        cwd=Path(cli.__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode == 0, "-m pytest" in done.stdout) == (runs, runs), done.stderr
