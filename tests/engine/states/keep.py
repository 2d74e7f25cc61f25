"""Keeps the production stack's state as this release leaves it, and the stack file it has it from.

`python -m tests.engine.states.keep 0.2.0` deploys `Pulumi.prod.yaml` to an in-memory account and
writes what `pulumi stack export` says. Run it once a release; the upgrade test then shows that the
next release replaces nothing of what that file declares.
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.engine.account import AccountServer
from tests.engine.conftest import ACCOUNT_ID, Provider
from tests.engine.project import ROOT, Project
from tools.engine.cli import find_cli


def main(version: str) -> None:
    """Deploy, export, and write `VERSION.json` and `VERSION.yaml` beside this file."""
    with tempfile.TemporaryDirectory() as folder:
        server = AccountServer(Path(folder) / "socket")
        provider = Provider(server.address)
        with server.serving(ACCOUNT_ID):
            project = Project(Path(folder), find_cli(), provider.port)
            project.stack("prod").up()
            state = project.run("stack", "export", "--stack", "prod").output
            target = Path(__file__).with_name(f"{version}.json")
            kept = _without_places(json.loads(state[state.index("{") :]))
            target.write_text(json.dumps(kept, indent=1) + "\n")
            shutil.copy(ROOT / "Pulumi.prod.yaml", target.with_suffix(".yaml"))
        provider.stop()
        server.close()


def _without_places(value: Any) -> Any:
    """Without where in the program's files a resource was made, which differs by machine."""
    if isinstance(value, dict):
        places = ("sourcePosition", "stackTrace")
        return {key: _without_places(part) for key, part in value.items() if key not in places}
    return [_without_places(part) for part in value] if isinstance(value, list) else value


if __name__ == "__main__":
    main(*sys.argv[1:])
