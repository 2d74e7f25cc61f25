"""Sets with tags through the real `__main__.py`: what it asks, and what becomes of the answers."""

from pathlib import Path

import pytest

from alerting.account import account_of
from alerting.recording import record
from alerting.settings import SettingsError

MAIN = Path(__file__).parents[2] / "__main__.py"
RESOURCES = "aws:resourcegroupstaggingapi/getResources:getResources"
GROUPS = "aws:autoscaling/getAmiIds:getAmiIds"
TARGET_GROUP = "aws:lb/getTargetGroup:getTargetGroup"
BROKERS = "aws:msk/getBrokerNodes:getBrokerNodes"
HERE = "us-east-1:123456789012"
ELB = f"arn:aws:elasticloadbalancing:{HERE}"
MACHINES = {"kind": "stepfunctions", "tags": {"team": "shop"}}


def recorded(watch, lookups=None, **more):
    config = {
        "aws:region": "us-east-1",
        "anomaly-alerting:receivers": {"mail": {"protocol": "email", "endpoint": "a@example.com"}},
        "anomaly-alerting:watch": watch,
    }
    return record(MAIN, config=config, stack="dev", lookups=lookups, **more)


def listing(*arns):
    tagged = [{"resourceArn": arn, "tags": {"team": "shop"}} for arn in arns]
    return {"id": "x", "resourceTagMappingLists": tagged}


def machine(name):
    return f"arn:aws:states:{HERE}:stateMachine:{name}"


def names(deployment):
    """Alarms by logical name, without what comes before the set's."""
    found = deployment.of_type("aws:cloudwatch/metricAlarm:MetricAlarm")
    return {resource.name.removeprefix("alarms-") for resource in found}


def test_the_query_names_the_tags_and_the_type():
    asked = []

    def answer(args):
        asked.append(args)
        return listing(machine("orders"))

    tags = {"team": "shop", "stage": "live"}
    recorded({"shop": {**MACHINES, "tags": tags}}, {RESOURCES: answer})
    assert asked == [
        {
            "resourceTypeFilters": ["states"],
            "tagFilters": [
                {"key": "stage", "values": ["live"]},
                {"key": "team", "values": ["shop"]},
            ],
        }
    ]


def test_alarms_are_called_by_the_set_the_resource_and_the_preset():
    made = recorded({"shop": MACHINES}, {RESOURCES: listing(machine("orders"), machine("bills"))})
    keys = ("failed", "timed-out", "throttled")
    assert names(made) == {f"shop-{name}-{key}" for name in ("orders", "bills") for key in keys}
    alarm = made.named("alarms-shop-bills-failed").inputs
    assert alarm["name"] == "dev-shop-bills-failed"
    assert alarm["dimensions"] == {"StateMachineArn": machine("bills")}


def test_of_a_target_group_the_balancer_is_looked_up():
    groups = {"web": [f"{ELB}:loadbalancer/app/shop/1"], "mail": [f"{ELB}:loadbalancer/net/x/2"]}

    def balancers(args):
        return {"loadBalancerArns": groups[args["arn"].split("/")[1]]}

    arns = [f"{ELB}:loadbalancer/app/shop/1", *(f"{ELB}:targetgroup/{name}/3" for name in groups)]
    shop = {"kind": "alb", "tags": {"team": "shop"}}
    made = recorded({"shop": shop}, {RESOURCES: listing(*arns), TARGET_GROUP: balancers})
    of_groups = {name for name in names(made) if "targetgroup" in name}
    assert of_groups == {"shop-targetgroup/web/3-unhealthy-hosts"}
    assert made.named("alarms-shop-targetgroup/web/3-unhealthy-hosts").inputs["dimensions"] == {
        "LoadBalancer": "app/shop/1",
        "TargetGroup": "targetgroup/web/3",
    }


def test_of_a_cluster_the_brokers_are_looked_up():
    nodes = {"nodeInfoLists": [{"brokerId": 1.0}, {"brokerId": 2.0}]}
    arn = f"arn:aws:kafka:{HERE}:cluster/logs/5d3c-7"
    shop = {"kind": "msk", "tags": {"team": "shop"}}
    made = names(recorded({"shop": shop}, {RESOURCES: listing(arn), BROKERS: nodes}))
    assert {"shop-logs-active-controller", "shop-logs/1-cpu", "shop-logs/2-cpu"} <= made
    assert "shop-logs/1-active-controller" not in made


def test_auto_scaling_groups_are_asked_of_auto_scaling():
    asked = []
    arn = f"arn:aws:autoscaling:{HERE}:autoScalingGroup:5d3c:autoScalingGroupName/web"

    def answer(args):
        asked.append(args["filters"])
        return {"names": ["web"], "arns": [arn]}

    shop = {"kind": "autoscaling", "tags": {"team": "shop"}}
    assert "shop-web-cpu" in names(recorded({"shop": shop}, {GROUPS: answer}))
    assert asked == [[{"name": "tag:team", "values": ["shop"]}]]


def test_too_many_are_refused_before_anything_is_looked_up_of_them():
    arns = [f"{ELB}:targetgroup/web/{number}" for number in range(101)]
    with pytest.raises(SettingsError, match=r"watch\.shop\.tags: match 101 resources"):
        recorded({"shop": {"kind": "alb", "tags": {"team": "shop"}}}, {RESOURCES: listing(*arns)})


def test_nothing_found_is_refused_in_a_preview_too():
    with pytest.raises(SettingsError, match=r"watch\.shop\.tags: match nothing"):
        recorded({"shop": MACHINES}, {RESOURCES: listing()}, preview=True)


@pytest.mark.parametrize("kind", ["stepfunctions", "autoscaling"])
def test_without_a_cloud_nothing_is_known_and_nothing_is_wrong(kind):
    made = recorded({"shop": {"kind": kind, "tags": {"team": "shop"}}})
    assert names(made) == set()
    assert made.exports["watched_resources"]["shop"]["resources"] is None


def test_a_stack_that_finds_nothing_by_tag_has_no_such_output():
    made = recorded({"shop": {"kind": "stepfunctions", "id": machine("orders")}})
    assert "watched_resources" not in made.exports


def test_a_stack_may_end_up_without_an_alarm():
    made = recorded({"shop": {**MACHINES, "mayBeEmpty": True}}, {RESOURCES: listing()})
    assert account_of(made).alarms == ()
    assert made.exports["cloudwatch_alarm_ids"] == {}
    assert "cloudwatch_alarm_id" not in made.exports
