"""What `explain` says of resources that are found by tag."""

import io
from dataclasses import replace
from decimal import Decimal

import pulumi
import pytest
from rich.console import Console

from alerting.explain.data import as_data
from alerting.explain.explanation import explanation_of
from alerting.explain.markdown import as_markdown
from alerting.explain.text import print_text
from alerting.recording import record


def explained(resources):
    shop = {"kind": "rds", "tags": {"team": "shop", "stage": "live"}, "resources": resources}
    made = record(lambda: pulumi.export("watched_resources", {"shop": shop}), project="p")
    return explanation_of(made)


def words(resources):
    [one] = explained(resources).found
    return one.words


def test_what_was_found_is_listed():
    said = "rds with stage=live and team=shop: orders, bills"
    assert words(["orders", "bills"]) == said
    assert f"#### Found by tag\n\n- `shop`: {said}" in as_markdown(explained(["orders", "bills"]))


def test_what_is_not_known_offline_is_said_and_is_no_error():
    assert words(None).endswith(": found when the stack is deployed, and not known offline")
    assert not explained(None).wrong


def test_that_nothing_was_found_is_said():
    assert words([]) == "rds with stage=live and team=shop: none"


def test_the_terminal_shows_it_below_the_alarms():
    out = Console(width=100, record=True, file=io.StringIO())
    print_text(explained(["orders"]), out)
    assert "Found by tag\n  shop  rds with stage=live and team=shop: orders\n" in out.export_text()


def test_the_data_has_it():
    tags = {"team": "shop", "stage": "live"}
    assert as_data(explained(["orders"]))["found"] == [
        {"set": "shop", "kind": "rds", "tags": tags, "resources": ["orders"]}
    ]


@pytest.mark.parametrize("output", ["text", {"a": 1}, {"a": {"kind": 7}}])
def test_an_output_of_somebody_else_that_has_the_name_is_left_alone(output):
    made = record(lambda: pulumi.export("watched_resources", output), project="p")
    assert explanation_of(made).found == ()


@pytest.mark.parametrize(
    ("resources", "together", "left"),
    [(["orders"], "0.00", "5.00"), (None, "from 0.00", "at most 5.00")],
)
def test_what_is_not_known_yet_may_cost_more(resources, together, left):
    explanation = replace(explained(resources), budget=Decimal(5))
    assert (explanation.together, explanation.left) == (together, left)
