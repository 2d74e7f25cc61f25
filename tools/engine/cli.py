"""Finds Pulumi's CLI, or builds it: `python tools/engine/cli.py` prints where it is.

Where there is none and nothing to build it with, that exits 69; a build that fails exits 1.

The one on the PATH is taken if it is new enough. Else it is built with Go from the `go.mod` beside
this file (some minutes, once) and kept in `~/.cache/anomaly-alerting/engine/CHECKSUM/bin`, where
the checksum is that of what it is built from.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 237, 0)
"""The oldest CLI that the lane knows to work: that of the oldest SDK we allow."""
_HERE = Path(__file__).resolve().parent
_PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
_VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"


class NoCliError(RuntimeError):
    """There is no CLI and nothing to build one with; the message says what to do."""


def find_cli() -> Path:
    """The CLI's executable, built if need be.

    Raises:
        NoCliError: none is there that is new enough, nor a Go that is, or its modules cannot be
            fetched.
        subprocess.CalledProcessError: Go is there, and the build fails.
    """
    on_path = shutil.which("pulumi")
    too_old = ""
    if on_path is not None:
        version = _version(on_path)
        if version >= OLDEST:
            return Path(on_path)
        too_old = f"{on_path} is {_dotted(version)}, and {_dotted(OLDEST)} or newer is needed; "
    built = _folder() / "bin" / "pulumi"
    if built.is_file():
        return built
    go = shutil.which("go")
    if go is None:
        raise NoCliError(
            f"{too_old or 'pulumi is not on the PATH; '}install the Pulumi CLI "
            f"{_dotted(OLDEST)} or newer, or Go {_wanted_go()} or newer to build it with"
        )
    _refuse_old_go(go, too_old)
    _build(go, built)
    return built


def _version(executable: str) -> tuple[int, ...]:
    environment = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    told = subprocess.run(
        [executable, "version"], capture_output=True, text=True, check=True, env=environment
    ).stdout
    return tuple(int(part) for part in re.findall(r"\d+", told)[:3])


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def _module(pattern: str) -> str:
    found = re.search(pattern, (_HERE / "go.mod").read_text(), re.MULTILINE)
    assert found is not None, f"go.mod has no line like {pattern}"
    return found[1]


def _wanted_go() -> str:
    return _module(r"^go ([\d.]+)$")


def _refuse_old_go(go: str, too_old: str) -> None:
    told = subprocess.run(
        [go, "env", "GOVERSION", "GOTOOLCHAIN"], capture_output=True, text=True, check=True
    ).stdout.split()
    have = tuple(int(part) for part in re.findall(r"\d+", told[0]))
    want = tuple(int(part) for part in _wanted_go().split("."))
    if have < want and told[-1] == "local":
        raise NoCliError(
            f"{too_old}{go} is {told[0]}, and building the CLI needs Go {_wanted_go()} or newer: "
            "install it, or the Pulumi CLI itself"
        )


def _folder() -> Path:
    digest = hashlib.sha256()
    for name in ("go.mod", "go.sum"):
        digest.update((_HERE / name).read_bytes())
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "anomaly-alerting" / "engine" / digest.hexdigest()[:16]


def _build(go: str, built: Path) -> None:
    version = _module(r"pulumi/pulumi/pkg/v3 v([\d.]+)")
    built.parent.mkdir(parents=True, exist_ok=True)
    half_built = built.with_name(f"{built.name}.{os.getpid()}")
    flags = f"-s -w -X {_VERSION_VARIABLE}={version}"
    sys.stderr.write(f"building the Pulumi CLI {version} with {go}; this takes some minutes\n")
    _fetch(go)
    subprocess.run(
        [go, "build", "-mod=readonly", "-trimpath", "-ldflags", flags, "-o", half_built, _PACKAGE],
        cwd=_HERE,
        check=True,
        env={**os.environ, "CGO_ENABLED": "0"},
    )
    half_built.replace(built)  # at once, so that two builds cannot trip over each other


def _fetch(go: str) -> None:
    """Fetch what the CLI is built from; where it cannot be had, there is nothing to build with."""
    done = subprocess.run(
        [go, "mod", "download"], cwd=_HERE, capture_output=True, text=True, check=False
    )
    if done.returncode:
        why = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise NoCliError(
            f"the sources of the Pulumi CLI cannot be fetched with {go} ({why}); "
            f"install the Pulumi CLI {_dotted(OLDEST)} or newer, or see to Go's module proxy"
        )


if __name__ == "__main__":
    try:
        sys.stdout.write(f"{find_cli()}\n")
    except NoCliError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(os.EX_UNAVAILABLE)
