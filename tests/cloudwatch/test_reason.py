"""StateReason and StateReasonData, against texts seen in real alarms."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.cloudwatch.reason import Datapoint, java_double, reason, reason_data


def at(text):
    return int(datetime.strptime(text, "%d/%m/%y %H:%M:%S").replace(tzinfo=UTC).timestamp())


def alarm(n=1, m=None, **changes):
    return {
        "AlarmName": "a",
        "Namespace": "AWS/EC2",
        "MetricName": "CPU",
        "Statistic": "Average",
        "Period": 300,
        "EvaluationPeriods": n,
        "Threshold": 50,
        "ComparisonOperator": "GreaterThanThreshold",
        **({} if m is None else {"DatapointsToAlarm": m}),
        **changes,
    }


def point(time, value, breaching, lower=None, upper=None):
    return Datapoint(at(time), value, breaching, lower, upper)


def missing(time):
    return Datapoint(at(time))


BAND = {
    "Threshold": None,
    "ThresholdMetricId": "ad1",
    "ComparisonOperator": "LessThanLowerOrGreaterThanUpperThreshold",
    "MetricName": None,
    "Metrics": [{"Id": "m1", "MetricStat": {"Metric": {"Namespace": "x"}, "Period": 60}}],
    "Period": None,
}

SEEN = [
    pytest.param(
        alarm(3, 2),
        "ALARM",
        [point("14/09/26 05:46:50", 100, True)],
        "Threshold Crossed: 1 out of the last 3 datapoints [100.0 (14/09/26 05:46:50)] was "
        "greater than the threshold (50.0) (minimum 2 datapoints for OK -> ALARM transition).",
        id="premature",
    ),
    pytest.param(
        alarm(2, 2, Threshold=1),
        "ALARM",
        [
            point("27/09/21 01:35:00", 1.7514244573552422, True),
            point("27/09/21 01:36:00", 5.535714886726143, True),
        ],
        "Threshold Crossed: 2 out of the last 2 datapoints [5.535714886726143 (27/09/21 01:36:00), "
        "1.7514244573552422 (27/09/21 01:35:00)] were greater than the threshold (1.0) "
        "(minimum 2 datapoints for OK -> ALARM transition).",
        id="newest first",
    ),
    pytest.param(
        alarm(3, 3),
        "OK",
        [
            point("01/01/24 00:00:00", 60, True),
            point("01/01/24 00:05:00", 60, True),
            point("01/01/24 00:10:00", 48, False),
        ],
        "Threshold Crossed: 1 out of the last 3 datapoints [48.0 (01/01/24 00:10:00)] was not "
        "greater than the threshold (50.0) (minimum 1 datapoint for ALARM -> OK transition).",
        id="back to OK",
    ),
    pytest.param(
        alarm(20, 1, TreatMissingData="notBreaching", Threshold=1,
              ComparisonOperator="GreaterThanOrEqualToThreshold"),
        "ALARM",
        [missing("16/03/24 12:14:00"), point("16/03/24 12:15:00", 613, True)],
        "Threshold Crossed: 1 out of the last 20 datapoints [613.0 (16/03/24 12:15:00)] was "
        "greater than or equal to the threshold (1.0) and 19 missing datapoints were treated as "
        "[NonBreaching] (minimum 1 datapoint for OK -> ALARM transition).",
        id="filled up",
    ),
    pytest.param(
        alarm(8, TreatMissingData="breaching", Threshold=0,
              ComparisonOperator="LessThanOrEqualToThreshold"),
        "OK",
        [point("19/08/26 09:36:00", 2, False)],
        "Threshold Crossed: 1 datapoint [2.0 (19/08/26 09:36:00)] was not less than or equal to "
        "the threshold (0.0) and 7 missing datapoints were treated as [Breaching].",
        id="without M",
    ),
    pytest.param(
        alarm(3, 3, TreatMissingData="breaching"),
        "ALARM",
        [],
        "Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints "
        "were treated as [Breaching].",
        id="nothing but fill",
    ),
    pytest.param(
        alarm(1, TreatMissingData="notBreaching"),
        "OK",
        [missing("01/01/24 00:00:00")],
        "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint "
        "was treated as [NonBreaching].",
        id="one missing",
    ),
    pytest.param(
        alarm(3, 2, TreatMissingData="breaching"),
        "ALARM",
        [point("01/01/24 00:00:00", 0, False)],
        "Threshold Crossed: 1 datapoint was received for 3 periods and 2 missing datapoints "
        "were treated as [Breaching].",
        id="the fill alarms against what was received",
    ),
    pytest.param(
        alarm(3), "INSUFFICIENT_DATA", [], "Insufficient Data: 3 datapoints were unknown.",
        id="insufficient",
    ),
    pytest.param(
        alarm(1), "INSUFFICIENT_DATA", [], "Insufficient Data: 1 datapoint was unknown.",
        id="one unknown",
    ),
    pytest.param(
        alarm(4, 1, **BAND),
        "ALARM",
        [point("14/11/25 18:39:00", 537, True, 193.33593366980995, 531.4406901351432)],
        "Thresholds Crossed: 1 out of the last 4 datapoints [537.0 (14/11/25 18:39:00)] was less "
        "than the lower thresholds [193.33593366980995] or greater than the upper thresholds "
        "[531.4406901351432] (minimum 1 datapoint for OK -> ALARM transition).",
        id="band",
    ),
    pytest.param(
        alarm(1, 1, **BAND),
        "OK",
        [point("27/06/21 13:52:00", 0.46, False, 0.41, 0.47)],
        "Thresholds Crossed: 1 out of the last 1 datapoints [0.46 (27/06/21 13:52:00)] was not "
        "less than the lower thresholds [0.41] or not greater than the upper thresholds [0.47] "
        "(minimum 1 datapoint for ALARM -> OK transition).",
        id="within the band",
    ),
    pytest.param(
        alarm(3, 3, **BAND | {"ComparisonOperator": "GreaterThanUpperThreshold"}),
        "OK",
        [point("08/09/23 15:36:00", 40.6, False, 1.0, 44.4)],
        "Thresholds Crossed: 1 out of the last 3 datapoints [40.6 (08/09/23 15:36:00)] was not "
        "greater than the upper thresholds [44.4] "
        "(minimum 1 datapoint for ALARM -> OK transition).",
        id="one side",
    ),
    pytest.param(
        alarm(1, 1, **BAND | {"ComparisonOperator": "LessThanLowerThreshold"}),
        "ALARM",
        [point("08/09/23 15:36:00", 0.5, True, 1.0, 44.4)],
        "Thresholds Crossed: 1 out of the last 1 datapoints [0.5 (08/09/23 15:36:00)] was less "
        "than the lower thresholds [1.0] (minimum 1 datapoint for OK -> ALARM transition).",
        id="the other side",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("item", "state", "points", "text"), SEEN)
def test_the_reason_reads_as_cloudwatchs(item, state, points, text):
    assert reason(item, state, points) == text


def test_only_the_newest_n_real_datapoints_are_told():
    points = [
        point("01/01/24 00:00:00", 90, True),
        point("01/01/24 00:05:00", 91, True),
        missing("01/01/24 00:10:00"),
        point("01/01/24 00:15:00", 92, True),
    ]

    text = reason(alarm(2, 2), "ALARM", points)

    assert "[92.0 (01/01/24 00:15:00), 91.0 (01/01/24 00:05:00)]" in text


def test_a_long_reason_is_cut_to_what_cloudwatch_holds():
    points = [point("01/01/24 00:00:00", 90.123456789, True)] * 100

    text = reason(alarm(100, 100), "ALARM", points)

    assert len(text) == 1023
    assert text.endswith("...")


def test_reason_data_of_a_metric():
    data = reason_data(
        alarm(3, 2, Unit="Percent"),
        [
            point("14/09/26 05:40:00", 10, False),
            missing("14/09/26 05:45:00"),
            point("14/09/26 05:50:00", 100, True),
            point("14/09/26 05:55:00", 40, False),
            missing("14/09/26 06:00:00"),
        ],
        at("14/09/26 06:05:01"),
    )

    assert list(data.items()) == [
        ("version", "1.0"),
        ("queryDate", "2026-09-14T06:05:01.000+0000"),
        ("startDate", "2026-09-14T05:40:00.000+0000"),
        ("unit", "Percent"),
        ("statistic", "Average"),
        ("period", 300),
        ("recentDatapoints", [10, None, 100, 40]),
        ("threshold", 50.0),
        (
            "evaluatedDatapoints",
            [
                {"timestamp": "2026-09-14T05:55:00.000+0000", "value": 40},
                {"timestamp": "2026-09-14T05:50:00.000+0000", "value": 100},
                {"timestamp": "2026-09-14T05:40:00.000+0000", "value": 10},
            ],
        ),
    ]


def test_reason_data_without_any_datapoint():
    data = reason_data(alarm(2), [missing("01/01/24 00:00:00")] * 4, 0)

    assert "startDate" not in data
    assert data["recentDatapoints"] == []
    assert data["evaluatedDatapoints"] == [{"timestamp": "2024-01-01T00:00:00.000+0000"}] * 2


def test_reason_data_of_a_band_has_its_edges_instead_of_a_threshold():
    points = [point("01/01/24 00:00:00", 9, True, 1.0, 5.0)]

    data = reason_data(alarm(1, 1, **BAND), points, 0)
    above = reason_data(
        alarm(1, 1, **BAND | {"ComparisonOperator": "GreaterThanUpperThreshold"}), points, 0
    )

    assert "threshold" not in data
    assert "statistic" not in data
    assert (data["recentLowerThresholds"], data["recentUpperThresholds"]) == ([1.0], [5.0])
    assert "recentLowerThresholds" not in above


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (50, "50.0"),
        (0, "0.0"),
        (0.35220499833424884, "0.35220499833424884"),
        (9_999_999, "9999999.0"),
        (10_000_000, "1.0E7"),
        (50_000_000, "5.0E7"),
        (123_456_789.5, "1.234567895E8"),
        (0.001, "0.001"),
        (0.0001, "1.0E-4"),
        (-0.00012, "-1.2E-4"),
        (1e22, "1.0E22"),
    ],
)
def test_numbers_are_printed_as_java_prints_them(value, text):
    assert java_double(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_printed_number_is_the_number(value):
    assert float(java_double(value)) == value
