"""Stacks of CloudFormation, for the anomaly detectors in them."""

from collections.abc import Mapping
from typing import Any

from alerting.account.cloudformation import detectors_in
from alerting.account.model import Kind
from alerting.account.names import detector_arn
from alerting.account.scribe import Scribe
from alerting.cloudwatch.detector import described


def create_stack(scribe: Scribe, params: Mapping[str, Any]) -> Mapping[str, Any]:
    of, name = scribe.of, params["StackName"]
    place = f"arn:{of.partition}:cloudwatch:{of.region}:{of.account_id}"
    parameters = {
        one["ParameterKey"]: one["ParameterValue"] for one in params.get("Parameters", ())
    }
    for asked in detectors_in(params.get("TemplateBody"), parameters):
        detector = described(asked, scribe.uuid())
        scribe.add(Kind.DETECTOR, detector_arn(place, detector), detector)
    stack = f"stack/{name}/{scribe.uuid()}" if isinstance(name, str) else name
    return {"StackId": scribe.arn("cloudformation", stack)}
