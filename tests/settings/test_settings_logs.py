"""Alarms on what is logged, in a stack file."""

TOPICS = {"notify": "arn:aws:sns:us-east-1:123456789012:alerts"}
GROUP = "arn:aws:logs:us-east-1:123456789012:log-group:/shop/web"


def test_a_log_group_is_given_by_its_name(parsed):
    made = parsed({"alarms/odd": {"logAnomalies": {"group": "/shop/web"}}}).alarms_args(TOPICS)
    assert made["alarms"]["odd"]["log_anomalies"]["group"] == GROUP


def test_or_by_its_arn(parsed):
    made = parsed({"alarms/odd": {"logAnomalies": {"group": GROUP}}}).alarms_args(TOPICS)
    assert made["alarms"]["odd"]["log_anomalies"]["group"] == GROUP


def test_what_is_neither_is_refused(mistakes):
    assert mistakes({"alarms/odd": {"logAnomalies": {"group": "shop web"}}}) == [
        "alarms.odd.logAnomalies.group: must be a log group's ARN without :* at its end; in a "
        "stack file its name will do, got 'shop web'"
    ]


def test_all_that_is_wrong_is_said_at_once(mistakes):
    logs = {"group": "shop web", "pattern": "E" * 1025, "value": "many"}
    said = mistakes({"alarms/web": {"logs": logs, "threshold": {"above": 5}}})
    assert [line.partition(": ")[0] for line in said] == [
        "alarms.web.logs.group",
        "alarms.web.logs.pattern",
        "alarms.web.logs.value",
    ]


def test_an_alarm_on_logs_has_no_other_metric(mistakes):
    logs = {"group": "/shop/web", "pattern": ""}
    assert mistakes({"alarms/cpu/logs": logs}) == [
        "alarms.cpu: needs exactly one of metric, math, preset, logs and logAnomalies, got metric "
        "and logs"
    ]


def test_a_set_has_no_alarm_on_logs(mistakes):
    logs = {"group": "/shop/web", "pattern": ""}
    shop = {"kind": "ec2", "id": "i-1", "alarms": {"cpu": {"logs": logs}}}
    assert mistakes({"watch/web": shop}) == [
        "watch.web.alarms.cpu.logs: belongs to an alarm of its own"
    ]
