"""What users hold on to: names, type tokens, what an import costs, what pages promise."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pulumi
import pytest

import alerting
from alerting.recording import record
from alerting.settings import models
from alerting.settings.tables import PAGES, TABLES, with_tables
from alerting.stackfile import read_stack

ROOT = Path(__file__).parents[2]
TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts"
PLACE = {"account_id": "123456789012", "region": "us-east-1"}

HEAVY = ("pydantic", "boto3", "botocore", "moto", "numpy", "ruamel", "typer", "rich", "altair")


def test_the_public_names():
    assert alerting.__all__ == [
        "AlarmArgs",
        "Alarms",
        "AlarmsArgs",
        "AlertTopic",
        "AlertTopicArgs",
        "BandArgs",
        "Dashboard",
        "DashboardArgs",
        "DeadLettersArgs",
        "EscalateArgs",
        "GuardArgs",
        "GuardMetricArgs",
        "Heartbeat",
        "HeartbeatArgs",
        "LogAnomaliesArgs",
        "LogPriority",
        "LogsArgs",
        "LowSamples",
        "MathArgs",
        "MetricArgs",
        "Missing",
        "Place",
        "Protocol",
        "QueuePolicy",
        "QuietWhileArgs",
        "ReceiverArgs",
        "Receivers",
        "ReceiversArgs",
        "RemindArgs",
        "Reminders",
        "RemindersArgs",
        "SecondPath",
        "SecondPathArgs",
        "Side",
        "ThresholdArgs",
        "TimeRangeArgs",
        "Watch",
        "WatchArgs",
        "WindowArgs",
    ]


@pytest.mark.parametrize("name", alerting.__all__)
def test_every_public_name_is_documented(name):
    assert getattr(alerting, name).__doc__


def components():
    """The public components, each with the least it can be made from."""
    alarm = {"metric": {"namespace": "N", "name": "M"}, "threshold": {"above": 1}}
    mail = {"protocol": "email", "endpoint": "oncall@example.com"}
    topics = {"notify": TOPIC}
    return {
        "AlertTopic": {"place": PLACE, "topic_arn": TOPIC},
        "Alarms": {"alarms": {"a": alarm}, "topics": topics, "region": "us-east-1"},
        "Dashboard": {"dashboard_name": "alerts", "region": "us-east-1", "alarms": {}},
        "Receivers": {"receivers": {"r": mail}, "topics": topics, "place": PLACE},
        "Heartbeat": {
            "topics": {"it": TOPIC, "backstop": TOPIC},
            "topic_name": "alerts",
            "second_path": "backstop",
            "place": PLACE,
        },
        "Reminders": {
            "severities": {"notify": {"topic_arn": TOPIC, "alarms": ["cpu-high"]}},
            "place": PLACE,
        },
        "SecondPath": {
            "severity": "backstop",
            "own_failures": "notify",
            "topics": {**topics, "backstop": TOPIC},
            "topic_names": {"notify": "alerts", "backstop": "backstop"},
            "region": "us-east-1",
        },
        "Watch": {"kind": "sns", "id": "t", "topics": topics, "region": "us-east-1"},
    }


def test_no_component_is_forgotten_here():
    found = {
        name
        for name in alerting.__all__
        if isinstance(getattr(alerting, name), type)
        and issubclass(getattr(alerting, name), pulumi.ComponentResource)
    }
    assert found == set(components())


@pytest.mark.parametrize("name", sorted(components()))
def test_the_type_token_of_a_component(name):
    """Users' state is keyed by it."""
    deployment = record(lambda: getattr(alerting, name)("it", components()[name]))
    assert deployment.named("it").type == f"alerting:index:{name}"


def test_importing_the_components_loads_no_tool():
    code = "import json, sys, alerting; print(json.dumps(sorted(sys.modules)))"
    loaded = set(json.loads(_python(code)))
    assert not loaded & set(HEAVY)
    ours = {".".join(name.split(".")[:2]) for name in loaded if name.startswith("alerting")}
    assert ours == {
        "alerting",
        "alerting.cloudwatch",
        "alerting.components",
        "alerting.events",
        "alerting.problems",
        "alerting.sns",
        "alerting.spans",
    }


def test_what_pulumi_up_installs_is_enough_for_the_program():
    """The program itself may load pydantic, and nothing else that the tools need."""
    code = "import json, sys, alerting.program; print(json.dumps(sorted(sys.modules)))"
    loaded = set(json.loads(_python(code)))
    assert not loaded & (set(HEAVY) - {"pydantic"})


# What pages promise


@pytest.mark.parametrize("page", PAGES)
def test_a_pages_tables_are_those_of_the_models(page):
    """`python -m alerting.settings.tables` makes them anew."""
    text = (ROOT / page).read_text()
    assert with_tables(text) == text


def test_every_table_stands_on_the_page_of_all_keys():
    text = (ROOT / "docs/config.md").read_text()
    assert re.findall(r"^<!-- table: (\S+) -->$", text, re.MULTILINE) == list(TABLES)


def test_every_model_of_a_stack_file_has_a_table():
    shapes = {getattr(models, name) for name in models.__all__ if name != "Keys"}
    assert shapes - set(TABLES.values()) == {models.Model, models.SecretRef}


def test_the_readmes_outputs_are_those_of_the_program():
    text = (ROOT / "README.md").read_text()
    table = text.split("<!-- table: outputs -->")[1].split("<!-- end -->")[0]
    file = read_stack("dev", ROOT)
    exports = record(file.program, config=file.config, stack="dev").exports
    assert set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE)) == set(exports)


def _python(code: str) -> str:
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return run.stdout
