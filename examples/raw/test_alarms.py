"""Is someone listening? Run with `python -m pytest examples/raw`."""

from pathlib import Path

from alerting.testing import assert_someone_listens, record

PROGRAM = Path(__file__).parent
CONFIG = {"raw-alarms:oncallMail": "oncall@example.com"}


def test_what_every_alarm_tells_reaches_its_receivers() -> None:
    assert_someone_listens(record(PROGRAM, config=CONFIG))


def test_nothing_is_broken_as_far_as_a_preview_can_tell() -> None:
    assert_someone_listens(record(PROGRAM, config=CONFIG, preview=True), allow_unknown=True)


def test_whoever_is_told_that_the_shop_is_down_is_told_that_it_is_up_again() -> None:
    alarm = record(PROGRAM, config=CONFIG).named("shop-down")
    assert alarm.inputs["okActions"] == alarm.inputs["alarmActions"]
