"""A backtest in pictures."""

import subprocess
import sys

import pytest

from alerting.backtest import pictures
from alerting.backtest.files import backtest_files
from alerting.backtest.pictures import panel, title, write_pictures
from alerting.backtest.question import Question
from alerting.output import BadInput
from tests.backtest.recordings import with_peaks, write_csv

QUESTION = Question(widths=(3.0,), datapoints=((3, 3),))


@pytest.fixture
def found(tmp_path):
    return backtest_files(
        [
            write_csv(tmp_path / "in/calm.csv", with_peaks(days=3)),
            write_csv(tmp_path / "in/busy.csv", with_peaks(30, 50, days=3)),
        ],
        QUESTION,
    )


def test_the_title_says_what_is_seen(found):
    assert title(found) == "Backtest: 2 alarms on 2 metrics in 2.9 days"
    assert (
        panel("busy.csv", found.results[1]).title
        == "busy.csv: 2 alarms in 2.9 days at width 3, 3/3"
    )


def test_a_panel_has_the_metric_its_band_and_its_alarms(found):
    one = found.results[1]
    shown = panel(one.name, one)
    assert shown.series is one.trial.series
    assert shown.band is one.outcome.edges
    assert [(a.start, a.end) for a in shown.alarms] == [
        (a.start, a.end) for a in one.outcome.alarms
    ]
    assert shown.alarms[0].text.startswith("200 against")


def test_the_page_tells_all_that_the_terminal_tells(found, tmp_path):
    write_pictures(found, report=tmp_path / "report.html", png=None)
    text = (tmp_path / "report.html").read_text()
    for part in (title(found), "own estimate", "For at most 1 alarm a week", "alarms a week"):
        assert part in text
    assert text.count('class="panel"') == 2
    for alarm in found.results[1].outcome.alarms:
        assert f"{alarm.value:.4g} against" in text


def test_of_very_many_metrics_those_with_most_alarms_are_drawn(found, tmp_path, monkeypatch):
    monkeypatch.setattr(pictures, "MOST", 1)
    write_pictures(found, report=tmp_path / "report.html", png=None)
    text = (tmp_path / "report.html").read_text()
    assert text.count('class="panel"') == 1
    assert "<h2>" in text
    assert "busy.csv: 2 alarms" in text
    assert "calm.csv" in text, "in the table"
    assert "1 metric with the fewest alarms" in text


def test_a_png_is_written(found, tmp_path):
    write_pictures(found, report=None, png=tmp_path / "picture.png")
    assert (tmp_path / "picture.png").read_bytes().startswith(b"\x89PNG")


def test_a_picture_of_nothing_is_refused(tmp_path):
    nothing = backtest_files([tmp_path / "none.csv"], QUESTION)
    with pytest.raises(BadInput, match="nothing to draw"):
        write_pictures(nothing, report=tmp_path / "report.html", png=None)


def test_a_picture_that_cannot_be_written_is_refused(found, tmp_path):
    with pytest.raises(BadInput, match="cannot be written"):
        write_pictures(found, report=tmp_path / "none/report.html", png=None)


def test_without_pictures_and_stacks_their_libraries_are_not_loaded(tmp_path):
    file = write_csv(tmp_path / "a.csv", with_peaks(days=1))
    script = (
        "import sys; from alerting import cli\n"
        "try: cli.main()\n"
        "except SystemExit: pass\n"
        "print({'vl_convert', 'altair', 'boto3', 'moto', 'distributed'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "backtest", str(file)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "set()"
