"""The anomaly detectors of a CloudFormation template, as they are asked for."""

import json

import pytest

from alerting.account.cloudformation import detectors_in

METRIC = {"Namespace": "AWS/EC2", "MetricName": "CPUUtilization", "Stat": "Average"}


def template(properties, **more):
    detector = {"Type": "AWS::CloudWatch::AnomalyDetector", "Properties": properties, **more}
    return {"Resources": {"Detector": detector, "Topic": {"Type": "AWS::SNS::Topic"}}}


def test_a_detector_is_asked_for_in_the_words_of_the_api():
    excluded = {"StartTime": "2026-12-01T19:00:00", "EndTime": "2026-12-01T21:00:00+00:00"}
    configuration = {"MetricTimeZone": "Asia/Tokyo", "ExcludedTimeRanges": [excluded]}
    body = template({"SingleMetricAnomalyDetector": METRIC, "Configuration": configuration})
    assert list(detectors_in(json.dumps(body))) == [
        {
            "SingleMetricAnomalyDetector": METRIC,
            "Configuration": {
                "ExcludedTimeRanges": [
                    {"StartTime": "2026-12-01T19:00:00Z", "EndTime": "2026-12-01T21:00:00Z"}
                ],
                "MetricTimezone": "Asia/Tokyo",
            },
        }
    ]


def test_the_old_form_is_read_too():
    assert list(detectors_in(template(METRIC))) == [{"SingleMetricAnomalyDetector": METRIC}]


@pytest.mark.parametrize(
    "body",
    [
        None,
        "Resources: {}",
        "[]",
        {},
        {"Resources": []},
        template(METRIC, Condition="Prod"),
        template({**METRIC, "MetricName": {"Fn::ImportValue": "x"}}),
        template({**METRIC, "Configuration": {"ExcludedTimeRanges": [{"StartTime": "soon"}]}}),
        template({**METRIC, "Configuration": "none"}),
    ],
)
def test_what_is_not_known_or_no_template_has_none(body):
    assert list(detectors_in(body)) == []
