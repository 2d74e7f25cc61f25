"""The make targets that the workflows run, as they run them; only AWS is another."""

import json
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.engine.account import Account, AccountServer
from tests.engine.edits import Edit, put, rename
from tests.engine.inventory import in_account
from tests.engine.project import ROOT, Ended, Project

pytestmark = pytest.mark.engine

_ON_ITS_ACCOUNT = Path(__file__).parent / "boto"
_READY = ".venv/.ready"


@dataclass
class Job:
    """A job of a workflow, on the working copy."""

    project: Project
    environment: Mapping[str, str]

    @property
    def comment(self) -> str:
        """What the job would write under the pull request."""
        return (self.project.work / "comment.md").read_text()

    def run(self, *targets: str, stack: str = "dev") -> Ended:
        """Run targets to their end; the virtual environment is taken as it is."""
        process = subprocess.Popen(
            ["make", "--no-print-directory", f"--old-file={_READY}", *targets],
            cwd=self.project.work,
            env={**self.environment, "STACK": stack, "OUT": "comment.md"},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        return self.project.wait(process)


@pytest.fixture
def job(project: Project, server: AccountServer) -> Job:
    """A job on the dev stack, whose every AWS is the lane's account."""
    for name in ("Makefile", "pyproject.toml", "requirements-dev.txt"):
        (project.work / name).symlink_to(ROOT / name)
    project.init("dev")
    elsewhere = {
        "PYTHONPATH": f"{_ON_ITS_ACCOUNT}:{ROOT}",
        "ENGINE_ACCOUNT": server.address,
    }
    return Job(project, {**project.environment, **elsewhere})


def test_the_stacks_are_the_committed_ones(job: Job) -> None:
    assert json.loads(job.run("--silent", "stacks").output) == ["dev", "prod"]


def test_a_target_that_needs_a_stack_asks_which(job: Job) -> None:
    ended = job.run("deploy", stack="")
    assert ended.code == 2
    assert "say which stack: make ... STACK=dev" in ended.output


def test_preview_writes_the_comment_and_changes_nothing(job: Job, account: Account) -> None:
    ended = job.run("preview", "explain")
    assert ended.code == 0, ended.output
    assert job.comment.startswith("### `dev`: what would change\n\n```\n")
    assert "+ aws:cloudwatch/metricAlarm:MetricAlarm: (create)" in job.comment
    assert "| cpu-high |" in job.comment.split("```")[2]
    assert in_account(account.cloud) == []


def test_a_preview_that_fails_fails_the_job_and_says_why_in_the_comment(job: Job) -> None:
    job.project.edit(put("alarms", "cpu-high", "datapoints", to="5"))
    ended = job.run("preview")
    assert ended.code != 0
    assert "alarms.cpu-high.datapoints" in job.comment


@pytest.fixture
def deployed(job: Job, account: Account) -> Job:
    """The job after a deployment that everybody has confirmed, its metric with data."""
    account.cloud.client("cloudwatch").put_metric_data(
        Namespace="AWS/EC2",
        MetricData=[
            {
                "MetricName": "CPUUtilization",
                "Dimensions": [{"Name": "InstanceId", "Value": "i-1234567890abcdef0"}],
                "Value": 1,
                "Timestamp": datetime.now(UTC) - timedelta(hours=1),
            }
        ],
    )
    ended = job.run("deploy")
    assert ended.code == 0, ended.output
    return job


def _verified(job: Job) -> tuple[int, str]:
    """The exit code of `verify`, which make tells and replaces by its own; and what it said."""
    ended = job.run("verify")
    told = re.search(r"Error (\d+)$", ended.output, re.MULTILINE)
    assert (ended.code != 0) == (told is not None)
    return int(told[1]) if told else 0, ended.output


def test_a_deployment_is_verified_when_everybody_has_confirmed(
    deployed: Job, account: Account
) -> None:
    assert _verified(deployed)[0] == 3
    account.confirm_all()
    assert _verified(deployed)[0] == 0


def test_without_drift_there_is_none(deployed: Job) -> None:
    ended = deployed.run("drift")
    assert ended.code == 0, ended.output


def test_what_was_changed_by_hand_is_found_by_drift_and_by_verify(
    deployed: Job, account: Account
) -> None:
    account.confirm_all()
    cloudwatch = account.cloud.client("cloudwatch")
    (alarm,) = cloudwatch.describe_alarms(AlarmNames=["dev-cpu-high"])["MetricAlarms"]
    kept = ("AlarmName", "Namespace", "MetricName", "Dimensions", "Statistic", "Period",
            "EvaluationPeriods", "ComparisonOperator", "Threshold")  # fmt: skip
    cloudwatch.put_metric_alarm(**{key: alarm[key] for key in kept})
    drift = deployed.run("drift")
    assert drift.code != 0
    assert "alarmActions" in drift.output
    code, told = _verified(deployed)
    assert code == 1
    assert "cpu-high" in told


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (rename("receivers", "oncall-mail", "boss"), "boss (email) is not subscribed to notify"),
        (rename("alarms", "cpu-high", "hot", name="dev-cpu-high"), "The alarm hot is not there"),
        (rename("severities", "notify", "info"), "The topic info is not there"),
    ],
    ids=["a receiver", "an alarm", "a severity"],
)
def test_verify_finds_what_a_rename_without_formerly_has_lost(
    deployed: Job, account: Account, edit: Edit, told: str
) -> None:
    deployed.project.edit(put("severities", to={"notify": {"encryption": "none"}}))
    deployed.run("deploy")
    account.confirm_all()
    deployed.project.edit(edit)
    deployed.run("deploy")
    account.confirm_all()
    code, said = _verified(deployed)
    assert code == 1
    assert told in said, said
