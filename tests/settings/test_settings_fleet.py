"""Alarms over a fleet, in a stack file."""

TOPICS = {"notify": "arn:aws:sns:us-east-1:123456789012:alerts"}


def test_a_set_over_a_fleet_has_an_alarm_for_each_preset(parsed):
    made = parsed({"watch/web": {"kind": "ec2", "fleet": True}}).alarms_args(TOPICS)["alarms"]
    assert set(made) == {"cpu", "web-cpu", "web-status-check", "web-status-check-ebs"}
    assert made["web-cpu"]["fleet"] == []


def test_dimensions_can_be_named(parsed):
    asked = {"kind": "ec2", "fleet": ["AutoScalingGroupName"]}
    made = parsed({"watch/web": asked}).alarms_args(TOPICS)["alarms"]
    assert set(made) == {"cpu", "web-cpu"}


def test_what_a_set_cannot_have_is_said_at_its_place(mistakes):
    assert mistakes({"watch/fns": {"kind": "lambda", "fleet": True}}) == [
        "watch.fns.fleet: cannot be had of errors (metric math), duration (p90): it takes one "
        "metric, a plain statistic and a threshold; say off: [errors, duration]"
    ]


def test_what_an_alarm_of_a_set_cannot_have_is_said_at_its_place(mistakes):
    own = {"status-check": {"period": 30}}
    assert mistakes({"watch/web": {"kind": "ec2", "fleet": True, "alarms": own}}) == [
        "watch.web.alarms.status-check.period: must be at least 60 over a fleet, got 30"
    ]


def test_tags_and_a_fleet_exclude_each_other(mistakes):
    asked = {"kind": "ec2", "fleet": True, "tags": {"team": "shop"}}
    assert mistakes({"watch/web": asked}) == [
        "watch.web.fleet: is one alarm over all, and tags are for one each; say either"
    ]


def test_tags_without_one_are_as_ever(parsed):
    asked = {"kind": "ec2", "fleet": False, "tags": {"team": "shop"}}
    assert list(parsed({"watch/web": asked}).queries) == ["web"]


def test_a_metric_says_what_its_fleet_is_over(mistakes, parsed):
    assert mistakes({"alarms/cpu/fleet": True}) == [
        "alarms.cpu.fleet: must be the names of the dimensions that tell its members apart, such "
        "as [InstanceId]"
    ]
    assert parsed({"alarms/cpu/fleet": ["InstanceId"]})


def test_one_dimension_needs_no_list_and_false_is_none(parsed):
    made = parsed({"alarms/cpu/fleet": "InstanceId"}).alarms_args(TOPICS)["alarms"]
    assert made["cpu"]["fleet"] == ["InstanceId"]
    made = parsed({"alarms/cpu/fleet": False}).alarms_args(TOPICS)["alarms"]
    assert "fleet" not in made["cpu"]


def test_a_number_is_no_dimension(mistakes):
    assert mistakes({"alarms/cpu/fleet": 3}) == ["alarms.cpu.fleet: must be a list, got 3"]
