"""Our checks against a hand-written table of what CloudWatch accepts and what it refuses.

The figures are those of the PutMetricAlarm API reference and of the CloudWatch quotas page; the
in-memory AWS checks none of them.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.cloudwatch import limits

METRIC = {"namespace": "AWS/EC2", "name": "CPUUtilization"}


def refused(problems):
    """Whether there is a problem; the texts are read where stack files are tested."""
    return bool(list(problems))


@pytest.mark.parametrize(
    ("period", "accepted"),
    [
        (10, True),
        (20, True),
        (30, True),
        (60, True),
        (120, True),
        (300, True),
        (3600, True),
        (86_400, True),
        (604_800, True),
        (0, False),
        (1, False),
        (15, False),
        (40, False),
        (45, False),
        (59, False),
        (61, False),
        (-60, False),
        (True, False),
        (60.0, False),
        ("60", False),
    ],
)
def test_periods(period, accepted):
    assert refused(limits.period_problems("period", period)) is not accepted


@pytest.mark.parametrize(
    ("datapoints", "period", "accepted"),
    [
        ("1/1", 300, True),
        ("3/5", 300, True),
        (" 3 / 5 ", 300, True),
        ("5/3", 300, False),
        ("0/1", 300, False),
        ("0/0", 300, False),
        ("1/", 300, False),
        ("-1/3", 300, False),
        # A day for periods below an hour ...
        ("1/8640", 10, True),
        ("1/8641", 10, False),
        ("1/1440", 60, True),
        ("1/1441", 60, False),
        ("1/288", 300, True),
        ("1/289", 300, False),
        # ... and a week from there on.
        ("1/168", 3600, True),
        ("1/169", 3600, False),
        ("1/7", 86_400, True),
        ("1/8", 86_400, False),
        ("1/1", 604_800, True),
        ("1/1", 604_860, False),
    ],
)
def test_how_far_back_an_alarm_may_look(datapoints, period, accepted):
    problems = limits.evaluation_problems(datapoints, period, band=False)
    assert refused(problems) is not accepted


@pytest.mark.parametrize("period", [10, 20, 30])
def test_a_band_has_no_high_resolution(period):
    assert refused(limits.evaluation_problems("1/1", period, band=True))
    assert not refused(limits.evaluation_problems("1/1", period, band=False))


@pytest.mark.parametrize(
    ("statistic", "accepted"),
    [
        ("SampleCount", True),
        ("Average", True),
        ("Sum", True),
        ("Minimum", True),
        ("Maximum", True),
        ("p0", True),
        ("p99", True),
        ("p99.9", True),
        ("p100", True),
        ("tm90", True),
        ("tc90", True),
        ("ts90", True),
        ("wm90", True),
        ("IQM", True),
        ("PR(100:2000)", True),
        ("PR(:300)", True),
        ("TM(2%:98%)", True),
        ("TC(0.005:0.030)", True),
        ("TS(80%:)", True),
        ("WM(:95%)", True),
        ("average", False),
        ("avg", False),
        ("p", False),
        ("p101", False),
        ("p-1", False),
        ("P99", False),
        ("iqm", False),
        ("XX(2%:98%)", False),
        ("", False),
    ],
)
def test_statistics(statistic, accepted):
    assert limits.is_statistic(statistic) is accepted


@pytest.mark.parametrize(
    ("name", "accepted"),
    [
        ("a", True),
        ("x" * 255, True),
        ("any printable ASCII: {}/\\|~", True),
        ("", False),
        ("x" * 256, False),
        ("über", False),
        ("a\nb", False),
        ("a\x7fb", False),
    ],
)
def test_names(name, accepted):
    assert refused(limits.name_problems("name", name)) is not accepted


@pytest.mark.parametrize(
    ("metric", "accepted"),
    [
        ({}, True),
        ({"namespace": "x" * 255}, True),
        ({"namespace": "x" * 256}, False),
        ({"namespace": ""}, False),
        ({"namespace": ":x"}, False),
        ({"name": "x" * 255}, True),
        ({"name": "x" * 256}, False),
        ({"dimensions": {f"d{i}": "x" for i in range(30)}}, True),
        ({"dimensions": {f"d{i}": "x" for i in range(31)}}, False),
        ({"dimensions": {"d": "x" * 1024}}, True),
        ({"dimensions": {"d": "x" * 1025}}, False),
        ({"dimensions": {"d": ""}}, False),
        ({"dimensions": {"d": "ü"}}, False),
        ({"dimensions": {"d" * 255: "x"}}, True),
        ({"dimensions": {"d" * 256: "x"}}, False),
        ({"dimensions": {"": "x"}}, False),
    ],
)
def test_metrics(metric, accepted):
    assert refused(limits.metric_problems({**METRIC, **metric})) is not accepted


@pytest.mark.parametrize(
    ("expression", "names", "accepted"),
    [
        ("a + b", "ab", True),
        ("IF(a > 0, a, 0)", "a", True),
        ("FILL(a, REPEAT)", "a", True),
        ("a * 1e5", "a", True),
        ("SUM(METRICS())", "ab", True),
        ('SUM(METRICS("a"))', "ab", True),
        ("a" + " + 0" * 511, "a", True),
        ("a" + " + 0" * 512, "a", False),
        ("", "", False),
        ("a + c", "ab", False),
        ("a", "ab", False),
        ("SEARCH('{AWS/EC2,InstanceId}', 'Average')", "", False),
        ("ANOMALY_DETECTION_BAND(a, 2)", "a", False),
        ("+".join("abcdefghij"), "abcdefghij", True),
        ("+".join("abcdefghijk"), "abcdefghijk", False),
    ],
)
def test_expressions(expression, names, accepted):
    math = {"expression": expression, "using": dict.fromkeys(names, METRIC)}
    assert refused(limits.math_problems(math, band=False)) is not accepted


@pytest.mark.parametrize("name", ["A", "1a", "a-b", "_a", "ä"])
def test_names_of_metrics_in_an_expression(name):
    math = {"expression": name, "using": {name: METRIC}}
    assert refused(limits.math_problems(math, band=False))


def test_all_metrics_at_once_cannot_be_under_a_band():
    math = {"expression": "SUM(METRICS())", "using": {"a": METRIC}}
    assert refused(limits.math_problems(math, band=True))


@pytest.mark.parametrize(("count", "accepted"), [(0, True), (5, True), (6, False)])
def test_actions(count, accepted):
    assert refused(limits.action_problems("actions", ["x"] * count)) is not accepted


@pytest.mark.parametrize(
    ("tags", "accepted"),
    [
        ({}, True),
        ({f"k{i}": "v" for i in range(50)}, True),
        ({f"k{i}": "v" for i in range(51)}, False),
        ({"k" * 128: "v" * 256}, True),
        ({"k" * 129: "v"}, False),
        ({"": "v"}, False),
        ({"k": "v" * 257}, False),
        ({"aws:k": "v"}, False),
        ({"AWS:k": "v"}, False),
    ],
)
def test_tags(tags, accepted):
    assert refused(limits.tag_problems(tags)) is not accepted


@pytest.mark.parametrize(
    ("alarm", "accepted"),
    [
        ({"threshold": {"above": 0}}, True),
        ({"threshold": {"at_most": -1.5}}, True),
        ({"band": {}}, True),
        ({"band": {"width": 0.1}}, True),
        ({"threshold": {}}, False),
        ({"threshold": {"above": 1, "below": 0}}, False),
        ({"threshold": {"above": float("nan")}}, False),
        ({"threshold": {"above": True}}, False),
        ({"band": {"width": 0}}, False),
        ({"band": {"width": float("inf")}}, False),
        ({"threshold": {"above": 1}, "band": {}}, False),
        ({}, False),
    ],
)
def test_thresholds_and_bands(alarm, accepted):
    assert refused(limits.limit_problems(alarm)) is not accepted


def test_the_low_sample_switch_is_for_percentiles():
    metric, threshold = {**METRIC, "statistic": "p90"}, {"above": 1}
    low = {"threshold": threshold, "low_samples": "ignore"}
    assert not refused(limits.alarm_problems({**low, "metric": metric}))
    assert refused(limits.alarm_problems({**low, "metric": {**METRIC, "statistic": "tm90"}}))


@given(st.integers(1, 20_000), st.integers(1, 20_000), st.integers(1, 10_080))
def test_m_of_n_is_accepted_exactly_if_the_documented_sums_are_right(m, n, minutes):
    """Period times N is at most a day, and a week from a period of an hour on."""
    period = 60 * minutes
    reach = 86_400 if period < 3600 else 604_800
    problems = limits.evaluation_problems(f"{m}/{n}", period, band=False)
    assert refused(problems) is not (m <= n and period * n <= reach)


@given(st.text(max_size=300))
def test_a_name_is_accepted_exactly_if_it_is_printable_ascii_of_1_to_255(name):
    sound = 1 <= len(name) <= 255 and all(" " <= char <= "~" for char in name)
    assert refused(limits.name_problems("name", name)) is not sound
