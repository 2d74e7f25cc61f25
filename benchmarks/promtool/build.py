"""Finds promtool, or builds it where there is a Go that can."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
_PACKAGE = "github.com/prometheus/prometheus/cmd/promtool"


def find_promtool() -> Path | None:
    """The one on the PATH, else the one built before, else a new one; None without Go.

    Raises:
        subprocess.CalledProcessError: Go is there, and the build fails.
    """
    if on_path := shutil.which("promtool"):
        return Path(on_path)
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    built = cache / "anomaly-alerting" / "promtool"
    if built.is_file():
        return built
    go = shutil.which("go")
    if go is None:
        sys.stderr.write("there is neither a promtool nor a Go to build it: ours alone is timed\n")
        return None
    sys.stderr.write("building promtool, which takes some minutes, once\n")
    built.parent.mkdir(parents=True, exist_ok=True)
    half_built = built.with_name(f"promtool.{os.getpid()}")
    subprocess.run(
        [
            go,
            "build",
            "-mod=readonly",
            "-trimpath",
            "-ldflags",
            "-s -w",
            "-o",
            half_built,
            _PACKAGE,
        ],
        cwd=HERE,
        check=True,
        env={**os.environ, "CGO_ENABLED": "0"},
    )
    half_built.replace(built)
    return built
