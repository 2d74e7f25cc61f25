"""State machines of Step Functions.

Logging, tracing, encryption and versions concern nobody's alarms and are left out.
"""

from alerting.account.row import Call, Declared, Done, Row, Steps, changed, retag, some


def _tags(r: Declared) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in sorted(r.get("tags", {}).items())]


def _create(r: Declared) -> Steps:
    name = r.physical_name
    made = yield Call(
        "stepfunctions",
        "create_state_machine",
        {
            "name": name,
            "definition": r.get("definition"),
            "roleArn": r.get("roleArn"),
            **some(type=r.get("type"), tags=_tags(r)),
        },
    )
    arn = made["stateMachineArn"]
    return {"id": arn, "arn": arn, "name": name}


def _read(r: Declared) -> Steps:
    found = yield Call("stepfunctions", "describe_state_machine", {"stateMachineArn": r.id})
    tagged = yield Call("stepfunctions", "list_tags_for_resource", {"resourceArn": r.id})
    return {
        "arn": r.id,
        "name": found["name"],
        "definition": found["definition"],
        "roleArn": found["roleArn"],
        "type": found["type"],
        "tags": {tag["key"]: tag["value"] for tag in tagged["tags"]} or None,
    }


def _update(old: Declared, new: Declared) -> Done:
    kept = {key: new.get(key) for key in changed(old, new, ["definition", "roleArn"])}
    if kept:
        yield Call("stepfunctions", "update_state_machine", {"stateMachineArn": old.id, **kept})
    where = {"resourceArn": old.id}
    yield from retag(old, new, "stepfunctions", where, keys=("tagKeys", "tags"), made=_tags)


def _delete(r: Declared) -> Done:
    yield Call("stepfunctions", "delete_state_machine", {"stateMachineArn": r.id})


STATE_MACHINE = Row(
    create=_create,
    read=_read,
    update=_update,
    delete=_delete,
    replaced_by=frozenset({"name", "type", "region"}),
    defaults={"type": "STANDARD"},
    named="name",
)
