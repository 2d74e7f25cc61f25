"""An account's alarms driven by metric data."""

from pathlib import Path

import numpy as np
import pytest

from alerting.account import Account, Item, Kind, Unknown
from alerting.replay import MetricKey, Series, read_recording, replay, watched

MONDAY = 1_704_067_200
MINUTE, HOUR = 60, 3600
ACCOUNT = "111122223333"


def alarm(name="cpu-high", **changes):
    arn = f"arn:aws:cloudwatch:us-east-1:{ACCOUNT}:alarm:{name}"
    data = {
        "AlarmName": name,
        "AlarmArn": arn,
        "Namespace": "AWS/EC2",
        "MetricName": "CPUUtilization",
        "Dimensions": [{"Name": "InstanceId", "Value": "i-1"}],
        "Statistic": "Average",
        "Period": 300,
        "EvaluationPeriods": 1,
        "DatapointsToAlarm": 1,
        "Threshold": 80.0,
        "ComparisonOperator": "GreaterThanThreshold",
        **changes,
    }
    return Item(Kind.ALARM, arn, {key: value for key, value in data.items() if value is not None})


def math_alarm(expression, names="ab", **changes):
    queries = [{"Id": one, "ReturnData": False, "MetricStat": stat(one)} for one in names]
    queries.append({"Id": "e1", "ReturnData": True, "Expression": expression})
    return alarm(**PLAIN, Metrics=queries, **changes)


def band_alarm(width=2, **changes):
    queries = [
        {"Id": "m1", "ReturnData": True, "MetricStat": stat("a")},
        {"Id": "band", "ReturnData": True, "Expression": f"ANOMALY_DETECTION_BAND(m1, {width})"},
    ]
    fields = {
        "Threshold": None,
        "ThresholdMetricId": "band",
        "ComparisonOperator": "LessThanLowerOrGreaterThanUpperThreshold",
        "Metrics": queries,
    }
    return alarm(**PLAIN, **(fields | changes))


PLAIN = {
    "Namespace": None,
    "MetricName": None,
    "Dimensions": None,
    "Statistic": None,
    "Period": None,
}


def stat(name, statistic="Average", period=300):
    return {
        "Metric": {"Namespace": "App", "MetricName": name, "Dimensions": []},
        "Period": period,
        "Stat": statistic,
    }


def key(name, statistic="Average"):
    return MetricKey("App", name, (), statistic)


def series(values, every=300, start=MONDAY, **changes):
    return Series.of(start + every * np.arange(len(values)), values, spacing=every, **changes)


def run(*alarms, data, **options):
    return replay(Account(ACCOUNT, "us-east-1", alarms), data, **options)


def told(result, name=None):
    """Minutes since the start, and the new state."""
    return [
        ((change.time - result.start) // 60, str(change.new))
        for change in result.changes
        if name in (None, change.alarm.get("AlarmName"))
    ]


def cpu(values, **changes):
    return {watched(alarm().data).metric: series(values, **changes)}


def test_the_story_of_one_alarm():
    nothing = [np.nan] * 6
    values = [40] * 24 + [95] * 4 + nothing + list(np.arange(40, 70, 2.5)) + [40] * 12

    result = run(alarm(), data=cpu(values))

    assert told(result) == [
        (5, "OK"),
        (125, "ALARM"),
        (151, "INSUFFICIENT_DATA"),
        (175, "OK"),
    ]
    assert result.end - result.start == 290 * MINUTE
    assert result.changes[0].old == "INSUFFICIENT_DATA"


def test_a_change_knows_its_datapoints_its_limit_and_its_reason():
    result = run(
        alarm(EvaluationPeriods=3, DatapointsToAlarm=2), data=cpu([40, 40, 95, np.nan, 99])
    )

    change = result.changes[-1]

    assert [p.value for p in change.datapoints] == [40, 40, 95, None, 99]
    assert [p.breaching for p in change.datapoints] == [False, False, True, None, True]
    assert [p.time for p in change.datapoints] == [MONDAY + 300 * at for at in range(5)]
    assert change.threshold == 80
    assert change.reason == (
        "Threshold Crossed: 2 out of the last 3 datapoints [99.0 (01/01/24 00:20:00), "
        "95.0 (01/01/24 00:10:00)] were greater than the threshold (80.0) "
        "(minimum 2 datapoints for OK -> ALARM transition)."
    )
    assert change.reason_data["recentDatapoints"] == [40, 95, None, 99]


def test_the_shipped_recording_crosses_eighty_three_times_and_comes_back():
    recordings = Path(__file__).parents[2] / "examples" / "recordings"
    recording = read_recording(recordings / "ec2_cpu_utilization_fe7f93.csv")

    result = run(alarm(), data={watched(alarm().data).metric: recording.series})

    assert [str(change.new) for change in result.changes] == ["OK", *["ALARM", "OK"] * 3]


def test_changes_of_several_alarms_come_in_the_order_of_time():
    high, low = alarm("high"), alarm("low", Threshold=30.0)

    result = run(high, low, data=cpu([20, 50, 90]))

    assert [(c.alarm.label, (c.time - MONDAY) // 60, str(c.new)) for c in result.changes] == [
        ("high", 5, "OK"),
        ("low", 5, "OK"),
        ("low", 10, "ALARM"),
        ("high", 15, "ALARM"),
    ]


def test_the_longest_series_says_when_the_replay_ends():
    other = MetricKey("App", "other")
    data = cpu([90]) | {other: series([1] * 12)}

    result = run(alarm(TreatMissingData="notBreaching"), data=data)

    assert result.end == MONDAY + HOUR
    assert told(result) == [(5, "ALARM"), (16, "OK")]


def test_a_tick_at_the_declared_end_is_the_last_one():
    metric = watched(alarm().data).metric
    odd = Series.of([MONDAY + 30, MONDAY + 330], [10.0, 90.0], spacing=300)

    result = run(alarm(), data={metric: odd})

    assert told(result) == [(5, "OK")], "the second would be seen half a minute after the end"


def test_dynamodb_ignores_missing_data_unless_told_otherwise():
    values = [90, np.nan, np.nan, np.nan, np.nan]
    ours = alarm(Namespace="AWS/DynamoDB")
    metric = watched(ours.data).metric

    kept = run(ours, data={metric: series(values)})
    lost = run(
        alarm(Namespace="AWS/DynamoDB", TreatMissingData="missing"), data={metric: series(values)}
    )

    assert told(kept) == [(5, "ALARM")]
    assert told(lost) == [(5, "ALARM"), (16, "INSUFFICIENT_DATA")]


def test_an_alarm_history_says_when_its_clock_started():
    result = run(alarm(), data=cpu([np.nan, np.nan, 40]))
    (history,) = result.histories

    assert history.first_seen == MONDAY + 15 * MINUTE
    assert result.history(history.alarm) is history
    assert history.timeline.at(history.first_seen) == "OK"


def test_metric_math_is_worked_out_slot_by_slot():
    data = {key("a"): series([1, 2, 30, 4]), key("b"): series([100, 100, 100, 0])}

    result = run(math_alarm("100 * a / b", Threshold=5.0), data=data)

    assert told(result) == [(5, "OK"), (15, "ALARM")], "by zero there is no datapoint"
    assert [p.value for p in result.changes[-1].datapoints] == [1, 2, 30]


def test_metric_math_sees_each_metric_at_its_own_time():
    data = {key("a"): series([1] * 5, every=60), key("b"): series([1], every=300)}

    result = run(math_alarm("a + b", Threshold=1.5), data=data)

    assert told(result) == [(1, "OK"), (5, "ALARM")]


def test_a_band_alarm_is_held_against_the_band_it_is_given():
    asked = []

    def bands(item, metric, width):
        asked.append((item.label, metric.values.tolist(), width))
        return np.full(metric.stamps.size, 10.0 - width), np.full(metric.stamps.size, 10.0 + width)

    result = run(band_alarm(width=1.5), data={key("a"): series([10, 12, 9])}, bands=bands)

    assert asked == [("cpu-high", [10, 12, 9], 1.5)]
    assert told(result) == [(5, "OK"), (10, "ALARM"), (15, "OK")]
    alarmed = result.changes[1]
    assert (alarmed.datapoints[-1].lower, alarmed.datapoints[-1].upper) == (8.5, 11.5)
    assert alarmed.reason == (
        "Thresholds Crossed: 1 out of the last 1 datapoints [12.0 (01/01/24 00:05:00)] was less "
        "than the lower thresholds [8.5] or greater than the upper thresholds [11.5] "
        "(minimum 1 datapoint for OK -> ALARM transition)."
    )


def test_while_there_is_no_band_there_is_no_datapoint():
    def bands(_item, metric, _width):
        known = np.arange(metric.stamps.size) >= 2
        return np.where(known, 0.0, np.nan), np.where(known, 5.0, np.nan)

    data = {key("a"): series([9, 9, 9])}
    missing = run(band_alarm(), data=data, bands=bands)
    breaching = run(band_alarm(TreatMissingData="breaching"), data=data, bands=bands)

    assert told(missing) == [(15, "ALARM")]
    assert missing.histories[0].first_seen == MONDAY + 5 * MINUTE
    assert told(breaching) == [(5, "ALARM")]


def test_an_alarm_that_never_gets_a_band_stays_in_insufficient_data():
    def none_yet(_item, metric, _width):
        return np.full(metric.stamps.size, np.nan), np.full(metric.stamps.size, np.nan)

    result = run(band_alarm(), data={key("a"): series([9, 9, 9])}, bands=none_yet)

    assert told(result) == []
    assert result.histories[0].timeline.at(result.end) == "INSUFFICIENT_DATA"


def test_a_band_is_learned_at_the_alarms_period_where_the_recording_is_finer():
    asked = []

    def bands(_item, metric, _width):
        asked.append(metric)
        return np.zeros(metric.stamps.size), np.full(metric.stamps.size, 5.0)

    result = run(
        band_alarm(), data={key("a"): series([1, 1, 1, 1, 1, 9, 9, 9, 9, 9], every=60)}, bands=bands
    )

    assert asked[0].spacing == 300
    assert asked[0].values.tolist() == [1, 9]
    assert told(result) == [(5, "OK"), (10, "ALARM")]


def test_a_band_over_metric_math():
    queries = [
        {"Id": "m1", "ReturnData": False, "MetricStat": stat("a")},
        {"Id": "m2", "ReturnData": False, "MetricStat": stat("b")},
        {"Id": "e1", "ReturnData": True, "Expression": "m1 - m2"},
        {"Id": "band", "ReturnData": True, "Expression": "ANOMALY_DETECTION_BAND(e1)"},
    ]
    seen = []

    def bands(_item, metric, width):
        seen.append((metric.stamps.tolist(), metric.values.tolist(), width))
        return np.zeros(metric.stamps.size), np.ones(metric.stamps.size)

    start = MONDAY + 2 * MINUTE
    data = {key("a"): series([5, 5], start=start), key("b"): series([5, 1], start=start)}
    result = run(band_alarm(Metrics=queries), data=data, bands=bands)

    assert seen == [([start, start + 300], [0, 4], 2.0)], "the recording's own phase is kept"
    assert told(result) == [(5, "OK"), (10, "ALARM")]


def test_a_band_on_wall_clock_windows_has_the_days_of_the_zone():
    asked = []

    def bands(_item, metric, _width):
        asked.append(metric.stamps.tolist())
        return np.zeros(metric.stamps.size), np.ones(metric.stamps.size)

    queries = [
        {"Id": "m1", "ReturnData": True, "MetricStat": stat("a", period=86_400)},
        {"Id": "band", "ReturnData": True, "Expression": "ANOMALY_DETECTION_BAND(m1)"},
    ]
    zone = {"WallClockWindow": {"Timezone": "Europe/Berlin"}}
    item = band_alarm(Metrics=queries, EvaluationWindow=zone)
    run(item, data={key("a"): series([1] * 30, every=HOUR, start=MONDAY - HOUR)}, bands=bands)

    assert asked == [[MONDAY - HOUR, MONDAY + 23 * HOUR]], "midnight in Berlin is 23:00 UTC"


def test_metric_math_over_one_metric_agrees_with_the_metric_itself():
    rng = np.random.default_rng(3)
    for _ in range(20):
        values = np.where(rng.random(30) < 0.4, np.nan, rng.integers(0, 3, 30))
        every = int(rng.choice([60, 300, 420]))
        rules = {
            "EvaluationPeriods": 3,
            "DatapointsToAlarm": int(rng.integers(1, 4)),
            "TreatMissingData": str(rng.choice(["missing", "ignore", "breaching"])),
            "Threshold": 1.5,
        }
        data = {key("a"): series(values, every=every)}
        plain = alarm(Namespace="App", MetricName="a", Dimensions=[], **rules)

        assert told(run(math_alarm("a * 1", **rules), data=data)) == told(run(plain, data=data))


def test_math_under_a_band_sees_nothing_before_its_time():
    queries = [
        {"Id": "m1", "ReturnData": False, "MetricStat": stat("a")},
        {"Id": "m2", "ReturnData": False, "MetricStat": stat("b")},
        {"Id": "e1", "ReturnData": True, "Expression": "m1 + m2"},
        {"Id": "band", "ReturnData": True, "Expression": "ANOMALY_DETECTION_BAND(e1)"},
    ]

    def bands(_item, metric, _width):
        return np.zeros(metric.stamps.size), np.ones(metric.stamps.size)

    data = {key("a"): series([0, 0, 0]), key("b"): series([0, 9, 0], start=MONDAY + 240)}
    result = run(band_alarm(Metrics=queries), data=data, bands=bands)

    alarmed = next(change for change in result.changes if change.new == "ALARM")
    assert alarmed.time >= MONDAY + 540 + 300, "stamped at 9 min, b is known at 14 min"


def seen_reason(item, data=None, **options):
    result = run(item, data={key("x"): series([1])} if data is None else data, **options)
    (skipped,) = result.skipped
    assert skipped.alarm is item
    assert result.histories == ()
    return skipped.reason


ONE = {key("a"): series([1]), key("b"): series([1])}


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (alarm(), "there is no data of Average of AWS/EC2 CPUUtilization (InstanceId=i-1)"),
        (alarm(AlarmRule="ALARM(x)"), "its rule names 'x', which is not among the alarms"),
        (alarm(EvaluationCriteria={"PromQLCriteria": {}}), "PromQL alarms are not replayed"),
        (band_alarm(), "its limit is a band, and no band can be had here"),
        (
            math_alarm("SEARCH('x', 'Sum')"),
            "its expression uses SEARCH, which is not among the functions that are replayed",
        ),
        (math_alarm("a + c"), "its expression names 'c', which is no Id in it"),
        (math_alarm("a +"), "the expression e1 needs a number, an Id or a function at character 4"),
        (math_alarm("[a, b]"), "its expression comes to several time series"),
        (math_alarm("e1 + a"), "the expression e1 is made of itself"),
        (math_alarm("SELECT AVG(x) FROM y"), "the expression e1 is a Metrics Insights query"),
        (math_alarm("a", EvaluationPeriods=None), "lacks 'EvaluationPeriods'"),
        (math_alarm("a", Threshold=Unknown()), "its threshold is not known"),
        (math_alarm("a", ComparisonOperator="More"), "'More' is not a valid Comparison"),
        (
            math_alarm("a", EvaluationWindow={"WallClockWindow": {"Timezone": "Mars/Olympus"}}),
            "there is no time zone 'Mars/Olympus'",
        ),
        (alarm(MetricName=Unknown()), "the metric it watches is not known yet"),
        (alarm(Namespace=None), "lacks 'Namespace'"),
        (math_alarm(Unknown()), "the expression e1 is not known yet"),
        (alarm(Statistic=None), "names no statistic"),
        (alarm(Period=None), "names no period"),
        (alarm(Period=Unknown()), "has a value that is not known yet"),
        (
            alarm(**PLAIN, Metrics=[{"Id": i, "MetricStat": stat(i)} for i in "ab"]),
            "returns data of 2 metrics; an alarm watches one",
        ),
        (
            math_alarm("a", DatapointsToAlarm=4, EvaluationPeriods=3),
            "wants 4 of 3 datapoints of 300 seconds",
        ),
        (
            math_alarm("a", ComparisonOperator="GreaterThanUpperThreshold"),
            "its operator GreaterThanUpperThreshold does not go with a threshold",
        ),
        (
            band_alarm(ComparisonOperator="GreaterThanThreshold"),
            "its operator GreaterThanThreshold does not go with a band",
        ),
        (
            math_alarm("a", EvaluationPeriods=Unknown()),
            "has a value that is not known yet",
        ),
        (band_alarm(width="a"), "its threshold band is not an ANOMALY_DETECTION_BAND of a metric"),
    ],
)
def test_what_cannot_be_replayed_is_listed_with_the_reason(item, reason):
    assert reason in seen_reason(item, ONE)


def test_a_metric_without_a_datapoint_is_listed():
    assert "has no datapoint" in seen_reason(alarm(), cpu([np.nan, np.nan]))


def test_a_statistic_that_needs_more_than_the_recording_is_listed():
    item = alarm(Statistic=None, ExtendedStatistic="tc90")
    finer = {watched(item.data).metric: series([1, 2, 3], every=60)}

    assert "tc90 cannot be worked out" in seen_reason(item, finer)


def test_one_alarm_that_cannot_be_replayed_does_not_stop_the_others():
    result = run(alarm("bad", Period=None), alarm("good"), data=cpu([90]))

    assert [one.alarm.label for one in result.skipped] == ["bad"]
    assert told(result, "good") == [(5, "ALARM")]


def test_only_some_alarms_can_be_replayed():
    one, other = alarm("one"), alarm("other")

    result = run(one, other, data=cpu([90]), alarms=[other])

    assert [history.alarm for history in result.histories] == [other]
    assert result.history(one) is None


def test_a_replay_without_data_is_refused():
    with pytest.raises(ValueError, match="needs the data of at least one metric"):
        run(alarm(), data={})


def test_an_unknown_dimension_is_part_of_the_metric():
    item = alarm(Dimensions=[{"Name": "InstanceId", "Value": Unknown(("urn:x",))}])
    metric = watched(item.data).metric

    assert "InstanceId=(not known yet)" in str(metric)
    assert told(run(item, data={metric: series([90])})) == [(5, "ALARM")]
