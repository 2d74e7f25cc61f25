"""Alarms and scenario files for tests, short to write."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from alerting.scenarios.judging import Verdict
from alerting.scenarios.reading import read_scenario
from alerting.scenarios.run import Run, run, stage_of
from alerting.scenarios.session import play_scenario

TOPIC = "arn:aws:sns:us-east-1:111122223333:alerts"


def alarm(name: str = "busy", **more: Any) -> dict[str, Any]:
    """A describe-alarms element: 1 of 1 datapoints of five minutes above 80, told to a topic."""
    return {
        "AlarmName": name,
        "AlarmArn": f"arn:aws:cloudwatch:us-east-1:111122223333:alarm:{name}",
        "ActionsEnabled": True,
        "AlarmActions": [TOPIC],
        "OKActions": [TOPIC],
        "InsufficientDataActions": [],
        "Namespace": "Shop",
        "MetricName": name,
        "Statistic": "Average",
        "Dimensions": [],
        "Period": 300,
        "EvaluationPeriods": 1,
        "Threshold": 80.0,
        "ComparisonOperator": "GreaterThanThreshold",
        **more,
    }


def story(folder: Path, text: str, alarms: Sequence[Mapping[str, Any]] | None = None) -> Path:
    """A scenario file, below the alarms it is about."""
    given = [alarm()] if alarms is None else alarms
    metric = [one for one in given if "AlarmRule" not in one]
    composite = [one for one in given if "AlarmRule" in one]
    described = {"MetricAlarms": metric, "CompositeAlarms": composite}
    (folder / "alarms.json").write_text(json.dumps(described, indent=1))
    file = folder / "story.scenario.yaml"
    head = "" if "stack:" in text or "alarms:" in text else "alarms: alarms.json\n"
    file.write_text(head + text)
    return file


def verdicts(
    folder: Path, text: str, alarms: Sequence[Mapping[str, Any]] | None = None
) -> tuple[Verdict, ...]:
    """What becomes of every expectation."""
    scenario = read_scenario(story(folder, text, alarms))
    return play_scenario(scenario, scenario.tests).verdicts


def held(folder: Path, text: str, alarms: Sequence[Mapping[str, Any]] | None = None) -> list[bool]:
    """Whether each expectation holds."""
    return [verdict.failure is None for verdict in verdicts(folder, text, alarms)]


def played(folder: Path, text: str, alarms: Sequence[Mapping[str, Any]] | None = None) -> Run:
    """A scenario's replay."""
    scenario = read_scenario(story(folder, text, alarms))
    return run(scenario, stage_of(scenario))
