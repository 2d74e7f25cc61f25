"""Has the lane's account answer whatever a command asks of AWS through boto3.

Python runs this at its start where the folder is on the PYTHONPATH. The tests' process holds the
account; a server of HTTP in front of it would answer without what moto lacks.
"""

import os
from typing import Any

from botocore import xform_name
from botocore.client import BaseClient

from alerting.account.row import Call
from tests.engine.provider.account import RemoteAccount

_account = RemoteAccount(os.environ["ENGINE_ACCOUNT"], timeout=30)


def _make_api_call(self: Any, operation_name: str, api_params: dict[str, Any]) -> Any:
    call = Call(self.meta.service_model.service_name, xform_name(operation_name), api_params)
    kind, *answer = _account.ask(call, self.meta.region_name, urn="")
    if kind == "answer":
        return answer[0]
    code, message = answer
    error = {"Error": {"Code": code, "Message": message}}
    raise self.exceptions.from_code(code)(error, operation_name)


BaseClient._make_api_call = _make_api_call  # pyright: ignore[reportPrivateUsage]
