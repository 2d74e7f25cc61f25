"""Alarms with windows, learning and detectors, as they are declared together."""

import json

import pulumi
import pytest

from alerting import Alarms
from alerting.recording import record

TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts"
CPU = {"namespace": "AWS/EC2", "name": "CPUUtilization", "dimensions": {"InstanceId": "i-1"}}
DEPLOY = {"from_": "2026-12-01T20:00", "to": "2026-12-01T22:00", "timezone": "Europe/Berlin"}
NIGHTLY = {"cron": "0 2 * * *", "lasts": "1h", "timezone": "UTC", "alarms": ["high"]}
RULE, STACK = "aws:cloudwatch/alarmMuteRule:AlarmMuteRule", "aws:cloudformation/stack:Stack"


def deployed(alarms, **args):
    args = {"topics": {"notify": TOPIC}, "region": "us-east-1", "prefix": "prod-", **args}
    return record(lambda: Alarms("alarms", {**args, "alarms": alarms}))


def band(**settings):
    return {"metric": CPU, "band": settings}


def high():
    return {"metric": CPU, "threshold": {"above": 80}}


def muted(rule):
    return rule.inputs["muteTargets"]["alarmNames"]


def test_nothing_is_made_for_who_asks_for_nothing():
    made = deployed({"unusual": band(), "high": high()})
    assert not [*made.of_type(RULE), *made.of_type(STACK)]


def test_a_window_is_a_rule_over_all_alarms():
    made = deployed(
        {"unusual": band(), "high": high()}, windows={"deploy": DEPLOY}, tags={"a": "b"}
    )
    rule = made.named("alarms-window-deploy")
    assert rule.type == RULE
    assert rule.inputs == {
        "name": "prod-window-deploy",
        "description": "Muted from 2026-12-01T20:00 to 2026-12-01T22:00 (Europe/Berlin)",
        "rule": {
            "schedule": {
                "expression": "at(2026-12-01T20:00)",
                "duration": "PT2H",
                "timezone": "Europe/Berlin",
            }
        },
        "muteTargets": {"alarmNames": ["prod-high", "prod-unusual"]},
        "tags": {"a": "b"},
    }
    assert rule.parent == made.named("alarms").urn


def test_a_window_is_a_rule_over_the_alarms_it_names():
    made = deployed({"unusual": band(), "high": high()}, windows={"nightly": NIGHTLY})
    rule = made.named("alarms-window-nightly")
    assert muted(rule) == ["prod-high"]
    assert rule.inputs["rule"]["schedule"]["expression"] == "cron(0 2 * * *)"


def test_a_window_that_is_there_once_is_left_out_of_the_band_too():
    made = deployed({"unusual": band(), "high": high()}, windows={"deploy": DEPLOY})
    (stack,) = made.of_type(STACK)
    (detector,) = json.loads(stack.inputs["templateBody"])["Resources"].values()
    assert detector["Properties"]["Configuration"]["ExcludedTimeRanges"] == [
        {"StartTime": "2026-12-01T19:00:00", "EndTime": "2026-12-01T21:00:00"}
    ]


def test_a_recurring_window_is_learned_from():
    assert not list(
        deployed(
            {"unusual": band()}, windows={"nightly": {**NIGHTLY, "alarms": ["unusual"]}}
        ).of_type(STACK)
    )


def test_a_detector_is_a_stack_with_a_name_cloudformation_takes():
    made = deployed({"unusual": band(spiky=True)}, prefix="my_stack.")
    (stack,) = made.of_type(STACK)
    digest = stack.name.removeprefix("alarms-CPUUtilization-").removesuffix("-detector")
    assert stack.inputs["name"] == f"detector-my-stack-CPUUtilization-{digest}"
    assert stack.parent == made.named("alarms").urn


def test_alarms_on_one_band_share_a_detector_that_is_there_before_them():
    """That they go before it is seen where the real engine removes them (`tests/engine`)."""
    made = deployed({"unusual": band(spiky=True), "strict": band(width=4), "high": high()})
    (stack,) = made.of_type(STACK)
    order = [resource.urn for resource in made.resources]
    for name in ("unusual", "strict"):
        assert order.index(stack.urn) < order.index(made.named(f"alarms-{name}").urn)


def test_a_dimension_may_be_an_output():
    def program():
        value = pulumi.Output.from_input("i-9")
        metric = {**CPU, "dimensions": {"InstanceId": value}}
        alarms = {"unusual": {"metric": metric, "band": {"spiky": True}}}
        Alarms("alarms", {"alarms": alarms, "topics": {"notify": TOPIC}, "region": "us-east-1"})

    (stack,) = record(program).of_type(STACK)
    assert '"Value": "i-9"' in stack.inputs["templateBody"]


def test_alarms_that_learn_until_the_same_date_share_a_rule():
    alarms = {
        "a": {**band(), "learn_until": "2026-12-15"},
        "b": {**band(), "learn_until": "2026-12-15"},
        "c": {**band(), "learn_until": "2027-01-15"},
        "d": band(),
        "high": high(),
    }
    made = deployed(alarms)
    rule = made.named("alarms-learning-2026-12-15")
    assert muted(rule) == ["prod-a", "prod-b"]
    assert rule.inputs["expireDate"] == "2026-12-15T00:00:00Z"
    assert muted(made.named("alarms-learning-2027-01-15")) == ["prod-c"]
    assert len(list(made.of_type(RULE))) == 2


def test_a_date_for_all_is_for_the_bands_that_have_none():
    alarms = {"a": band(), "b": {**band(), "learn_until": "2027-01-15"}, "high": high()}
    made = deployed(alarms, learn_until="2026-12-15")
    assert muted(made.named("alarms-learning-2026-12-15")) == ["prod-a"]
    assert muted(made.named("alarms-learning-2027-01-15")) == ["prod-b"]


def test_more_than_a_hundred_alarms_are_shared_out():
    alarms = {f"a{n}": high() for n in range(150)}
    rules = list(deployed(alarms, windows={"deploy": DEPLOY}).of_type(RULE))
    assert sorted(rule.name for rule in rules) == [
        "alarms-window-deploy.0",
        "alarms-window-deploy.1",
    ]
    assert sorted(name for rule in rules for name in muted(rule)) == sorted(
        f"prod-a{n}" for n in range(150)
    )


def test_of_a_family_the_alarms_that_tell_are_muted():
    """The children of a guarded alarm tell nobody by themselves."""
    requests = {"namespace": "Shop", "name": "Requests", "statistic": "Sum"}
    alarm = {**band(spiky=True), "only_when": {"metric": requests, "at_least": 100}}
    made = deployed({"unusual": {**alarm, "learn_until": "2026-12-15"}}, windows={"deploy": DEPLOY})
    for name in ("alarms-window-deploy", "alarms-learning-2026-12-15"):
        assert muted(made.named(name)) == ["prod-unusual-alert"]
    (stack,) = made.of_type(STACK)
    order = [resource.name for resource in made.resources]
    assert order.index(stack.name) < order.index("alarms-unusual-band")


@pytest.mark.parametrize(
    ("alarms", "args", "said"),
    [
        (
            {"high": {**high(), "learn_until": "2026-12-15"}},
            {},
            "alarms.high.learn_until: is for alarms on a band",
        ),
        (
            {"high": high()},
            {"windows": {"deploy": {**DEPLOY, "alarms": ["hihg"]}}},
            "windows.deploy.alarms.0: there is no alarm 'hihg'; did you mean 'high'?",
        ),
        ({"high": high()}, {"learn_until": "soon"}, "learn_until: must be a date"),
        ({"unusual": band(timezone="Moon")}, {}, "alarms.unusual.band.timezone: must be"),
        (
            {"unusual": band(exclude=[{"to": "2026-12-01"}])},
            {},
            "band.exclude.0.from_: is required",
        ),
        ({"unusual": band(exclude="2026-12-01")}, {}, "band.exclude: must be a list"),
        ({"high": high()}, {"windows": {"deploy": {"form": 1}}}, "did you mean 'from_'?"),
    ],
)
def test_what_is_refused_is_refused_before_anything_is_made(alarms, args, said):
    with pytest.raises(ValueError, match="Alarms 'alarms'") as refused:
        deployed(alarms, **args)
    assert said in str(refused.value)


def test_a_window_is_not_called_as_a_part_of_another():
    alarms = {f"a{n}": high() for n in range(150)}
    rules = deployed(alarms, windows={"a": DEPLOY, "a-0": DEPLOY}).of_type(RULE)
    assert sorted(rule.name for rule in rules) == [
        "alarms-window-a-0.0",
        "alarms-window-a-0.1",
        "alarms-window-a.0",
        "alarms-window-a.1",
    ]


def test_alarms_over_a_band_that_is_being_learned_are_muted_with_it():
    """A suppressor is no part of a rule: what it holds back is not over the band."""
    alarms = {
        "young": {**band(), "learn_until": "2026-12-15"},
        "high": high(),
        "both": {"all": ["young", "high"]},
        "worse": {"any": ["both", "high"]},
        "other": {"all": ["high"], "quiet_while": {"alarm": "young"}},
    }
    rule = deployed(alarms).named("alarms-learning-2026-12-15")
    assert muted(rule) == ["prod-both", "prod-worse", "prod-young"]
