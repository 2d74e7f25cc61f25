"""A stack that costs more than it may is refused; and where a dashboard comes from."""

from typing import Any

import pytest

from alerting.settings import Settings, SettingsError
from tests.settings.conftest import PLACE, SOUND

CPU = SOUND["alarms"]["cpu"]
BAND = {"metric": CPU["metric"], "band": {}}


def parsed(**more: Any) -> Settings:
    return Settings.parse({**SOUND, **more}, stack="dev", place=PLACE)


def mistakes(**more: Any) -> list[str]:
    with pytest.raises(SettingsError) as error:
        parsed(**more)
    return [str(problem) for problem in error.value.problems]


def test_a_stack_within_its_budget_is_taken():
    assert parsed(budget=1.1).config.budget == 1.1


def test_a_dearer_stack_is_refused_with_its_dearest_lines():
    alarms = {"cpu": CPU, **{f"odd-{number}": BAND for number in range(4)}}
    assert mistakes(alarms=alarms, dashboard={}, budget=5) == [
        "budget: is 5.00 USD a month, and the stack costs 5.30, most of it 1 dashboard 3.00, "
        "4 band alarms 1.20, 1 KMS key 1.00; leave something out, or raise the budget"
    ]


def test_cents_are_counted_exactly():
    alarms = {f"a{number}": CPU for number in range(3)}
    severities = {"notify": {"encryption": "none"}}
    assert parsed(alarms=alarms, severities=severities, budget=0.3)
    assert mistakes(alarms=alarms, severities=severities, budget=0.29)[0].startswith("budget: is 0")


def test_a_key_of_somebody_else_costs_nothing_here():
    theirs = {"notify": {"encryption": "arn:aws:kms:us-east-1:123456789012:key/1"}}
    assert parsed(severities=theirs, budget=0.1)


def test_other_mistakes_are_told_first():
    wrong = {**CPU, "datapoints": "2/1"}
    assert [m.split(":")[0] for m in mistakes(alarms={"cpu": wrong}, budget=0)] == [
        "alarms.cpu.datapoints"
    ]


@pytest.mark.parametrize(
    ("budget", "said"),
    [
        (-1, "budget: must be at least 0"),
        ("25", "budget: must be a number, got '25'"),
        (True, "budget: must be a number, got True"),
        (float("nan"), "budget: "),
    ],
)
def test_a_budget_that_is_no_sum_is_refused(budget: Any, said: str):
    [mistake] = mistakes(budget=budget)
    assert mistake.startswith(said)


def test_there_is_no_dashboard_unless_it_is_asked_for():
    settings = parsed()
    assert settings.dashboard_args({}) is None
    assert "dashboard_url" not in settings.alarms_args({"notify": ""})


def test_a_dashboard_is_called_after_the_stack():
    args = parsed(dashboard={}).dashboard_args({})
    assert args == {"dashboard_name": "dev-alerts", "region": "us-east-1", "alarms": {}}


def test_a_dashboard_can_be_named():
    args = parsed(dashboard={"name": "ops-{stack}"}).dashboard_args({})
    assert args is not None
    assert args["dashboard_name"] == "ops-dev"


def test_alarms_link_to_the_dashboard():
    link = parsed(dashboard={}).alarms_args({"notify": ""}).get("dashboard_url", "")
    assert link.endswith("#dashboards:name=dev-alerts")


def test_a_dashboards_name_that_cloudwatch_refuses_is_told_at_its_place():
    [mistake] = mistakes(dashboard={"name": "ops board"})
    assert mistake.startswith("dashboard.name: must be 1 to 255 letters, digits, hyphens")


def test_a_dashboard_that_is_no_map_is_refused():
    assert mistakes(dashboard=True) == ["dashboard: must be a map, got True"]
