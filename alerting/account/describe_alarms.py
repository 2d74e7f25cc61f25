"""Reads the answer of `aws cloudwatch describe-alarms`."""

from collections.abc import Iterator, Mapping
from typing import Any

from alerting.account.model import Item, Kind
from alerting.sns.arn import parse_arn

LISTS = ("MetricAlarms", "CompositeAlarms")
"""Where DescribeAlarms puts the two sorts of alarm."""

_NOWHERE = "arn:aws:cloudwatch:us-east-1:123456789012"
"""Where an alarm is taken to be that is written by hand, without an ARN."""

_NEEDED = {"MetricAlarms": ("AlarmName",), "CompositeAlarms": ("AlarmName", "AlarmRule")}


class AlarmFormError(ValueError):
    """An alarm that lacks what every alarm has."""

    def __init__(self, message: str, name: str = "") -> None:
        super().__init__(message)
        self.name = name
        """A text near the place in the file; empty: the place is not known."""


def alarms_described(document: Mapping[str, Any]) -> tuple[Item, ...]:
    """The alarms in an answer of DescribeAlarms, in its order; called by their names.

    Raises:
        AlarmFormError: something in it is no alarm, or two have one name.
    """
    items = tuple(_items(document))
    seen: set[str] = set()
    for item in items:
        if item.label in seen:
            raise AlarmFormError(f"there are two alarms {item.label!r}", item.label)
        seen.add(item.label)
    return items


def _items(document: Mapping[str, Any]) -> Iterator[Item]:
    for key in LISTS:
        found = document.get(key, [])
        if not isinstance(found, list):
            raise AlarmFormError(f"{key} must be a list", key)
        for at, alarm in enumerate(found):
            where = f"{key}[{at}]"
            if not isinstance(alarm, Mapping):
                raise AlarmFormError(f"{where} must be a map", key)
            name = alarm.get("AlarmName")
            for needed in _NEEDED[key]:
                if not isinstance(alarm.get(needed), str) or not alarm[needed]:
                    raise AlarmFormError(f"{where} has no {needed}", str(name or key))
            arn = alarm.get("AlarmArn") or f"{_NOWHERE}:alarm:{name}"
            if not isinstance(arn, str) or parse_arn(arn) is None:
                raise AlarmFormError(f"{where} has the AlarmArn {arn!r}, which is none", str(name))
            data = {str(field): value for field, value in alarm.items() if value is not None}
            yield Item(Kind.ALARM, arn, {**data, "AlarmArn": arn}, called=str(name))
