"""Alarms on thresholds and on bands, as CloudWatch would be asked for them."""

import pulumi
import pytest

from alerting import Alarms
from alerting.account import Unknown
from alerting.recording import record

TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts"
PAGE = "arn:aws:sns:us-east-1:123456789012:alerts-page"
CPU = {"namespace": "AWS/EC2", "name": "CPUUtilization", "dimensions": {"InstanceId": "i-1"}}
MATH = {
    "expression": "100 * errors / requests",
    "period": 60,
    "using": {
        "requests": {"namespace": "Shop", "name": "Requests", "statistic": "Sum"},
        "errors": {"namespace": "Shop", "name": "Errors", "statistic": "Sum"},
    },
}


def deployed(alarms, **args):
    args = {"topics": {"notify": TOPIC}, "region": "us-east-1", **args, "alarms": alarms}
    return record(lambda: Alarms("alarms", args))


def inputs(alarm, **args):
    return deployed({"cpu": alarm}, **args).named("alarms-cpu").inputs


def threshold(**more):
    return {"metric": CPU, "threshold": {"above": 80}, **more}


def test_a_threshold_alarm_is_asked_for_with_exactly_this():
    assert inputs(threshold()) == {
        "name": "cpu",
        "alarmDescription": (
            "The average CPUUtilization of i-1 is above 80 for 1 of 1 periods of 5 minutes"
        ),
        "namespace": "AWS/EC2",
        "metricName": "CPUUtilization",
        "dimensions": {"InstanceId": "i-1"},
        "statistic": "Average",
        "period": 300,
        "comparisonOperator": "GreaterThanThreshold",
        "threshold": 80,
        "evaluationPeriods": 1,
        "datapointsToAlarm": 1,
        "treatMissingData": "missing",
        "alarmActions": [TOPIC],
        "okActions": [TOPIC],
    }


def test_a_band_alarm_is_asked_for_with_exactly_this():
    """Two queries, both returning data; a threshold metric, no threshold and no unit."""
    assert inputs({"metric": CPU, "band": {"width": 2.5, "side": "above"}}) == {
        "name": "cpu",
        "alarmDescription": (
            "The average CPUUtilization of i-1 is above its band (2.5 standard deviations) "
            "for 3 of 5 periods of 5 minutes"
        ),
        "comparisonOperator": "GreaterThanUpperThreshold",
        "thresholdMetricId": "expected",
        "evaluationPeriods": 5,
        "datapointsToAlarm": 3,
        "treatMissingData": "missing",
        "alarmActions": [TOPIC],
        "okActions": [TOPIC],
        "metricQueries": [
            {
                "id": "observed",
                "returnData": True,
                "metric": {
                    "namespace": "AWS/EC2",
                    "metricName": "CPUUtilization",
                    "dimensions": {"InstanceId": "i-1"},
                    "period": 300,
                    "stat": "Average",
                },
            },
            {
                "id": "expected",
                "expression": "ANOMALY_DETECTION_BAND(observed, 2.5)",
                "label": "expected",
                "returnData": True,
            },
        ],
    }


def test_a_band_is_three_wide_on_both_sides_unless_said():
    found = inputs({"metric": CPU, "band": {}})
    assert found["metricQueries"][1]["expression"] == "ANOMALY_DETECTION_BAND(observed, 3)"
    assert found["comparisonOperator"] == "LessThanLowerOrGreaterThanUpperThreshold"


@pytest.mark.parametrize(
    ("limit", "operator"),
    [
        ("above", "GreaterThanThreshold"),
        ("at_least", "GreaterThanOrEqualToThreshold"),
        ("below", "LessThanThreshold"),
        ("at_most", "LessThanOrEqualToThreshold"),
    ],
)
def test_each_limit_has_its_operator(limit, operator):
    found = inputs({"metric": CPU, "threshold": {limit: 0}})
    assert (found["comparisonOperator"], found["threshold"]) == (operator, 0)


@pytest.mark.parametrize(
    ("side", "operator"),
    [
        ("above", "GreaterThanUpperThreshold"),
        ("below", "LessThanLowerThreshold"),
        ("outside", "LessThanLowerOrGreaterThanUpperThreshold"),
    ],
)
def test_each_side_has_its_operator(side, operator):
    found = inputs({"metric": CPU, "band": {"side": side}})
    assert found["comparisonOperator"] == operator


def test_math_returns_the_expression_alone():
    found = inputs({"math": MATH, "threshold": {"above": 5}})
    assert [(q["id"], q["returnData"]) for q in found["metricQueries"]] == [
        ("errors", False),
        ("requests", False),
        ("observed", True),
    ]
    assert found["metricQueries"][0]["metric"] == {
        "namespace": "Shop",
        "metricName": "Errors",
        "dimensions": {},
        "period": 60,
        "stat": "Sum",
    }
    assert found["metricQueries"][2]["expression"] == "100 * errors / requests"
    assert found["threshold"] == 5
    assert not {"namespace", "metricName", "period", "statistic"} & set(found)


def test_a_band_on_math_returns_the_expression_and_the_band():
    found = inputs({"math": MATH, "band": {"width": 4}})
    returned = [q for q in found["metricQueries"] if q["returnData"]]
    assert [q["id"] for q in returned] == ["observed", "expected"]
    assert found["thresholdMetricId"] == "expected"
    assert "threshold" not in found


def test_a_high_resolution_period_is_passed_on():
    assert inputs(threshold(metric={**CPU, "period": 10}))["period"] == 10


@pytest.mark.parametrize("statistic", ["p99", "p99.9", "IQM", "tm90", "TM(2%:98%)", "PR(:300)"])
def test_other_statistics_go_as_extended_ones(statistic):
    found = inputs(threshold(metric={**CPU, "statistic": statistic}))
    assert found["extendedStatistic"] == statistic
    assert "statistic" not in found


def test_a_percentile_of_few_samples_can_keep_the_state():
    alarm = threshold(metric={**CPU, "statistic": "p90"}, low_samples="ignore")
    assert inputs(alarm)["evaluateLowSampleCountPercentiles"] == "ignore"


def test_datapoints_are_always_said():
    found = inputs(threshold(datapoints="2/4"))
    assert (found["datapointsToAlarm"], found["evaluationPeriods"]) == (2, 4)


@pytest.mark.parametrize("missing", ["missing", "ignore", "breaching", "notBreaching"])
def test_missing_data_is_treated_as_said(missing):
    assert inputs(threshold(missing=missing))["treatMissingData"] == missing


def test_the_way_back_can_go_untold():
    found = inputs(threshold(tell_ok=False))
    assert found["alarmActions"] == [TOPIC]
    assert "okActions" not in found


def test_missing_data_is_told_on_request():
    assert inputs(threshold(tell_insufficient_data=True))["insufficientDataActions"] == [TOPIC]


def test_further_actions_follow_the_topic_in_every_state():
    reboot = "arn:aws:automate:us-east-1:ec2:reboot"
    found = inputs(threshold(actions=[reboot], tell_insufficient_data=True))
    for key in ("alarmActions", "okActions", "insufficientDataActions"):
        assert found[key] == [TOPIC, reboot]


def test_the_topic_is_that_of_the_alarms_severity():
    topics = {"notify": TOPIC, "page": PAGE}
    deployment = deployed(
        {"a": threshold(), "b": threshold(severity="page")},
        topics=topics,
        default_severity="notify",
    )
    assert deployment.named("alarms-a").inputs["alarmActions"] == [TOPIC]
    assert deployment.named("alarms-b").inputs["alarmActions"] == [PAGE]


def test_the_physical_name_is_prefix_and_key_unless_given():
    deployment = deployed({"a": threshold(), "b": threshold(name="B")}, prefix="dev-")
    assert deployment.named("alarms-a").inputs["name"] == "dev-a"
    assert deployment.named("alarms-b").inputs["name"] == "B"


def test_an_alarms_tags_are_added_to_those_of_all():
    found = inputs(threshold(tags={"b": "alarm", "c": "3"}), tags={"a": "1", "b": "all"})
    assert found["tags"] == {"a": "1", "b": "alarm", "c": "3"}


def test_a_given_description_is_kept_and_the_runbook_follows():
    alarm = threshold(description="Busy.", runbook="https://example.com/cpu")
    assert inputs(alarm)["alarmDescription"] == "Busy.\nRunbook: https://example.com/cpu"


def test_the_description_made_here_ends_with_the_runbook():
    alarm = {"math": MATH, "threshold": {"at_least": 5}, "runbook": "https://example.com/r"}
    assert inputs(alarm)["alarmDescription"] == (
        "100 * errors / requests is at least 5 for 1 of 1 periods of 1 minute\n"
        "Runbook: https://example.com/r"
    )


def test_values_that_come_later_flow_through():
    def program():
        later = pulumi.Output.from_input("i-2")
        metric = {**CPU, "dimensions": {"name": later}}
        args = {"alarms": {"cpu": threshold(metric=metric)}, "region": "us-east-1"}
        Alarms("alarms", {**args, "topics": {"notify": pulumi.Output.from_input(TOPIC)}})

    found = record(program).named("alarms-cpu").inputs
    assert found["dimensions"] == {"name": "i-2"}
    assert found["alarmActions"] == [TOPIC]
    assert found["alarmDescription"].startswith("The average CPUUtilization of i-2 is above 80")


def test_values_that_are_not_known_yet_stay_so():
    def program():
        topic = pulumi.Output.from_input(TOPIC)
        instance = pulumi.Output(
            resources=set(),
            future=_resolved("i-2"),
            is_known=_resolved(False),
        )
        metric = {**CPU, "dimensions": {"InstanceId": instance}}
        alarms = {"cpu": threshold(metric=metric)}
        Alarms("alarms", {"alarms": alarms, "region": "us-east-1", "topics": {"notify": topic}})

    found = record(program, preview=True).named("alarms-cpu").inputs
    assert found["dimensions"]["InstanceId"] == Unknown()
    assert found["alarmDescription"] == Unknown()


async def _resolved(value):
    return value


def test_hundreds_of_alarms_are_children_of_one_component():
    deployment = deployed({f"cpu-{i}": threshold() for i in range(150)})
    component = deployment.named("alarms")
    children = [r for r in deployment.resources if r is not component]
    assert len(children) == 150
    assert {child.parent for child in children} == {component.urn}


def test_the_component_gives_the_ids_by_key():
    deployment = deployed({"a": threshold(), "b": threshold()}, prefix="dev-")
    assert deployment.named("alarms").outputs == {"alarm_ids": {"a": "dev-a", "b": "dev-b"}}


def test_no_alarms_give_no_ids():
    assert deployed({}).named("alarms").outputs == {"alarm_ids": {}}
