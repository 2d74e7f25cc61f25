import json
import re
from pathlib import Path

import numpy as np
import pytest

from alerting.replay import MetricKey
from alerting.scenarios.mistakes import ScenarioError
from alerting.scenarios.staging import MONDAY
from alerting.scenarios.values import MAX_POINTS
from tests.scenarios.stories import alarm, played

EXPECT = "expect: [{alarm: busy, state: OK, times: 1}]\n"
BUSY = MetricKey("Shop", "busy")


def refusal(folder: Path, series: str, alarms: list[dict[str, object]] | None = None) -> str:
    with pytest.raises(ScenarioError) as refused:
        played(folder, f"series:\n{series}{EXPECT}", alarms)
    return str(refused.value).replace(f"{folder}/", "")


def test_zero_is_a_monday(tmp_path: Path):
    found = played(tmp_path, "series: [{alarm: busy, values: 40 for 1h}]\n" + EXPECT)
    assert (found.zero, found.end) == (MONDAY, MONDAY + 3600)


def test_zero_is_the_earliest_absolute_start(tmp_path: Path):
    text = """series:
  - {alarm: busy, values: 40 for 1h, start: 2024-03-31T03:00 Europe/Berlin}
  - {alarm: idle, values: 40 for 1h, start: "2024-03-31T00:00Z"}
"""
    found = played(tmp_path, text + EXPECT, [alarm(), alarm("idle")])
    assert found.zero == 1_711_843_200
    assert found.data[BUSY].start == found.zero + 3600


def test_a_series_starts_where_it_says(tmp_path: Path):
    found = played(tmp_path, "series: [{alarm: busy, values: 40 for 1h, start: 30m}]\n" + EXPECT)
    series = found.data[BUSY]
    assert (series.start - found.zero, series.end - found.zero) == (1800, 5400)


def test_the_time_between_datapoints_is_the_alarm_s_period_unless_said(tmp_path: Path):
    text = "series: [{alarm: busy, values: 40 for 1h}]\n" + EXPECT
    slow = alarm("slow", MetricName="busy", Period=600)
    assert played(tmp_path, text, [slow, alarm()]).data[BUSY].spacing == 300
    assert played(tmp_path, text.replace("values", "every: 1m, values")).data[BUSY].spacing == 60


def test_the_replay_ends_where_the_longest_series_does_gaps_included(tmp_path: Path):
    text = "series: [{alarm: busy, values: '40 for 1h, missing for 1h'}]\n" + EXPECT
    found = played(tmp_path, text)
    assert found.end - found.zero == 7200


def test_series_of_one_metric_follow_each_other(tmp_path: Path):
    text = """series:
  - {alarm: busy, values: 95 for 1h, start: 2h}
  - {metric: {namespace: Shop, name: busy}, values: 40 for 1h}
"""
    series = played(tmp_path, text + EXPECT).data[BUSY]
    assert series.values.tolist() == [40.0] * 12 + [95.0] * 12
    assert int(series.stamps[12] - series.stamps[11]) == 3900


def test_series_of_one_metric_that_overlap_are_refused(tmp_path: Path):
    series = """  - {alarm: busy, values: 40 for 1h}
  - {alarm: busy, values: 95 for 1h, start: 55m}
"""
    assert refusal(tmp_path, series) == (
        "story.scenario.yaml:4: overlaps with the series of line 3, which gives the "
        "Average of Shop busy up to 1h; series of one metric follow each other"
    )


def test_series_of_one_metric_at_two_paces_are_refused(tmp_path: Path):
    series = """  - {alarm: busy, values: 40 for 1h}
  - {alarm: busy, values: 95 for 1h, every: 1m, start: 1h}
"""
    assert "4: has datapoints every 1m, the series of line 3 every 5m" in refusal(tmp_path, series)


def test_values_that_do_not_parse_show_a_caret(tmp_path: Path):
    series = "  - alarm: busy\n    values: 40 for 1h, 95 fro 1h\n"
    assert refusal(tmp_path, series) == (
        "story.scenario.yaml:4: values: expected for or to, got 'fro'\n"
        "    40 for 1h, 95 fro 1h\n"
        "                  ^"
    )


def test_a_series_for_an_alarm_on_several_metrics_names_them(tmp_path: Path):
    ratio = alarm("ratio", Metrics=_ratio())
    message = refusal(tmp_path, "  - {alarm: ratio, values: 1 for 1h}\n", [ratio, alarm()])
    assert "3: ratio reads 2 metrics; name one with metric:" in message
    assert "the Sum of Shop Errors" in message


def test_metric_math_is_fed_metric_by_metric(tmp_path: Path):
    text = """series:
  - {metric: {namespace: Shop, name: Errors, statistic: Sum}, values: '1 for 30m, 9 for 30m'}
  - {metric: {namespace: Shop, name: Requests, statistic: Sum}, values: 100 for 1h}
expect:
  - {alarm: ratio, state: ALARM, at: 35m}
"""
    ratio = alarm("ratio", Metrics=_ratio(), Threshold=5)
    assert [one.new for one in played(tmp_path, text, [ratio]).replay.changes] == ["OK", "ALARM"]


def _ratio() -> list[dict[str, object]]:
    def metric(name: str) -> dict[str, object]:
        about = {"Namespace": "Shop", "MetricName": name.title(), "Dimensions": []}
        stat = {"Metric": about, "Period": 300, "Stat": "Sum"}
        return {"Id": name, "MetricStat": stat, "ReturnData": False}

    whole = {"Id": "e1", "Expression": "100 * errors / requests", "ReturnData": True}
    return [metric("errors"), metric("requests"), whole]


def test_an_unknown_function_of_metric_math_is_named(tmp_path: Path):
    queries = _ratio()
    queries[-1]["Expression"] = "WIZARDRY(errors)"
    series = "  - {metric: {namespace: Shop, name: busy}, values: 40 for 1h}\n"
    with pytest.raises(ScenarioError, match="uses WIZARDRY, which is not among the functions"):
        played(
            tmp_path,
            f"series:\n{series}expect: [{{alarm: ratio, never: ALARM}}]",
            [alarm(), alarm("ratio", Metrics=queries)],
        )


def over(name: str, rule: str, **more: object) -> dict[str, object]:
    return {"AlarmName": name, "AlarmRule": rule, **more}


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("ALARM(busy) OR ALARM(idle)", "idle gets no data: no series gives the Average of Shop id"),
        ("ALARM(busy) OR ALARM(strange)", "strange cannot be replayed: PromQL alarms are not"),
        ("ALARM(above-idle)", "idle gets no data"),
        ("ALARM(gone)", "its rule names 'gone', which is not among the alarms"),
        ("ALARM(above-gone)", "above-gone cannot: its rule names 'gone'"),
        ("TRUE", "its rule names no alarm"),
    ],
)
def test_a_composite_over_what_is_not_replayed_cannot_be_expected_on(
    tmp_path: Path, rule: str, reason: str
):
    text = "series: [{alarm: busy, values: 40 for 1h}]\nexpect: [{alarm: both, never: ALARM}]"
    alarms = [
        alarm(),
        alarm("idle"),
        alarm("strange", EvaluationCriteria={"PromQLCriteria": {}}),
        over("above-idle", "OK(idle)"),
        over("above-gone", "OK(gone)"),
        over("both", rule),
    ]
    with pytest.raises(ScenarioError, match=re.escape(f"3: both cannot be replayed: {reason}")):
        played(tmp_path, text, alarms)


def test_a_composite_whose_suppressor_sees_nothing_cannot_be_expected_on(tmp_path: Path):
    text = "series: [{alarm: busy, values: 40 for 1h}]\nexpect: [{alarm: both, never: ALARM}]"
    periods = {"ActionsSuppressorWaitPeriod": 60, "ActionsSuppressorExtensionPeriod": 60}
    both = over("both", "ALARM(busy)", ActionsSuppressor="slow", **periods)
    with pytest.raises(ScenarioError, match="both cannot be replayed: slow gets no data"):
        played(tmp_path, text, [alarm(), alarm("slow"), both])


def test_a_composite_whose_suppressor_is_not_there_cannot_be_expected_on(tmp_path: Path):
    text = "series: [{alarm: busy, values: 40 for 1h}]\nexpect: [{alarm: both, never: ALARM}]"
    with pytest.raises(ScenarioError, match="both cannot be replayed: its actions suppressor is"):
        played(tmp_path, text, [alarm(), over("both", "ALARM(busy)", ActionsSuppressor="gone")])


def test_a_suppressor_of_a_child_need_not_be_fed(tmp_path: Path):
    text = "series: [{alarm: busy, values: 40 for 1h}]\nexpect: [{alarm: top, never: ALARM}]"
    periods = {"ActionsSuppressorWaitPeriod": 60, "ActionsSuppressorExtensionPeriod": 60}
    both = over("both", "ALARM(busy)", ActionsSuppressor="slow", **periods)
    played(tmp_path, text, [alarm(), alarm("slow"), both, over("top", "ALARM(both)")])


def test_a_composite_over_an_alarm_whose_clock_never_starts_cannot_be_expected_on(tmp_path: Path):
    text = "series: [{alarm: busy, values: missing for 1h}]\nexpect: [{alarm: both, never: ALARM}]"
    with pytest.raises(ScenarioError, match="both cannot be replayed: its child busy was not"):
        played(tmp_path, text, [alarm(), over("both", "ALARM(busy)")])


def test_a_composite_is_given_no_data_of_its_own(tmp_path: Path):
    text = "series: [{alarm: both, values: 40 for 1h}]\nexpect: [{alarm: both, never: ALARM}]"
    with pytest.raises(ScenarioError, match="2: both is a composite alarm and reads no metric"):
        played(tmp_path, text, [alarm(), over("both", "ALARM(busy)")])


def test_a_recording_is_shifted_to_where_the_series_starts(tmp_path: Path):
    (tmp_path / "busy.csv").write_text(
        "timestamp,value\n2014-02-14 14:30:00,40\n2014-02-14 14:35:00,95\n2014-02-14 14:40:00,40\n"
    )
    text = "series: [{alarm: busy, file: busy.csv, start: 1h}]\n" + EXPECT.replace("1}", "2}")
    series = played(tmp_path, text).data[BUSY]
    assert (series.stamps - MONDAY).tolist() == [3600, 3900, 4200]
    assert series.values.tolist() == [40, 95, 40]


def test_one_of_several_results_is_named(tmp_path: Path):
    stamps = ["2024-01-01T00:00:00Z", "2024-01-01T00:05:00Z"]
    results = [
        {"Id": name, "Label": name, "Timestamps": stamps, "Values": values}
        for name, values in (("m1", [1.0, 2.0]), ("m2", [3.0, 4.0]))
    ]
    (tmp_path / "data.json").write_text(json.dumps({"MetricDataResults": results}))
    text = "series: [{alarm: busy, file: data.json, result: m2}]\n" + EXPECT
    assert np.array_equal(played(tmp_path, text).data[BUSY].values, [3.0, 4.0])
    assert "3: file: data.json: holds 2 series; name one of: m1, m2" in refusal(
        tmp_path, "  - {alarm: busy, file: data.json}\n"
    )


def test_a_recording_that_is_not_there_is_named(tmp_path: Path):
    message = refusal(tmp_path, "  - {alarm: busy, file: gone.csv}\n")
    assert message == "story.scenario.yaml:3: file: gone.csv: No such file or directory"


def test_a_recording_that_cannot_be_read_is_named_with_both_lines(tmp_path: Path):
    (tmp_path / "busy.csv").write_text("timestamp,value\n2014-02-14 14:30:00,forty\n")
    message = refusal(tmp_path, "  - {alarm: busy, file: busy.csv}\n")
    assert "story.scenario.yaml:3: file: busy.csv:2: the value 'forty' is not a number" in message


def test_ten_million_points_are_refused_before_they_are_made(tmp_path: Path):
    series = "  - {alarm: busy, every: 10s, values: 40 for 1157d}\n"
    assert f"more than {MAX_POINTS:,} datapoints" in refusal(tmp_path, series)


def test_all_mistakes_of_a_file_are_named_at_once(tmp_path: Path):
    text = """series:
  - {alarm: bussy, values: 40 for 1h}
  - {alarm: busy, values: 40 fro 1h}
expect:
  - {alarm: busy, state: OK, by: 5m, tells: [nobody-we-know]}
"""
    with pytest.raises(ScenarioError) as refused:
        played(tmp_path, text)
    assert [one.place.line for one in refused.value.mistakes] == [3, 4, 6]


def test_a_recording_that_is_far_too_big_is_not_even_read(tmp_path: Path):
    with (tmp_path / "busy.csv").open("wb") as file:
        file.truncate(250_000_000)
    message = refusal(tmp_path, "  - {alarm: busy, file: busy.csv}\n")
    assert "3: file: busy.csv: has 250 MB, more than 1,000,000 datapoints take" in message
