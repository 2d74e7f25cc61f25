"""Stacks of CloudFormation, for the detectors in them.

moto says that a detector in a stack was made, and makes none; and it wants libraries for every
service there is before it makes a stack at all.
"""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.utils import parse_to_aware_datetime

from alerting.account.cloudformation import detectors_in
from alerting.cloudwatch.detector import what_it_learns
from alerting.rehearsal.gaps.call import Answer, Refusal, Request, now
from alerting.rehearsal.gaps.detectors import Detectors

_DELETED = "DELETE_COMPLETE"
_TOLD = ("Parameters", "Capabilities", "NotificationARNs", "RoleARN", "Tags", "DisableRollback")
"""Of what is asked for, what DescribeStacks tells."""


@dataclass
class _Stack:
    arn: str
    name: str
    params: Mapping[str, Any]
    status: str

    def told(self) -> dict[str, Any]:
        """In the shape of a `Stacks` element."""
        return {
            **{key: self.params[key] for key in _TOLD if key in self.params},
            "StackId": self.arn,
            "StackName": self.name,
            "StackStatus": self.status,
            "CreationTime": now(),
        }


class Stacks:
    """CreateStack, DescribeStacks, GetTemplate, UpdateStack and DeleteStack.

    Nothing but detectors is made of a template.
    """

    service = "cloudformation"

    def __init__(self, account_id: str, detectors: Detectors) -> None:
        self._account, self._detectors = account_id, detectors
        self._held: dict[str, list[_Stack]] = {}
        """By Region; with those that are deleted."""
        self.answers: dict[str, Answer] = {
            "CreateStack": self._create,
            "DescribeStacks": self._describe,
            "GetTemplate": self._template,
            "UpdateStack": self._update,
            "DeleteStack": self._delete,
        }

    def _create(self, request: Request) -> dict[str, Any]:
        name, held = request.params["StackName"], self._held.setdefault(request.region, [])
        if any(stack.name == name and stack.status != _DELETED for stack in held):
            raise Refusal("AlreadyExistsException", f"Stack [{name}] already exists")
        for asked in _detectors(request.params):
            self._detectors.put(request.region, asked)
        place = f"arn:aws:cloudformation:{request.region}:{self._account}"
        stack = _Stack(
            f"{place}:stack/{name}/{uuid.uuid4()}", name, request.params, "CREATE_COMPLETE"
        )
        held.append(stack)
        return {"StackId": stack.arn}

    def _describe(self, request: Request) -> dict[str, Any]:
        if "StackName" in request.params:
            return {"Stacks": [self._one(request).told()]}
        held = self._held.get(request.region, [])
        return {"Stacks": [stack.told() for stack in held if stack.status != _DELETED]}

    def _template(self, request: Request) -> dict[str, Any]:
        return {"TemplateBody": self._one(request).params.get("TemplateBody", "{}")}

    def _update(self, request: Request) -> dict[str, Any]:
        """CloudFormation makes what is new before it removes what is gone."""
        stack = self._one(request)
        if {**request.params, "StackName": ""} == {**stack.params, "StackName": ""}:
            raise Refusal("ValidationError", "No updates are to be performed.")
        wanted = list(_detectors(request.params))
        for asked in wanted:
            self._detectors.put(request.region, asked)
        kept = {what_it_learns(asked) for asked in wanted}
        for asked in _detectors(stack.params):
            if what_it_learns(asked) not in kept:
                self._detectors.drop(request.region, asked)
        stack.params, stack.status = request.params, "UPDATE_COMPLETE"
        return {"StackId": stack.arn}

    def _delete(self, request: Request) -> dict[str, Any]:
        """Of a stack that is not there, CloudFormation deletes nothing and says so to nobody."""
        try:
            stack = self._one(request)
        except Refusal:
            return {}
        if stack.status != _DELETED:
            for asked in _detectors(stack.params):
                self._detectors.drop(request.region, asked)
            stack.status = _DELETED
        return {}

    def _one(self, request: Request) -> _Stack:
        """CloudFormation API reference, DescribeStacks: one that is deleted is known by its id."""
        named = request.params["StackName"]
        for stack in self._held.get(request.region, []):
            if named == stack.arn or (named == stack.name and stack.status != _DELETED):
                return stack
        raise Refusal("ValidationError", f"Stack with id {named} does not exist")


def _detectors(params: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The detectors of a stack, as PutAnomalyDetector would be asked for them."""
    given = params.get("Parameters", ())
    parameters = {one["ParameterKey"]: one["ParameterValue"] for one in given}
    for asked in detectors_in(params.get("TemplateBody"), parameters):
        for one in asked.get("Configuration", {}).get("ExcludedTimeRanges", ()):
            one |= {key: parse_to_aware_datetime(value) for key, value in one.items()}
        yield asked
