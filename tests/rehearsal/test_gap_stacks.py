"""Stacks of CloudFormation, of which nothing but the detectors is made."""

import json
from contextlib import suppress

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from alerting.rehearsal.cloud import memory_cloud


@pytest.fixture
def cloud():
    with memory_cloud() as there:
        yield there


@pytest.fixture
def stacks(cloud):
    return cloud.client("cloudformation")


@pytest.fixture
def learned(cloud):
    """The metrics there are detectors of."""

    def find():
        found = cloud.client("cloudwatch").describe_anomaly_detectors()["AnomalyDetectors"]
        return [one["MetricName"] for one in found]

    return find


def template(*metrics: str, **settings) -> str:
    resources = {
        metric: {
            "Type": "AWS::CloudWatch::AnomalyDetector",
            "Properties": {
                "SingleMetricAnomalyDetector": {
                    "Namespace": "Shop",
                    "MetricName": metric,
                    "Stat": "Sum",
                },
                **settings,
            },
        }
        for metric in metrics
    }
    return json.dumps({"Resources": resources})


def refused(code: str):
    return pytest.raises(ClientError, match=code)


def test_moto_makes_no_detector_of_a_stack(cloud):
    """It fails for want of libraries, or says that it has made what is not there."""
    client = boto3.client("cloudformation", config=Config(retries={"total_max_attempts": 1}))
    with suppress(Exception):
        client.create_stack(StackName="motos", TemplateBody=template("Orders"))
    assert not cloud.client("cloudwatch").describe_anomaly_detectors()["AnomalyDetectors"]


def test_a_detector_is_made_changed_and_removed_with_its_stack(stacks, learned):
    stacks.create_stack(StackName="shop", TemplateBody=template("Orders"))
    assert learned() == ["Orders"]
    stacks.update_stack(StackName="shop", TemplateBody=template("Orders", "Visits"))
    assert learned() == ["Orders", "Visits"]
    stacks.update_stack(StackName="shop", TemplateBody=template("Visits"))
    assert learned() == ["Visits"]
    stacks.delete_stack(StackName="shop")
    assert learned() == []


def test_a_detector_has_the_settings_of_its_template(cloud, stacks):
    excluded = {"StartTime": "2026-12-01T19:00:00", "EndTime": "2026-12-01T21:00:00"}
    settings = {
        "Configuration": {"MetricTimeZone": "Europe/Berlin", "ExcludedTimeRanges": [excluded]},
        "MetricCharacteristics": {"PeriodicSpikes": True},
    }
    stacks.create_stack(StackName="shop", TemplateBody=template("Orders", **settings))
    (found,) = cloud.client("cloudwatch").describe_anomaly_detectors()["AnomalyDetectors"]
    assert found["Configuration"]["MetricTimezone"] == "Europe/Berlin"
    (range_,) = found["Configuration"]["ExcludedTimeRanges"]
    assert range_["StartTime"].isoformat() == "2026-12-01T19:00:00+00:00"
    assert found["MetricCharacteristics"] == {"PeriodicSpikes": True}


def test_a_parameter_has_the_value_it_is_given(stacks, learned):
    resources = json.loads(template("Orders").replace('"Orders",', '{"Ref": "Metric"},'))
    body = json.dumps({**resources, "Parameters": {"Metric": {"Default": "Visits"}}})
    given = [{"ParameterKey": "Metric", "ParameterValue": "Returns"}]
    stacks.create_stack(StackName="default", TemplateBody=body)
    stacks.create_stack(StackName="given", TemplateBody=body, Parameters=given)
    assert learned() == ["Visits", "Returns"]


def test_a_deleted_stack_is_known_by_its_id_alone(stacks):
    made = stacks.create_stack(StackName="shop", TemplateBody=template("Orders"))["StackId"]
    stacks.delete_stack(StackName=made)
    (gone,) = stacks.describe_stacks(StackName=made)["Stacks"]
    assert gone["StackStatus"] == "DELETE_COMPLETE"
    with refused("ValidationError"):
        stacks.describe_stacks(StackName="shop")
    assert stacks.describe_stacks()["Stacks"] == []


def test_what_cloudformation_refuses_is_refused(stacks):
    stacks.create_stack(StackName="shop", TemplateBody=template("Orders"))
    with refused("AlreadyExistsException"):
        stacks.create_stack(StackName="shop", TemplateBody=template("Orders"))
    with refused("No updates are to be performed"):
        stacks.update_stack(StackName="shop", TemplateBody=template("Orders"))


def test_an_eleventh_excluded_range_is_refused(stacks):
    ranges = [
        {"StartTime": f"2026-12-{day:02}T00:00:00", "EndTime": f"2026-12-{day:02}T01:00:00"}
        for day in range(1, 12)
    ]
    body = template("Orders", Configuration={"ExcludedTimeRanges": ranges})
    with refused("at most 10"):
        stacks.create_stack(StackName="shop", TemplateBody=body)


def test_a_stack_that_is_not_there_is_deleted_without_a_word(stacks):
    stacks.delete_stack(StackName="nothing")
