"""What a change of the stack file does to what is deployed already."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.engine.account import Account
from tests.engine.edits import Edit, drop, put
from tests.engine.project import Project, Steps

pytestmark = pytest.mark.engine


BOSS = {"protocol": "email", "endpoint": "boss@example.com", "severities": ["notify", "page"]}


@pytest.fixture(scope="module")
def deployed(shared_project: Project) -> Project:
    """The production stack, deployed, in a copy that the tests change one after the other."""
    shared_project.init("prod")
    shared_project.up("prod")
    return shared_project


@pytest.fixture
def up(deployed: Project) -> Iterator[Callable[[Edit], Steps]]:
    """Changes the stack file and deploys; at the end the file is as before, and deployed."""
    file = deployed.work / "Pulumi.prod.yaml"
    before = file.read_text()

    def run(change: Edit) -> Steps:
        deployed.edit(change, "prod")
        return deployed.up("prod")

    yield run
    file.write_text(before)
    deployed.up("prod")


@pytest.mark.parametrize(
    ("change", "touched"),
    [
        pytest.param(
            put("alarms", "database-full", "threshold", "below", to=1e9),
            "alarms-database-full",
            id="threshold",
        ),
        pytest.param(
            put("alarms", "database-full", "description", to="Full soon."),
            "alarms-database-full",
            id="description",
        ),
        pytest.param(
            put("alarms", "mail-queue-old", "datapoints", to="2/3"),
            "alarms-mail-queue-old",
            id="datapoints",
        ),
        pytest.param(
            put("alarms", "mail-queue-old", "tags", to={"team": "mail"}),
            "alarms-mail-queue-old",
            id="tags of an alarm",
        ),
        pytest.param(
            put("receivers", "jobs", "filter", to={"NewStateValue": ["ALARM", "OK"]}),
            "receivers-jobs-page",
            id="a receiver's filter",
        ),
        pytest.param(
            put("receivers", "pager", "throttle", to=5),
            "receivers-pager-page",
            id="a receiver's throttle",
        ),
    ],
)
def test_a_change_updates_that_one_thing_in_place(
    up: Callable[[Edit], Steps], change: Edit, touched: str
) -> None:
    assert up(change).names() == {touched: "update"}


def test_another_width_updates_the_alarm_and_the_dashboard_that_draws_its_band(
    up: Callable[[Edit], Steps],
) -> None:
    steps = up(put("alarms", "orders-missing", "band", "width", to=4.5)).names()
    assert steps == {"alarms-orders-missing": "update", "dashboard-dashboard": "update"}


def test_another_severity_updates_the_alarm_and_what_reminds_of_it(
    up: Callable[[Edit], Steps],
) -> None:
    steps = up(put("alarms", "mail-queue-old", "severity", to="page")).names()
    assert steps == {"alarms-mail-queue-old": "update", "reminders-page-rule": "update"}


def test_other_tags_update_everything_that_has_tags_in_place(up: Callable[[Edit], Steps]) -> None:
    steps = up(put("tags", to={"team": "shop"})).names()
    assert set(steps.values()) == {"update"}
    assert {"alarms-shop-slow", "notify-topic", "page-key", "receivers-chat-dead-letters"} <= {
        *steps
    }


def test_a_new_receiver_is_added_beside_the_others(up: Callable[[Edit], Steps]) -> None:
    steps = up(put("receivers", "boss", to={**BOSS})).names()
    assert steps == {"receivers-boss-notify": "create", "receivers-boss-page": "create"}


def test_a_removed_receiver_is_removed_alone(up: Callable[[Edit], Steps]) -> None:
    steps = up(drop("receivers", "audit-mail")).names()
    assert steps == {"receivers-audit-mail-page": "delete"}


def test_another_endpoint_replaces_that_subscription_only(up: Callable[[Edit], Steps]) -> None:
    steps = up(put("receivers", "audit-mail", "endpoint", to="new@example.com")).names()
    assert steps == {"receivers-audit-mail-page": "replace"}


def test_a_change_made_by_hand_is_seen_and_put_right(
    up: Callable[[Edit], Steps], deployed: Project, shared_account: Account
) -> None:
    """Somebody takes the actions from an alarm in the console; the next up gives them back."""
    cloudwatch = shared_account.cloud.client("cloudwatch")
    alarm = _alarm(cloudwatch, "prod-orders-missing")
    kept = ("AlarmName", "EvaluationPeriods", "ComparisonOperator", "Metrics", "ThresholdMetricId")
    cloudwatch.put_metric_alarm(**{key: alarm[key] for key in kept})
    deployed.run("refresh", "--stack", "prod", "--yes", "--skip-preview")
    assert deployed.up("prod").names() == {"alarms-orders-missing": "update"}
    assert _alarm(cloudwatch, "prod-orders-missing")["AlarmActions"] == alarm["AlarmActions"]


def _alarm(cloudwatch: Any, name: str) -> dict[str, Any]:
    return cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"][0]
