"""One measured run: `python -m benchmarks.declare.program WHICH COUNT mocks|PORT`.

WHICH is raw, ours, or a file with the config that ours is to have instead of COUNT alarms.
"""

import asyncio
import gc
import json
import runpy
import sys
from pathlib import Path
from typing import Any

from pulumi.runtime import Settings, configure, mocks
from pulumi.runtime.config import set_all_config
from pulumi.runtime.stack import run_in_stack

from benchmarks.declare.alarms import ACCOUNT, PROJECT, REGION, STACK, alarms, listing

OURS = Path(__file__).parents[2] / "__main__.py"
RAW = Path(__file__).with_name("raw.py")


class Plain(mocks.Mocks):
    """The plainest mocks: inputs, an id and an ARN."""

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]]]:
        """What is found by tag, and the caller's identity."""
        if "tagFilters" in args.args:
            [wanted] = args.args["tagFilters"]
            return {"resourceTagMappingLists": listing(wanted["values"][0])}, []
        arn = f"arn:aws:iam::{ACCOUNT}:user/bench"
        return {"accountId": ACCOUNT, "arn": arn, "id": ACCOUNT, "userId": "bench"}, []

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        """The resource as it was asked for."""
        arn = f"arn:aws:x:{REGION}:{ACCOUNT}:{args.name}"
        return args.name, {**args.inputs, "arn": arn}


def _read(file: str) -> dict[str, Any]:
    return json.loads(Path(file).read_text())


def _under_mocks() -> Settings:
    monitor = mocks.MockMonitor(Plain())
    return mocks.MockSettings(
        monitor=monitor,
        monitor_features=set(monitor.GetDeploymentInfo(None).supportedFeatures),
        engine=mocks.MockEngine(None),
        project=PROJECT,
        stack=STACK,
        dry_run=False,
        organization="organization",
        callbacks=None,
    )


def _over_grpc(port: str) -> Settings:
    address = f"127.0.0.1:{port}"
    return Settings(PROJECT, STACK, monitor=address, engine=address, dry_run=False)


def main(which: str, count: int, setting: str) -> None:
    """Declare everything once."""
    configure(_under_mocks() if setting == "mocks" else _over_grpc(setting))
    receivers = {"oncall-mail": {"protocol": "email", "endpoint": "example@email.com"}}
    own = {"alarms": alarms(count)} if which in ("ours", "raw") else _read(which)
    config = {**own, "receivers": receivers}
    texts = {f"{PROJECT}:{key}": json.dumps(value) for key, value in config.items()}
    set_all_config({"aws:region": REGION, **texts}, [])
    file = RAW if which == "raw" else OURS

    def program() -> None:
        # As the language host runs any: the SDK looks at the whole call stack for every resource.
        runpy.run_path(str(file), run_name="__main__")

    async def run() -> None:
        await run_in_stack(program)

    asyncio.run(run())
    gc.freeze()  # nothing is measured of tearing down


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
