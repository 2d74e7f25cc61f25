"""Recordings as people have them: CSV, the console's download, GetMetricData's JSON."""

import json
from pathlib import Path

import numpy as np
import pytest

from alerting.replay import RecordingError, WrongColumnsError, read_recording, read_recordings

MONDAY = 1_704_067_200
ROWS = "2024-01-01 00:00:00,1\n2024-01-01 00:05:00,2\n2024-01-01 00:10:00,3\n"


@pytest.fixture
def write(tmp_path):
    def written(text, name="cpu.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return written


@pytest.fixture
def read(write):
    return lambda text, **options: read_recording(write(text), **options)


@pytest.fixture
def warnings(read, tmp_path):
    """Without the folder, which differs from run to run."""
    return lambda rows: [
        line.removeprefix(f"{tmp_path}/") for line in read(f"timestamp,value\n{rows}").warnings
    ]


@pytest.fixture
def error(write, tmp_path):
    def message(text, **options):
        with pytest.raises(RecordingError) as caught:
            read_recording(write(text), **options)
        return str(caught.value).removeprefix(f"{tmp_path}/")

    return message


def test_a_csv_of_timestamp_and_value(read):
    recording = read(f"timestamp,value\n{ROWS}")

    assert recording.series.stamps.tolist() == [MONDAY, MONDAY + 300, MONDAY + 600]
    assert recording.series.values.tolist() == [1, 2, 3]
    assert (recording.series.spacing, recording.series.end) == (300, MONDAY + 900)
    assert recording.name == "cpu"
    assert recording.warnings == ()


@pytest.mark.parametrize(
    "stamp",
    [
        "2024-01-01 00:05:00",
        "2024-01-01T00:05:00",
        "2024-01-01T00:05:00Z",
        "2024-01-01 01:05:00+01:00",
        "2023-12-31T19:05:00-0500",
        "2024-01-01 00:05",
        "2024-01-01 00:05:00.750",
        "2024/01/01 00:05:00",
        str(MONDAY + 300),
        f"{MONDAY + 300}.0",
        f"{MONDAY + 300}000",
        " 2024-01-01 00:05:00 ",
    ],
)
def test_times_in_every_usual_form(read, stamp):
    recording = read(f"timestamp,value\n{stamp},1\n2024-01-01 00:10:00,2\n")

    assert recording.series.stamps[0] == MONDAY + 300


def test_the_order_of_the_columns_and_further_ones_do_not_matter(read):
    recording = read('"Value",note, Timestamp \n1,"a, b",2024-01-01\n2,,2024-01-02\n')

    assert recording.series.values.tolist() == [1, 2]
    assert recording.series.spacing == 86_400


def test_a_byte_order_mark_blank_lines_and_windows_line_ends_do_no_harm(read):
    recording = read(b"\xef\xbb\xbftimestamp,value\r\n\r\n" + ROWS.replace("\n", "\r\n").encode())

    assert recording.series.values.tolist() == [1, 2, 3]


def test_an_empty_value_is_a_missing_one(read):
    recording = read(
        "timestamp,value\n2024-01-01 00:00:00,1\n2024-01-01 00:05:00,\n2024-01-01 00:10:00,NaN\n"
    )

    assert np.isnan(recording.series.values).tolist() == [False, True, True]
    assert recording.series.end == MONDAY + 900
    assert recording.warnings == ()


def test_every_row_is_kept_with_its_timestamp_as_written(read):
    rows = [
        "2024-01-01 00:10:00,3",
        "2024-01-01T00:00:00Z,1",
        f"{MONDAY + 600},4",
        "2024-01-01 00:05:00,2",
    ]
    recording = read("\n".join(["timestamp,value", *rows]), spacing=300)

    assert list(recording.timestamps) == [row.split(",")[0] for row in rows]
    assert recording.index.tolist() == [2, 0, 2, 1]
    assert recording.series.values.tolist() == [1, 2, 4]


def test_a_gap_is_warned_of_with_its_line(warnings):
    later = "2024-01-01 02:15:00,4\n"

    assert warnings(ROWS + later) == [
        "cpu.csv:5: a gap of 2 h 5 min before this row; rows are 5 minutes apart"
    ]


def test_backward_and_repeated_timestamps_are_warned_of_with_their_lines(warnings):
    rows = ROWS + "2024-01-01 00:05:00,9\n2024-01-01 00:15:00,4\n"

    assert warnings(rows) == [
        "cpu.csv:5: the timestamp lies before the one above",
        "cpu.csv:5: the timestamp was there before; the last value counts",
    ]


def test_many_oddities_of_one_kind_are_told_in_three_lines(warnings):
    lines = warnings(ROWS + "2024-01-01 00:10:00,3\n" * 7)

    assert len(lines) == 3
    assert lines[-1].startswith("cpu.csv:7: the timestamp was there before")
    assert lines[-1].endswith("(and 4 more rows like this)")


def test_an_infinite_value_is_missing_and_warned_of(read, warnings):
    rows = ROWS.replace(",2\n", ",inf\n")

    assert warnings(rows) == ["cpu.csv:3: the value is infinite and taken as missing"]
    assert np.isnan(read(f"timestamp,value\n{rows}").series.values[1])


def test_mixed_periods_are_warned_of(warnings):
    stamps = [MONDAY + at for at in (0, 60, 120, 130, 150, 230, 300)]

    assert warnings("\n".join(f"{stamp},1" for stamp in stamps)) == [
        "cpu.csv:2: only 2 of 6 rows follow at the usual 1 minute; the period may be another one"
    ]


def test_one_row_does_not_tell_the_period(warnings, read):
    assert warnings("2024-01-01,1\n") == [
        "cpu.csv:2: one row does not tell the period; 5 minutes is assumed, "
        "say otherwise if you know better"
    ]
    assert read("timestamp,value\n2024-01-01,1\n", spacing=60).warnings == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "cpu.csv:1: is empty; the first line must be timestamp,value and rows must follow"),
        ("  \n\n", "cpu.csv:1: is empty; "),
        ("timestamp,value\n", "cpu.csv:1: has no rows below its header; add the datapoints"),
        (
            "time,cpu\n1,2\n",
            "cpu.csv:1: the columns are time, cpu; "
            "a recording needs timestamp and value in its first line",
        ),
        ("<html><body>no</body></html>", "cpu.csv:1: the columns are <html>"),
        (ROWS, "cpu.csv:1: the columns are 2024-01-01 00:00:00, 1; "),
        (b"\xff\xfe\x00\x01", "cpu.csv: is not text in UTF-8"),
        (
            f"timestamp,value\n{ROWS}2024-01-01 00:15:00,12;5\n",
            "cpu.csv:5: the value '12;5' is not a number; "
            "write one with a decimal point, or nothing where it is missing",
        ),
        (
            "timestamp,value\n\n2024-01-01,1\n31.12.2024,2\n",
            "cpu.csv:4: the timestamp '31.12.2024' is not a time; write it as "
            "2026-01-31 13:55:00 (UTC), with an offset, or as epoch seconds",
        ),
        (
            "timestamp,value\n2024-02-30 00:00:00,1\n",
            "cpu.csv:2: the timestamp '2024-02-30 00:00:00' is not a time",
        ),
        (
            "timestamp,value\n99999999999999999999,1\n",
            "cpu.csv:2: the timestamp '99999999999999999999' is not a time",
        ),
        ("timestamp,value\n2024-01-01\n", "cpu.csv:2: has 1 of 2 columns"),
        (
            "timestamp,value\n2024-01-01,\n2024-01-02,nan\n2024-01-03,inf\n",
            "cpu.csv:2: none of the 3 values from here on is a number; a recording needs one",
        ),
        ('timestamp,value\n"2024-01-01,1\n' + "x" * 140_000, "is not CSV: field larger"),
        ("Full label,CPU\n,\n", "cpu.csv:2: no line starts with a time; add the datapoints"),
        ("Label,CPU\n2024/01/01 00:00:00\n", "cpu.csv:2: has a time but no value beside it"),
        ("{nonsense", "cpu.csv:1: is not JSON: "),
        ("{}", "cpu.csv:1: has no list MetricDataResults; save the whole answer of aws"),
        ('{"MetricDataResults": [1]}', "cpu.csv:1: has no list MetricDataResults"),
        (
            '{"MetricDataResults": [{"Id": "m1", "Timestamps": [], "Values": []}]}',
            "cpu.csv:1: no result holds a datapoint; check the metric's name, dimensions and times",
        ),
        (
            '{"MetricDataResults": [{"Id": "m1", "Timestamps": [1], "Values": []}]}',
            "cpu.csv:1: result 'm1' has 1 Timestamps and 0 Values",
        ),
        (
            '{"MetricDataResults": [{"Id": "m1", "Timestamps": [NaN], "Values": [1]}]}',
            "cpu.csv:1: result 'm1', datapoint 1: the timestamp nan is not a time",
        ),
        (
            '{"MetricDataResults": [{"Id": "m1", "Timestamps": [null], "Values": [1]}]}',
            "cpu.csv:1: result 'm1', datapoint 1: the timestamp None is not a time",
        ),
        (
            '{"MetricDataResults": [{"Id": "m1", "Timestamps": [1], "Values": ["x"]}]}',
            "cpu.csv:1: result 'm1', datapoint 1: the value 'x' is not a number",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_with_file_and_line(error, text, message):
    assert message in error(text)


def test_other_columns_can_be_told_from_other_mistakes(write):
    with pytest.raises(WrongColumnsError):
        read_recording(write("a,b\n1,2\n"))


def test_a_file_that_is_not_there_is_the_systems_own_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_recording(tmp_path / "none.csv")


CONSOLE = """Full label,CPUUtilization of i-1,CPUUtilization of i-2
Label,one,two
Period,300,300
,
2024/01/01 00:00:00,1,
2024/01/01 00:05:00,2,5
"""


def test_the_consoles_download_has_a_series_in_each_column(write):
    one, two = read_recordings(write(CONSOLE))

    assert (one.name, two.name) == ("one", "two")
    assert one.series.stamps.tolist() == [MONDAY, MONDAY + 300]
    assert one.series.values.tolist() == [1, 2]
    assert two.series.present()[1].tolist() == [5]
    assert two.source.endswith("cpu.csv (two)")


def test_one_of_several_series_has_to_be_named(write, error):
    assert read_recording(write(CONSOLE), name="two").name == "two"
    assert error(CONSOLE) == "cpu.csv: holds 2 series; name one of: one, two"


def answer(*results):
    return json.dumps({"MetricDataResults": [*results], "Messages": []})


def test_the_newest_first_of_get_metric_data_is_no_oddity(read):
    recording = read(
        answer(
            {
                "Id": "m1",
                "Label": "CPUUtilization",
                "Timestamps": [
                    "2024-01-01T00:10:00+00:00",
                    "2024-01-01T00:05:00+00:00",
                    "2024-01-01T00:00:00+00:00",
                ],
                "Values": [3, 2.5, 1],
                "StatusCode": "Complete",
            }
        )
    )

    assert recording.series.values.tolist() == [1, 2.5, 3]
    assert recording.series.spacing == 300
    assert recording.index.tolist() == [2, 1, 0]
    assert recording.timestamps[0] == "2024-01-01T00:10:00+00:00"
    assert (recording.name, recording.label, recording.warnings) == ("m1", "CPUUtilization", ())


def test_pages_of_one_result_belong_together(read):
    page = {"Id": "m1", "Label": "x", "Timestamps": [600], "Values": [3]}

    recording = read(answer(page, page | {"Timestamps": [300, 0], "Values": [2, 1]}))

    assert recording.series.values.tolist() == [1, 2, 3]


def test_a_result_is_found_by_id_or_label(write):
    path = write(
        answer(
            {"Id": "band", "Label": "high", "Timestamps": [0, 60], "Values": [9, 9]},
            {"Id": "band", "Label": "low", "Timestamps": [0, 60], "Values": [1, 1]},
            {"Id": "m1", "Label": "cpu", "Timestamps": [0, 60], "Values": [5, 5]},
            {"Id": "empty", "Timestamps": [], "Values": []},
        )
    )

    assert read_recording(path, name="m1").series.values[0] == 5
    assert read_recording(path, name="low").series.values[0] == 1
    with pytest.raises(RecordingError, match="holds 2 series"):
        read_recording(path, name="band")
    with pytest.raises(RecordingError, match="has no series 'm2'; there is: band, band, m1"):
        read_recording(path, name="m2")


def test_a_given_spacing_stands_against_the_files_own(read):
    assert read(f"timestamp,value\n{ROWS}", spacing=60).series.spacing == 60


@pytest.mark.parametrize(
    "text",
    [
        "timestamp,value\n2024-01-01 00:00:00,1\n2024-01-01 00:05:00,\n2024-01-01 00:10:00,3\n",
        "timestamp,value\n2024-01-01 00:00:00,1\n2024-01-01 00:05:00,\n2024-01-01 00:10:00,3",
        "Value , Timestamp\n1,2024-01-01 00:00:00\n,2024-01-01 00:05:00\n3,2024-01-01 00:10:00\n",
    ],
)
def test_a_file_of_two_columns_is_read_like_any_other(tmp_path: Path, text: str):
    """Quoting a cell makes it take the long way, which has to come to the same."""
    plain, quoted = tmp_path / "plain.csv", tmp_path / "quoted.csv"
    plain.write_text(text)
    quoted.write_text(text.replace("3", '"3"'))
    fast, slow = read_recording(plain), read_recording(quoted)
    assert fast.timestamps == slow.timestamps
    assert np.array_equal(fast.series.values, slow.series.values, equal_nan=True)
    assert fast.warnings == tuple(w.replace("quoted", "plain") for w in slow.warnings)
