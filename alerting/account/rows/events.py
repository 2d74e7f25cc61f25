"""Rules of EventBridge and their targets.

What a target has for ECS, pipelines, streams and the like concerns nobody's alarms and is left out.
"""

from typing import Any

from alerting.account.row import (
    Call,
    Declared,
    Done,
    Gone,
    Row,
    Steps,
    changed,
    retag,
    some,
    tags,
    tags_read,
)

_BUS = "default"
_RULE = {
    "description": "Description",
    "eventPattern": "EventPattern",
    "roleArn": "RoleArn",
    "scheduleExpression": "ScheduleExpression",
    "state": "State",
}
"""The parameters that are inputs as they stand."""
_TARGET = {"arn": "Arn", "input": "Input", "inputPath": "InputPath", "roleArn": "RoleArn"}
"""The same of a target."""


def _bus(r: Declared) -> Any:
    return r.get("eventBusName", _BUS)


def _put_rule(r: Declared, name: Any, **more: Any) -> Call:
    given = some(**{parameter: r.get(key) for key, parameter in _RULE.items()})
    return Call("events", "put_rule", {"Name": name, "EventBusName": _bus(r), **given, **more})


def _create_rule(r: Declared) -> Steps:
    name, bus = r.physical_name, _bus(r)
    made = yield _put_rule(r, name, **some(Tags=tags(r)))
    # As the provider has it: of a rule on another bus the id names that too.
    identity = name if bus == _BUS else f"{bus}/{name}"
    return {"id": identity, "arn": made["RuleArn"], "name": name, "eventBusName": bus}


def _rule(r: Declared) -> dict[str, str]:
    bus, _, name = r.id.rpartition("/")
    return {"Name": name, "EventBusName": bus or _BUS}


def _read_rule(r: Declared) -> Steps:
    found = yield Call("events", "describe_rule", _rule(r))
    tagged = yield Call("events", "list_tags_for_resource", {"ResourceARN": found["Arn"]})
    return {
        **{key: found.get(parameter) or None for key, parameter in _RULE.items()},
        "arn": found["Arn"],
        "name": found["Name"],
        "eventBusName": found.get("EventBusName", _BUS),
        "tags": tags_read(tagged["Tags"]),
    }


def _update_rule(old: Declared, new: Declared) -> Done:
    """PutRule resets what it is not told, and leaves the tags as they are (API reference)."""
    if changed(old, new, _RULE):
        yield _put_rule(new, _rule(old)["Name"])
    # On another bus the id is what stands in the ARN, bus and name.
    arn = f"arn:{old.partition}:events:{old.region}:{old.account_id}:rule/{old.id}"
    yield from retag(old, new, "events", {"ResourceARN": arn})


def _delete_rule(r: Declared) -> Done:
    yield Call("events", "delete_rule", _rule(r))


def _put_target(r: Declared, identity: Any) -> Call:
    transformer = r.get("inputTransformer") or {}
    retries = r.get("retryPolicy") or {}
    target = some(
        **{parameter: r.get(key) for key, parameter in _TARGET.items()},
        InputTransformer=some(
            InputPathsMap=transformer.get("inputPaths"),
            InputTemplate=transformer.get("inputTemplate"),
        ),
        RetryPolicy=some(
            MaximumEventAgeInSeconds=retries.get("maximumEventAgeInSeconds"),
            MaximumRetryAttempts=retries.get("maximumRetryAttempts"),
        ),
        DeadLetterConfig=some(Arn=(r.get("deadLetterConfig") or {}).get("arn")),
    )
    where = {"Rule": r.get("rule"), "EventBusName": _bus(r)}
    return Call("events", "put_targets", {**where, "Targets": [{"Id": identity, **target}]})


def _create_target(r: Declared) -> Steps:
    identity, rule, bus = r.get("targetId", r.made_up_name), r.get("rule"), _bus(r)
    yield _put_target(r, identity)
    place = f"{rule}-{identity}" if bus == _BUS else f"{bus}-{rule}-{identity}"
    return {"id": place, "targetId": identity, "eventBusName": bus}


def _read_target(r: Declared) -> Steps:
    rule, identity, bus = r.get("rule"), r.get("targetId"), _bus(r)
    where = {"Rule": rule, "EventBusName": bus}
    listed = yield Call("events", "list_targets_by_rule", where)
    found = next((one for one in listed["Targets"] if one["Id"] == identity), None)
    if found is None:
        raise Gone(r.id)
    transformer, retries = found.get("InputTransformer"), found.get("RetryPolicy")
    letters = found.get("DeadLetterConfig")
    return {
        **{key: found.get(parameter) for key, parameter in _TARGET.items()},
        "rule": rule,
        "targetId": identity,
        "eventBusName": bus,
        "inputTransformer": transformer
        and {
            "inputPaths": transformer.get("InputPathsMap") or None,
            "inputTemplate": transformer["InputTemplate"],
        },
        "retryPolicy": retries
        and {
            "maximumEventAgeInSeconds": retries.get("MaximumEventAgeInSeconds"),
            "maximumRetryAttempts": retries.get("MaximumRetryAttempts"),
        },
        "deadLetterConfig": letters and {"arn": letters.get("Arn")},
    }


def _update_target(old: Declared, new: Declared) -> Done:
    yield _put_target(new, old.get("targetId"))


def _delete_target(r: Declared) -> Done:
    where = {"Rule": r.get("rule"), "EventBusName": _bus(r), "Ids": [r.get("targetId")]}
    yield Call("events", "remove_targets", where)


EVENT_RULE = Row(
    create=_create_rule,
    read=_read_rule,
    update=_update_rule,
    delete=_delete_rule,
    replaced_by=frozenset({"name", "eventBusName", "region"}),
    defaults={"eventBusName": _BUS, "state": "ENABLED"},
    named="name",
)
EVENT_TARGET = Row(
    create=_create_target,
    read=_read_target,
    update=_update_target,
    delete=_delete_target,
    replaced_by=frozenset({"rule", "targetId", "eventBusName", "region"}),
    defaults={"eventBusName": _BUS},
    named="targetId",
)
