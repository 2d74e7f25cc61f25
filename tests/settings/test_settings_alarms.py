"""Alarms that CloudWatch would refuse, or accept and never act on."""

import pytest

METRIC = {"namespace": "AWS/EC2", "name": "CPUUtilization"}
TOPICS = [f"arn:aws:sns:us-east-1:123456789012:topic-{i}" for i in range(5)]


def test_both_a_threshold_and_a_band_are_refused(mistakes):
    assert mistakes({"alarms/cpu/band": {}}) == [
        "alarms.cpu: needs exactly one of threshold and band, got both"
    ]


def test_neither_a_threshold_nor_a_band_is_refused(mistakes, gone):
    assert mistakes({"alarms/cpu/threshold": gone}) == [
        "alarms.cpu: needs exactly one of threshold and band, got neither"
    ]


def test_both_a_metric_and_math_are_refused(mistakes):
    assert mistakes({"alarms/cpu/math": {"expression": "a", "using": {"a": METRIC}}}) == [
        "alarms.cpu: needs exactly one of metric and math, got both"
    ]


def test_neither_a_metric_nor_math_is_refused(mistakes, gone):
    assert mistakes({"alarms/cpu/metric": gone}) == [
        "alarms.cpu: needs exactly one of metric and math, got neither"
    ]


@pytest.mark.parametrize(
    ("threshold", "got"), [({}, "none"), ({"above": 1, "atMost": 2}, "above, atMost")]
)
def test_a_threshold_is_one_limit(threshold, got, mistakes):
    assert mistakes({"alarms/cpu/threshold": threshold}) == [
        f"alarms.cpu.threshold: needs exactly one of above, atLeast, below, atMost, got {got}"
    ]


@pytest.mark.parametrize("limit", [float("nan"), float("inf"), float("-inf")])
def test_a_limit_that_is_no_finite_number_is_refused(limit, mistakes):
    assert mistakes({"alarms/cpu/threshold": {"above": limit}}) == [
        f"alarms.cpu.threshold.above: must be a finite number, got {limit}"
    ]


@pytest.mark.parametrize("width", [0.0, -1.0, float("nan"), float("inf")])
def test_a_width_that_is_no_finite_number_above_0_is_refused(width, mistakes, gone):
    changes = {"alarms/cpu/threshold": gone, "alarms/cpu/band": {"width": width}}
    assert mistakes(changes) == [
        f"alarms.cpu.band.width: must be a finite number above 0, got {width}"
    ]


@pytest.mark.parametrize("period", [45, 0, -60, 1, 90])
def test_a_period_cloudwatch_does_not_have_is_refused(period, mistakes):
    assert mistakes({"alarms/cpu/metric/period": period}) == [
        f"alarms.cpu.metric.period: must be 10, 20, 30 or a multiple of 60, got {period}"
    ]


def test_a_period_of_more_than_a_week_is_refused(mistakes):
    assert mistakes({"alarms/cpu/metric/period": 8 * 86_400}) == [
        "alarms.cpu.metric.period: must be at most 604800 (7 d), got 691200"
    ]


def test_a_high_resolution_period_under_a_band_is_refused(mistakes, gone):
    changes = {"alarms/cpu/threshold": gone, "alarms/cpu/band": {}}
    assert mistakes({**changes, "alarms/cpu/metric/period": 30}) == [
        "alarms.cpu.metric.period: must be 60 or more under a band (no high-resolution bands), "
        "got 30"
    ]


@pytest.mark.parametrize(
    ("datapoints", "allowed"),
    [
        ("4/3", "at most as many datapoints as periods (4 > 3)"),
        ("0/3", "at least 1 datapoint"),
        ("3", "M/N, for example 3/5"),
        ("3 of 5", "M/N, for example 3/5"),
        ("1/289", "at most 288 periods of 300 s (1 d in all)"),
    ],
)
def test_datapoints_cloudwatch_does_not_have_are_refused(datapoints, allowed, mistakes):
    assert mistakes({"alarms/cpu/datapoints": datapoints}) == [
        f"alarms.cpu.datapoints: must be {allowed}, got {datapoints!r}"
    ]


def test_a_period_of_an_hour_may_reach_back_a_week_and_no_further(mistakes, parsed):
    hourly = {"alarms/cpu/metric/period": 3600}
    parsed({**hourly, "alarms/cpu/datapoints": "1/168"})
    assert mistakes({**hourly, "alarms/cpu/datapoints": "1/169"}) == [
        "alarms.cpu.datapoints: must be at most 168 periods of 3600 s (7 d in all), got '1/169'"
    ]


@pytest.mark.parametrize(
    ("name", "allowed", "got"),
    [
        ("x" * 256, "1 to 255 characters", f"'{'x' * 59}... (256 characters)"),
        ("", "1 to 255 characters", "''"),
        ("Größe", "ASCII (a topic's SourceArn condition fails on other characters)", "'Größe'"),
        ("a\tb", "free of control characters", "'a\\tb'"),
    ],
)
def test_a_name_that_cannot_be_had_is_refused(name, allowed, got, mistakes):
    assert mistakes({"alarms/cpu/name": name}) == [f"alarms.cpu.name: must be {allowed}, got {got}"]


def test_a_name_made_from_the_key_is_checked_like_a_given_one(mistakes):
    alarm = {"metric": METRIC, "threshold": {"above": 80}}
    (line,) = mistakes({"alarms/größe": alarm})
    assert line.startswith("alarms.größe.name: must be ASCII")


def test_two_alarms_of_one_physical_name_are_refused(mistakes):
    alarm = {"name": "dev-cpu", "metric": METRIC, "threshold": {"above": 1}}
    assert mistakes({"alarms/other": alarm}) == [
        "alarms.other.name: is 'dev-cpu', and so is that of 'cpu': one would overwrite the other"
    ]


def test_a_sixth_action_is_refused(mistakes, parsed):
    parsed({"alarms/cpu/actions": TOPICS[:4]})
    assert mistakes({"alarms/cpu/actions": TOPICS}) == [
        "alarms.cpu.actions: must be at most 5 actions a state, the severity's topic included, "
        "got 6"
    ]


def test_an_action_in_another_region_is_refused(mistakes):
    arn = "arn:aws:sns:eu-west-1:123456789012:topic"
    assert mistakes({"alarms/cpu/actions": [arn]}) == [
        "alarms.cpu.actions: must be in us-east-1: an action is in the alarm's own Region, "
        f"got {arn!r}"
    ]


def test_an_action_that_is_no_arn_is_refused(mistakes):
    assert mistakes({"alarms/cpu/actions": ["pager"]}) == [
        "alarms.cpu.actions: must be ARNs, got 'pager'"
    ]


def test_an_action_on_the_instance_itself_is_accepted(parsed):
    parsed({"alarms/cpu/actions": ["arn:aws:automate:us-east-1:ec2:reboot"]})


@pytest.mark.parametrize(
    ("key", "value", "allowed"),
    [
        ("missing", "Breaching", "missing, ignore, breaching, notBreaching"),
        ("lowSamples", "skip", "evaluate, ignore"),
    ],
)
def test_a_word_cloudwatch_does_not_have_is_refused(key, value, allowed, mistakes):
    assert mistakes({f"alarms/cpu/{key}": value}) == [
        f"alarms.cpu.{key}: must be one of {allowed}, got {value!r}"
    ]


def test_a_side_there_is_not_is_refused(mistakes, gone):
    changes = {"alarms/cpu/threshold": gone, "alarms/cpu/band": {"side": "up"}}
    assert mistakes(changes) == [
        "alarms.cpu.band.side: must be one of above, below, outside, got 'up'"
    ]


def test_a_severity_there_is_not_is_refused(mistakes):
    assert mistakes({"alarms/cpu/severity": "page"}) == [
        "alarms.cpu.severity: must be one of notify, got 'page'"
    ]


def test_low_samples_without_a_percentile_are_refused(mistakes):
    assert mistakes({"alarms/cpu/lowSamples": "ignore"}) == [
        "alarms.cpu.lowSamples: applies to percentile statistics only, such as p99"
    ]


def test_a_statistic_there_is_not_is_refused(mistakes):
    (line,) = mistakes({"alarms/cpu/metric/statistic": "avg"})
    assert line.startswith("alarms.cpu.metric.statistic: must be SampleCount, Average, Sum, ")


@pytest.mark.parametrize("key", ["description", "runbook"])
def test_a_description_cloudwatch_would_refuse_is_refused(key, mistakes):
    (line,) = mistakes({f"alarms/cpu/{key}": "x" * 1025})
    assert line.startswith(
        "alarms.cpu.description: must be at most 1024 characters, the links in it included, got"
    )


def test_more_than_50_tags_together_with_the_stacks_are_refused(mistakes):
    stack = {f"stack-{i}": "x" for i in range(30)}
    alarm = {f"alarm-{i}": "x" for i in range(21)}
    assert mistakes({"tags": stack, "alarms/cpu/tags": alarm}) == [
        "alarms.cpu.tags: must be at most 50 tags together with those of the stack, got 51"
    ]


@pytest.mark.parametrize(
    ("math", "said"),
    [
        (
            {"expression": "a / b", "using": {"a": METRIC}},
            "expression: uses 'b', which `using` does not define (it has a)",
        ),
        (
            {"expression": "a", "using": {"a": METRIC, "b": METRIC}},
            "using.b: must be used in the expression 'a', got 'b'",
        ),
        ({"expression": "1", "using": {}}, "using: must be 1 to 10 metrics, got 0"),
        (
            {"expression": "A", "using": {"A": METRIC}},
            "using: must be named by letters, digits and _, starting in lower case, got 'A'",
        ),
        (
            {"expression": "observed", "using": {"observed": METRIC}},
            "using.observed: has a name that is taken; give it another",
        ),
        (
            {"expression": "a", "using": {"a": METRIC}, "period": 45},
            "period: must be 10, 20, 30 or a multiple of 60, got 45",
        ),
    ],
)
def test_math_cloudwatch_would_refuse_is_refused(math, said, mistakes, gone):
    found = mistakes({"alarms/cpu/metric": gone, "alarms/cpu/math": math})
    assert found == [f"alarms.cpu.math.{said}"]


def test_a_period_beside_a_metric_of_an_expression_is_refused(mistakes, gone):
    math = {"expression": "a", "using": {"a": {**METRIC, "period": 60}}}
    (line,) = mistakes({"alarms/cpu/metric": gone, "alarms/cpu/math": math})
    assert line.startswith("alarms.cpu.math.using.a.period: is not known; ")


def test_a_stack_without_alarms_is_refused(mistakes):
    assert mistakes({"alarms": {}}) == ["alarms: there are none: nothing would ever be told"]


def test_an_alarm_cannot_have_been_called_as_another_is(mistakes):
    other = {"metric": {"namespace": "N", "name": "M"}, "threshold": {"above": 1}}
    changes = {"alarms/disk": other, "alarms/cpu/formerly": "disk"}
    assert mistakes(changes) == ["alarms.cpu.formerly: is 'disk', and there still is one"]


def test_an_alarm_of_a_set_may_have_been_an_alarm_of_its_own(parsed):
    mails = {"kind": "sqs", "id": "mails", "alarms": {"age": {"of": 60, "formerly": "old-mail"}}}
    alarms = parsed({"watch/mails": mails}).alarms_args({})["alarms"]
    assert alarms["mails-age"]["formerly"] == ["old-mail"]


def test_a_former_name_in_a_set_is_refused_where_it_was_said(mistakes):
    mails = {"kind": "sqs", "id": "mails", "alarms": {"age": {"of": 60, "formerly": "cpu"}}}
    assert mistakes({"watch/mails": mails}) == [
        "watch.mails.alarms.age.formerly: is 'cpu', and there still is one"
    ]
