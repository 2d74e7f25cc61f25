"""What must be switched on for alarms to have data, as `explain` tells it."""

import pytest

from alerting import Alarms
from alerting.catalog import catalogue
from alerting.catalog.requirement import requirement
from alerting.explain.data import as_data
from alerting.explain.explanation import explanation_of
from alerting.explain.markdown import as_markdown
from alerting.recording import record

TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts"


@pytest.mark.parametrize(
    ("namespace", "metric", "words"),
    [
        ("AWS/AutoScaling", "GroupInServiceInstances", "group metrics"),
        ("AWS/S3", "5xxErrors", "a metrics configuration of the bucket"),
        ("ECS/ContainerInsights", "RunningTaskCount", "Container Insights"),
        ("AWS/RDS", "DBLoad", "Performance Insights"),
        ("AWS/Billing", "EstimatedCharges", "billing alerts"),
    ],
)
def test_what_must_be_switched_on_is_known_of_any_metric_of_the_catalogue(namespace, metric, words):
    assert words in (requirement(namespace, metric, "us-east-1") or "")


def test_a_metric_that_is_always_there_needs_nothing():
    assert requirement("AWS/EC2", "CPUUtilization", "eu-central-1") is None
    assert requirement("AWS/CloudFront", "Requests", "us-east-1") is None
    assert requirement("Shop", "Orders", "us-east-1") is None


def test_a_metric_of_one_region_is_told_elsewhere():
    said = requirement("AWS/CloudFront", "Requests", "eu-central-1")
    assert said == "a stack in us-east-1: metrics of AWS/CloudFront are there only"


def test_only_services_that_publish_there_are_read(monkeypatch):
    read = []
    monkeypatch.setattr(catalogue, "read_service", lambda name, data: read.append(name))
    catalogue.service.cache_clear()
    try:
        assert len(list(catalogue.services_with("CWAgent"))) == 1
        assert read == ["ec2"]
    finally:
        catalogue.service.cache_clear()


def test_every_preset_is_found_by_its_namespace():
    for name in catalogue.service_names():
        for preset in catalogue.service(name).presets.values():
            there = {service.name for service in catalogue.services_with(preset.namespace)}
            assert name in there, preset.name


def explained():
    metric = {"namespace": "AWS/RDS", "name": "DBLoad"}
    shares = {"bad": {"namespace": "AWS/S3", "name": "5xxErrors"}}
    alarms = {
        "load": {"metric": metric, "threshold": {"above": 4}},
        "again": {"metric": metric, "threshold": {"above": 8}},
        "errors": {"math": {"expression": "bad * 2", "using": shares}, "threshold": {"above": 1}},
        "cpu": {"metric": {**metric, "name": "CPUUtilization"}, "threshold": {"above": 4}},
    }
    args = {"alarms": alarms, "topics": {"notify": TOPIC}, "region": "us-east-1"}
    return explanation_of(record(lambda: Alarms("alarms", args), project="p"))


def test_explain_tells_each_requirement_once_with_its_alarms():
    found = {one.what: one.alarms for one in explained().requirements}
    assert found["Performance Insights on the instance"] == ("again", "load")
    assert [alarms for what, alarms in found.items() if "bucket" in what] == [("errors",)]
    assert len(found) == 2


def test_explain_writes_them_as_data_and_as_markdown():
    explanation = explained()
    data = as_data(explanation)["requirements"]
    assert {"what": "Performance Insights on the instance", "alarms": ["again", "load"]} in data
    page = as_markdown(explanation)
    assert "#### Must be so, or the alarms never see a datapoint" in page
    assert "- Performance Insights on the instance: again, load" in page
