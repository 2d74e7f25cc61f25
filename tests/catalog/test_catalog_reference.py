"""Namespace, metric, dimensions and unit of every preset beside a table made once from AWS's pages.

`reference.csv` has every metric that a preset may watch, with all sets of dimensions that it is
published with. A pair that AWS does not publish (an ELB's own 5XX by target group) is not in it.
"""

import csv
from pathlib import Path

import pytest

from alerting.catalog import Preset
from tests.catalog.every_preset import NAMES, PRESETS


def _table():
    path = Path(__file__).with_name("reference.csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {(row["service"], row["namespace"], row["metric"]): row for row in rows}


REFERENCE = _table()


def rows_of(preset: Preset):
    for metric in preset.metrics.values():
        key = (preset.name.partition(".")[0], preset.namespace, metric.name)
        assert key in REFERENCE, f"{preset.name} watches {key}, which is not in the table"
        yield metric, REFERENCE[key]


def published(row):
    return {frozenset(one.split(",")) - {"none"} for one in row["dimensions"].split(" or ")}


@pytest.mark.parametrize("preset", PRESETS, ids=NAMES)
def test_every_metric_is_published_in_its_namespace_with_its_unit(preset):
    for metric, row in rows_of(preset):
        assert metric.unit == row["unit"], metric.name


@pytest.mark.parametrize("preset", PRESETS, ids=NAMES)
def test_every_set_of_dimensions_is_published(preset):
    for metric, row in rows_of(preset):
        for one in preset.dimensions:
            names = {*one.asked, *(f"{name}={value}" for name, value in one.fixed.items())}
            assert names in published(row), f"{metric.name} by {one}"


def test_nothing_in_the_table_is_without_a_preset():
    watched = {
        (preset.name.partition(".")[0], preset.namespace, metric.name)
        for preset in PRESETS
        for metric in preset.metrics.values()
    }
    assert watched == REFERENCE.keys()


def test_a_balancers_own_errors_by_target_group_would_be_refused():
    row = REFERENCE["alb", "AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count"]
    assert published(row) == {frozenset({"LoadBalancer"})}
