from pathlib import Path

import pytest

from tests.scenarios.stories import TOPIC, alarm, held, verdicts

TWICE = (
    "series: [{alarm: busy, values: '40 for 1h, 95 for 30m, 40 for 1h, 95 for 30m, 40 for 1h'}]\n"
)
"""OK at 5m, ALARM at 1h5m, OK at 1h35m, ALARM at 2h35m, OK at 3h5m; ends at 4h."""


def holds(folder: Path, expect: str) -> list[bool]:
    return held(folder, f"{TWICE}expect:\n" + "".join(f"  - {{{e}}}\n" for e in expect.split("; ")))


def test_leaving_insufficient_data_is_a_change_like_any_other(tmp_path: Path):
    assert holds(tmp_path, f"alarm: busy, state: OK, at: 5m, tells: ['{TOPIC}']") == [True]


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("at: 1h5m", True),
        ("at: 1h4m", True),
        ("at: 1h3m", False),
        ("at: 1h3m, within: 2m", True),
        ("at: 1h6m", False),
        ("at: 1h5m, within: 0", True),
        ("by: 1h5m", True),
        ("by: 1h4m", False),
        ("by: 4h", True),
    ],
)
def test_bounds_are_inclusive(tmp_path: Path, when: str, expected: bool):
    assert holds(tmp_path, f"alarm: busy, state: ALARM, {when}") == [expected]


def test_each_takes_the_first_change_after_the_one_before_it_took(tmp_path: Path):
    expect = (
        "alarm: busy, state: ALARM, at: 1h5m; alarm: busy, state: ALARM, at: 2h35m; "
        "alarm: busy, state: OK, at: 3h5m"
    )
    assert holds(tmp_path, expect) == [True, True, True]


def test_a_later_change_is_not_taken_in_place_of_the_first(tmp_path: Path):
    assert holds(tmp_path, "alarm: busy, state: ALARM, at: 2h35m") == [False]


def test_an_earlier_change_is_not_there_any_more(tmp_path: Path):
    expect = "alarm: busy, state: ALARM, at: 1h5m; alarm: busy, state: OK, at: 5m"
    assert holds(tmp_path, expect) == [True, False]


def test_a_change_at_the_wrong_time_is_taken_all_the_same(tmp_path: Path):
    expect = "alarm: busy, state: ALARM, at: 1h; alarm: busy, state: OK, at: 1h35m"
    assert holds(tmp_path, expect) == [False, True]


def test_alarms_are_bound_each_for_itself(tmp_path: Path):
    text = f"{TWICE}expect:\n" + "".join(
        f"  - {{alarm: {name}, state: {state}, at: {at}}}\n"
        for name, state, at in (
            ("busy", "ALARM", "1h5m"),
            ("busier", "ALARM", "1h5m"),
            ("busier", "OK", "1h35m"),
            ("busy", "OK", "1h35m"),
        )
    )
    busier = alarm("busier", MetricName="busy", Threshold=90)
    assert held(tmp_path, text, [alarm(), busier]) == [True] * 4


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        ("state: ALARM, times: 2", True),
        ("state: ALARM, times: 1", False),
        ("state: OK, times: 3", True),
        ("state: INSUFFICIENT_DATA, times: 0", True),
        ("state: ALARM, times: 1, after: 1h5m, before: 2h34m", True),
        ("state: ALARM, times: 1, after: 1h6m", True),
        ("state: ALARM, times: 2, after: 1h5m, before: 2h35m", True),
        (f"state: ALARM, times: 2, tells: ['{TOPIC}']", True),
        ("state: ALARM, times: 2, tells: []", False),
        ("never: ALARM", False),
        ("never: INSUFFICIENT_DATA", True),
        ("never: ALARM, after: 2h36m", True),
        ("never: ALARM, before: 1h4m", True),
        ("never: ALARM, before: 1h5m", False),
        ("never: ALARM, after: 1h6m, before: 2h34m", True),
    ],
)
def test_changes_are_counted_within_inclusive_bounds(tmp_path: Path, count: str, expected: bool):
    assert holds(tmp_path, f"alarm: busy, {count}") == [expected]


def test_tells_means_exactly_these(tmp_path: Path):
    other = TOPIC.replace("alerts", "others")
    text = f"""{TWICE}expect:
  - {{alarm: busy, state: ALARM, at: 1h5m, tells: ['{TOPIC}']}}
  - {{alarm: busy, state: OK, at: 1h35m, tells: ['{other}', '{TOPIC}']}}
  - {{alarm: busy, state: ALARM, at: 2h35m, tells: []}}
"""
    both = alarm(AlarmActions=[TOPIC, other], OKActions=[TOPIC, other])
    found = verdicts(tmp_path, text, [both])
    assert [one.failure is None for one in found] == [False, True, False]
    assert found[0].failure
    assert found[0].failure.headline == (
        f"busy: expected ALARM at 1h5m to tell {TOPIC}, it told {TOPIC}, {other}"
    )


def test_an_alarm_whose_actions_are_off_tells_nobody(tmp_path: Path):
    text = f"{TWICE}expect: [{{alarm: busy, state: ALARM, at: 1h5m, tells: []}}]"
    assert held(tmp_path, text, [alarm(ActionsEnabled=False)]) == [True]


def test_a_dynamodb_alarm_keeps_its_state_where_data_is_missing(tmp_path: Path):
    text = """series: [{alarm: busy, values: '40 for 1h, missing for 1h'}]
expect: [{alarm: busy, never: INSUFFICIENT_DATA}, {alarm: busy, state: OK, at: 5m}]"""
    assert held(tmp_path, text, [alarm(Namespace="AWS/DynamoDB")]) == [True, True]


ONLY = """{series}expect:
  - {{alarm: busy, state: OK, at: 5m{tells}}}
  - {{alarm: busy, state: ALARM, at: 1h5m}}
  - {{alarm: busy, state: OK, at: 1h35m}}
only: {only}
"""
ONCE = "series: [{alarm: busy, values: '40 for 1h, 95 for 30m, 40 for 1h'}]\n"


def test_only_holds_where_every_notification_is_named(tmp_path: Path):
    text = ONLY.format(series=ONCE, only="true", tells=f", tells: ['{TOPIC}']")
    assert held(tmp_path, text) == [True] * 4


def test_only_names_the_notifications_that_nothing_names(tmp_path: Path):
    text = ONLY.format(series=TWICE, only="true", tells="")
    *_, last = verdicts(tmp_path, text)
    assert last.failure is not None
    assert last.failure.headline == "only: 2 notifications no expectation names"
    assert last.failure.details == (
        f"told: {TOPIC} of busy ALARM at 2h35m",
        f"told: {TOPIC} of busy OK at 3h5m",
    )


def test_without_only_others_may_be_told(tmp_path: Path):
    assert held(tmp_path, ONLY.format(series=TWICE, only="false", tells="")) == [True] * 3


def test_only_sees_alarms_that_no_expectation_is_about(tmp_path: Path):
    text = ONLY.format(series=ONCE, only="true", tells="")
    busier = alarm("busier", MetricName="busy", Threshold=90)
    assert held(tmp_path, text, [alarm(), busier]) == [True, True, True, False]


def test_tests_share_the_series_and_are_judged_each_for_itself(tmp_path: Path):
    text = f"""{TWICE}tests:
  fires: {{expect: [{{alarm: busy, state: ALARM, at: 1h5m}}]}}
  fires again: {{expect: [{{alarm: busy, state: ALARM, at: 1h5m}}], only: true}}
"""
    found = verdicts(tmp_path, text)
    assert [one.test.name for one in found] == ["fires", "fires again", "fires again"]
    assert [one.failure is None for one in found] == [True, True, False]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("{NewStateValue: ALARM, OldStateValue: OK}", True),
        ("{NewStateReason: {matches: '95.0 .* greater than the threshold .80.0.'}}", True),
        ("{Trigger.Threshold: 80, Trigger.MetricName: busy}", True),
        ("{NewStateValue: OK}", False),
        ("{NewStateReason: {matches: '^less'}}", False),
        ("{Nonsense: 1}", False),
    ],
)
def test_fields_of_the_message_are_compared(tmp_path: Path, message: str, expected: bool):
    expect = f"alarm: busy, state: ALARM, at: 1h5m, message: {message}"
    assert holds(tmp_path, expect) == [expected]


def test_a_change_that_tells_nothing_has_no_message(tmp_path: Path):
    text = f"{TWICE}expect: [{{alarm: busy, state: OK, at: 5m, message: {{NewStateValue: OK}}}}]"
    (only,) = verdicts(tmp_path, text, [alarm(OKActions=[])])
    assert only.failure is not None
    assert "tells nothing in this state" in only.failure.headline


def test_a_failure_says_when_it_did_fire_on_what_and_who_was_told(tmp_path: Path):
    text = f"{TWICE}expect: [{{alarm: busy, state: ALARM, at: 1h}}]"
    (only,) = verdicts(tmp_path, text)
    assert (
        str(only.failure).replace(f"{tmp_path}/", "")
        == f"""\
story.scenario.yaml:3: busy: expected ALARM at 1h, got it at 1h5m
  it went: OK at 5m, ALARM at 1h5m, OK at 1h35m, ALARM at 2h35m, OK at 3h5m
  looked at 1h5m, 1 of 1 datapoints must breach:
    50m  40  limit > 80
    55m  40  limit > 80
    1h   95  limit > 80  breaches
  told of OK at 5m: {TOPIC}
  told of ALARM at 1h5m: {TOPIC}
  told of OK at 1h35m: {TOPIC}
  told of ALARM at 2h35m: {TOPIC}
  told of OK at 3h5m: {TOPIC}"""
    )


def test_the_project_s_own_example_holds(tmp_path: Path):
    text = """\
stack: dev
series:
  - alarm: cpu-high
    every: 5m
    values: 40 for 2h, 95 for 20m, missing for 30m, 40 to 70 over 1h, 40 for 1h
expect:
  - {alarm: cpu-high, state: ALARM, at: 2h5m, tells: [oncall-mail]}
  - {alarm: cpu-high, state: INSUFFICIENT_DATA, by: 2h50m, tells: []}
  - {alarm: cpu-high, state: OK, at: 2h55m, tells: [oncall-mail]}
  - {alarm: cpu-high, state: ALARM, times: 1}
  - {alarm: cpu-high, never: ALARM, after: 2h30m}
only: false
"""
    assert held(tmp_path, text) == [True] * 5
