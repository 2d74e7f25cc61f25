"""State machines."""

from collections.abc import Mapping
from typing import Any

from alerting.account.model import Kind
from alerting.account.scribe import Scribe


def create_state_machine(scribe: Scribe, params: Mapping[str, Any]) -> Mapping[str, Any]:
    name = params["name"]
    arn = scribe.arn("states", f"stateMachine:{name}" if isinstance(name, str) else name)
    data = {key: value for key, value in params.items() if key != "tags"}
    data = {"type": "STANDARD", **data, "stateMachineArn": arn, "status": "ACTIVE"}
    scribe.add(Kind.STATE_MACHINE, arn, data)
    return {"stateMachineArn": arn}
