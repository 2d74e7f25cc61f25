"""Event rules and their targets."""

from collections.abc import Mapping
from typing import Any

from alerting.account.model import Kind, Ref, Unknown
from alerting.account.scribe import Scribe

_BUS = "default"


def put_rule(scribe: Scribe, params: Mapping[str, Any]) -> Mapping[str, Any]:
    bus, name = params["EventBusName"], params["Name"]
    arn: Ref = Unknown((scribe.of.urn,))
    if isinstance(bus, str) and isinstance(name, str):
        arn = scribe.arn("events", f"rule/{name}" if bus == _BUS else f"rule/{bus}/{name}")
    data = {key: value for key, value in params.items() if key != "Tags"}
    scribe.add(Kind.EVENT_RULE, arn, {"State": "ENABLED", **data, "Arn": arn, "Targets": []}, name)
    return {"RuleArn": arn}


def put_targets(scribe: Scribe, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """A target of a rule that is not in the picture is somebody else's business."""
    rule = scribe.find(Kind.EVENT_RULE, params["Rule"])
    if rule is not None:
        rule["Targets"] += params["Targets"]
    return {"FailedEntryCount": 0, "FailedEntries": []}
