"""Stacks that the program refuses, before anything is registered."""

import runpy
from pathlib import Path

import pytest

from alerting.recording import record
from alerting.settings import SettingsError
from alerting.stackfile import read_stack

ROOT = Path(__file__).parents[2]
MAIN = ROOT / "__main__.py"


BAD = {
    "receivers": {"receivers": {}},
    "receivers.phone.endpoint": {"receivers": {"phone": {"protocol": "sms", "endpoint": 15550100}}},
    "receivers.phone.endpoint.secret": {
        "receivers": {"phone": {"protocol": "sms", "endpoint": {"secret": "oncallPhone"}}}
    },
    "severities.notify.encryption": {"severities": {"notify": {"encryption": "alias/aws/sns"}}},
    "alarms.cpu.metric.period": {
        "alarms": {
            "cpu": {
                "metric": {"namespace": "AWS/EC2", "name": "CPUUtilization", "period": 45},
                "threshold": {"above": 80},
            }
        }
    },
    "recievers": {"recievers": {}},
    "topicName": {"topicName": "a b"},
    "tags": {"tags": ["team"]},
}


@pytest.mark.parametrize("path", sorted(BAD))
def test_what_is_refused_is_refused_before_anything_is_registered(path):
    file = read_stack("dev", ROOT)
    bad = {f"anomaly-alerting:{key}": value for key, value in BAD[path].items()}

    def program():
        with pytest.raises(SettingsError) as refused:
            runpy.run_path(str(MAIN), run_name="__main__")
        assert [".".join(problem.path) for problem in refused.value.problems] == [path]

    deployment = record(program, config={**file.config, **bad}, project="anomaly-alerting")
    assert deployment.resources == ()
    assert deployment.exports == {}


def test_a_refused_stack_fails_the_run():
    file = read_stack("dev", ROOT)
    config = {**file.config, "anomaly-alerting:receivers": {}}
    made = []
    with pytest.raises(SettingsError, match="receivers: there are none"):
        record(file.program, config=config, creator=made.append)
    assert made == []


def test_a_misspelt_prefix_is_refused_and_another_programs_is_not():
    file = read_stack("dev", ROOT)
    config = {**file.config, "anomoly-alerting:severities": {"notify": {}}, "awsx:region": "x"}
    with pytest.raises(SettingsError) as refused:
        record(file.program, config=config)
    assert [str(problem) for problem in refused.value.problems] == [
        "anomoly-alerting:severities: is read by nobody; "
        "did you mean 'anomaly-alerting:severities'?"
    ]


def test_a_secret_that_is_not_marked_as_one_is_refused():
    file = read_stack("prod", ROOT)
    with pytest.raises(SettingsError) as refused:
        record(file.program, config=file.config, stack="prod", secret_keys=())
    assert {".".join(problem.path) for problem in refused.value.problems} == {
        "receivers.oncall-phone.endpoint.secret",
        "receivers.pager.endpoint.secret",
    }
    for key in file.secret_keys:
        assert file.config[key] not in str(refused.value)
