"""The table of resource types."""

import ast
from pathlib import Path

import botocore
import botocore.session

import alerting.account.rows


def test_every_operation_of_the_table_is_one_of_aws():
    """Also those that change and delete, which no stack is taken through here."""
    calls = set(_operations())
    assert len(calls) > 40
    session = botocore.session.get_session()
    known = {
        (service, botocore.xform_name(operation))
        for service in {service for service, _ in calls}
        for operation in session.get_service_model(service).operation_names
    }
    assert calls <= known


def _operations():
    """Service and operation of each `Call` in the code of the rows."""
    for file in Path(alerting.account.rows.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Call":
                service, operation, *_ = node.args
                for part in ast.walk(operation):
                    if isinstance(part, ast.Constant):
                        yield service.value, part.value
