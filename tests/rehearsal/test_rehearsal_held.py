"""A rehearsal of a stack whose notifications are held back, as text, data, Markdown and page."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from alerting.rehearsal.pictures import as_page
from alerting.rehearsal.rehearse import rehearse
from alerting.rehearsal.report import as_data, as_markdown, closing_line, print_text
from alerting.stackfile import read_stack

QUIET = Path(__file__).parents[2] / "examples/scenarios/quiet"
START = datetime(2026, 12, 1, 17, tzinfo=UTC)


def recording(folder: Path, name: str, *stretches: tuple[int, int]) -> Path:
    """Values, each for so many minutes."""
    values = [value for value, minutes in stretches for _ in range(minutes)]
    rows = (f"{START + timedelta(minutes=at):%Y-%m-%dT%H:%MZ},{v}" for at, v in enumerate(values))
    file = folder / f"{name}.csv"
    file.write_text("\n".join(["timestamp,value", *rows]))
    return file


@pytest.fixture(scope="module")
def rehearsal(tmp_path_factory):
    folder = tmp_path_factory.mktemp("recordings")
    late = recording(folder, "late", (60, 150), (900, 120), (60, 30))
    return rehearse(
        read_stack("dev", QUIET),
        recordings={
            "orders-late": late,
            "database-down": recording(folder, "down", (0, 300)),
        },
    )


def test_what_is_held_is_said_and_what_is_late_is_a_line_of_its_own(rehearsal):
    out = StringIO()
    print_text(rehearsal, Console(file=out, width=100))
    text = out.getvalue()

    assert "told nobody (held by the window release, until 21:00)" in text
    late = text[text.index("2026-12-01 21:00") :].splitlines()
    assert " ".join(late[0].split()) == ("2026-12-01 21:00 orders still ALARM, after a mute window")
    assert late[1].strip() == "told team (email)"


def test_what_is_held_is_not_lost(rehearsal):
    assert rehearsal.lost == ()
    assert closing_line(rehearsal) == (
        "3 alarms, 7 state changes, 4 notifications to 2 receivers, 0 lost"
    )


def test_an_alarm_of_which_all_was_dropped_and_one_that_speaks_through_another_count_as_heard(
    tmp_path,
):
    given = {
        "orders-late": recording(tmp_path, "late", (60, 180), (900, 30), (60, 90)),
        "database-down": recording(tmp_path, "down", (0, 300)),
    }

    found = rehearse(read_stack("dev", QUIET), recordings=given)

    fired = {event.alarm.label for event in found.events if event.new == "ALARM"}
    assert fired == {"orders", "orders-late"}
    assert not any(event.told for event in found.events if event.new == "ALARM")
    assert found.unheard == ()


def test_data_keeps_changes_apart_from_what_is_told_later(rehearsal):
    data = as_data(rehearsal)

    (fired,) = (one for one in data["timeline"] if (one["alarm"], one["to"]) == ("orders", "ALARM"))
    assert fired["told"] == []
    assert fired["held"] == {
        "by": ["release"],
        "until": "2026-12-01T21:00:00Z",
        "ending": "ran",
    }
    late = data["later"][1]
    assert (late["time"], late["occasion"]) == ("2026-12-01T21:00:00Z", "after a mute window")
    assert [told["receiver"] for told in late["told"]] == ["team"]
    assert data["counts"]["stateChanges"] == len(data["timeline"])


def test_markdown_and_the_page_say_the_same(rehearsal):
    row = "| 2026-12-01 21:00 | orders | still ALARM, after a mute window |  | team (email) |"
    assert row in as_markdown(rehearsal)
    assert "nobody (held by the window release, until 21:00)" in as_markdown(rehearsal)
    page = as_page(rehearsal)
    assert "still ALARM, after a mute window" in page
    assert "nobody (held by the window release, until 21:00)" in page
