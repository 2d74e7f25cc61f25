"""Is someone listening? Run with `python -m pytest examples/components`."""

from pathlib import Path

from alerting.testing import assert_someone_listens, record

PROGRAM = Path(__file__).parent


def test_what_every_alarm_tells_reaches_its_receivers() -> None:
    assert_someone_listens(record(PROGRAM))


def test_the_pager_keeps_the_chat_quiet() -> None:
    deployment = record(PROGRAM)
    chat = deployment.named("alarms-orders-waiting").inputs
    pager = deployment.named("alarms-orders-waiting-escalated").inputs
    assert chat["actionsSuppressor"]["alarm"] == pager["alarmName"]


def test_orders_that_stay_away_wake_somebody() -> None:
    deployment = record(PROGRAM)
    page = deployment.named("page-topic").outputs["arn"]
    assert deployment.named("alarms-orders-missing").inputs["alarmActions"] == [page]
