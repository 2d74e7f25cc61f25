"""A thousand alarms: they are deployed, left alone and removed; wall and CPU by stage.

The CPU is that of the CLI and the program. With a `file://` backend most of it is the CLI writing
the whole state anew before and after every alarm, which grows with the square of their number; here
it writes once at the end (PULUMI_SKIP_CHECKPOINTS), and at night (ENGINE_NIGHTLY) as it does for
everybody.
"""

import os
from typing import Any

import pytest

from tests.engine.account import Account
from tests.engine.inventory import in_account
from tests.engine.project import Project
from tests.engine.timings import timed

pytestmark = pytest.mark.engine

ALARMS = 1_000


def _many(config: dict[str, Any]) -> None:
    metric = {"namespace": "AWS/EC2", "name": "CPUUtilization", "period": 300}
    for number in range(ALARMS - len(config["alarms"])):
        alarm = {"metric": {**metric, "dimensions": {"InstanceId": f"i-{number:017x}"}}}
        limit = {"band": {"width": 3}} if number % 2 else {"threshold": {"above": 80}}
        config["alarms"][f"cpu-{number}"] = alarm | limit


def test_a_thousand_alarms_are_deployed_left_alone_and_removed(
    project: Project, account: Account
) -> None:
    if "ENGINE_NIGHTLY" not in os.environ:
        project.more = {"PULUMI_EXPERIMENTAL": "true", "PULUMI_SKIP_CHECKPOINTS": "true"}
    project.init("dev")
    project.edit(_many, "dev")
    with timed(f"{ALARMS} alarms, preview"):
        previewed = project.steps("preview", "--stack", "dev").names()
    with timed(f"{ALARMS} alarms, up"):
        assert project.up("dev").names() == previewed
    assert sum(kind.endswith(":MetricAlarm") for kind, _ in in_account(account.cloud)) == ALARMS
    with timed(f"{ALARMS} alarms, up without a change"):
        assert project.up("dev").names() == {}
    with timed(f"{ALARMS} alarms, destroy"):
        project.run("destroy", "--stack", "dev", "--yes", "--skip-preview")
    assert in_account(account.cloud) == []
