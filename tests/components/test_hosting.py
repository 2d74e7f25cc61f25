"""The components could be hosted for other languages: Pulumi's own analyzer reads them.

The analyzer sees what Python does not check at run time: unions, dataclasses and future
annotations in the args of a component would all make it fail.
"""

from typing import TypedDict

import pulumi
import pytest
from pulumi.provider.experimental.analyzer import Analyzer

import alerting


@pytest.mark.parametrize(
    ("component", "inputs", "required", "outputs"),
    [
        (
            alerting.AlertTopic,
            {"place", "topicName", "topicArn", "encryption", "publishers", "keyDeletionDays"}
            | {"accounts", "tags"},
            {"place"},
            {"topicArn"},
        ),
        (
            alerting.Receivers,
            {
                "receivers",
                "topics",
                "place",
                "heardElsewhere",
                "formerSeverities",
                "heartbeats",
                "prefix",
                "tags",
            },
            {"receivers", "topics", "place"},
            {"subscriptionArns"},
        ),
        (
            alerting.Alarms,
            {"alarms", "topics", "region", "defaultSeverity", "prefix", "tags"}
            | {"dashboardUrl", "windows", "learnUntil"},
            {"alarms", "topics", "region"},
            {"alarmIds"},
        ),
        (
            alerting.Reminders,
            {"severities", "place", "prefix", "tags"},
            {"severities", "place"},
            {"stateMachineArn"},
        ),
        (
            alerting.Dashboard,
            {"dashboardName", "region", "alarms"},
            {"dashboardName", "region", "alarms"},
            {"dashboardArn"},
        ),
    ],
)
def test_the_analyzer_reads_a_component(component, inputs, required, outputs):
    definition = _definition(component)
    assert set(definition.inputs) == inputs
    assert {name for name, spec in definition.inputs.items() if not spec.optional} == required
    assert set(definition.outputs) == outputs


@pytest.mark.parametrize(
    "component",
    [
        alerting.AlertTopic,
        alerting.Receivers,
        alerting.Alarms,
        alerting.Dashboard,
        alerting.Reminders,
    ],
)
def test_every_input_and_output_is_described(component):
    definition = _definition(component)
    for spec in (*definition.inputs.values(), *definition.outputs.values()):
        assert spec.description


def test_the_analyzer_refuses_a_component_that_could_not_be_hosted():
    class Args(TypedDict):
        either: bool | str

    class Odd(pulumi.ComponentResource):
        def __init__(self, name: str, args: Args, opts: pulumi.ResourceOptions | None = None):
            super().__init__("alerting:index:Odd", name, {**args}, opts)

    with pytest.raises(Exception, match="Union types are not supported"):
        _definition(Odd)


def _definition(component):
    found = Analyzer("alerting").analyze([component])
    return found["component_definitions"][component.__name__]
