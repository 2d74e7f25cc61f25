"""The rehearsal of the dev stack: what its band alarm does, and the page that shows it."""

from pathlib import Path

import pytest

from alerting.band_source import learned_bands
from alerting.rehearsal.pictures import as_page
from alerting.rehearsal.rehearse import rehearse
from alerting.stackfile import read_stack

PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def rehearsal():
    return rehearse(read_stack("dev", PROJECT), recordings={}, bands=learned_bands)


def test_the_band_alarm_fires_in_a_labelled_incident_and_tells_its_receiver(rehearsal):
    incidents = [i for source in rehearsal.feed.sources.values() for i in source.incidents]
    fired = [e for e in rehearsal.events if e.alarm.label == "cpu-unusual" and e.new == "ALARM"]
    within = [e for e in fired if any(start <= e.time <= end for start, end in incidents)]
    assert within
    for event in within:
        assert [told.receiver for told in event.told if told.delivered] == ["oncall-mail"]
        assert event.datapoint.value > event.datapoint.upper


def test_the_page_holds_the_timeline_and_a_picture_of_each_alarm(rehearsal):
    text = as_page(rehearsal)
    assert text.count('class="panel"') == 2
    assert "own estimate" in text
    assert "oncall-mail (email)" in text
    assert "cpu-unusual: " in text


def test_a_band_alarm_is_drawn_with_its_band_and_the_other_with_its_threshold(rehearsal):
    text = as_page(rehearsal)
    assert '"datum":"expected band (our estimate)"' in text
    assert '"limit":80.0' in text
