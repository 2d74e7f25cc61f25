"""What holds of every preset, whatever it watches."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from alerting.account.table import ROWS
from alerting.catalog import CatalogueError, Limit, UnknownPresetError, Weight, find, service
from alerting.catalog.catalogue import service_names, sources
from alerting.catalog.page import markdown
from alerting.catalog.preset import read_service
from alerting.cloudwatch.limits import alarm_problems
from alerting.rehearsal.cloud import memory_cloud
from tests.catalog.every_preset import NAMES, PRESETS, alarm_of, deployment

SERVICES = {
    *("alb", "apigateway-http", "apigateway-rest", "aurora", "autoscaling", "billing"),
    *("cloudfront", "dynamodb", "ebs", "ec2", "ecs", "eks", "elasticache", "eventbridge"),
    *("firehose", "kinesis", "lambda", "msk", "nat", "nlb", "opensearch", "rds", "s3"),
    *("scheduler", "sns", "sqs", "stepfunctions", "vpn"),
}
SOUND = {
    "title": "Shop",
    "namespace": "Shop",
    "published": "every minute",
    "search": {"instead": "dimensions"},
    "presets": {
        "orders": {
            "metric": "Orders",
            "unit": "Count",
            "statistic": "Sum",
            "dimensions": [["Shop"]],
            "side": "below",
            "figure": 1,
            "limits": ["threshold"],
            "period": 60,
            "datapoints": "1/1",
            "missing": "breaching",
            "weight": "high",
            "why": "Nobody buys.",
            "blind": "Who.",
            "source": "none published",
        }
    },
}


def test_there_are_presets_for_every_service():
    assert set(service_names()) == SERVICES
    assert all(service(name).presets for name in SERVICES)


def test_every_service_with_resources_has_presets_to_begin_with():
    without = {name for name in SERVICES if not any(p.recommended for p in PRESETS if _of(p, name))}
    assert without == {"scheduler"}  # its metrics are the account's, there is no resource


def _of(preset, name):
    return preset.name.startswith(f"{name}.")


@pytest.mark.parametrize("preset", PRESETS, ids=NAMES)
def test_cloudwatch_would_take_it(preset):
    assert list(alarm_problems(alarm_of(preset))) == []


@pytest.mark.parametrize("preset", PRESETS, ids=NAMES)
def test_its_sentences_are_sentences(preset):
    for text in (preset.why, preset.blind):
        assert text[0].isupper()
        assert text.endswith(".")


def test_every_preset_deploys_in_memory_and_is_there():
    made = [one for one in deployment().resources if one.type in ROWS]
    assert len(made) == len(PRESETS)
    with memory_cloud() as cloud:
        for resource in made:
            cloud.create(resource)  # botocore validates each request
        found = cloud.client("cloudwatch").get_paginator("describe_alarms").paginate()
        assert {alarm["AlarmName"] for page in found for alarm in page["MetricAlarms"]} == set(
            NAMES
        )


@pytest.mark.parametrize("preset", PRESETS, ids=NAMES)
def test_its_source_is_named_on_the_page_of_sources(preset):
    tags = tuple(sources())
    assert "none published" in preset.source or any(tag in preset.source for tag in tags)


def test_a_figure_without_a_source_is_marked_as_our_own():
    for preset in PRESETS:
        if preset.source == "none published" and preset.figure is not None:
            assert "figure" in preset.ours, preset.name


def test_the_page_is_what_the_catalogue_says():
    page = Path(__file__).parents[2] / "docs" / "presets.md"
    assert page.read_text(encoding="utf-8") == markdown(map(service, service_names()))


def test_a_preset_is_found_by_its_name():
    preset = find("rds.free-storage")
    assert (preset.side, preset.figure, preset.limits) == ("below", 0.1, (Limit.THRESHOLD,))
    assert preset.weight is Weight.HIGH


@pytest.mark.parametrize(
    ("name", "nearest"), [("rds.free-storag", "rds.free-storage"), ("rdss.cpu", "rds"), ("", "")]
)
def test_an_unknown_preset_is_refused_with_the_nearest(name, nearest):
    with pytest.raises(UnknownPresetError, match=f"did you mean '{nearest}'" if nearest else "no"):
        find(name)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"metrik": "Orders"}, "metrik: is not known"),
        ({"why": ""}, "why: must be a sentence"),
        ({"figure": "1"}, "figure: has the wrong type"),
        ({"side": "sideways"}, "side: must be one of"),
        ({"side": "outside"}, "side: a threshold has one side"),
        ({"missing": "bad"}, "missing: must be one of"),
        ({"period": 61}, "metric.period"),
        ({"datapoints": "4/3"}, "at most as many datapoints"),
        ({"dimensions": []}, "at least one set of dimensions"),
        ({"statistic": "Mean"}, "metric.statistic"),
        ({"expression": "a + 1"}, "exactly one of metric and expression"),
        ({"gate": 5}, "gate: belongs to an expression"),
        ({"limits": ["hunch"]}, "limits: must be one of"),
        ({"weight": "heavy"}, "weight: must be one of"),
        ({"ours": ["name"]}, "ours: must be one of"),
        ({"of": "the shop's size", "figure": None}, "of: needs the figure"),
    ],
)
def test_a_misprint_in_a_file_is_refused(change, message):
    entry = {**SOUND["presets"]["orders"], **change}
    entry = {key: value for key, value in entry.items() if value is not None}
    with pytest.raises(CatalogueError, match=message):
        read_service("shop", {**SOUND, "presets": {"orders": entry}})


def test_the_sound_file_of_these_tests_is_sound():
    assert read_service("shop", SOUND).presets["orders"].name == "shop.orders"


@pytest.mark.parametrize("name", ["ec2", "rds", "opensearch"])
def test_finding_a_preset_takes_no_time(name):
    key = next(iter(service(name).presets))
    service.cache_clear()
    start = time.process_time()
    find(f"{name}.{key}")
    assert time.process_time() - start < 0.02


def test_importing_the_package_loads_no_catalogue():
    code = "import alerting, sys; sys.exit(any('alerting.catalog' in m for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_stack_that_names_no_preset_loads_no_catalogue():
    code = """
import sys
from alerting.settings import Settings
metric = {"namespace": "AWS/EC2", "name": "CPUUtilization"}
config = {
    "receivers": {"mail": {"protocol": "email", "endpoint": "oncall@example.com"}},
    "alarms": {"cpu": {"metric": metric, "threshold": {"above": 80}}},
}
Settings.parse(config, stack="dev", place={"account_id": "123456789012", "region": "us-east-1"})
sys.exit(any("alerting.catalog" in name for name in sys.modules))
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
