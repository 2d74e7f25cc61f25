"""`python -m alerting backtest` on files: what it writes, and what it refuses."""

import csv
import json
import sys

import numpy as np
import pytest

from alerting import cli
from alerting.replay import Series
from tests.backtest.recordings import DAY, MONDAY, calm, with_peaks, write_csv

ONE = ("--width", "3", "--datapoints", "3/3")


@pytest.fixture
def backtest(monkeypatch, capsys):
    """Runs the command; exit code, standard output, standard error."""

    def command(*arguments):
        monkeypatch.setattr(sys, "argv", ["alerting", "backtest", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        said = capsys.readouterr()
        return stop.value.code, said.out, said.err

    return command


def rows(file):
    with file.open(newline="") as text:
        return list(csv.reader(text))


def test_a_row_is_written_per_row_with_stamps_as_they_were(backtest, tmp_path):
    source = write_csv(tmp_path / "a.csv", with_peaks(100))
    assert backtest(source, *ONE, "--out", tmp_path / "out")[0] == 0
    header, *written = rows(tmp_path / "out/a.csv")
    assert header == ["timestamp", "lower", "upper", "alarm"]
    assert [row[0] for row in written] == [row[0] for row in rows(source)[1:]]
    assert written[35][1:] == ["", "", "0"]
    assert float(written[36][1]) < 50 < float(written[36][2])
    on = [at for at, row in enumerate(written) if row[3] == "1"]
    assert on == list(range(1202, 1206)), "from the third datapoint of the peak to its last"


def test_rows_in_any_order_and_written_in_any_way_come_back_as_they_were(backtest, tmp_path):
    series = with_peaks(20, days=1)
    lines = [f"{stamp},{value}" for stamp, value in zip(series.stamps, series.values, strict=True)]
    lines[1], lines[2] = lines[2], lines[1]
    lines[5] = f"2024-01-01T00:25:00+00:00,{series.values[5]}"
    source = tmp_path / "a.csv"
    source.write_text(
        "\n".join(["value,timestamp", *(",".join(line.split(",")[::-1]) for line in lines)])
    )
    backtest(source, *ONE, "--out", tmp_path / "out")
    written = rows(tmp_path / "out/a.csv")[1:]
    assert [row[0] for row in written] == [line.split(",")[0] for line in lines]


def test_rows_of_one_stamp_get_equal_output(backtest, tmp_path):
    series = with_peaks(100)
    source = write_csv(tmp_path / "a.csv", series)
    text = source.read_text().splitlines()
    twice = [text[0], *(line for row in text[1:] for line in (row, row))]
    source.write_text("\n".join(twice))
    backtest(source, *ONE, "--period", "300", "--out", tmp_path / "out")
    written = rows(tmp_path / "out/a.csv")[1:]
    assert written[::2] == written[1::2]
    assert any(row[3] == "1" for row in written)


def test_missing_values_and_gaps_keep_their_rows(backtest, tmp_path):
    stamps, values = calm()
    values[500:510] = np.nan
    kept = np.delete(np.arange(stamps.size), np.s_[800:850])
    source = write_csv(tmp_path / "a.csv", Series.of(stamps[kept], values[kept], spacing=300))
    assert backtest(source, *ONE, "--out", tmp_path / "out")[0] == 0
    written = rows(tmp_path / "out/a.csv")[1:]
    assert len(written) == kept.size
    assert written[505][1], "the band goes on where a value is missing"


def test_files_go_to_their_names_and_those_of_folders_to_their_paths(backtest, tmp_path):
    one = write_csv(tmp_path / "one.csv", with_peaks(days=1))
    write_csv(tmp_path / "more/deep/two.csv", with_peaks(days=1))
    (tmp_path / "more/notes.csv").write_text("who,what\na,b\n")
    code, out, _ = backtest(one, tmp_path / "more", *ONE, "--out", tmp_path / "out")
    assert code == 0
    found = sorted(
        p.relative_to(tmp_path / "out").as_posix() for p in (tmp_path / "out").rglob("*.csv")
    )
    assert found == ["deep/two.csv", "one.csv"]
    assert "skipped" in out


def test_a_csv_of_other_columns_named_directly_is_bad_input(backtest, tmp_path):
    file = tmp_path / "notes.csv"
    file.write_text("who,what\na,b\n")
    code, _, err = backtest(file)
    assert code == 2
    assert f"{file}:1: the columns are who, what" in err


def test_one_bad_input_does_not_stop_the_others(backtest, tmp_path):
    good = write_csv(tmp_path / "good.csv", with_peaks(days=1))
    bad = tmp_path / "bad.csv"
    bad.write_text("timestamp,value\n2024-01-01 00:00:00,much\n")
    code, _, err = backtest(bad, tmp_path / "none.csv", good, *ONE, "--out", tmp_path / "out")
    assert code == 2
    assert f"{bad}:2: the value 'much' is not a number" in err
    assert "none.csv: cannot be read: No such file or directory" in err
    assert (tmp_path / "out/good.csv").is_file()


def test_a_folder_without_a_csv_is_bad_input(backtest, tmp_path):
    code, _, err = backtest(tmp_path)
    assert code == 2
    assert "there is no CSV file in this folder" in err


def test_two_inputs_for_one_output_are_refused_before_anything_is_written(backtest, tmp_path):
    a, b = (write_csv(tmp_path / name / "x.csv", with_peaks(days=1)) for name in "ab")
    code, _, err = backtest(a, b, *ONE, "--out", tmp_path / "out")
    assert code == 2
    assert f"{a} and {b} would both be written to" in err
    assert not (tmp_path / "out").exists()


def test_an_input_is_never_overwritten(backtest, tmp_path):
    file = write_csv(tmp_path / "a.csv", with_peaks(days=1))
    before = file.read_text()
    code, _, err = backtest(file, *ONE, "--out", tmp_path)
    assert code == 2
    assert "is an input and would be overwritten" in err
    assert file.read_text() == before


@pytest.mark.parametrize(
    "choice", [("--width", "3"), ("--datapoints", "3/3"), (*ONE, "--width", "2")]
)
def test_out_needs_one_width_and_one_datapoints(backtest, tmp_path, choice):
    file = write_csv(tmp_path / "a.csv", with_peaks(days=1))
    code, _, err = backtest(file, *choice, "--out", tmp_path / "out")
    assert code == 2
    assert "give one --width and one --datapoints" in err


@pytest.mark.parametrize(
    ("option", "complaint"),
    [
        (("--width", "0"), "--width must be above 0"),
        (("--width", "nan"), "--width must be above 0"),
        (("--datapoints", "5/3"), "--datapoints must be M/N"),
        (("--datapoints", "three"), "--datapoints must be M/N"),
        (("--period", "0"), "--period must be at least a second"),
        (("--per-week", "-1"), "--per-week must be 0 or more"),
        (("--timezone", "Mars/Base"), "--timezone must be an IANA name"),
        (("--exclude", "2024-01-02/2024-01-01"), "must be START/END"),
        (("--exclude", "yesterday"), "must be START/END"),
        (("--ceiling", "-5"), "--ceiling must be above"),
        (("--stack", "dev"), "FILE does not go with --stack"),
    ],
)
def test_an_option_that_cannot_be_meant_is_refused(backtest, tmp_path, option, complaint):
    file = write_csv(tmp_path / "a.csv", with_peaks(days=1))
    code, _, err = backtest(file, *option)
    assert code == 2
    assert complaint in err


def test_nothing_to_try_is_refused(backtest):
    code, _, err = backtest()
    assert code == 2
    assert "name files or folders, or give --stack" in err


def test_below_a_minute_there_is_no_band_and_that_is_said(backtest, tmp_path):
    stamps, values = calm(days=1, every=10)
    file = write_csv(tmp_path / "a.csv", Series.of(stamps, values, spacing=10))
    code, out, _ = backtest(file, *ONE, "--out", tmp_path / "out")
    assert code == 0
    assert "CloudWatch has no band at a period of 10 seconds" in out
    assert {tuple(row[1:]) for row in rows(tmp_path / "out/a.csv")[1:]} == {("", "", "0")}


def test_rows_finer_than_the_period_are_put_together_and_share_what_becomes_of_them(
    backtest, tmp_path
):
    source = write_csv(tmp_path / "fine.csv", with_peaks(100, every=60))
    coarse = write_csv(tmp_path / "coarse.csv", with_peaks(100))
    backtest(source, coarse, *ONE, "--period", "300", "--out", tmp_path / "out")
    fine = rows(tmp_path / "out/fine.csv")[1:]
    assert all(fine[at][1:] == fine[at + 4][1:] for at in range(0, len(fine), 5))
    alarm = [row[3] for row in fine[::5]]
    assert alarm == [row[3] for row in rows(tmp_path / "out/coarse.csv")[1:]]
    coarse = rows(tmp_path / "out/coarse.csv")[1:]
    width = [float(row[2]) - float(row[1]) for row in (fine[5000], coarse[1000])]
    assert width[0] < width[1], "an average of five scatters less than one"


def test_a_period_cloudwatch_has_not_is_told(backtest, tmp_path):
    stamps, values = calm(days=1, every=90)
    file = write_csv(tmp_path / "a.csv", Series.of(stamps, values, spacing=90))
    assert "CloudWatch has no period of 1 min 30 s" in backtest(file)[1]


def test_datapoints_cloudwatch_would_refuse_are_told(backtest, tmp_path):
    stamps, values = calm(days=40, every=DAY)
    file = write_csv(tmp_path / "a.csv", Series.of(stamps, values, spacing=DAY))
    out = " ".join(backtest(file, "--datapoints", "8/8")[1].split())
    assert "CloudWatch would refuse such an alarm" in out
    assert "would refuse" not in backtest(file)[1], "what is tried unasked is what it takes"


def test_the_matrix_the_alarms_and_the_advice_are_shown(backtest, tmp_path):
    file = write_csv(tmp_path / "a.csv", with_peaks(50, 100, days=14))
    code, out, _ = backtest(file, "--per-week", "1")
    assert code == 0
    for part in (
        "alarms a week",
        "hours in ALARM",
        "longest, hours",
        "state changes",
        "A band from 2024-01-01 03:00 on",
        "For at most 1 alarm a week: width",
        "200 against",
        "own estimate",
    ):
        assert part in out, part
    assert max(map(len, out.splitlines())) <= 80


def test_alarms_are_not_a_no(backtest, tmp_path):
    file = write_csv(tmp_path / "a.csv", with_peaks(50, 100))
    assert backtest(file, *ONE)[0] == 0


def test_json_holds_every_cell_and_every_alarm(backtest, tmp_path):
    file = write_csv(tmp_path / "a.csv", with_peaks(50, 100))
    code, out, _ = backtest(
        file, "--width", "3", "--width", "4", "--datapoints", "1/1", "--json", "-"
    )
    data = json.loads(out)
    (metric,) = data["metrics"]
    assert code == 0
    assert [(cell["width"], cell["datapoints"]) for cell in metric["matrix"]] == [
        (3.0, "1/1"),
        (4.0, "1/1"),
    ]
    assert metric["firstBand"] == "2024-01-01T03:00:00Z"
    assert len(metric["alarms"]) == metric["matrix"][1]["alarms"]
    assert "own estimate" in data["band"]


def test_incidents_give_precision_recall_and_delay(backtest, tmp_path):
    file = write_csv(tmp_path / "a.csv", with_peaks(50, 100))
    incidents = tmp_path / "incidents.json"
    incidents.write_text(json.dumps({"a.csv": [[MONDAY + 50 * 3600, MONDAY + 52 * 3600]]}))
    _, out, _ = backtest(file, *ONE, "--incidents", incidents)
    for part in (
        "precision, %",
        "recall, %",
        "delay, minutes",
        "in an incident",
        "1 of 1 incidents",
    ):
        assert part in out, part


def test_incidents_of_something_else_are_noticed(backtest, tmp_path):
    file = write_csv(tmp_path / "a.csv", with_peaks(50))
    incidents = tmp_path / "incidents.json"
    incidents.write_text(json.dumps({"b.csv": []}))
    assert (
        "--incidents fits none of the inputs" in backtest(file, *ONE, "--incidents", incidents)[1]
    )


def test_many_metrics_are_told_in_a_line_each(backtest, tmp_path):
    for name in "abcd":
        write_csv(tmp_path / f"in/{name}.csv", with_peaks(50, days=3))
    code, out, _ = backtest(tmp_path / "in", *ONE, "--markdown", tmp_path / "out.md")
    assert code == 0
    assert len([line for line in out.splitlines() if "3, 3/3" in line]) == 4
    text = (tmp_path / "out.md").read_text()
    assert text.count("<details>") == 4
    assert "own estimate" in text


def test_excluded_times_teach_nothing(backtest, tmp_path):
    stamps, values = calm()
    values[600:900] = 500.0
    file = write_csv(tmp_path / "a.csv", Series.of(stamps, values, spacing=300))
    excluded = f"{MONDAY + 600 * 300}/{MONDAY + 900 * 300}"
    for name, option in (("plain", ()), ("excluding", ("--exclude", excluded))):
        backtest(file, *ONE, *option, "--out", tmp_path / name)
    upper = [float(rows(tmp_path / f"{name}/a.csv")[1000][2]) for name in ("plain", "excluding")]
    assert upper[1] < 70 < upper[0]


def test_the_json_of_get_metric_data_is_read_newest_first(backtest, tmp_path):
    series = with_peaks(100)
    result = {
        "Id": "m1",
        "Label": "CPUUtilization",
        "Timestamps": [int(stamp) for stamp in series.stamps[::-1]],
        "Values": series.values[::-1].tolist(),
    }
    file = tmp_path / "data.json"
    file.write_text(json.dumps({"MetricDataResults": [result]}))
    code, out, _ = backtest(file, *ONE, "--out", tmp_path / "out")
    assert code == 0
    assert "note:" not in out
    assert sum(row[3] == "1" for row in rows(tmp_path / "out/data.csv")[1:]) == 4
