"""Subscriptions that wait for somebody to click: moto confirms them all at once.

Rehearsals assume that everybody clicked. The engine lane must not: until then AWS calls them
pending, and refuses to remove them.
"""

from collections.abc import Mapping
from typing import Any

from alerting.account.row import Call
from alerting.rehearsal.cloud import MemoryCloud
from tests.engine.faults import Refusal

_WAITING = ("email", "email-json", "http", "https")


class Pending:
    """Calls to the cloud, with the subscriptions nobody has confirmed yet."""

    def __init__(self, cloud: MemoryCloud) -> None:
        self._cloud = cloud
        self._confirmed: set[str] = set()

    def confirm(self, arn: str) -> None:
        """Somebody clicks."""
        self._confirmed.add(arn)

    def send(self, call: Call, region: str) -> Mapping[str, Any]:
        """The cloud's answer, pending where it is."""
        match call.operation:
            case "unsubscribe" if self.waits(call.params["SubscriptionArn"], region):
                message = "Invalid parameter: This subscription is pending confirmation"
                raise Refusal("InvalidParameter", message)
            case "get_subscription_attributes":
                answer = self._cloud.send(call, region)
                waits = self.waits(call.params["SubscriptionArn"], region)
                attributes = {
                    **answer["Attributes"],
                    "PendingConfirmation": str(waits).lower(),
                    "ConfirmationWasAuthenticated": str(not waits).lower(),
                }
                return {**answer, "Attributes": attributes}
            case _:
                return self._cloud.send(call, region)

    def waits(self, arn: str, region: str) -> bool:
        """Whether it waits for somebody to confirm it."""
        if arn in self._confirmed:
            return False
        found = self._cloud.client("sns", region).get_subscription_attributes(SubscriptionArn=arn)
        return found["Attributes"]["Protocol"] in _WAITING
