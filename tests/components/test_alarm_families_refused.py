"""Families and alarms on others that are refused, before anything is registered."""

import pytest

from alerting.components.alarms import alarms_problems

CHAT = "arn:aws:sns:us-east-1:123456789012:alerts"
ERRORS = {"namespace": "Shop", "name": "Errors", "statistic": "Sum"}
REQUESTS = {"namespace": "Shop", "name": "Requests", "statistic": "Sum"}


def refused(alarms, region="us-east-1"):
    args = {
        "topics": {"chat": CHAT, "page": CHAT},
        "default_severity": "chat",
        "region": region,
        "prefix": "prod-",
        "alarms": alarms,
    }
    return [str(problem) for problem in alarms_problems(args)]


def errors(**more):
    return {"metric": ERRORS, "band": {"width": 2}, **more}


def high(**more):
    return {"metric": ERRORS, "threshold": {"above": 10}, **more}


def guarded(**more):
    return {"only_when": {"metric": REQUESTS, "at_least": 1, **more}}


def escalated(**more):
    return {"escalate": {"severity": "page", **more}}


@pytest.mark.parametrize(
    ("alarm", "said"),
    [
        (
            errors(**guarded(metric={**REQUESTS, "region": "eu-west-1"})),
            "only_when.metric.region: is eu-west-1: an alarm cannot be guarded by a metric of "
            "another Region than its own, us-east-1",
        ),
        (
            errors(**guarded(metric={**REQUESTS, "period": 45})),
            "only_when.metric.period: must be 10, 20, 30 or a multiple of 60, got 45",
        ),
        (
            errors(**guarded(datapoints="3/2")),
            "only_when.datapoints: must be at most as many datapoints as periods (3 > 2), "
            "got '3/2'",
        ),
        (
            errors(**guarded(at_least=float("nan"))),
            "only_when.at_least: must be a finite number, got nan",
        ),
        (errors(only_when={"at_least": 1}), "only_when.metric: is required"),
        (errors(only_when={"metric": REQUESTS}), "only_when.at_least: is required"),
        (
            errors(**escalated(width=4, threshold={"above": 1})),
            "escalate: needs one of width and threshold, got both",
        ),
        (
            high(**escalated(width=4)),
            "escalate.width: is of a band, and the alarm has a threshold",
        ),
        (
            errors(**escalated(width=0)),
            "escalate.width: must be a finite number above 0, got 0",
        ),
        (
            errors(**escalated(width=1.5)),
            "escalate.width: must be at least that of the alarm itself, 2, got 1.5",
        ),
        (
            high(**escalated(threshold={"above": 5})),
            "escalate.threshold.above: must be at least that of the alarm itself, 10, got 5",
        ),
        (
            {"metric": ERRORS, "threshold": {"below": 5}, **escalated(threshold={"below": 6})},
            "escalate.threshold.below: must be at most that of the alarm itself, 5, got 6",
        ),
        (
            errors(**escalated()),
            "escalate: is the alarm's own limit; say another width, threshold or M/N",
        ),
        (
            errors(**escalated(width=4, datapoints="4")),
            "escalate.datapoints: must be M/N, for example 3/5, got '4'",
        ),
        (errors(escalate={"width": 4}), "escalate.severity: is required"),
        (
            errors(escalate={"width": 4, "severity": "pgae"}),
            "escalate.severity: must be one of chat, page, got 'pgae'",
        ),
        (
            errors(**escalated(width=4, wait="1 minute")),
            "escalate.wait: is not understood: write a duration with s, m, h, d or w, the largest "
            "first, as in 2h5m",
        ),
        (
            errors(quiet_while={"alarm": "othr"}),
            "quiet_while.alarm: there is no alarm 'othr'; did you mean 'other'?",
        ),
        (
            errors(quiet_while={"alarm": "x-band"}),
            "quiet_while.alarm: is an alarm that this one hangs on, and would hold back all that "
            "it tells, got 'x-band'",
        ),
        (errors(quiet_while={"alarm": "x"}), "hangs on itself: x -> x"),
        (
            errors(tell_insufficient_data=True, **guarded()),
            "tell_insufficient_data: is never told: an alarm on other alarms has no data that "
            "could be missing; treat missing data as breaching, or tell it of an alarm on the "
            "metric alone",
        ),
        (
            errors(tell=False, **escalated(width=4)),
            "escalate: is for an alarm that tells somebody, and `tell` is false",
        ),
        (
            high(tell=False, severity="page"),
            "severity: is for an alarm that tells somebody, and `tell` is false",
        ),
        (
            {"all": ["other"], "metric": ERRORS},
            "metric: is for an alarm on a metric, and this one is on other alarms",
        ),
        (
            {"all": ["other"], **guarded()},
            "only_when: is for an alarm on a metric, and this one is on other alarms",
        ),
        ({"all": []}, "all: must be a list of at least one alarm, got []"),
        ({"any": "other"}, "any: must be a list of at least one alarm, got 'other'"),
        ({"not_": ["otter"]}, "not_.0: there is no alarm 'otter'; did you mean 'other'?"),
        ({"all": ["other"], "rule": "TRUE"}, "rule: already says what all would"),
        ({"rule": "ALARM(other"}, "rule: needs ')'; it ends instead"),
        ({"rule": "ALARM(nobody)"}, "rule: there is no alarm 'nobody'"),
        (
            {"all": ["arn:aws:cloudwatch:eu-west-1:123456789012:alarm:theirs"]},
            "all.0: is an alarm in eu-west-1, and those that hang on it are in us-east-1",
        ),
        (
            {"all": [CHAT]},
            f"all.0: must be the key or the ARN of an alarm, got '{CHAT}'",
        ),
        (
            {"all": ["other"], "actions": ["arn:aws:automate:us-east-1:ec2:stop"]},
            "actions: cannot stop or scale anything: an alarm on other alarms has no EC2 and no "
            "Auto Scaling actions, got 'arn:aws:automate:us-east-1:ec2:stop'",
        ),
    ],
)
def test_an_alarm_is_refused(alarm, said):
    (line,) = refused({"x": alarm, "other": high()})
    assert line.removeprefix("alarms.x").lstrip(".: ") == said


def test_a_guard_in_a_region_without_its_metric_is_refused():
    guard = guarded(metric={**REQUESTS, "namespace": "AWS/CloudFront"})
    (said,) = refused({"x": errors(**guard)}, region="eu-west-1")
    assert said.startswith("alarms.x.only_when.metric.namespace: AWS/CloudFront has its metrics in")
    assert refused({"x": errors(**guard)}) == []


def test_a_guard_may_say_its_own_region():
    assert refused({"x": errors(**guarded(metric={**REQUESTS, "region": "us-east-1"}))}) == []


def test_a_cycle_is_refused_with_its_path():
    alarms = {"a": {"all": ["b"]}, "b": {"any": ["c"]}, "c": {"not_": ["a"]}}
    (said,) = refused(alarms)
    assert "hangs on itself: " in said
    assert all(f"{one} -> {two}" in f"{said} -> b -> c -> a" for one, two in ("ab", "bc", "ca"))


def test_alarms_that_hold_each_other_back_are_refused():
    alarms = {"a": high(quiet_while={"alarm": "b"}), "b": errors(quiet_while={"alarm": "a"})}
    (said,) = refused(alarms)
    assert "hangs on itself" in said


def test_a_member_called_like_another_alarm_is_refused():
    assert refused({"x": errors(**guarded()), "x-band": high()}) == [
        "alarms.x: is made of an alarm called 'x-band', and there is another of that name"
    ]


def test_a_member_named_like_another_alarm_is_refused():
    assert refused({"x": errors(**guarded()), "y": high(name="prod-x-volume")}) == [
        "alarms.y.name: is 'prod-x-volume', and so is that of 'x-volume': one would overwrite the "
        "other"
    ]


def test_a_member_with_a_name_that_is_too_long_is_refused():
    found = refused({"x": high(name="n" * 250, **guarded())})  # two members, and the composite
    assert [line.split(",")[0] for line in found] == [
        "alarms.x.name: must be 1 to 255 characters"
    ] * 3


def test_more_than_a_hundred_children_are_refused():
    alarms = {f"a{n}": high() for n in range(101)}
    assert refused({**alarms, "x": {"any": list(alarms)}}) == [
        "alarms.x: names 101 alarms, at most 100 are allowed"
    ]


def test_a_rule_that_is_too_long_with_the_names_in_it_is_refused():
    alarms = {f"a{n}": high(name=f"{n:03}" + "n" * 150) for n in range(70)}
    (said,) = refused({**alarms, "x": {"rule": " OR ".join(f"ALARM({key})" for key in alarms)}})
    assert said.startswith("alarms.x.rule: has 1")
    assert said.endswith("characters with the alarms' names in it, at most 10240")


def test_a_child_of_more_than_150_composites_is_refused():
    alarms = {f"x{n}": {"any": ["a"]} for n in range(151)}
    assert refused({"a": high(), **alarms}) == [
        "alarms.a: is a child of 151 composite alarms, at most 150 are allowed"
    ]


@pytest.mark.parametrize(
    ("alarm", "said"),
    [
        (
            high(**escalated(threshold={"at_least": 2})),
            "escalate.threshold.at_least: must be at least that of the alarm itself, 10, got 2",
        ),
        (
            high(**escalated(threshold={"at_least": 10})),
            "escalate.threshold.at_least: must be beyond that of the alarm itself, above 10, "
            "got 10",
        ),
        (
            high(**escalated(threshold={"below": 100})),
            "escalate.threshold.below: is the other direction than the alarm's own, above 10",
        ),
        (
            high(datapoints="3/3", **escalated(datapoints="1/3")),
            "escalate.datapoints: must be more than the alarm itself, 3/3, where the limit is the "
            "same, got '1/3'",
        ),
        (
            errors(datapoints="3/3", **escalated(width=2, datapoints="3/5")),
            "escalate.datapoints: must be more than the alarm itself, 3/3, where the limit is the "
            "same, got '3/5'",
        ),
        (
            {
                "metric": ERRORS,
                "band": {"side": "below"},
                **escalated(threshold={"above": 0}),
            },
            "escalate.threshold.above: is for a band whose side is not below",
        ),
    ],
)
def test_a_second_limit_that_is_crossed_before_the_first_is_refused(alarm, said):
    """It would keep the first one quiet for ever."""
    assert refused({"x": alarm}) == [f"alarms.x.{said}"]


@pytest.mark.parametrize(
    "alarm",
    [
        high(**escalated(threshold={"at_least": 11})),
        high(datapoints="3/5", **escalated(datapoints="5/5")),
        high(datapoints="3/5", **escalated(datapoints="3/3")),
        errors(**escalated(width=4, datapoints="1/1")),
        errors(**escalated(threshold={"below": 1})),
        {"metric": ERRORS, "threshold": {"at_least": 10}, **escalated(threshold={"above": 10})},
    ],
)
def test_a_second_limit_that_is_crossed_later_is_not(alarm):
    assert refused({"x": alarm}) == []


def test_a_suppressor_that_stands_for_two_is_not_what_the_alarm_hangs_on():
    """Beside an escalation the declared one is held in `x-quiet`, and would hold all back too."""
    alarm = high(**escalated(threshold={"above": 20}), quiet_while={"alarm": "x-threshold"})
    assert any(
        one.startswith("alarms.x.quiet_while.alarm: is an alarm that this one hangs on")
        for one in refused({"x": alarm})
    )
