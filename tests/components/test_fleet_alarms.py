"""One alarm over a fleet, whose members come and go by themselves."""

import pulumi
import pytest

from alerting import Alarms, Watch
from alerting.components.alarms import alarms_problems
from alerting.components.charges import alarms_charges
from alerting.recording import record

TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts"
CPU = {"namespace": "AWS/EC2", "name": "CPUUtilization"}
QUERY = (
    'SELECT AVG("CPUUtilization") FROM SCHEMA("AWS/EC2", "InstanceId") '
    'GROUP BY "InstanceId" ORDER BY AVG() DESC'
)


def args(alarms, **more):
    return {"topics": {"notify": TOPIC}, "region": "us-east-1", **more, "alarms": alarms}


def inputs(alarm):
    made = record(lambda: Alarms("alarms", args({"cpu": alarm})), project="shop")
    return made.named("alarms-cpu").inputs


def fleet(**more):
    return {"metric": CPU, "fleet": ["InstanceId"], "threshold": {"above": 80}, **more}


def problems(alarm):
    found = alarms_problems(args({"cpu": alarm}))
    return [str(problem).removeprefix("alarms.cpu.") for problem in found]


def test_a_fleet_is_watched_by_one_query_with_a_series_for_each_member():
    assert inputs(fleet()) == {
        "name": "cpu",
        "alarmDescription": (
            "The average CPUUtilization of any InstanceId is above 80 for 1 of 1 periods of "
            "5 minutes"
        ),
        "metricQueries": [
            {"id": "observed", "expression": QUERY, "period": 300, "returnData": True}
        ],
        "comparisonOperator": "GreaterThanThreshold",
        "threshold": 80,
        "evaluationPeriods": 1,
        "datapointsToAlarm": 1,
        "treatMissingData": "missing",
        "alarmActions": [TOPIC],
        "okActions": [TOPIC],
    }


def test_dimensions_narrow_it():
    metric = {"namespace": "AWS/ECS", "name": "CPUUtilization", "dimensions": {"ClusterName": "a"}}
    made = inputs(fleet(metric=metric, fleet=["ServiceName"]))
    [query] = made["metricQueries"]
    assert 'WHERE "ClusterName" = \'a\' GROUP BY "ServiceName"' in query["expression"]
    assert made["alarmDescription"].startswith("The average CPUUtilization of any ServiceName of a")


def test_they_may_be_outputs():
    def program():
        metric = {**CPU, "dimensions": {"ClusterName": pulumi.Output.from_input("a")}}
        Alarms("alarms", args({"cpu": fleet(metric=metric, fleet=["ServiceName"])}))

    [query] = record(program, project="shop").named("alarms-cpu").inputs["metricQueries"]
    assert "WHERE \"ClusterName\" = 'a'" in query["expression"]


@pytest.mark.parametrize(
    ("threshold", "order"),
    [
        ({"above": 1}, "DESC"),
        ({"at_least": 1}, "DESC"),
        ({"below": 1}, "ASC"),
        ({"at_most": 1}, "ASC"),
    ],
)
def test_of_too_many_members_the_worst_are_kept(threshold, order):
    [query] = inputs(fleet(threshold=threshold))["metricQueries"]
    assert query["expression"].endswith(f"ORDER BY AVG() {order}")


def test_a_preset_knows_what_tells_its_members_apart():
    made = inputs({"preset": "ec2.cpu", "fleet": []})
    assert [query["expression"] for query in made["metricQueries"]] == [QUERY]
    assert made["threshold"] == 80
    assert made["datapointsToAlarm"] == 3


def test_a_second_limit_is_over_the_same_fleet():
    escalate = {"severity": "notify", "threshold": {"above": 95}}

    def program():
        Alarms("alarms", args({"cpu": fleet(escalate=escalate)}))

    made = record(program, project="shop").of_type("aws:cloudwatch/metricAlarm:MetricAlarm")
    queries = [query["expression"] for one in made for query in one.inputs["metricQueries"]]
    assert queries == [QUERY, QUERY]


def test_it_costs_at_least_one_metric():
    [charge] = alarms_charges(args({"cpu": fleet()}))
    assert (charge.kind, charge.certain) == ("Metrics Insights alarm", False)


def test_a_set_in_code_can_be_over_a_fleet():
    asked = {"kind": "ec2", "fleet": [], "topics": {"notify": TOPIC}, "region": "us-east-1"}
    made = record(lambda: Watch("web", asked), project="shop")
    [query] = made.named("web-alarms-cpu").inputs["metricQueries"]
    assert query["expression"] == QUERY


@pytest.mark.parametrize(
    ("alarm", "said"),
    [
        (
            fleet(fleet="InstanceId"),
            "fleet: must be the names of the dimensions that tell its members apart, such as "
            "[InstanceId]",
        ),
        (
            fleet(fleet=[]),
            "fleet: must be the names of the dimensions that tell its members apart, such as "
            "[InstanceId]",
        ),
        (fleet(fleet=["A", "A"]), "fleet: names a dimension twice"),
        (
            fleet(metric={**CPU, "dimensions": {"InstanceId": "i-1"}}),
            "fleet: is over InstanceId, of which one value is given",
        ),
        (
            {"metric": CPU, "fleet": ["InstanceId"], "band": {}},
            "band: cannot be had over a fleet: a band is learned for one series, and here each "
            "member has its own; say a threshold",
        ),
        (
            fleet(metric={**CPU, "statistic": "p99"}),
            "metric.statistic: must be one of Average, SampleCount, Maximum, Minimum, Sum over a "
            "fleet: queries have no other, got 'p99'",
        ),
        (
            fleet(metric={**CPU, "period": 30}),
            "metric.period: must be at least 60 over a fleet, got 30",
        ),
        (
            fleet(datapoints="37/37"),
            "datapoints: must be at most 36 periods of 300 s over a fleet (3 h in all), got "
            "'37/37'",
        ),
        (
            fleet(
                escalate={
                    "severity": "notify",
                    "threshold": {"above": 90},
                    "datapoints": "40/40",
                }
            ),
            "escalate.datapoints: must be at most 36 periods of 300 s over a fleet (3 h in all), "
            "got '40/40'",
        ),
        (
            {
                "math": {"expression": "a * 1", "using": {"a": CPU}},
                "fleet": ["InstanceId"],
                "threshold": {"above": 1},
            },
            "fleet: is of the members of one metric, and this alarm has math",
        ),
        (
            {
                "logs": {"group": "/shop", "pattern": ""},
                "fleet": ["InstanceId"],
                "threshold": {"above": 1},
            },
            "fleet: is of the members of one metric, and this alarm has logs",
        ),
        (
            {"preset": "lambda.errors", "fleet": []},
            "fleet: is of the members of one metric, and this alarm has math",
        ),
        (
            {"preset": "lambda.duration", "fleet": [], "of": 3000},
            "statistic: must be one of Average, SampleCount, Maximum, Minimum, Sum over a fleet: "
            "queries have no other, got 'p90'",
        ),
        (
            {"preset": "ec2.cpu", "fleet": [], "dimensions": {"InstanceId": "i-1"}},
            "fleet: has nothing to be over with InstanceId: ec2.cpu is published with "
            "(InstanceId) or (AutoScalingGroupName) or (ImageId) or (InstanceType)",
        ),
        (
            {"preset": "ec2.cpu", "fleet": ["Instance"]},
            "fleet: has no fleet over Instance: ec2.cpu is published with (InstanceId) or "
            "(AutoScalingGroupName) or (ImageId) or (InstanceType)",
        ),
        (
            {"rule": f"ALARM({TOPIC.replace('sns', 'cloudwatch')})", "fleet": ["InstanceId"]},
            "fleet: is for an alarm on a metric, and this one is on other alarms",
        ),
    ],
)
def test_what_no_query_can_is_refused(alarm, said):
    assert said in problems(alarm)


def test_a_query_that_would_be_too_long_is_refused():
    metric = {**CPU, "dimensions": {f"d{number}": "x" * 1000 for number in range(3)}}
    [said] = problems(fleet(metric=metric))
    assert said.startswith("fleet: must be a query of at most 2048 characters")


def test_a_stack_has_as_many_as_a_region_takes():
    alarms = {f"cpu-{number}": fleet() for number in range(201)}
    assert [str(problem) for problem in alarms_problems(args(alarms))] == [
        "alarms: must be at most 200 over a fleet, a quota of the Region, got 201"
    ]
    del alarms["cpu-0"]
    assert not list(alarms_problems(args(alarms)))
