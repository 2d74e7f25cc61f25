"""Sets and presets over a fleet."""

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from alerting.catalog import find, service, service_names, watch_set
from alerting.catalog.fleet import fleet_set, unfit
from alerting.components.alarms import alarm_shapes, alarms_problems
from alerting.settings import Settings

PAGE = Path(__file__).parents[2] / "docs/watch.md"
TOPICS = {"notify": "arn:aws:sns:us-east-1:123456789012:alerts"}


def over(name, given=None, fleet=()):
    chosen = fleet_set(find(name), given or {}, fleet)
    return None if chosen is None else chosen.asked


def said(kind, **asked):
    made, problems = watch_set(kind, fleet=[], **asked)
    assert not made
    return [str(problem) for problem in problems]


@pytest.mark.parametrize(
    ("name", "given", "asked"),
    [
        ("ec2.cpu", {}, ("InstanceId",)),
        ("ecs.cpu", {}, ("ClusterName", "ServiceName")),
        ("ecs.cpu", {"ClusterName": "shop"}, ("ClusterName", "ServiceName")),
        ("nlb.port-allocation-errors", {}, ("LoadBalancer",)),
        ("nlb.port-allocation-errors", {"LoadBalancer": "a"}, ("LoadBalancer", "TargetGroup")),
        ("ec2.cpu", {"InstanceId": "i-1"}, None),
        ("sqs.age", {"Topic": "a"}, None),
    ],
)
def test_a_fleet_is_over_the_smallest_set_that_has_more_than_is_given(name, given, asked):
    assert over(name, given) == asked


def test_or_over_the_one_that_is_named():
    assert over("ec2.cpu", fleet=["AutoScalingGroupName"]) == ("AutoScalingGroupName",)
    assert over("nlb.port-allocation-errors", fleet=["TargetGroup", "LoadBalancer"]) == (
        "LoadBalancer",
        "TargetGroup",
    )
    assert over("ec2.cpu", fleet=["QueueName"]) is None


@pytest.mark.parametrize(
    ("name", "own", "reason"),
    [
        ("ec2.cpu", {}, None),
        ("ec2.cpu", {"band": {}}, "a band"),
        ("ec2.cpu", {"statistic": "p90"}, "p90"),
        ("ec2.cpu", {"datapoints": "37/37"}, "more than 3 hours"),
        ("ec2.cpu", {"period": 3900}, "more than 3 hours"),
        ("lambda.errors", {}, "metric math"),
        ("lambda.duration", {}, "p90"),
        ("lambda.duration", {"statistic": "Maximum"}, None),
        ("sqs.backlog", {}, "a band"),
        ("sqs.backlog", {"threshold": {"above": 100}}, None),
    ],
)
def test_what_cannot_be_over_a_fleet(name, own, reason):
    assert unfit(find(name), own) == reason


def test_a_set_is_an_alarm_over_all_for_each_preset():
    made, problems = watch_set("ec2", fleet=[])
    assert not problems
    assert made["cpu"] == {"preset": "ec2.cpu", "dimensions": {}, "fleet": []}
    assert list(made) == ["cpu", "status-check", "status-check-ebs"]


def test_dimensions_are_what_all_have_in_common():
    made, problems = watch_set("ecs", fleet=[], dimensions={"ClusterName": "shop"})
    assert not problems
    assert {key: alarm["dimensions"] for key, alarm in made.items()} == {
        "cpu": {"ClusterName": "shop"},
        "memory": {"ClusterName": "shop"},
    }


def test_what_cannot_be_is_refused_with_the_line_to_copy():
    assert said("lambda", off=["throttles"]) == [
        "fleet: cannot be had of errors (metric math), duration (p90): it takes one metric, a "
        "plain statistic and a threshold; say off: [throttles, errors, duration]"
    ]


def test_an_alarm_of_the_set_may_be_made_to_fit():
    own = {"duration": {"statistic": "Maximum", "of": 3000}}
    made, problems = watch_set("lambda", fleet=[], off=["errors"], alarms=own)
    assert not problems
    assert list(made) == ["throttles", "duration"]


def test_one_resource_is_no_fleet():
    assert said("ec2", id="i-1") == ["id: is one resource, and a fleet is all there are"]


def test_a_fleet_nothing_goes_with_is_refused():
    _, problems = watch_set("ec2", fleet=["QueueName"])
    assert [str(problem) for problem in problems] == [
        "no alarm to begin with goes with a fleet over QueueName"
    ]


def test_a_misspelt_dimension_is_refused():
    [problem] = said("ecs", dimensions={"clustername": "shop"})
    assert problem.startswith("dimensions.clustername: is no dimension of ecs; did you mean")


@pytest.mark.parametrize("kind", service_names())
def test_each_service_is_over_a_fleet_as_far_as_it_says(kind):
    """What is left once the line is copied is sound, but for figures only the user can know."""
    presets = service(kind).presets
    off = [key for key, p in presets.items() if p.recommended and unfit(p, {}) is not None]
    made, problems = watch_set(kind, fleet=[], off=off)
    assert made or problems
    own = {"threshold": {"above": 1}}
    alarms = {key: {**alarm, **own} for key, alarm in made.items()}
    region = next((p.region for p in presets.values() if p.region), "us-east-1")
    assert not list(alarms_problems({"alarms": alarms, "topics": TOPICS, "region": region}))


def test_the_fleets_on_the_page_are_sound_and_their_query_is_the_one():
    section = PAGE.read_text().partition("## One alarm over a fleet")[2]
    [block] = re.findall(r"```yaml\n(.*?)```", section, re.DOTALL)
    config = YAML(typ="safe").load(block)
    given = {key.removeprefix("anomaly-alerting:"): value for key, value in config.items()}
    given["receivers"] = {"mail": {"protocol": "email", "endpoint": "oncall@example.com"}}
    place = {"account_id": "123456789012", "region": "us-east-1"}
    made = alarm_shapes(Settings.parse(given, stack="dev", place=place).alarms_args(TOPICS))
    assert set(made) == {
        *("web-cpu", "web-status-check", "web-status-check-ebs"),
        *("shop-cpu", "shop-memory", "asg-cpu", "orders-failed"),
    }
    [query] = made["web-cpu"]["Metrics"]
    assert f"```text\n{query['Expression']}\n```" in section
