"""What moto lacks, in one place: the calls it does not implement, and where it answers wrongly.

Each gap is answered through botocore's `before-call` hook, so that the request is still validated
against AWS's own API model. A test per gap fails once moto fills it.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any


class Gaps:
    """Holds the state of what moto cannot hold, for one in-memory account."""

    def __init__(self, account_id: str, region: str) -> None:
        self._account, self._region = account_id, region
        self._composites: dict[str, dict[str, Any]] = {}

    def fill(self, client: Any, service: str) -> None:
        """Answer the calls moto cannot, on one client."""
        for (owner, operation), answer in self._answers().items():
            if owner == service:
                event = f"before-call.{_SERVICE_IDS[service]}.{operation}"
                client.meta.events.register(event, _hook(answer))
        if service == "cloudwatch":
            client.meta.events.register(
                "after-call.cloudwatch.DescribeAlarms", self._with_composites
            )

    def _answers(self) -> Mapping[tuple[str, str], Callable[[dict[str, Any]], dict[str, Any]]]:
        return {("cloudwatch", "PutCompositeAlarm"): self._put_composite}

    def _put_composite(self, params: dict[str, Any]) -> dict[str, Any]:
        name = params["AlarmName"]
        self._composites[name] = {
            **{key: value for key, value in params.items() if key != "Tags"},
            "AlarmArn": f"arn:aws:cloudwatch:{self._region}:{self._account}:alarm:{name}",
            "ActionsEnabled": params.get("ActionsEnabled", True),
            **{key: params.get(key, []) for key in _ACTION_LISTS},
            "StateValue": "INSUFFICIENT_DATA",
        }
        return {}

    def _with_composites(self, parsed: dict[str, Any], **_: Any) -> None:
        """Add the composites to what moto says of its metric alarms."""
        parsed["CompositeAlarms"] = list(self._composites.values())


_ACTION_LISTS = ("OKActions", "AlarmActions", "InsufficientDataActions")
_SERVICE_IDS = {"cloudwatch": "cloudwatch"}


def _hook(answer: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[..., Any]:
    """A `before-call` handler: returning a response keeps the request from being sent."""

    def handle(params: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]]:
        return _Response(), answer(_arguments(params))

    return handle


class _Response:
    status_code = 200
    headers: Mapping[str, str] = {}


def _arguments(params: dict[str, Any]) -> dict[str, Any]:
    body = params["body"]
    return json.loads(body) if isinstance(body, bytes | str) else dict(body)
