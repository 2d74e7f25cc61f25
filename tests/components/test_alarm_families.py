"""Alarms that become several: a guard, a second limit, a suppressor; and alarms on others."""

import pulumi
import pytest
from pulumi_aws import cloudwatch

from alerting import Alarms
from alerting.account import account_of
from alerting.components.alarm_family import AlarmKind, made_alarms
from alerting.recording import record

CHAT = "arn:aws:sns:us-east-1:123456789012:alerts"
PAGE = "arn:aws:sns:us-east-1:123456789012:alerts-page"
ERRORS = {"namespace": "Shop", "name": "Errors", "statistic": "Sum", "period": 60}
REQUESTS = {"namespace": "Shop", "name": "Requests", "statistic": "Sum"}
GUARD = {"metric": REQUESTS, "at_least": 100}
METRIC = "aws:cloudwatch/metricAlarm:MetricAlarm"
COMPOSITE = "aws:cloudwatch/compositeAlarm:CompositeAlarm"


def args(alarms, **more):
    return {
        "topics": {"chat": CHAT, "page": PAGE},
        "default_severity": "chat",
        "region": "us-east-1",
        "prefix": "prod-",
        "alarms": alarms,
        **more,
    }


def deployed(alarms, **more):
    return record(lambda: Alarms("alarms", args(alarms, **more)))


def errors(**more):
    return {"metric": ERRORS, "band": {"width": 2, "side": "above"}, "datapoints": "2/3", **more}


def other(**more):
    return {"metric": REQUESTS, "threshold": {"below": 1}, **more}


def members(alarms):
    return {one.key: (one.kind, one.severity) for one in made_alarms(args(alarms)).values()}


def test_an_alarm_that_asks_for_nothing_more_stays_one_alarm():
    (made,) = deployed({"errors": errors()}).of_type(METRIC)
    assert made.name == "alarms-errors"


def test_a_guarded_alarm_is_a_composite_of_two_that_tell_nobody():
    made = deployed({"errors": errors(only_when=GUARD)})
    band, volume = made.named("alarms-errors-band"), made.named("alarms-errors-volume")
    for child in (band, volume):
        assert child.type == METRIC
        assert not {"alarmActions", "okActions"} & set(child.inputs)
    composite = made.named("alarms-errors")
    assert composite.type == COMPOSITE
    assert composite.inputs == {
        "alarmName": "prod-errors-alert",
        "alarmDescription": (
            "The sum of Errors is above its band (2 standard deviations) for 2 of 3 periods of "
            "1 minute, while the sum of Requests is at least 100 for 2 of 3 periods of 1 minute"
        ),
        "alarmRule": 'ALARM("prod-errors-band") AND ALARM("prod-errors-volume")',
        "alarmActions": [CHAT],
        "okActions": [CHAT],
    }


def test_a_guard_looks_as_often_and_as_long_as_its_alarm():
    guard = deployed({"errors": errors(only_when=GUARD)}).named("alarms-errors-volume").inputs
    assert guard["name"] == "prod-errors-volume"
    assert (guard["period"], guard["datapointsToAlarm"], guard["evaluationPeriods"]) == (60, 2, 3)
    assert (guard["comparisonOperator"], guard["threshold"]) == (
        "GreaterThanOrEqualToThreshold",
        100,
    )


def test_a_guard_can_look_otherwise():
    guard = {"metric": {**REQUESTS, "period": 300}, "at_least": 9, "datapoints": "1/2"}
    made = deployed({"errors": errors(only_when=guard)}).named("alarms-errors-volume").inputs
    assert (made["period"], made["datapointsToAlarm"], made["evaluationPeriods"]) == (300, 1, 2)


def test_a_guard_sums_unless_it_says_otherwise():
    requests = {key: value for key, value in REQUESTS.items() if key != "statistic"}
    for said, statistic in ((requests, "Sum"), ({**requests, "statistic": "Average"}, "Average")):
        guard = {"metric": said, "at_least": 100}
        made = deployed({"few": other(threshold={"above": 1}, only_when=guard)})
        assert made.named("alarms-few-volume").inputs["statistic"] == statistic


def test_under_a_fast_alarm_a_guard_looks_by_the_minute_over_the_same_time():
    fast = {"namespace": "Shop", "name": "Busy", "period": 10}
    alarm = {"metric": fast, "threshold": {"above": 1}, "datapoints": "3/9"}
    metric = {key: value for key, value in REQUESTS.items() if key != "period"}
    guard = {"metric": metric, "at_least": 100}
    made = deployed({"busy": {**alarm, "only_when": guard}}).named("alarms-busy-volume").inputs
    assert (made["period"], made["datapointsToAlarm"], made["evaluationPeriods"]) == (60, 1, 2)


def test_no_data_is_no_traffic():
    made = deployed({"errors": errors(only_when=GUARD, missing="breaching")})
    assert made.named("alarms-errors-volume").inputs["treatMissingData"] == "notBreaching"
    assert made.named("alarms-errors-band").inputs["treatMissingData"] == "breaching"


def test_a_second_band_pages_and_keeps_the_first_quiet():
    alarm = errors(escalate={"width": 4, "datapoints": "3/3", "severity": "page"})
    made = deployed({"errors": alarm})
    escalated = made.named("alarms-errors-escalated").inputs
    assert made.named("alarms-errors-escalated").type == METRIC
    assert escalated["alarmActions"] == escalated["okActions"] == [PAGE]
    assert (escalated["datapointsToAlarm"], escalated["evaluationPeriods"]) == (3, 3)
    assert escalated["metricQueries"][1]["expression"] == "ANOMALY_DETECTION_BAND(observed, 4)"
    composite = made.named("alarms-errors").inputs
    assert composite["alarmRule"] == 'ALARM("prod-errors-band")'
    assert composite["alarmActions"] == [CHAT]
    assert composite["actionsSuppressor"] == {
        "alarm": "prod-errors-escalated",
        "waitPeriod": 120,
        "extensionPeriod": 60,
    }


@pytest.mark.parametrize(
    ("escalate", "wait"),
    [
        ({"width": 4}, 60),
        ({"width": 4, "datapoints": "5/5"}, 240),
        ({"width": 4, "datapoints": "1/1"}, 60),
        ({"datapoints": "30/30"}, 60),
        ({"width": 4, "datapoints": "5/5", "wait": "30s"}, 30),
    ],
)
def test_the_first_limit_waits_for_as_long_as_the_second_takes(escalate, wait):
    """A jump over both is then told once; what only lasts is told at once, and again later."""
    made = deployed({"errors": errors(escalate={"severity": "page", **escalate})})
    assert made.named("alarms-errors").inputs["actionsSuppressor"]["waitPeriod"] == wait


def test_a_second_limit_can_be_a_threshold_or_more_datapoints():
    by_threshold = errors(escalate={"threshold": {"above": 500}, "severity": "page"})
    made = deployed({"errors": by_threshold}).named("alarms-errors-escalated").inputs
    assert (made["threshold"], made["datapointsToAlarm"]) == (500, 2)
    by_length = errors(escalate={"datapoints": "9/9", "severity": "page"})
    made = deployed({"errors": by_length}).named("alarms-errors-escalated").inputs
    assert made["metricQueries"][1]["expression"] == "ANOMALY_DETECTION_BAND(observed, 2)"
    assert made["evaluationPeriods"] == 9


def test_a_guarded_second_limit_is_a_composite_too():
    alarm = errors(only_when=GUARD, escalate={"width": 4, "severity": "page"})
    assert members({"errors": alarm}) == {
        "errors-band": (AlarmKind.METRIC, None),
        "errors-volume": (AlarmKind.METRIC, None),
        "errors-escalated-band": (AlarmKind.METRIC, None),
        "errors-escalated": (AlarmKind.COMPOSITE, "page"),
        "errors": (AlarmKind.COMPOSITE, "chat"),
    }
    made = deployed({"errors": alarm}).named("alarms-errors-escalated").inputs
    assert (
        made["alarmRule"] == 'ALARM("prod-errors-escalated-band") AND ALARM("prod-errors-volume")'
    )
    assert made["alarmActions"] == [PAGE]


def test_an_alarm_is_quiet_while_another_is_on():
    quiet = {"alarm": "down", "wait": "2m", "extension": "5m"}
    made = deployed({"errors": errors(quiet_while=quiet), "down": other()})
    assert made.named("alarms-errors").inputs["actionsSuppressor"] == {
        "alarm": "prod-down",
        "waitPeriod": 120,
        "extensionPeriod": 300,
    }


def test_two_suppressors_are_one_that_stands_for_both():
    """The second limit is quiet as well while the cause is known."""
    alarm = errors(
        quiet_while={"alarm": "down", "wait": "3m"},
        escalate={"width": 4, "severity": "page", "extension": "4m"},
    )
    made = deployed({"errors": alarm, "down": other()})
    quiet = made.named("alarms-errors-quiet").inputs
    assert quiet["alarmRule"] == 'ALARM("prod-down") OR ALARM("prod-errors-escalated-alert")'
    assert "alarmActions" not in quiet
    assert made.named("alarms-errors").inputs["actionsSuppressor"] == {
        "alarm": "prod-errors-quiet",
        "waitPeriod": 180,
        "extensionPeriod": 240,
    }
    suppressor = made.named("alarms-errors-escalated").inputs["actionsSuppressor"]
    assert suppressor["alarm"] == "prod-down"


def test_a_threshold_has_a_family_too():
    assert set(members({"few": other(only_when=GUARD)})) == {"few-threshold", "few-volume", "few"}


def test_a_preset_has_a_family_too():
    alarm = {
        "preset": "rds.cpu",
        "dimensions": {"DBInstanceIdentifier": "shop"},
        "escalate": {"threshold": {"above": 98}, "severity": "page"},
    }
    made = deployed({"errors": alarm})
    assert made.named("alarms-errors-threshold").inputs["namespace"] == "AWS/RDS"
    assert made.named("alarms-errors").inputs["actionsSuppressor"]["waitPeriod"] == 60


@pytest.mark.parametrize(
    ("alarm", "rule"),
    [
        ({"all": ["a", "b"]}, 'ALARM("prod-a") AND ALARM("prod-b")'),
        ({"any": ["a", "b"]}, 'ALARM("prod-a") OR ALARM("prod-b")'),
        ({"any": ["a"]}, 'ALARM("prod-a")'),
        (
            {"all": ["a"], "any": ["b", "c"], "not_": ["d"]},
            'ALARM("prod-a") AND (ALARM("prod-b") OR ALARM("prod-c")) AND NOT ALARM("prod-d")',
        ),
        (
            {"rule": "at_least(2, not ok, (a, b, c)) and true"},
            'AT_LEAST(2, NOT OK, ("prod-a", "prod-b", "prod-c")) AND TRUE',
        ),
        (
            {"all": ["arn:aws:cloudwatch:us-east-1:123456789012:alarm:theirs", "a"]},
            'ALARM("arn:aws:cloudwatch:us-east-1:123456789012:alarm:theirs") AND ALARM("prod-a")',
        ),
    ],
)
def test_alarms_are_combined(alarm, rule):
    made = deployed({**{name: other() for name in "abcd"}, "both": alarm})
    assert made.named("alarms-both").inputs["alarmRule"] == rule


def test_names_are_quoted_and_escaped():
    made = deployed({"a": other(name='odd "name" (1), \\'), "both": {"all": ["a"]}})
    assert made.named("alarms-both").inputs["alarmRule"] == r'ALARM("odd \"name\" (1), \\")'


def test_an_alarm_on_others_has_a_severity_actions_and_words_of_its_own():
    further = "arn:aws:sns:us-east-1:123456789012:more"
    more = {"severity": "page", "actions": [further], "tell_ok": False, "tags": {"a": "b"}}
    made = deployed({"a": other(), "both": {"any": ["a"], "runbook": "https://r", **more}})
    inputs = made.named("alarms-both").inputs
    assert inputs["alarmActions"] == [PAGE, further]
    assert "okActions" not in inputs
    assert inputs["tags"] == {"a": "b"}
    assert inputs["alarmDescription"] == "a is in ALARM\nRunbook: https://r"


def test_an_alarm_that_tells_nobody_has_no_actions():
    inputs = deployed({"a": other(tell=False), "b": {"any": ["a"]}}).named("alarms-a").inputs
    assert not {"alarmActions", "okActions"} & set(inputs)


def test_an_alarm_can_hang_on_a_member_of_a_family():
    alarms = {"errors": errors(only_when=GUARD), "both": {"not_": ["errors-volume"]}}
    made = deployed(alarms).named("alarms-both").inputs
    assert made["alarmRule"] == 'NOT ALARM("prod-errors-volume")'


def test_what_is_hung_on_is_made_first():
    """By the outputs of the alarms, so that it is deleted last as well."""
    made = deployed(
        {"a-both": {"all": ["z"]}, "z": other(quiet_while={"alarm": "y"}), "y": other()}
    )
    names = [resource.name for resource in made.resources]
    wanted = ["alarms-y", "alarms-z", "alarms-a-both"]
    assert sorted(wanted, key=names.index) == wanted
    depends_on = made.named("alarms-z").dependencies
    assert made.named("alarms-y").urn in depends_on["actionsSuppressor"]


def test_ids_are_those_of_every_alarm_that_is_made():
    def program():
        made = Alarms("alarms", args({"errors": errors(only_when=GUARD), "a": other()}))
        pulumi.export("ids", made.alarm_ids)

    assert record(program).exports["ids"] == {
        "a": "prod-a",
        "errors": "prod-errors-alert",
        "errors-band": "prod-errors-band",
        "errors-volume": "prod-errors-volume",
    }


def test_every_member_has_a_shape_for_dashboards():
    shapes = {}

    def program():
        shapes.update(Alarms("alarms", args({"errors": errors(only_when=GUARD)})).shapes)

    record(program)
    assert set(shapes) == {"errors", "errors-band", "errors-volume"}
    assert shapes["errors-band"]["ThresholdMetricId"] == "expected"


def test_members_are_called_by_their_keys():
    account = account_of(deployed({"errors": errors(only_when=GUARD)}))
    assert sorted(alarm.label for alarm in account.alarms) == [
        "errors",
        "errors-band",
        "errors-volume",
    ]


def test_a_family_of_an_alarm_with_a_name_is_called_after_it():
    made = made_alarms(args({"errors": errors(name="shop errors", only_when=GUARD)}))
    assert {one.name for one in made.values()} == {
        "shop errors-alert",
        "shop errors-band",
        "shop errors-volume",
    }
    assert {one.origin for one in made.values()} == {"errors"}


def test_a_dimension_that_is_known_later_is_described_then():
    def program():
        queue = cloudwatch.EventRule("queue", name="orders", schedule_expression="rate(1 day)")
        metric = {**REQUESTS, "dimensions": {"Rule": queue.name}}
        guard = {"metric": metric, "at_least": 1}
        Alarms("alarms", args({"errors": errors(only_when=guard)}))

    inputs = record(program).named("alarms-errors").inputs
    assert "while the sum of Requests of orders is at least 1" in inputs["alarmDescription"]


def test_an_alarm_and_its_family_share_no_name_in_aws():
    """The engine makes the new ones before it deletes the old one, and CloudWatch goes by names."""
    families = (
        {"only_when": GUARD},
        {"escalate": {"width": 4, "severity": "page"}},
        {"quiet_while": {"alarm": "a"}},
    )
    for family in families:
        made = made_alarms(args({"errors": errors(**family), "a": other()}))
        assert "prod-errors" not in {one.name for one in made.values()}


def test_a_second_limit_that_becomes_a_composite_has_another_name_in_aws():
    escalate = {"escalate": {"width": 4, "severity": "page"}}
    metric, composite = (
        made_alarms(args({"errors": errors(**escalate, **more)}))["errors-escalated"].name
        for more in ({}, {"only_when": GUARD})
    )
    assert (metric, composite) == ("prod-errors-escalated", "prod-errors-escalated-alert")
