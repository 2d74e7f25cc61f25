"""Alarms of a stack file and of a component that name a preset."""

import copy

import pytest

from alerting import Alarms
from alerting.recording import record
from alerting.settings import Settings, SettingsError

PLACE = {"account_id": "123456789012", "region": "us-east-1"}
SHOP = {"DBInstanceIdentifier": "shop"}
TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts"


def settings(alarms, region="us-east-1"):
    config = {
        "receivers": {"mail": {"protocol": "email", "endpoint": "oncall@example.com"}},
        "alarms": copy.deepcopy(alarms),
    }
    return Settings.parse(config, stack="dev", place={**PLACE, "region": region})


def mistakes(alarm, region="us-east-1"):
    with pytest.raises(SettingsError) as refused:
        settings({"shop": alarm}, region)
    return [str(problem) for problem in refused.value.problems]


def inputs(alarm):
    """What Pulumi would send for an alarm of a stack file."""
    args = settings({"shop": alarm}).alarms_args({"notify": TOPIC})
    made = record(lambda: Alarms("alarms", args), project="shop")
    [resource] = [one for one in made.resources if one.name == "alarms-shop"]
    return resource.inputs


def test_a_preset_brings_metric_limit_datapoints_and_missing_data():
    made = inputs({"preset": "rds.free-storage", "dimensions": SHOP, "of": 100_000_000_000})
    assert (made["namespace"], made["metricName"]) == ("AWS/RDS", "FreeStorageSpace")
    assert (made["statistic"], made["period"], made["dimensions"]) == ("Minimum", 60, SHOP)
    assert (made["comparisonOperator"], made["threshold"]) == ("LessThanThreshold", 1e10)
    assert (made["datapointsToAlarm"], made["evaluationPeriods"]) == (5, 5)
    assert made["treatMissingData"] == "breaching"
    assert made["name"] == "dev-shop"


def test_what_the_alarm_says_itself_wins():
    own = {
        "statistic": "Maximum",
        "period": 300,
        "datapoints": "2/3",
        "missing": "ignore",
        "threshold": {"atLeast": 70},
        "description": "mine",
        "tellOk": False,
    }
    made = inputs({"preset": "rds.cpu", "dimensions": SHOP, **own})
    assert (made["statistic"], made["period"]) == ("Maximum", 300)
    assert (made["datapointsToAlarm"], made["evaluationPeriods"]) == (2, 3)
    assert (made["treatMissingData"], made["threshold"]) == ("ignore", 70)
    assert made["comparisonOperator"] == "GreaterThanOrEqualToThreshold"
    assert (made["alarmDescription"], made.get("okActions")) == ("mine", None)


def test_a_preset_of_math_has_its_gate():
    made = inputs({"preset": "lambda.errors", "dimensions": {"FunctionName": "pay"}, "gate": 3})
    assert made["metricQueries"][-1]["expression"] == "IF(calls >= 3, 100 * errors / calls, 0)"
    assert [q["metric"]["stat"] for q in made["metricQueries"][:-1]] == ["Sum", "Sum"]


def test_a_preset_can_be_turned_into_a_band():
    made = inputs({"preset": "rds.cpu", "dimensions": SHOP, "band": {"width": 4}})
    assert made["comparisonOperator"] == "GreaterThanUpperThreshold"
    assert made["metricQueries"][-1]["expression"] == "ANOMALY_DETECTION_BAND(observed, 4)"
    assert "threshold" not in made


def test_a_band_that_would_be_wrong_is_refused_with_the_reason():
    [said] = mistakes(
        {"preset": "ec2.cpu-credits", "dimensions": {"InstanceId": "i-1"}, "band": {}}
    )
    assert said.startswith("alarms.shop.band: ec2.cpu-credits cannot have one: credits run out")


@pytest.mark.parametrize(
    ("alarm", "said"),
    [
        ({"preset": "rds.cpuu"}, "alarms.shop.preset: there is no preset 'rds.cpuu'; did you mean"),
        (
            {"preset": "rdz.cpu"},
            "alarms.shop.preset: there is no service 'rdz'; did you mean 'rds'",
        ),
        ({"preset": "rds.cpu"}, "alarms.shop.dimensions: must be (DBInstanceIdentifier), got none"),
        (
            {"preset": "rds.cpu", "dimensions": {"dbInstanceIdentifier": "shop"}},
            "alarms.shop.dimensions.dbInstanceIdentifier: did you mean 'DBInstanceIdentifier'?",
        ),
        (
            {"preset": "rds.free-storage", "dimensions": SHOP},
            "alarms.shop.of: give the allocated storage in bytes",
        ),
        (
            {"preset": "rds.cpu", "dimensions": SHOP, "of": 5},
            "alarms.shop.of: means nothing here",
        ),
        (
            {"preset": "rds.cpu", "dimensions": SHOP, "period": 61},
            "alarms.shop.period: must be 10, 20, 30 or a multiple of 60",
        ),
        (
            {"preset": "lambda.errors", "dimensions": {"FunctionName": "f"}, "period": 61},
            "alarms.shop.period: must be",
        ),
        (
            {"preset": "rds.cpu", "dimensions": SHOP, "statistic": "Mean"},
            "alarms.shop.statistic: must be SampleCount",
        ),
        (
            {"preset": "rds.cpu", "dimensions": {"DBInstanceIdentifier": "käse"}},
            "alarms.shop.dimensions.DBInstanceIdentifier: must be 1 to 1024 ASCII",
        ),
        (
            {"preset": "rds.cpu", "dimensions": SHOP, "metric": {"namespace": "a", "name": "b"}},
            "alarms.shop: needs exactly one of preset, metric and math",
        ),
        (
            {"preset": "rds.cpu", "dimensions": SHOP, "threshold": {"above": 1}, "band": {}},
            "alarms.shop: needs one of threshold and band, not both",
        ),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands(alarm, said):
    [problem] = mistakes(alarm)
    assert problem.startswith(said)


@pytest.mark.parametrize("key", ["dimensions", "of", "gate", "statistic", "period"])
def test_what_only_a_preset_understands_is_refused_without_one(key):
    values = {"dimensions": SHOP, "of": 1, "gate": 1, "statistic": "Sum", "period": 60}
    alarm = {"metric": {"namespace": "A", "name": "B"}, "threshold": {"above": 1}}
    assert mistakes({**alarm, key: values[key]}) == [
        f"alarms.shop.{key}: belongs to a preset; there is none"
    ]


@pytest.mark.parametrize(
    ("preset", "dimensions", "more"),
    [
        ("cloudfront.requests", {"DistributionId": "E1"}, {}),
        ("billing.total", {}, {"threshold": {"above": 100}}),
    ],
)
def test_metrics_of_one_region_are_refused_elsewhere(preset, dimensions, more):
    alarm = {"preset": preset, "dimensions": dimensions, **more}
    [said] = mistakes(alarm, region="eu-central-1")
    assert "in us-east-1 only, and this is eu-central-1" in said
    settings({"shop": alarm})


def test_the_other_mistakes_of_an_alarm_are_told_too():
    said = mistakes({"preset": "rds.cpuu", "dimensions": SHOP, "severity": "pge"})
    assert [one.partition(":")[0] for one in said] == ["alarms.shop.preset", "alarms.shop.severity"]


def test_a_component_takes_outputs_for_dimensions():
    import pulumi

    def program():
        where = {"DBInstanceIdentifier": pulumi.Output.from_input("shop")}
        alarm = {"preset": "rds.cpu", "dimensions": where}
        Alarms("db", {"alarms": {"cpu": alarm}, "topics": {"notify": TOPIC}, "region": "us-east-1"})

    [made] = [one for one in record(program, project="p").resources if one.name == "db-cpu"]
    assert made.inputs["dimensions"] == SHOP
    assert made.inputs["alarmDescription"].startswith("The average CPUUtilization of shop is")


@pytest.mark.parametrize(("key", "value"), [("of", "much"), ("gate", True), ("preset", 5)])
def test_a_component_refuses_what_is_no_figure(key, value):
    alarm = {"preset": "rds.cpu", "dimensions": SHOP, key: value}
    args = {"alarms": {"cpu": alarm}, "topics": {"notify": TOPIC}, "region": "us-east-1"}
    with pytest.raises(ValueError, match=f"alarms.cpu.{key}: must be"):
        record(lambda: Alarms("db", args), project="p")
