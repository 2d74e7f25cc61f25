"""What the rules about mute rules and detectors leave alone."""

from alerting.delivery import Level, findings
from tests.delivery.good_account import (
    PAGE,
    account_of,
    band_alarm,
    detector,
    excluded,
    good_parts,
    mute_rule,
)


def found(*items, **more):
    parts = good_parts() | {f"more-{at}": item for at, item in enumerate(items)}
    seen = findings(account_of(parts, **more))
    return {(one.rule, one.label) for one in seen if one.rule in RULES}


RULES = {
    "mute-rule-refused",
    "mute-rule-without-alarm",
    "alarm-muted-for-ever",
    "band-tells-while-it-learns",
    "detector-refused",
    "detector-learns-nothing",
    "detector-unused",
    "detector-twice",
}
LEARNING = ("cron(0 * * * *)", "PT2H")


def test_a_window_and_a_detector_of_an_alarm_are_fine():
    night = mute_rule("night", "cron(0 2 * * *)", "PT2H", "cpu-high", "cpu-unusual")
    once = mute_rule("once", "at(2026-12-01T20:00)")
    told = detector(
        "told",
        MetricTimezone="Europe/Berlin",
        ExcludedTimeRanges=excluded(("01T00:00", "14T23:00")),
    )
    assert found(night, once, told) == set()


def test_a_day_less_a_minute_is_not_for_ever():
    assert found(mute_rule("night", "cron(0 2 * * *)", "PT23H59M")) == set()


def test_what_expires_is_not_for_ever():
    rule = mute_rule("learning", *LEARNING, "cpu-unusual", ExpireDate="2026-12-15T00:00:00Z")
    assert found(rule) == set()


def test_of_an_alarm_that_does_not_exist_a_recording_cannot_tell():
    some = mute_rule("some", "cron(0 2 * * *)", "PT2H", "cpu-high", "elsewhere")
    assert found(some) == set()
    assert found(some, whole=True) == {("mute-rule-without-alarm", "some")}


def test_an_alarm_that_acts_on_nothing_is_muted_by_nobody():
    silent = band_alarm("silent", PAGE)
    quiet = {**silent.data, "AlarmActions": [], "OKActions": [], "InsufficientDataActions": []}
    rule = mute_rule("always", "cron(0 2 * * *)", "P1D", "silent")
    parts = good_parts() | {"silent": type(silent)(silent.kind, silent.arn, quiet), "rule": rule}
    rules = {one.rule for one in findings(account_of(parts))}
    assert "alarm-muted-for-ever" not in rules


def test_a_band_alarm_that_does_not_wait_beside_one_that_does_is_noted():
    waiting = mute_rule("wait", *LEARNING, "cpu-unusual", ExpireDate="2026-12-15T00:00:00Z")
    other = band_alarm("other-band", PAGE)
    assert found(waiting, other) == {("band-tells-while-it-learns", "other-band")}
    (note,) = [
        one
        for one in findings(account_of(good_parts() | {"a": waiting, "b": other}))
        if one.rule == "band-tells-while-it-learns"
    ]
    assert note.level is Level.NOTE


def test_without_learning_mode_nothing_is_said_of_it():
    assert found(band_alarm("other-band", PAGE)) == set()
