"""The second path and heartbeats in `explain`: a few lines, whatever they are made of."""

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from alerting.explain.closing import closing_line
from alerting.explain.data import as_data
from alerting.explain.explanation import explain, explanation_of
from alerting.explain.markdown import as_markdown
from alerting.explain.text import print_text
from alerting.explain.upkeep import declared, heartbeats, second_path
from alerting.recording import record
from alerting.stackfile import read_stack

STACK = Path(__file__).parents[2] / "examples/scenarios/second-path"


@pytest.fixture(scope="module")
def explanation():
    return explain(read_stack("dev", STACK))


def as_text(explanation):
    out = io.StringIO()
    print_text(explanation, Console(file=out, width=80))
    return out.getvalue()


def test_who_is_told_of_what_fails_is_one_line_a_severity(explanation):
    assert second_path(explanation) == [
        (
            "backstop",
            "tells manager-phone (sms) when a message of notify or page is not delivered, a filter "
            "on page cannot read one or dead letters of pager wait",
        ),
        ("notify", "tells team-mail (email) when a message of backstop is not delivered"),
    ]


def test_who_hears_a_heartbeat_how_often_and_who_misses_it(explanation):
    assert heartbeats(explanation) == [
        (
            "page",
            "every day, heard by team-mail (email); nothing delivered for 1 d 1 h tells "
            "manager-phone (sms)",
        )
    ]


def test_their_alarms_are_not_listed_beside_the_declared_ones(explanation):
    assert [one.alarm.label for one in declared(explanation)] == ["queue-stuck"]
    text = as_text(explanation)
    assert "second-path-page-failed" not in text
    assert text.count("\nSecond path  ") == text.count("\nHeartbeat    ") == 1
    assert "#### Second path" in as_markdown(explanation)


def test_their_costs_and_data_are_there_all_the_same(explanation):
    data = as_data(explanation)
    assert len(data["alarms"]) == 8
    (alarms,) = (line for line in data["cost"]["lines"] if line["kind"] == "standard alarm")
    assert (alarms["count"], alarms["quantity"]) == (8, 10)  # one of them reads three metrics


def test_alarms_that_reach_nobody_are_listed_in_full():
    file = read_stack("dev", STACK)
    deployment = record(file.program, config=file.config, stack="dev")
    shut = replace(deployment, resources=tuple(map(_shut, deployment.resources)))
    shown = {one.alarm.label for one in declared(explanation_of(shut))}
    assert "second-path-page-failed" in shown
    assert "second-path-backstop-failed" not in shown  # told to the team, whose topic is open


def _shut(resource):
    """The second path's topic with a policy that lets nobody in."""
    if resource.name != "backstop-policy":
        return resource
    deny = {"Effect": "Deny", "Principal": "*", "Action": "sns:*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [deny]})
    return replace(resource, inputs={**resource.inputs, "policy": policy})


def test_a_stack_without_them_says_nothing_of_them():
    assert "Second path" not in as_text(explain(read_stack("dev")))


def test_the_json_form_has_the_second_path_the_heartbeats_and_the_family():
    data = as_data(explain(read_stack("prod")))
    assert data["secondPath"]
    assert data["heartbeats"]
    assert data["reminders"]
    families = [one for one in data["alarms"] if one["members"]]
    assert families
    assert all(float(one["familyCost"]) > float(one["cost"]) for one in families)
    assert any(one["quietWhile"] for one in data["alarms"])


def test_the_closing_line_counts_what_is_listed_and_what_is_made(explanation):
    assert closing_line(explanation).startswith("1 alarm (8 in CloudWatch), ")
