"""Schedules."""

from collections.abc import Mapping
from typing import Any

from alerting.account.model import Kind
from alerting.account.rows.scheduler import RETRIES
from alerting.account.scribe import Scribe

_DEFAULTS = {"ScheduleExpressionTimezone": "UTC", "State": "ENABLED"}


def create_schedule(scribe: Scribe, params: Mapping[str, Any]) -> Mapping[str, Any]:
    group, name = params["GroupName"], params["Name"]
    arn = scribe.arn("scheduler", f"schedule/{group}/{name}" if isinstance(name, str) else name)
    target = params["Target"]
    retries = {**RETRIES, **target.get("RetryPolicy", {})}
    data = {**_DEFAULTS, **params, "Arn": arn, "Target": {**target, "RetryPolicy": retries}}
    scribe.add(Kind.SCHEDULE, arn, data, name)
    return {"ScheduleArn": arn}
