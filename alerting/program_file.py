"""A program to be recorded: where its file is, which project it belongs to, how it is run."""

import importlib.util
import os
import runpy
import sys
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Program = Callable[[], Any] | str | os.PathLike[str]


@contextmanager
def run_of(program: Program) -> Generator[Callable[[], Any]]:
    """The program as a function; a file is run as `pulumi up` runs it, from its own folder."""
    if callable(program):
        yield program
        return
    file = _file_of(program)
    folder, before = str(file.parent), set(sys.modules)
    came_from = Path.cwd()
    sys.path.insert(0, folder)
    os.chdir(folder)

    def call() -> None:
        runpy.run_path(str(file), run_name="__main__")

    try:
        yield call
    finally:
        os.chdir(came_from)
        sys.path.remove(folder)
        for name in set(sys.modules) - before:
            origin = getattr(sys.modules[name], "__file__", None) or ""
            own = origin.startswith(f"{folder}{os.sep}") and "site-packages" not in origin
            if own and name.split(".")[0] != __package__:
                del sys.modules[name]  # another program may have modules of the same name


def _file_of(program: str | os.PathLike[str]) -> Path:
    path = Path(program).resolve()
    file = path / "__main__.py" if path.is_dir() else path
    if not file.is_file():
        raise FileNotFoundError(f"{program}: there is no such program (a __main__.py is wanted)")
    return file


def project_of(program: Program, config: Mapping[str, Any]) -> str:
    """The project's name: of the nearest Pulumi.yaml, else the one prefix in the config.

    Raises:
        ValueError: the config has several prefixes that are no provider's.
    """
    start = _program_folder(program)
    if start is not None:
        for folder in (start, *start.parents):
            manifest = folder / "Pulumi.yaml"
            if manifest.is_file():
                return _manifest_name(manifest)
    prefixes = sorted({key.split(":")[0] for key in config if ":" in key})
    own = [prefix for prefix in prefixes if not _is_provider(prefix)]
    if len(own) > 1:
        raise ValueError(
            f"which of {', '.join(own)} is the project? say project=... or put a Pulumi.yaml "
            "beside the program"
        )
    return own[0] if own else "project"


def _program_folder(program: Program) -> Path | None:
    if not callable(program):
        return _file_of(program).parent
    code = getattr(program, "__code__", None)
    file = Path(code.co_filename) if code else None
    return file.resolve().parent if file and file.is_file() else None


def _manifest_name(manifest: Path) -> str:
    for line in manifest.read_text(encoding="utf-8").splitlines():
        if line.startswith("name:"):
            return line.removeprefix("name:").split(" #")[0].strip().strip("'\"")
    raise ValueError(f"{manifest}: has no name")


def _is_provider(prefix: str) -> bool:
    module = f"pulumi_{prefix.replace('-', '_')}"
    return prefix in ("aws", "pulumi") or importlib.util.find_spec(module) is not None
