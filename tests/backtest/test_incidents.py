"""Labelled incidents: reading them, and holding alarms against them."""

import json

import pytest

from alerting.backtest.incidents import Ticks, read_labels, score
from alerting.output import BadInput

NEW_YEAR = 1_704_067_200
ONE = Ticks(begins=1000, first=1300, last=4300)


def labels(tmp_path, document, name="incidents.json"):
    file = tmp_path / name
    file.write_text(document if isinstance(document, str) else json.dumps(document))
    return read_labels(file)


def test_an_alarm_within_an_incident_finds_it():
    found = score([(2000, 2600)], [ONE])
    assert (found.true, found.false, found.found, found.delay) == (1, 0, 1, 1000)
    assert (found.precision, found.recall) == (1.0, 1.0)


def test_an_alarm_that_was_on_before_finds_it_without_delay_and_is_false_all_the_same():
    found = score([(500, 2000)], [ONE])
    assert (found.true, found.false, found.found, found.delay) == (0, 1, 1, 0)


@pytest.mark.parametrize("alarm", [(500, 1300), (4301, 5000)], ids=["before", "after"])
def test_an_alarm_outside_finds_nothing(alarm):
    found = score([alarm], [ONE])
    assert (found.true, found.false, found.found, found.delay) == (0, 1, 0, None)


def test_without_an_alarm_precision_means_nothing():
    found = score([], [ONE])
    assert found.precision is None
    assert found.recall == 0


def test_the_delay_is_the_median_over_the_incidents_found():
    later = Ticks(begins=10_000, first=10_300, last=20_000)
    assert score([(1400, 1500), (12_000, 12_300)], [ONE, later]).delay == (400 + 2000) / 2


def test_a_list_holds_for_every_metric(tmp_path):
    found = labels(tmp_path, [["2024-01-01 00:00:00", "2024-01-01T01:00:00Z"]])
    assert found.of("any.csv") == found.of("other.csv") == ((NEW_YEAR, NEW_YEAR + 3600),)


def test_a_map_names_recordings_by_the_end_of_their_path(tmp_path):
    found = labels(tmp_path, {"aws/cpu.csv": [[NEW_YEAR, NEW_YEAR + 60]], "cpu.csv": []})
    assert found.of("/data/aws/cpu.csv") == ((NEW_YEAR, NEW_YEAR + 60),)
    assert found.of("/data/gcp/cpu.csv") == ()
    assert found.of("memory.csv") == ()


def test_a_name_may_be_longer_than_the_path_that_is_given(tmp_path):
    found = labels(tmp_path, {"nab/aws/cpu.csv": [[NEW_YEAR, NEW_YEAR]]})
    assert found.of("aws/cpu.csv") == ((NEW_YEAR, NEW_YEAR),)


def test_a_list_of_recordings_in_toml_is_read_too(tmp_path):
    text = '[[recording]]\nfile = "cpu.csv"\nincidents = [["2024-01-01", "2024-01-02"]]\n'
    assert labels(tmp_path, text, "recordings.toml").of("cpu.csv") == (
        (NEW_YEAR, NEW_YEAR + 86_400),
    )


def test_names_that_fit_nothing_are_noticed(tmp_path):
    found = labels(tmp_path, {"cpu.csv": []})
    assert found.fit_nothing
    found.of("cpu.csv")
    assert not found.fit_nothing


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        ("{", "incidents.json:1: is not JSON"),
        ("7", "must be a list of"),
        ({"cpu.csv": 3}, "cpu.csv: must be a list of"),
        ({"cpu.csv": [["2024-01-02", "2024-01-01"]]}, "cpu.csv: incident 1 must be"),
        ([["2024-01-01"]], "incident 1 must be"),
        ([["soon", "later"]], "incident 1 must be"),
    ],
)
def test_another_form_is_refused_with_the_place(tmp_path, document, complaint):
    with pytest.raises(BadInput, match=complaint):
        labels(tmp_path, document)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(BadInput, match="No such file"):
        read_labels(tmp_path / "none.json")
