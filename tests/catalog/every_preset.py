"""Every preset as an alarm of a recorded program."""

from functools import cache

from alerting import Alarms
from alerting.account import Deployment, account_of
from alerting.catalog import Limit, Preset, declared, service, service_names
from alerting.recording import record

PRESETS = [preset for name in service_names() for preset in service(name).presets.values()]
NAMES = [preset.name for preset in PRESETS]
TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts"
OF = 1000.0
"""What shares are taken of."""
YOURS = 10.0
"""The threshold where only the user can know one."""


def dimensions_of(preset: Preset) -> dict[str, str]:
    return dict.fromkeys(preset.dimensions[0].asked, "one")


def asked(preset: Preset) -> dict:
    """What a user has to say beside the dimensions."""
    if preset.of is not None:
        return {"of": OF}
    if preset.limits[0] is Limit.THRESHOLD and preset.figure is None:
        spelt = {"atLeast": "at_least", "atMost": "at_most"}
        return {"threshold": {spelt.get(preset.side, preset.side): YOURS}}
    return {}


def alarm_of(preset: Preset) -> dict:
    alarm, problems = declared(preset, dimensions_of(preset), **asked(preset))
    assert problems == []
    return alarm


@cache
def deployment() -> Deployment:
    alarms = {preset.name: alarm_of(preset) for preset in PRESETS}
    args = {"alarms": alarms, "topics": {"notify": TOPIC}, "region": "us-east-1"}
    return record(lambda: Alarms("alarms", args), project="catalogue")


@cache
def alarms() -> dict:
    """The alarms as DescribeAlarms has them, by the preset's name."""
    return {alarm.data["AlarmName"]: alarm for alarm in account_of(deployment()).alarms}
