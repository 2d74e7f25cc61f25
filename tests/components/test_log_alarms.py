"""Alarms on what is logged: a metric filter or a log anomaly detector, and the alarm on it."""

import pulumi
import pytest
from pulumi.runtime import register_stack_transformation

from alerting import Alarms
from alerting.components.alarms import alarms_problems
from alerting.components.charges import alarms_charges
from alerting.recording import record

TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts"
PAGE = "arn:aws:sns:us-east-1:123456789012:alerts-page"
GROUP = "arn:aws:logs:us-east-1:123456789012:log-group:/shop/web"
ERRORS = {"group": "/shop/web", "pattern": "ERROR"}
LATENCY = {"group": "/shop/web", "pattern": "{ $.latency = * }", "value": "$.latency"}
FILTER = "aws:cloudwatch/logMetricFilter:LogMetricFilter"
DETECTOR = "aws:cloudwatch/logAnomalyDetector:LogAnomalyDetector"
METRIC = "aws:cloudwatch/metricAlarm:MetricAlarm"


def args(alarms, **more):
    return {
        "topics": {"notify": TOPIC, "page": PAGE},
        "default_severity": "notify",
        "region": "us-east-1",
        "prefix": "prod-",
        "alarms": alarms,
        **more,
    }


def deployed(alarms, **more):
    return record(lambda: Alarms("alarms", args(alarms, **more)), project="shop")


def errors(**more):
    return {"logs": ERRORS, "threshold": {"above": 5}, **more}


def problems(alarm, **more):
    return [str(problem) for problem in alarms_problems(args({"web": alarm}, **more))]


def test_log_events_are_counted_by_a_filter_that_is_called_as_its_alarm():
    made = deployed({"web": errors()}).named("alarms-web-logs")
    assert made.type == FILTER
    assert made.inputs == {
        "name": "prod-web",
        "logGroupName": "/shop/web",
        "pattern": "ERROR",
        "metricTransformation": {
            "namespace": "LogAlarms",
            "name": "prod-web",
            "value": "1",
            "defaultValue": "0",
        },
    }


def test_the_alarm_watches_what_the_filter_counts():
    made = deployed({"web": errors()}).named("alarms-web").inputs
    assert (made["namespace"], made["metricName"]) == ("LogAlarms", "prod-web")
    assert (made["statistic"], made["period"], made["dimensions"]) == ("Sum", 300, {})
    assert made["treatMissingData"] == "notBreaching"
    assert made["alarmDescription"] == (
        "The number of log events in /shop/web that match ERROR is above 5 for 1 of 1 periods of "
        "5 minutes"
    )


def test_a_field_of_log_events_is_averaged_and_has_no_figure_of_its_own_where_there_is_none():
    made = deployed({"slow": {"logs": LATENCY, "threshold": {"above": 800}}})
    assert made.named("alarms-slow").inputs["statistic"] == "Average"
    written = made.named("alarms-slow-logs").inputs["metricTransformation"]
    assert written["value"] == "$.latency"
    assert "defaultValue" not in written


def test_what_an_alarm_on_log_events_says_itself_wins():
    own = {"logs": {**LATENCY, "statistic": "p90", "period": 60}, "missing": "breaching"}
    made = deployed({"slow": {**own, "threshold": {"above": 800}}}).named("alarms-slow").inputs
    assert (made["extendedStatistic"], made["period"]) == ("p90", 60)
    assert made["treatMissingData"] == "breaching"


def test_a_band_is_learned_from_the_metric_of_the_filter():
    made = deployed({"web": {"logs": ERRORS, "band": {"width": 2}}}).named("alarms-web").inputs
    watched = made["metricQueries"][0]["metric"]
    assert (watched["namespace"], watched["metricName"]) == ("LogAlarms", "prod-web")


def test_anomalies_of_a_log_are_counted_by_a_detector_that_is_called_as_its_alarm():
    asked = {"group": GROUP, "priority": "HIGH", "every": "15m", "pattern": "ERROR"}
    alarm = {"log_anomalies": {**asked, "remember": "21d"}, "tags": {"team": "shop"}}
    made = deployed({"odd": alarm}, tags={"stage": "live"})
    assert made.named("alarms-odd-logs").type == DETECTOR
    assert made.named("alarms-odd-logs").inputs == {
        "detectorName": "prod-odd",
        "logGroupArnLists": [GROUP],
        "enabled": True,
        "evaluationFrequency": "FIFTEEN_MIN",
        "filterPattern": "ERROR",
        "anomalyVisibilityTime": 21,
        "tags": {"stage": "live", "team": "shop"},
    }
    watched = made.named("alarms-odd").inputs
    assert (watched["namespace"], watched["metricName"]) == ("AWS/Logs", "AnomalyCount")
    assert watched["dimensions"] == {
        "LogAnomalyDetector": "prod-odd",
        "LogAnomalyPriority": "HIGH",
    }
    assert (watched["statistic"], watched["period"]) == ("Sum", 900)
    assert (watched["comparisonOperator"], watched["threshold"]) == ("GreaterThanThreshold", 0)
    assert watched["treatMissingData"] == "notBreaching"


def test_anomalies_of_any_priority_count_unless_said_otherwise():
    made = deployed({"odd": {"log_anomalies": {"group": GROUP}}}).named("alarms-odd").inputs
    assert made["dimensions"]["LogAnomalyPriority"] == "LOW"
    assert made["alarmDescription"] == (
        "The number of log anomalies in /shop/web is above 0 for 1 of 1 periods of 5 minutes"
    )


@pytest.mark.parametrize("alarm", [errors(), {"log_anomalies": {"group": GROUP}}])
def test_an_alarm_comes_after_what_makes_its_metric(alarm):
    order = [one.name for one in deployed({"web": alarm}).resources]
    assert order.index("alarms-web-logs") < order.index("alarms-web")


@pytest.mark.parametrize("alarm", [errors(), {"log_anomalies": {"group": GROUP}}])
def test_both_are_kept_when_the_alarm_is_renamed(alarm):
    seen = {}

    def note(given):
        seen[given.name] = [alias.name for alias in given.opts.aliases or ()]

    def program():
        register_stack_transformation(note)
        Alarms("alarms", args({"web": {**alarm, "name": "prod-old", "formerly": ["old"]}}))

    record(program, project="shop")
    assert seen["alarms-web"] == ["alarms-old"]
    assert seen["alarms-web-logs"] == ["alarms-old-logs"]


def test_groups_may_be_outputs():
    def program():
        name = pulumi.Output.from_input("/shop/web")
        alarms = {"web": errors(logs={**ERRORS, "group": name})}
        alarms["odd"] = {"log_anomalies": {"group": pulumi.Output.from_input(GROUP)}}
        Alarms("alarms", args(alarms))

    made = record(program, project="shop")
    assert made.named("alarms-web-logs").inputs["logGroupName"] == "/shop/web"
    assert (
        made.named("alarms-odd")
        .inputs["alarmDescription"]
        .startswith("The number of log anomalies in /shop/web is above 0")
    )


def test_a_second_limit_watches_the_same_filter():
    made = deployed({"web": errors(escalate={"severity": "page", "threshold": {"above": 50}})})
    assert [one.name for one in made.of_type(FILTER)] == ["alarms-web-logs"]
    assert {one.inputs["metricName"] for one in made.of_type(METRIC)} == {"prod-web"}
    assert (
        made.named("alarms-web-escalated")
        .inputs["alarmDescription"]
        .startswith("The number of log events in /shop/web that match ERROR is above 50")
    )


def test_a_guard_watches_its_own_metric():
    guard = {"metric": {"namespace": "Shop", "name": "Requests"}, "at_least": 100}
    made = deployed({"web": errors(only_when=guard)})
    assert made.named("alarms-web-volume").inputs["metricName"] == "Requests"
    assert made.named("alarms-web-threshold").inputs["metricName"] == "prod-web"


def test_the_metric_of_a_filter_is_paid_for():
    alarms = {"web": errors(), "odd": {"log_anomalies": {"group": GROUP}}}
    kinds = [charge.kind for charge in alarms_charges(args(alarms))]
    assert kinds == ["standard alarm", "standard alarm", "custom metric"]


@pytest.mark.parametrize(
    ("alarm", "said"),
    [
        (errors(logs="ERROR"), "alarms.web.logs: must be a map, got 'ERROR'"),
        (errors(logs={"group": "/shop/web"}), "alarms.web.logs.pattern: is required"),
        (
            errors(logs={**ERRORS, "group": "shop web"}),
            "alarms.web.logs.group: must be the name of a log group: 1 to 512 letters, digits and "
            ". - _ / #, got 'shop web'",
        ),
        (
            errors(logs={**ERRORS, "pattern": "E" * 1025}),
            f"alarms.web.logs.pattern: must be at most 1024 characters, got '{'E' * 59}... "
            "(1025 characters)",
        ),
        (
            errors(logs={**ERRORS, "value": "one"}),
            "alarms.web.logs.value: must be a number, or a field such as $.latency or $bytes, "
            "got 'one'",
        ),
        (
            errors(logs={**ERRORS, "value": "1" * 101}),
            f"alarms.web.logs.value: must be at most 100 characters, got '{'1' * 59}... "
            "(101 characters)",
        ),
        (
            errors(logs={**ERRORS, "value": 1}),
            'alarms.web.logs.value: must be a number or a field, as text: "1" or "$.latency", '
            "got 1",
        ),
        (
            errors(logs={**ERRORS, "period": 7}),
            "alarms.web.logs.period: must be 10, 20, 30 or a multiple of 60, got 7",
        ),
        (
            errors(name="prod:web"),
            "alarms.web.name: must be free of : * and $, as the metric of its log filter has it "
            "too, got 'prod:web'",
        ),
        (
            errors(metric={"namespace": "Shop", "name": "Errors"}),
            "alarms.web: needs exactly one of metric, math, preset, logs and log_anomalies, got "
            "metric and logs",
        ),
        (errors(period=60), "alarms.web.period: belongs to a preset; there is none"),
        (
            {"log_anomalies": {"group": "/shop/web"}},
            "alarms.web.log_anomalies.group: must be a log group's ARN without :* at its end; in a "
            "stack file its name will do, got '/shop/web'",
        ),
        (
            {"log_anomalies": {"group": GROUP.replace("us-east-1", "eu-west-1")}},
            "alarms.web.log_anomalies.group: must be in us-east-1, where its alarm is, got "
            f"'{GROUP.replace('us-east-1', 'eu-west-1')}'",
        ),
        (
            {"log_anomalies": {"group": GROUP, "priority": "URGENT"}},
            "alarms.web.log_anomalies.priority: must be one of HIGH, MEDIUM, LOW, got 'URGENT'",
        ),
        (
            {"log_anomalies": {"group": GROUP, "every": "2m"}},
            "alarms.web.log_anomalies.every: must be one of 1m, 5m, 10m, 15m, 30m and 1h, got '2m'",
        ),
        (
            {"log_anomalies": {"group": GROUP, "remember": "6d"}},
            "alarms.web.log_anomalies.remember: must be whole days, 7d to 90d, got '6d'",
        ),
        (
            {"log_anomalies": {"group": GROUP, "remember": "180h"}},
            "alarms.web.log_anomalies.remember: must be whole days, 7d to 90d, got '180h'",
        ),
        (
            {"log_anomalies": {"group": GROUP}, "band": {}},
            "alarms.web.band: cannot be had on log anomalies: the detector has learned what is "
            "usual, and what it counts is unusual already; say a threshold, or nothing for any at "
            "all",
        ),
        (
            {"logs": ERRORS, "rule": f"ALARM({TOPIC.replace('sns', 'cloudwatch')})"},
            "alarms.web.logs: is for an alarm on a metric, and this one is on other alarms",
        ),
    ],
)
def test_what_cannot_be_is_refused(alarm, said):
    assert said in problems(alarm)
    with pytest.raises(ValueError, match="Alarms 'alarms': "):
        deployed({"web": alarm})
