"""The event CloudWatch sends to EventBridge when an alarm changes its state.

Source: CloudWatch user guide, "Alarm events and EventBridge". It is sent of every alarm, whether
its actions run or not; what holds them back stands in it. The metrics an alarm watches, which stand
in `configuration` too, are left out here.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from alerting.cloudwatch.event_source import SOURCE, STATE_CHANGE
from alerting.cloudwatch.reason import long_time
from alerting.cloudwatch.transition import Transition


@dataclass(frozen=True, slots=True)
class Muted:
    """The mute window that an alarm's change falls into."""

    by: str
    """ARN of the mute rule."""
    opens: int
    """Epoch seconds."""
    closes: int


def state_change_event(
    alarm: Mapping[str, Any],
    change: Transition,
    *,
    muted: Muted | None = None,
    suppressed_by: str | None = None,
) -> dict[str, Any]:
    """The event of one change.

    Args:
        alarm: In the shape of DescribeAlarms, with a known `AlarmArn`.
        change: What it did.
        muted: By what its actions are muted.
        suppressed_by: Of a composite: `ActionsSuppressedBy`.
    """
    arn = alarm["AlarmArn"]
    _, _, _, region, account, *_ = arn.split(":")
    moment = datetime.fromtimestamp(change.time, UTC)
    state: dict[str, Any] = {
        "value": str(change.new),
        "reason": change.reason,
        "timestamp": long_time(change.time),
    }
    if suppressed_by is not None:
        state["actionsSuppressedBy"] = suppressed_by
    detail: dict[str, Any] = {
        "alarmName": alarm["AlarmName"],
        "configuration": _configuration(alarm),
        "previousState": {"value": str(change.old)},
        "state": state,
    }
    if muted is not None:
        detail["muteDetail"] = {
            "mutedByArn": muted.by,
            "muteWindowStart": long_time(muted.opens),
            "muteWindowEnd": long_time(muted.closes),
        }
    return {
        "version": "0",
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{arn} {change.time}")),
        "detail-type": STATE_CHANGE,
        "source": SOURCE,
        "account": account,
        "time": f"{moment:%Y-%m-%dT%H:%M:%SZ}",
        "region": region,
        "resources": [arn],
        "detail": detail,
    }


def _configuration(alarm: Mapping[str, Any]) -> dict[str, Any]:
    shown = {
        "description": alarm.get("AlarmDescription"),
        "alarmRule": alarm.get("AlarmRule"),
        "actionsSuppressor": alarm.get("ActionsSuppressor"),
        "actionsSuppressorWaitPeriod": alarm.get("ActionsSuppressorWaitPeriod"),
        "actionsSuppressorExtensionPeriod": alarm.get("ActionsSuppressorExtensionPeriod"),
    }
    return {key: value for key, value in shown.items() if value is not None}
