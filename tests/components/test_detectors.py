"""Which detectors are made, what they learn, and what is refused."""

import pulumi
import pytest

from alerting.components.detectors import detector_problems, detectors_of
from alerting.recording import record

CPU = {"namespace": "AWS/EC2", "name": "CPUUtilization", "dimensions": {"InstanceId": "i-1"}}
MATH = {
    "expression": "100 * errors / requests",
    "period": 60,
    "using": {
        "requests": {"namespace": "Shop", "name": "Requests", "statistic": "Sum"},
        "errors": {"namespace": "Shop", "name": "Errors", "statistic": "Sum"},
    },
}
RANGE = {"from_": "2026-12-01T20:00", "to": "2026-12-01T22:00"}
WINDOW = {**RANGE, "timezone": "Europe/Berlin"}
NIGHTLY = {"cron": "0 2 * * *", "lasts": "1h", "timezone": "UTC"}


def band(metric=CPU, **settings):
    return {"metric": metric, "band": settings}


def properties(alarm, windows=None):
    (found,) = detectors_of({"cpu": alarm}, windows or {})
    return found.template()["Resources"]["Detector"]["Properties"]


def problems(alarms, windows=None) -> str:
    return "\n".join(map(str, detector_problems(alarms, windows or {})))


def test_an_alarm_that_needs_no_settings_is_left_to_cloudwatch():
    threshold = {"metric": CPU, "threshold": {"above": 1}}
    alarms = {"cpu": band(width=3, side="above"), "high": threshold}
    assert detectors_of(alarms, {"nightly": NIGHTLY}) == []
    assert detectors_of({"high": threshold}, {"deploy": WINDOW}) == []


def test_a_detector_is_asked_for_with_exactly_this():
    """CloudFormation spells the zone otherwise than the API, and writes times in UTC."""
    alarm = band(exclude=[RANGE], timezone="Europe/Berlin", spiky=True)
    assert properties(alarm) == {
        "SingleMetricAnomalyDetector": {
            "Namespace": "AWS/EC2",
            "MetricName": "CPUUtilization",
            "Dimensions": [{"Name": "InstanceId", "Value": "i-1"}],
            "Stat": "Average",
        },
        "Configuration": {
            "ExcludedTimeRanges": [
                {"StartTime": "2026-12-01T19:00:00", "EndTime": "2026-12-01T21:00:00"}
            ],
            "MetricTimeZone": "Europe/Berlin",
        },
        "MetricCharacteristics": {"PeriodicSpikes": True},
    }


def test_a_detector_of_math_learns_the_expression():
    found = properties({"math": MATH, "band": {"spiky": True}})
    queries = found["MetricMathAnomalyDetector"]["MetricDataQueries"]
    assert [(query["Id"], query["ReturnData"]) for query in queries] == [
        ("errors", False),
        ("requests", False),
        ("observed", True),
    ]
    assert queries[0]["MetricStat"]["Period"] == 60
    assert queries[-1]["Expression"] == "100 * errors / requests"


def test_ranges_are_in_utc_unless_a_zone_is_given():
    (one,) = properties(band(exclude=[RANGE]))["Configuration"]["ExcludedTimeRanges"]
    assert one["StartTime"] == "2026-12-01T20:00:00"


def test_a_window_that_is_there_once_is_not_learned_from():
    found = properties(band(), {"deploy": WINDOW, "nightly": NIGHTLY})
    assert found["Configuration"] == {
        "ExcludedTimeRanges": [
            {"StartTime": "2026-12-01T19:00:00", "EndTime": "2026-12-01T21:00:00"}
        ]
    }


def test_a_window_over_other_alarms_is_learned_from():
    assert detectors_of({"cpu": band()}, {"deploy": {**WINDOW, "alarms": ["other"]}}) == []


def test_alarms_on_one_band_share_its_detector():
    alarms = {
        "b": band(width=4),
        "a": band(exclude=[RANGE]),
        "other": band({**CPU, "statistic": "p99"}, spiky=False),
    }
    found = {one.alarms for one in detectors_of(alarms, {})}
    assert found == {("a", "b"), ("other",)}


def test_the_same_output_is_the_same_series_and_another_is_not():
    def metric(value):
        return {**CPU, "dimensions": {"InstanceId": value}}

    def declare():
        one, other = pulumi.Output.from_input("i-1"), pulumi.Output.from_input("i-1")
        alarms = {
            "a": band(metric(one), spiky=True),
            "b": band(metric(one)),
            "c": band(metric(other), spiky=True),
        }
        found = detectors_of(alarms, {})
        assert [detector.alarms for detector in found] == [("a", "b"), ("c",)]
        assert len({detector.slug for detector in found}) == 2

    record(declare)


def test_a_detector_is_called_by_what_it_learns():
    """Not by an alarm: one more alarm on the band must not make the detector anew."""
    (one,) = detectors_of({"b": band(spiky=True)}, {})
    (same,) = detectors_of({"a": band(), "b": band(timezone="UTC")}, {})
    (other,) = detectors_of({"b": band({**CPU, "statistic": "Sum"}, spiky=True)}, {})
    assert one.slug == same.slug != other.slug
    assert one.slug.startswith("CPUUtilization-")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"timezone": "Moon"}, "alarms.cpu.band.timezone: must be an IANA time zone"),
        ({"spiky": "yes"}, "alarms.cpu.band.spiky: must be true or false"),
        (
            {"exclude": [RANGE, {**RANGE, "to": "2026-12-01T20:00"}]},
            "alarms.cpu.band.exclude.1.to: must be after 2026-12-01T20:00",
        ),
        (
            {"exclude": [{**RANGE, "from_": "2026-12-01T20:00:00"}]},
            "alarms.cpu.band.exclude.0.from_: must be a local time",
        ),
        (
            {
                "exclude": [{"from_": "2027-03-28T02:30", "to": "2027-03-29"}],
                "timezone": "Europe/Berlin",
            },
            "the clocks of Europe/Berlin skip this one",
        ),
    ],
)
def test_a_setting_no_detector_takes_is_refused(settings, said):
    assert said in problems({"cpu": band(**settings)})


def ranges(count: int, year: int = 2026):
    return [
        {"from_": f"{year}-11-{d:02}", "to": f"{year}-11-{d + 1:02}"} for d in range(1, count + 1)
    ]


def test_an_eleventh_range_is_refused():
    assert not problems({"cpu": band(exclude=ranges(10))})
    said = "alarms.cpu.band.exclude: must be at most 10 time ranges for one metric and statistic"
    assert said in problems({"cpu": band(exclude=ranges(11))})


def test_a_range_that_is_said_twice_counts_once():
    assert not problems({"cpu": band(exclude=[*ranges(10), ranges(1)[0]])})


def test_a_window_that_would_be_the_eleventh_range_is_refused():
    alarms = {"cpu": band(exclude=ranges(9)), "unusual": band(width=4)}
    windows = {"first": WINDOW, "second": {**WINDOW, "to": "2026-12-01T23:00"}}
    assert not problems(alarms, {"first": WINDOW})
    found = problems(alarms, windows)
    assert "windows.second: is one time range more than the 10 that the detector of cpu" in found
    assert "windows.first" not in found


@pytest.mark.parametrize(
    ("one", "other", "setting"),
    [
        ({"timezone": "UTC"}, {"timezone": "Europe/Berlin"}, "timezone"),
        ({"spiky": True}, {"spiky": False}, "spiky"),
        ({"exclude": ranges(1)}, {"exclude": ranges(2)}, "exclude"),
    ],
)
def test_alarms_on_one_band_that_contradict_each_other_are_refused(one, other, setting):
    found = problems({"a": band(**one), "b": band(**other)})
    assert found == (
        f"alarms.b.band.{setting}: is another than that of a: CloudWatch learns one band for both"
    )


def test_alarms_on_one_band_may_say_the_same_in_other_words():
    here = {"exclude": [RANGE], "timezone": "UTC"}
    assert not problems({"a": band(**here), "b": band(exclude=[RANGE])})
