"""From a schedule to the alarm it sets off."""

from collections.abc import Iterator

from alerting.account import Account, Item, Kind
from alerting.cloudwatch.heartbeat import Asked, asked_of
from alerting.delivery import requests
from alerting.delivery.judging import look_up
from alerting.delivery.requests import alarm_place, place
from alerting.delivery.roles import role_steps
from alerting.delivery.steps import Step

_FULL_ACCESS = ("CloudWatchFullAccess", "CloudWatchFullAccessV2")


def beats(account: Account) -> Iterator[tuple[Item, Asked]]:
    """The schedules that set an alarm, and what they ask for."""
    for schedule in account.of(Kind.SCHEDULE):
        asked = asked_of(schedule.data)
        if asked is not None:
            yield schedule, asked


def heartbeat_steps(account: Account) -> Iterator[tuple[str, Step]]:
    """Whether schedules get to set their alarms: name of the alarm, and step."""
    for schedule, asked in beats(account):
        alarm, found = look_up(
            account,
            Kind.ALARM,
            asked.alarm,
            "alarm",
            owner=schedule,
            missing="heartbeat-alarm-missing",
        )
        yield asked.alarm, found
        if alarm is None:
            continue
        for step in role_steps(
            account,
            schedule.data["Target"].get("RoleArn"),
            requests.beat(place(account, schedule.arn)),
            [requests.set_state(alarm_place(account, alarm))],
            owner=schedule,
            who="EventBridge Scheduler",
            rule="heartbeat-role",
            missing="heartbeat-role",
            full_access=_FULL_ACCESS,
        ):
            yield asked.alarm, step
