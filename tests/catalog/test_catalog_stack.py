"""A stack of one of everything is sound, and can be read."""

import io
import re
import shutil
from pathlib import Path

import pytest
from rich.console import Console

from alerting.catalog import service, service_names
from alerting.delivery import Level
from alerting.explain.explanation import Explanation, explain
from alerting.explain.text import print_text
from alerting.stackfile import read_stack

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def explanation(tmp_path_factory: pytest.TempPathFactory) -> Explanation:
    folder = tmp_path_factory.mktemp("catalogue")
    for file in ("Pulumi.yaml", "__main__.py"):
        shutil.copy(ROOT / file, folder)
    shutil.copy(Path(__file__).parent / "stack" / "Pulumi.catalogue.yaml", folder)
    return explain(read_stack("catalogue", folder))


def test_every_preset_is_in_it(explanation):
    wanted = {f"{name}-{key}" for name in service_names() for key in service(name).presets}
    assert {one.alarm.label for one in explanation.alarms} == wanted


def test_it_has_no_error_and_no_warning(explanation):
    loud = [str(one) for one in explanation.findings if one.level in (Level.ERROR, Level.WARNING)]
    assert loud == []


def test_its_explanation_says_each_alarm_and_what_a_month_costs(explanation):
    out = Console(width=100, record=True, file=io.StringIO())
    print_text(explanation, out)
    text = out.export_text()
    assert all(f"{name}-" in text for name in service_names())
    costs = text.partition("Cost a month (USD)")[2]
    assert re.search(r"\d+\.\d\d", costs)
