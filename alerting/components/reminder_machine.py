"""The state machine behind reminders: one execution an ALARM, no code to run.

Amazon States Language with JSONPath. An execution is handed `{topic, subject, region, after, every,
round: {number, of}, event}`, the last being CloudWatch's event of the change, and goes round

    wait, count, look, still on?, take, write, address, tell, again?

It is about the one ALARM that started it: an alarm that was OK in between has been in its state
since a later time than the execution's start, and has an execution of its own.
"""

import json
from typing import Any

_LISTS = ("MetricAlarms", "CompositeAlarms")
"""Of DescribeAlarms; an alarm is in one of them."""
_MUTED_UNTIL = "$.event.detail.muteDetail.muteWindowEnd"
_NOW = "$$.State.EnteredTime"
_EVERYTHING = ["States.ALL"]
_RETRY = [{"ErrorEquals": _EVERYTHING, "IntervalSeconds": 5, "MaxAttempts": 5, "BackoffRate": 2}]
"""Throttling passes: of DescribeAlarms a Region takes nine a second."""
_EMAIL = (
    '"{}" in {} is still in ALARM. This is reminder {} of {}; one comes every {} while it lasts.'
    "{}In ALARM since {}: {}{}{}"
)


def definition(partition: str) -> str:
    """The definition, as JSON."""
    call = f"arn:{partition}:states:::"
    states: dict[str, Any] = {
        "Wait": {"Type": "Wait", "SecondsPath": "$.after", "Next": "Count"},
        "Count": _pass(
            {
                "number.$": "States.MathAdd($.round.number, 1)",
                "of.$": "$.round.of",
                "blank": {"AlarmDescription": ""},
                "newline": "\n\n",
            },
            "$.round",
            "Look",
        ),
        "Look": _task(
            f"{call}aws-sdk:cloudwatch:describeAlarms",
            {
                "AlarmNames.$": "States.Array($.event.detail.alarmName)",
                "AlarmTypes": ["MetricAlarm", "CompositeAlarm"],
            },
            "$.found",
            "Still on?",
            otherwise="Cannot look",
        ),
        "Still on?": {
            "Type": "Choice",
            "Choices": [
                *({**_heard(kind), "Next": f"Take from {kind}"} for kind in _LISTS),
                {"Or": [_still_on(kind) for kind in _LISTS], "Next": "Again?"},
            ],
            "Default": "Over",
        },
        # An alarm need not have a description, and a path to what is not there fails.
        **{
            f"Take from {kind}": _pass(
                {"alarm.$": f"States.JsonMerge($.round.blank, {_item(kind)}, false)"},
                "$.taken",
                "Write",
            )
            for kind in _LISTS
        },
        "Write": _pass(
            {
                "AlarmName.$": "$.event.detail.alarmName",
                "AlarmDescription.$": "$.taken.alarm.AlarmDescription",
                "AWSAccountId.$": "$.event.account",
                "NewStateValue": "ALARM",
                "NewStateReason.$": "$.event.detail.state.reason",
                "StateChangeTime.$": "$.event.detail.state.timestamp",
                "Region.$": "$.region",
                "AlarmArn.$": "$.event.resources[0]",
                "OldStateValue": "ALARM",
                "Reminder": {
                    "Number.$": "$.round.number",
                    "Of.$": "$.round.of",
                    "Every.$": "$.every",
                },
            },
            "$.body",
            "Address",
        ),
        "Address": _pass(
            {
                "default.$": "States.JsonToString($.body)",
                "email.$": _format(
                    _EMAIL,
                    *("$.body.AlarmName", "$.region", "$.round.number", "$.round.of", "$.every"),
                    *("$.round.newline", "$.body.StateChangeTime", "$.body.NewStateReason"),
                    *("$.round.newline", "$.body.AlarmDescription"),
                ),
                "sms.$": _format(
                    'REMINDER {} of {}: "{}" in {}',
                    *("$.round.number", "$.round.of", "$.body.AlarmName", "$.region"),
                ),
            },
            "$.bodies",
            "Tell",
        ),
        "Tell": _task(
            f"{call}sns:publish",
            {
                "TopicArn.$": "$.topic",
                "Subject.$": "$.subject",
                "Message.$": "States.JsonToString($.bodies)",
                "MessageStructure": "json",
            },
            None,
            "Again?",
            otherwise="Cannot tell",
        ),
        "Again?": {
            "Type": "Choice",
            "Choices": [
                {
                    "Variable": "$.round.number",
                    "NumericLessThanPath": "$.round.of",
                    "Next": "Wait",
                }
            ],
            "Default": "Over",
        },
        "Over": {"Type": "Succeed"},
        "Cannot look": {
            "Type": "Fail",
            "Error": "CannotLook",
            "Cause": "CloudWatch does not tell the alarm's state.",
        },
        "Cannot tell": {
            "Type": "Fail",
            "Error": "CannotTell",
            "Cause": "The topic does not take the reminder.",
        },
    }
    return json.dumps({"StartAt": "Wait", "States": states}, indent=1)


def _pass(parameters: dict[str, Any], result: str, then: str) -> dict[str, Any]:
    return {"Type": "Pass", "Parameters": parameters, "ResultPath": result, "Next": then}


def _task(
    resource: str, parameters: dict[str, Any], result: str | None, then: str, *, otherwise: str
) -> dict[str, Any]:
    return {
        "Type": "Task",
        "Resource": resource,
        "Parameters": parameters,
        "ResultPath": result,
        "Retry": _RETRY,
        "Catch": [{"ErrorEquals": _EVERYTHING, "Next": otherwise}],
        "Next": then,
    }


def _format(template: str, *paths: str) -> str:
    arguments = ", ".join((f"'{template}'", *paths))
    return f"States.Format({arguments})"


def _item(kind: str) -> str:
    return f"$.found.{kind}[0]"


def _is(path: str, **comparison: Any) -> dict[str, Any]:
    return {"Variable": path, **comparison}


def _still_on(kind: str) -> dict[str, Any]:
    """In ALARM, and ever since the execution started."""
    alarm = _item(kind)
    return {
        "And": [
            _is(alarm, IsPresent=True),
            _is(f"{alarm}.StateValue", StringEquals="ALARM"),
            _is(
                f"{alarm}.StateTransitionedTimestamp",
                TimestampLessThanEqualsPath="$$.Execution.StartTime",
            ),
        ]
    }


def _heard(kind: str) -> dict[str, Any]:
    """Still on, and its own actions would run now, as far as CloudWatch tells.

    The end of a mute window is compared as text: CloudWatch writes `+0000`, which is no timestamp
    to the language, and both are UTC with the largest part first.
    """
    alarm, suppressed = _item(kind), f"{_item(kind)}.ActionsSuppressedBy"
    unmuted = [
        _is(_MUTED_UNTIL, IsPresent=False),
        _is(_MUTED_UNTIL, StringLessThanEqualsPath=_NOW),
    ]
    is_suppressed = [_is(suppressed, IsPresent=True), _is(suppressed, IsString=True)]
    return {
        "And": [
            _still_on(kind),
            _is(f"{alarm}.ActionsEnabled", BooleanEquals=True),
            {"Not": {"And": is_suppressed}},
            {"Or": unmuted},
        ]
    }
