"""Schedules of EventBridge Scheduler.

What a target has beside ARN, role, input, retries and dead letters (parameters of ECS tasks,
pipelines, streams, ...) concerns nobody's alarms and is left out.
"""

from typing import Any

from alerting.account.row import Call, Declared, Done, Row, Steps, moment_read, some

_SCHEDULE = {
    "actionAfterCompletion": "ActionAfterCompletion",
    "description": "Description",
    "endDate": "EndDate",
    "kmsKeyArn": "KmsKeyArn",
    "scheduleExpression": "ScheduleExpression",
    "scheduleExpressionTimezone": "ScheduleExpressionTimezone",
    "startDate": "StartDate",
    "state": "State",
}
"""The parameters that are inputs as they stand."""
_GROUP = "default"
RETRIES = {"MaximumEventAgeInSeconds": 86_400, "MaximumRetryAttempts": 185}
"""What a target has that says nothing of it (Scheduler API reference, RetryPolicy)."""


def _request(r: Declared, group: Any, name: Any) -> dict[str, Any]:
    window, target = r.get("flexibleTimeWindow", {}), r.get("target", {})
    retries = target.get("retryPolicy") or {}
    return {
        "Name": name,
        "GroupName": group,
        **some(**{parameter: r.get(key) for key, parameter in _SCHEDULE.items()}),
        "FlexibleTimeWindow": some(
            Mode=window.get("mode"), MaximumWindowInMinutes=window.get("maximumWindowInMinutes")
        ),
        "Target": some(
            Arn=target.get("arn"),
            RoleArn=target.get("roleArn"),
            Input=target.get("input"),
            RetryPolicy=some(
                MaximumEventAgeInSeconds=retries.get("maximumEventAgeInSeconds"),
                MaximumRetryAttempts=retries.get("maximumRetryAttempts"),
            ),
            DeadLetterConfig=some(Arn=(target.get("deadLetterConfig") or {}).get("arn")),
        ),
    }


def _create(r: Declared) -> Steps:
    name, group = r.physical_name, r.get("groupName", _GROUP)
    made = yield Call("scheduler", "create_schedule", _request(r, group, name))
    return {"id": f"{group}/{name}", "arn": made["ScheduleArn"], "name": name, "groupName": group}


def _named(r: Declared) -> dict[str, str]:
    group, name = r.id.split("/", 1)
    return {"GroupName": group, "Name": name}


def _read(r: Declared) -> Steps:
    found = yield Call("scheduler", "get_schedule", _named(r))
    window, target = found["FlexibleTimeWindow"], found["Target"]
    retries, dead_letters = target.get("RetryPolicy", RETRIES), target.get("DeadLetterConfig")
    return {
        **{key: moment_read(found.get(parameter)) or None for key, parameter in _SCHEDULE.items()},
        "arn": found["Arn"],
        "name": found["Name"],
        "groupName": found["GroupName"],
        "flexibleTimeWindow": {
            "mode": window["Mode"],
            "maximumWindowInMinutes": window.get("MaximumWindowInMinutes"),
        },
        "target": {
            "arn": target["Arn"],
            "roleArn": target["RoleArn"],
            "input": target.get("Input"),
            "retryPolicy": None
            if retries == RETRIES
            else {
                "maximumEventAgeInSeconds": retries.get("MaximumEventAgeInSeconds"),
                "maximumRetryAttempts": retries.get("MaximumRetryAttempts"),
            },
            "deadLetterConfig": dead_letters and {"arn": dead_letters.get("Arn")},
        },
    }


def _update(old: Declared, new: Declared) -> Done:
    """UpdateSchedule resets what it is not told (Scheduler API reference)."""
    group, name = old.id.split("/", 1)
    yield Call("scheduler", "update_schedule", _request(new, group, name))


def _delete(r: Declared) -> Done:
    yield Call("scheduler", "delete_schedule", _named(r))


SCHEDULE = Row(
    create=_create,
    read=_read,
    update=_update,
    delete=_delete,
    replaced_by=frozenset({"name", "groupName", "region"}),
    defaults={
        "actionAfterCompletion": "NONE",
        "groupName": _GROUP,
        "scheduleExpressionTimezone": "UTC",
        "state": "ENABLED",
    },
    named="name",
)
