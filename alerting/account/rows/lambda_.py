"""Functions, as far as they are told things, and who may invoke them."""

import json
from typing import Any

from alerting.account.row import Call, Declared, Done, Gone, Row, Steps, changed, some


def _create_function(r: Declared) -> Steps:
    image = r.get("packageType") == "Image"
    made = yield Call(
        "lambda",
        "create_function",
        {
            "FunctionName": r.physical_name,
            "Role": r.get("role"),
            # The code itself is of no concern to who is told.
            "Code": {"ImageUri": r.get("imageUri")} if image else {"ZipFile": b"-"},
            **some(
                Runtime=r.get("runtime"), Handler=r.get("handler"), PackageType=r.get("packageType")
            ),
        },
    )
    arn = made["FunctionArn"]
    return {"id": r.physical_name, "arn": arn, "name": r.physical_name, "qualifiedArn": f"{arn}:1"}


def _read_function(r: Declared) -> Steps:
    got = yield Call("lambda", "get_function_configuration", {"FunctionName": r.id})
    return {
        "arn": got["FunctionArn"],
        "name": got["FunctionName"],
        "role": got.get("Role"),
        "runtime": got.get("Runtime"),
        "handler": got.get("Handler"),
        "packageType": got.get("PackageType"),
    }


def _update_function(old: Declared, new: Declared) -> Done:
    if changed(old, new, ["role", "runtime", "handler"]):
        values = some(Role=new.get("role"), Runtime=new.get("runtime"), Handler=new.get("handler"))
        params = {"FunctionName": old.id, **values}
        yield Call("lambda", "update_function_configuration", params)


def _delete_function(r: Declared) -> Done:
    yield Call("lambda", "delete_function", {"FunctionName": r.id})


def _create_permission(r: Declared) -> Steps:
    statement = r.get("statementId") or r.made_up_name
    yield Call(
        "lambda",
        "add_permission",
        {
            "FunctionName": r.get("function"),
            "StatementId": statement,
            "Action": r.get("action"),
            "Principal": r.get("principal"),
            **some(
                SourceArn=r.get("sourceArn"),
                SourceAccount=r.get("sourceAccount"),
                Qualifier=r.get("qualifier"),
            ),
        },
    )
    return {"id": statement, "statementId": statement}


def _where(r: Declared) -> tuple[Any, str]:
    """Function and statement; an id given for an import holds both, `FUNCTION/STATEMENT`."""
    function, _, statement = r.id.rpartition("/")
    return r.get("function") or function, statement


def _read_permission(r: Declared) -> Steps:
    function, statement_id = _where(r)
    qualifier = some(Qualifier=r.get("qualifier"))
    got = yield Call("lambda", "get_policy", {"FunctionName": function, **qualifier})
    for statement in json.loads(got["Policy"])["Statement"]:
        if statement["Sid"] == statement_id:
            break
    else:
        raise Gone(statement_id)
    principal = statement["Principal"]
    conditions = {
        key.lower(): value
        for condition in statement.get("Condition", {}).values()
        for key, value in condition.items()
    }
    return {
        "id": statement_id,
        "statementId": statement_id,
        "function": function,
        "action": statement["Action"],
        "principal": next(iter(principal.values())) if isinstance(principal, dict) else principal,
        "sourceArn": conditions.get("aws:sourcearn"),
        "sourceAccount": conditions.get("aws:sourceaccount"),
    }


def _update_permission(*_: Declared) -> Done:
    """Nothing of a permission can be changed."""
    yield from ()


def _delete_permission(r: Declared) -> Done:
    function, statement = _where(r)
    params = {"FunctionName": function, "StatementId": statement}
    yield Call("lambda", "remove_permission", {**params, **some(Qualifier=r.get("qualifier"))})


FUNCTION = Row(
    create=_create_function,
    read=_read_function,
    update=_update_function,
    delete=_delete_function,
    replaced_by=frozenset({"name", "packageType", "region"}),
    defaults={"packageType": "Zip"},
    named="name",
)
PERMISSION = Row(
    create=_create_permission,
    read=_read_permission,
    update=_update_permission,
    delete=_delete_permission,
    replaced_by=frozenset(
        {
            "action",
            "function",
            "principal",
            "qualifier",
            "region",
            "sourceAccount",
            "sourceArn",
            "statementId",
        }
    ),
    named="statementId",
)
