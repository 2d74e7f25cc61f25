"""A preset and a resource made into an alarm, and what is refused."""

import pytest

from alerting.catalog import declared, find

SHOP = {"DBInstanceIdentifier": "shop"}


def alarm(name, dimensions, **asked):
    made, problems = declared(find(name), dimensions, **asked)
    assert problems == []
    return made


def refusals(name, dimensions, **asked):
    return [str(problem) for problem in declared(find(name), dimensions, **asked)[1]]


def test_a_share_is_taken_of_what_is_given():
    made = alarm("rds.free-storage", SHOP, of=100e9)
    assert made == {
        "metric": {
            "namespace": "AWS/RDS",
            "name": "FreeStorageSpace",
            "statistic": "Minimum",
            "period": 60,
            "dimensions": SHOP,
        },
        "datapoints": "5/5",
        "missing": "breaching",
        "threshold": {"below": 10e9},
    }


def test_a_share_without_its_whole_is_refused_with_what_to_give():
    assert refusals("rds.free-storage", SHOP) == [
        "of: give the allocated storage in bytes; the threshold is 0.1 times that"
    ]


def test_a_whole_that_is_not_above_0_is_refused():
    [said] = refusals("rds.free-storage", SHOP, of=0)
    assert said.startswith("of: must be above 0")


def test_a_whole_where_no_share_is_taken_is_refused():
    assert refusals("rds.cpu", SHOP, of=100) == [
        "of: means nothing here: rds.cpu takes no share of it"
    ]
    assert len(refusals("rds.free-storage", SHOP, of=1, threshold={"below": 5})) == 1


def test_a_threshold_that_only_the_user_knows_is_asked_for():
    dimensions = {"LoadBalancer": "app/shop/1", "TargetGroup": "targetgroup/shop/1"}
    assert refusals("alb.healthy-hosts", dimensions) == [
        "threshold: give one, {below: NUMBER}: only you can know it"
    ]
    made = alarm("alb.healthy-hosts", dimensions, threshold={"below": 2})
    assert made["threshold"] == {"below": 2}


def test_math_reads_its_metrics_by_the_same_dimensions():
    made = alarm("lambda.errors", {"FunctionName": "pay"}, gate=5, period=300)
    assert made["math"]["expression"] == "IF(calls >= 5, 100 * errors / calls, 0)"
    assert made["math"]["period"] == 300
    assert {m["dimensions"]["FunctionName"] for m in made["math"]["using"].values()} == {"pay"}


def test_a_gate_is_refused_where_there_is_none_and_below_1():
    assert refusals("rds.cpu", SHOP, gate=5) == ["gate: rds.cpu has no gate"]
    assert refusals("lambda.errors", {"FunctionName": "pay"}, gate=0) == [
        "gate: must be at least 1, got 0"
    ]


def test_a_statistic_of_math_is_refused():
    [said] = refusals("lambda.errors", {"FunctionName": "pay"}, statistic="Sum")
    assert said.startswith("statistic:")


def test_few_samples_are_ignored_unless_the_statistic_is_another():
    assert alarm("rds.read-latency", SHOP)["low_samples"] == "ignore"
    assert "low_samples" not in alarm("rds.read-latency", SHOP, statistic="Average")


def test_fixed_dimensions_are_added_and_may_be_said():
    made = alarm("cloudfront.requests", {"DistributionId": "E1"})
    assert made["metric"]["dimensions"] == {"DistributionId": "E1", "Region": "Global"}
    assert alarm("cloudfront.requests", {"DistributionId": "E1", "Region": "Global"}) == made
    assert refusals("cloudfront.requests", {"DistributionId": "E1", "Region": "us-east-1"})


def test_any_published_set_of_dimensions_will_do():
    for role in ("WRITER", "READER"):
        dimensions = {"DBClusterIdentifier": "shop", "Role": role}
        assert alarm("aurora.cache-hits", dimensions)["metric"]["dimensions"] == dimensions


@pytest.mark.parametrize(
    ("dimensions", "said"),
    [
        ({}, "must be (DBInstanceIdentifier), got none"),
        ({**SHOP, "Color": "red"}, "must be (DBInstanceIdentifier), got DBInstanceIdentifier"),
        ({"dbinstanceidentifier": "shop"}, "did you mean 'DBInstanceIdentifier'?"),
        ({"DBInstanceIdentifer": "shop"}, "did you mean 'DBInstanceIdentifier'?"),
    ],
)
def test_dimensions_that_are_not_published_are_refused(dimensions, said):
    [problem] = refusals("rds.cpu", dimensions)
    assert said in problem


def test_a_preset_can_become_a_band_on_its_own_side():
    made = alarm("rds.cpu", SHOP, band={"width": 4})
    assert made["band"] == {"side": "above", "width": 4}
    assert "threshold" not in made
    assert alarm("rds.read-iops", SHOP)["band"] == {"side": "outside"}
    assert alarm("rds.cpu", SHOP, band={"side": "outside"})["band"] == {"side": "outside"}


def test_a_band_preset_can_become_a_threshold():
    made = alarm("rds.read-iops", SHOP, threshold={"above": 5000})
    assert made["threshold"] == {"above": 5000}
    assert "band" not in made


@pytest.mark.parametrize(
    ("name", "dimensions", "reason"),
    [
        ("ec2.cpu-credits", {"InstanceId": "i-1"}, "credits run out absolutely"),
        ("rds.free-storage", SHOP, "a capacity"),
        ("sqs.dead-letters", {"QueueName": "dead"}, "should be empty"),
    ],
)
def test_a_band_where_it_would_be_wrong_is_refused_with_the_reason(name, dimensions, reason):
    [said] = refusals(name, dimensions, band={})
    assert said.startswith(f"band: {name} cannot have one: ")
    assert reason in said


def test_both_a_threshold_and_a_band_are_refused():
    assert refusals("rds.cpu", SHOP, band={}, threshold={"above": 1}) == [
        "needs one of threshold and band, not both"
    ]
